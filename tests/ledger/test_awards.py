"""Award batches from list to card, and the items they are about; on both engines."""

import io
from dataclasses import replace

import pytest
from openpyxl import Workbook  # type: ignore[import-untyped]

from catalog.units import Points
from pos.core import accounts
from pos.core.accounts import LEDGER
from pos.core.households import HouseholdState
from pos.ledger import award_items, award_sheets, awards, registry
from pos.ledger import tables as t
from pos.ledger.award_items import Item
from pos.ledger.awards import DAY_MS, Draft, DraftLine
from pos.ledger.refusals import Conflict, Forbidden, Invalid, LedgerRefused, NotFound
from pos.ledger.registry import Resident
from pos.ledger.sheets import Problem
from tests.ledger.till import Till
from tests.ledger.town import H1, H2, TOWNSHIP, Town

VILLAGE, OTHER = H1[:12], "990101101201"
ELSEWHERE = f"{OTHER}0001"
NEW = Draft(
    "lt-2026-01",
    VILLAGE,
    "2026-01",
    "本月考评",
    "2026-01-28 联席会",
    (DraftLine(H1, "Z01"), DraftLine(H1, "K02", times=2), DraftLine(H2, "D03", Points(12_50))),
)


@pytest.fixture
def village(town: Town) -> Town:
    """The township with villages, people, and the three-part scheme."""
    ledger = town.ledger
    registry.add_villages(ledger, TOWNSHIP, [(VILLAGE, "柳塘村"), (OTHER, "清溪村")], "op")
    people = [
        Resident(H1, "孙珍兰", "第1村民小组", 4, None),
        Resident(H2, "李兴贵", "第1村民小组", 5, None),
        Resident(ELSEWHERE, "周福", "第1村民小组", 2, None),
    ]
    assert registry.put_households(ledger, TOWNSHIP, people, "op") == []
    award_items.adopt(ledger, TOWNSHIP, "three", "op")
    return town


def through(town: Town, new: Draft, days: int = 3) -> int:
    """All steps of a batch."""
    ledger, batch = town.ledger, new.batch
    assert awards.draft(ledger, TOWNSHIP, new, "group") == []
    awards.review(ledger, TOWNSHIP, batch, "clerk")
    awards.publish(ledger, TOWNSHIP, batch, days, "clerk")
    town.clock.wall += days * DAY_MS
    awards.make_effective(ledger, TOWNSHIP, batch, "op")
    return awards.grant(ledger, TOWNSHIP, batch, "op")


def points(town: Town, household: str) -> int:
    """What the ledger holds and is owed of a household."""
    return town.balance(accounts.points(household, LEDGER)) + town.balance(accounts.debt(household, LEDGER))


def state(town: Town, batch: str = NEW.batch) -> str:
    """Where a batch is."""
    return next(str(row.state) for row in town.rows(t.award_batches) if row.batch == batch)


def test_each_scheme_has_its_items(town: Town) -> None:
    counts = {scheme: award_items.adopt(town.ledger, TOWNSHIP, scheme, "op") for scheme in award_items.SCHEMES}
    assert (counts["three"], counts["six"]) == (21, 97)
    assert award_items.adopt(town.ledger, TOWNSHIP, "six", "op") == 0
    with town.ledger.read() as connection:
        items = award_items.items(connection, TOWNSHIP)
    assert (items["D03"].low, items["D03"].high, items["K04"].low) == (Points(1_00), Points(20_00), Points(-20_00))
    assert items["N03"].private
    assert {items[code].most_times for code in ("K01", "Z01")} == {1, 2}
    tops = [row.name for row in town.rows(t.award_categories) if row.scheme == "six"]
    assert sorted(tops) == sorted(["积孝", "积善", "积信", "积勤", "积俭", "积美"])
    six = [item for item in items.values() if item.scheme == "six"]
    assert min(sum(item.low < Points(0) for item in six), sum(item.high > Points(0) for item in six)) > 20
    with pytest.raises(NotFound, match="scheme-unknown"):
        award_items.adopt(town.ledger, TOWNSHIP, "seven", "op")


def test_a_batch_goes_from_list_to_card(village: Town) -> None:
    home = Till(village, village.device())
    assert through(village, NEW) == 2
    home.sync()
    assert (home.points(H1), home.points(H2), points(village, H1)) == (0, 12_50, -1_00)
    (notice,) = [row.value for row in village.rows(t.reference) if row.kind == "awards"]
    assert '"household":"9901011012000001","points":-100,"items":["Z01","K02"]' in notice
    assert {(row.household, row.kind) for row in village.rows(t.journal) if row.kind == "award"} == {
        (H1, "award"),
        (H2, "award"),
    }


def test_a_batch_is_posted_once(village: Town) -> None:
    through(village, NEW)
    before = village.balances()
    with pytest.raises(Conflict, match="batch-state"):
        awards.grant(village.ledger, TOWNSHIP, NEW.batch, "op")
    assert awards.draft(village.ledger, TOWNSHIP, NEW, "group") == []
    with pytest.raises(Conflict, match="batch-taken"):
        awards.draft(village.ledger, TOWNSHIP, replace(NEW, title="另一批"), "group")
    assert (village.balances(), state(village)) == (before, "granted")


def test_a_step_cannot_be_left_out_nor_taken_by_the_same_person(village: Town) -> None:
    ledger, batch = village.ledger, NEW.batch
    awards.draft(ledger, TOWNSHIP, NEW, "group")
    for step in (
        lambda: awards.publish(ledger, TOWNSHIP, batch, 3, "clerk"),
        lambda: awards.make_effective(ledger, TOWNSHIP, batch, "op"),
        lambda: awards.grant(ledger, TOWNSHIP, batch, "op"),
        lambda: awards.object_to(ledger, TOWNSHIP, batch, 1, "wrong", "op"),
    ):
        with pytest.raises(Conflict, match="batch-state"):
            step()
    with pytest.raises(Forbidden, match="same-person"):
        awards.review(ledger, TOWNSHIP, batch, "group")
    awards.review(ledger, TOWNSHIP, batch, "clerk")
    awards.publish(ledger, TOWNSHIP, batch, 3, "clerk")
    with pytest.raises(Conflict, match="objections-possible"):
        awards.make_effective(ledger, TOWNSHIP, batch, "op")
    awards.withdraw(ledger, TOWNSHIP, batch, "op")
    assert state(village) == "withdrawn"
    with pytest.raises(NotFound, match="batch-unknown"):
        awards.review(ledger, TOWNSHIP, "nothing", "op")


def test_an_upheld_objection_takes_its_line_out(village: Town) -> None:
    ledger, batch = village.ledger, NEW.batch
    awards.draft(ledger, TOWNSHIP, NEW, "group")
    awards.review(ledger, TOWNSHIP, batch, "clerk")
    awards.publish(ledger, TOWNSHIP, batch, 0, "clerk")
    awards.object_to(ledger, TOWNSHIP, batch, 2, "not-us", "h1")
    awards.object_to(ledger, TOWNSHIP, batch, 3, "too-much", "h9")
    with pytest.raises(NotFound, match="line-unknown"):
        awards.object_to(ledger, TOWNSHIP, batch, 2, "again", "h1")
    with pytest.raises(Conflict, match="objections-open"):
        awards.make_effective(ledger, TOWNSHIP, batch, "op")
    awards.decide_objection(ledger, TOWNSHIP, batch, 2, "group", upheld=True)
    awards.decide_objection(ledger, TOWNSHIP, batch, 3, "group", upheld=False)
    awards.make_effective(ledger, TOWNSHIP, batch, "op")
    awards.grant(ledger, TOWNSHIP, batch, "op")
    assert (points(village, H1), points(village, H2)) == (5_00, 12_50)


def test_a_correction_is_a_new_batch(village: Town) -> None:
    through(village, NEW)
    fix = replace(NEW, batch="lt-2026-01-a", corrects=NEW.batch, lines=(DraftLine(H2, "K01"),))
    through(village, fix, 0)
    assert points(village, H2) == 7_50
    lost = replace(fix, batch="lt-2026-01-b", corrects="nothing")
    assert awards.draft(village.ledger, TOWNSHIP, lost, "group") == [Problem(0, "corrects-unknown", "nothing")]


def test_what_was_merged_meanwhile_goes_to_its_heir_and_what_was_closed_stops_the_batch(village: Town) -> None:
    ledger = village.ledger
    awards.draft(ledger, TOWNSHIP, NEW, "group")
    registry.merge(ledger, TOWNSHIP, H1, H2, "op", "moved together")
    awards.review(ledger, TOWNSHIP, NEW.batch, "clerk")
    awards.publish(ledger, TOWNSHIP, NEW.batch, 0, "clerk")
    awards.make_effective(ledger, TOWNSHIP, NEW.batch, "op")
    registry.set_state(ledger, TOWNSHIP, H2, HouseholdState.CLOSED, "op", "moved away")
    with pytest.raises(Conflict, match="household-closed"):
        awards.grant(ledger, TOWNSHIP, NEW.batch, "op")
    registry.set_state(ledger, TOWNSHIP, H2, HouseholdState.NORMAL, "op", "mistake")
    assert awards.grant(ledger, TOWNSHIP, NEW.batch, "op") == 1
    assert (points(village, H1), points(village, H2)) == (0, 11_50)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"batch": "LT 1"}, "batch"),
        ({"period": "2026-13"}, "period"),
        ({"title": "一二三四五六七八九十一二三"}, "title"),
        ({"meeting": ""}, "meeting"),
        ({"village": "990101101299"}, "village-unknown"),
        ({"lines": ()}, "lines"),
        ({"lines": (DraftLine("9901011012009999", "Z01"),)}, "household-unknown"),
        ({"lines": (DraftLine(ELSEWHERE, "Z01"),)}, "household-elsewhere"),
        ({"lines": (DraftLine(H1, "Q99"),)}, "item-unknown"),
        ({"lines": (DraftLine(H1, "D03"),)}, "points-missing"),
        ({"lines": (DraftLine(H1, "D03", Points(20_01)),)}, "points-out-of-range"),
        ({"lines": (DraftLine(H1, "Z01", Points(6_00)),)}, "points-out-of-range"),
        ({"lines": (DraftLine(H1, "Z01", times=2),)}, "times"),
        ({"lines": (DraftLine(H1, "Z01"), DraftLine(H1, "Z01"))}, "line-twice"),
    ],
)
def test_all_that_is_wrong_is_said_and_nothing_written(village: Town, changed: dict[str, object], code: str) -> None:
    problems = awards.draft(village.ledger, TOWNSHIP, replace(NEW, **changed), "group")  # type: ignore[arg-type]
    assert code in {problem.code for problem in problems}
    assert village.rows(t.award_batches) == []


def test_a_dry_run_writes_nothing(village: Town) -> None:
    assert awards.draft(village.ledger, TOWNSHIP, NEW, "group", dry_run=True) == []
    assert village.rows(t.award_batches) == village.rows(t.award_lines) == []


def test_a_village_adds_its_own_items(village: Town) -> None:
    own = Item(
        "N90", "three", "cunding", "护林防火值守", Points(3_00), Points(3_00), village=VILLAGE, meeting="一事一议"
    )
    award_items.add(village.ledger, TOWNSHIP, own, "clerk")
    fine = replace(NEW, lines=(DraftLine(H1, "N90"),))
    assert awards.draft(village.ledger, TOWNSHIP, fine, "group", dry_run=True) == []
    elsewhere = replace(fine, village=OTHER, lines=(DraftLine(ELSEWHERE, "N90"),))
    assert [p.code for p in awards.draft(village.ledger, TOWNSHIP, elsewhere, "group")] == ["item-unknown"]
    award_items.retire(village.ledger, TOWNSHIP, "N90", "clerk")
    assert [p.code for p in awards.draft(village.ledger, TOWNSHIP, fine, "group")] == ["item-unknown"]
    bad: list[tuple[Item, type[LedgerRefused], str]] = [
        (own, Conflict, "item-taken"),
        (replace(own, code="N91", meeting=""), Invalid, "item-undecided"),
        (replace(own, code="N91", low=Points(4_00)), Invalid, "item-figures"),
        (replace(own, code="N91", category="x"), NotFound, "category-unknown"),
        (replace(own, code="N91", village="990101101299"), NotFound, "village-unknown"),
    ]
    for item, kind, code in bad:
        with pytest.raises(kind, match=code):
            award_items.add(village.ledger, TOWNSHIP, item, "clerk")


def sheet(*rows: tuple[object, ...]) -> bytes:
    """A spreadsheet."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_batch_from_a_spreadsheet() -> None:
    found, problems = award_sheets.read(
        sheet(
            ("户号", "户主", "事项", "分值", "倍数"),
            (H1, "孙珍兰", "Z01", None, None),
            (H2, "李兴贵", "D03", 12.5, 1),
            (H2, "", "K02", "-3", "2"),
            (int(H1), "", "Z01"),
            (H1, "", "Z02", "1.234"),
            (None, None, None),
        )
    )
    assert found == (
        DraftLine(H1, "Z01", None, 1, 2),
        DraftLine(H2, "D03", Points(12_50), 1, 3),
        DraftLine(H2, "K02", Points(-3_00), 2, 4),
    )
    assert [(problem.row, problem.code) for problem in problems] == [(5, "household"), (6, "points")]


def test_what_is_no_list_is_refused() -> None:
    with pytest.raises(Invalid, match="sheet-heading"):
        award_sheets.read(sheet(("户号", "分值")))
    for bad in (b"", b"PK\x03\x04", sheet(("户号", "事项"))[:-40]):
        with pytest.raises(Invalid, match="sheet"):
            award_sheets.read(bad)


def test_the_board_masks_names_and_names_no_deduction(village: Town) -> None:
    lines = (DraftLine(H1, "Z01"), DraftLine(H1, "K02", times=2), DraftLine(H2, "N03"))
    awards.draft(village.ledger, TOWNSHIP, replace(NEW, lines=lines), "group")
    with village.ledger.read() as connection:
        board = award_sheets.board(connection, TOWNSHIP, NEW.batch)
    assert board == [
        (H1, "", "", Points(-6_00)),
        (H1, "孙*兰", "门前三包达标（月评好）", Points(5_00)),
        (H2, "", "", Points(2_00)),
    ]
