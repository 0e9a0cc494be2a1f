"""积分上账: looked at without effect, posted once and whole by two people, told on the next receipt, listed masked."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook  # type: ignore[import-untyped]

from catalog.units import Points
from pos.core import award_file
from pos.core.acts import FileAward
from pos.core.award_file import Flaw
from pos.core.entries import Signatures
from pos.core.receipts import News
from pos.core.redeem_refusals import AwardFileFaulty, FileUnread, LedgerAwards
from pos.core.refusals import ApprovalNeeded, NotPermitted
from pos.core.sheets import Count, Score
from pos.counter import award_files, cards
from pos.counter.award_files import Plan
from pos.counter.redeem import redeem
from pos.counter.spreadsheets import read_rows
from pos.counter.weigh_in import weigh_in
from pos.demo.stage import LISTS
from pos.storage import books, jobs
from pos.storage.verify import verify
from tests.shop import AUDITOR, VILLAGE, Shop
from tests.storage.contents import contents

HEAD = (("批次", "2026-01-a"), ("月份", "2026-01"), ("名称", "本月考评"), ("合计", "20.5"), ("户数", "3"))
ROWS = (("户号", "积分", "事项"), (f"{VILLAGE}0042", "12", "门前三包"), ("0002", "10.50", ""), ("15", "-2", "乱倒"))


def csv_file(folder: Path, rows: Sequence[Sequence[object]] = (*HEAD, *ROWS), encoding: str = "utf-8") -> Path:
    path = folder / "batch.csv"
    path.write_bytes("\n".join(",".join(map(str, row)) for row in rows).encode(encoding))
    return path


def xlsx_file(folder: Path, rows: Sequence[Sequence[object]]) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    path = folder / "batch.xlsx"
    book.save(path)
    return path


def dry(shop: Shop, *rows: Sequence[object]) -> Plan:
    return award_files.dry_run(shop.desk, csv_file(shop.folder, rows))


def flaws(plan: Plan) -> list[tuple[int, Flaw]]:
    return [(problem.row, problem.flaw) for problem in plan.problems]


def batch(*lines: tuple[str, str], number: str = "b1", **facts: str) -> tuple[Sequence[object], ...]:
    """A file with these lines, its total right."""
    total = sum(round(float(points) * 100) for _, points in lines)
    said = {"batch": number, "period": "2026-01", "title": "考评", "total": str(Points(total))} | facts
    return (*said.items(), ("household", "points"), *lines)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_dry_run_of_csv_touches_nothing(shop: Shop, encoding: str) -> None:
    before = contents(shop.desk.store)
    plan = award_files.dry_run(shop.desk, csv_file(shop.folder, encoding=encoding))
    assert plan.problems == ()
    assert (plan.file.batch, plan.file.period, plan.file.title) == ("2026-01-a", "2026-01", "本月考评")
    assert [(line.household[-4:], line.points) for line in plan.file.lines] == [
        ("0042", Points(12_00)),
        ("0002", Points(10_50)),
        ("0015", Points(-2_00)),
    ]
    assert (plan.file.awarded, plan.file.deducted, plan.owed) == (Points(22_50), Points(-2_00), Points(0))
    assert contents(shop.desk.store) == before


def test_xlsx_with_numbers_as_numbers(shop: Shop) -> None:
    rows = (*HEAD[:3], ("合计", 20.5), ("户数", 3), ROWS[0], (f"{VILLAGE}0042", 12), (2, 10.5), ("0015", -2.0))
    plan = award_files.dry_run(shop.desk, xlsx_file(shop.folder, rows))
    assert plan.problems == ()
    assert [line.points for line in plan.file.lines] == [Points(12_00), Points(10_50), Points(-2_00)]


def test_a_household_s_number_that_a_spreadsheet_rounded_is_refused(shop: Shop) -> None:
    rows = (*HEAD[:3], ("合计", 12), ROWS[0], (int(f"{VILLAGE}0042"), 12))
    plan = award_files.dry_run(shop.desk, xlsx_file(shop.folder, rows))
    assert (6, Flaw.FORM) in flaws(plan)


def test_posted_whole_and_once(shop: Shop) -> None:
    plan = award_files.dry_run(shop.desk, csv_file(shop.folder))
    award_files.post(shop.desk, shop.two, plan.file)
    assert [shop.points(short) for short in ("0042", "0002", "0015")] == [Points(24_00), Points(100_10), Points(68_40)]
    with shop.desk.store.read() as connection:
        head = books.head(connection, shop.desk.store.installation).seq
        last = books.read_entry(connection, head)
    assert isinstance(last.body, FileAward)
    assert (last.body.batch, last.body.points) == ("2026-01-a", Points(-2_00))
    assert last.by == shop.two
    before = contents(shop.desk.store)
    with pytest.raises(AwardFileFaulty):
        award_files.post(shop.desk, shop.two, plan.file)
    assert contents(shop.desk.store) == before
    assert flaws(award_files.dry_run(shop.desk, csv_file(shop.folder))) == [(0, Flaw.POSTED)]
    assert verify(shop.folder).wrong is None


def test_a_correction_is_a_batch_of_its_own(shop: Shop) -> None:
    award_files.post(shop.desk, shop.two, dry(shop, *batch(("0042", "12"))).file)
    again = dry(shop, *batch(("0042", "-2"), number="b2"))
    assert (again.problems, again.earlier) == ((), ("b1",))
    award_files.post(shop.desk, shop.two, again.file)
    assert shop.points() == Points(22_00)


def test_two_people(shop: Shop) -> None:
    file = dry(shop, *batch(("0042", "12"))).file
    for by, no in ((shop.by, ApprovalNeeded), (Signatures(AUDITOR, "01"), NotPermitted)):
        with pytest.raises(no):
            award_files.post(shop.desk, by, file)
    assert shop.points() == Points(12_00)


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (batch(("0099", "12")), [(6, Flaw.UNKNOWN)]),
        (batch(("0020", "12")), [(6, Flaw.CLOSED)]),  # merged
        (batch(("9901011013000042", "12")), [(6, Flaw.OTHER_VILLAGE)]),
        (batch(("0042", "12"), ("42", "1")), [(7, Flaw.TWICE)]),
        (batch(("0042", "12"), number="B 1"), [(0, Flaw.BATCH)]),
        (batch(("0042", "12"), period="2026-13"), [(0, Flaw.PERIOD)]),
        (batch(("0042", "12"), title=""), [(0, Flaw.TITLE)]),
        (batch(("0042", "12"), total="13"), [(0, Flaw.TOTAL)]),
        (batch(("0042", "12"), rows="2"), [(0, Flaw.ROWS)]),
        (batch(), [(0, Flaw.EMPTY)]),
        (batch(("042x", "12")), [(0, Flaw.TOTAL), (6, Flaw.FORM)]),
        (batch(("0042", "0")), [(6, Flaw.FIGURE)]),
        ((*batch(("0042", "12")), ("0002", "1.005")), [(7, Flaw.FIGURE)]),
        ((*batch(("0042", "12")), ("0002",)), [(7, Flaw.FIGURE)]),
    ],
)
def test_all_that_is_wrong_is_listed_and_nothing_posted(
    shop: Shop, rows: Sequence[Sequence[object]], found: list[tuple[int, Flaw]]
) -> None:
    plan = dry(shop, *rows)
    assert flaws(plan) == found
    before = contents(shop.desk.store)
    with pytest.raises(AwardFileFaulty) as refused:
        award_files.post(shop.desk, shop.two, plan.file)
    assert refused.value.fields == {"problems": len(found)}
    assert contents(shop.desk.store) == before
    sheet = award_files.problem_sheet(shop.desk, shop.by, plan)
    assert len(sheet.tables[0].rows) == len(found)


@pytest.mark.parametrize("bad", [b"\xff\xfe\x00\x81\x81", b""])
def test_a_file_that_cannot_be_read(shop: Shop, bad: bytes) -> None:
    path = shop.folder / "batch.xlsx"
    path.write_bytes(bad)
    with pytest.raises(FileUnread):
        award_files.dry_run(shop.desk, path)
    with pytest.raises(FileUnread):
        award_files.dry_run(shop.desk, shop.folder / "nothing.csv")


def test_a_deduction_takes_what_is_there_and_the_rest_is_owed(shop: Shop) -> None:
    plan = dry(shop, *batch(("0042", "-15")))
    assert plan.owed == Points(3_00)
    award_files.post(shop.desk, shop.two, plan.file)
    view = cards.open_household(shop.desk, shop.cards["0042"].number)
    assert (view.points, view.debt) == (Points(0), Points(3_00))
    award_files.post(shop.desk, shop.two, dry(shop, *batch(("0042", "10"), number="b2")).file)
    view = cards.open_household(shop.desk, shop.cards["0042"].number)
    assert (view.points, view.debt) == (Points(7_00), Points(0))
    assert [move.kind for move in view.movements] == ["award", "award"]
    assert verify(shop.folder).wrong is None


def test_the_next_receipt_says_it_once(shop: Shop) -> None:
    award_files.post(shop.desk, shop.two, award_files.dry_run(shop.desk, csv_file(shop.folder)).file)
    award_files.post(shop.desk, shop.two, dry(shop, *batch(("0042", "3"), title="志愿")).file)
    news = (News("本月考评", Points(12_00)), News("志愿", Points(3_00)))
    assert weigh_in(shop.desk, shop.by, shop.bag()).slip.news == news
    assert redeem(shop.desk, shop.by, shop.basket({"g001": 1})).slip.news == ()
    assert redeem(shop.desk, shop.by, shop.basket({"g001": 1}, of="0002")).slip.news == (
        News("本月考评", Points(10_50)),
    )


def test_the_public_list_is_masked_and_names_no_deduction(shop: Shop) -> None:
    award_files.post(shop.desk, shop.two, award_files.dry_run(shop.desk, csv_file(shop.folder)).file)
    [posted] = award_files.posted(shop.desk)
    sheet = award_files.public_list(shop.desk, shop.by, posted)
    [table] = sheet.tables
    assert table.rows == (("0042", "张*英", Score(Points(12_00))), ("0002", "李*贵", Score(Points(10_50))))
    facts = {fact.label: fact.cell for fact in sheet.facts}
    assert (facts["deductions"], facts["deducted"]) == (Count(1), Score(Points(-2_00)))
    assert "0015" not in str(sheet)
    assert "高" not in str(sheet)


def test_a_slip_for_each_household(shop: Shop) -> None:
    award_files.post(shop.desk, shop.two, award_files.dry_run(shop.desk, csv_file(shop.folder)).file)
    [posted] = award_files.posted(shop.desk)
    assert award_files.print_slips(shop.desk, shop.by, posted) == 3
    assert award_files.print_slips(shop.desk, shop.by, posted) == 3  # once more: copies
    with shop.desk.store.read() as connection:
        papers = jobs.waiting(connection)
    assert sorted(job.copy for job in papers) == [0, 0, 0, 1, 1, 1]
    assert verify(shop.folder).wrong is None


def test_files_in_the_store_s_folder_are_offered(shop: Shop) -> None:
    assert award_files.waiting_files(shop.desk) == []
    folder = shop.folder / award_files.FOLDER
    folder.mkdir()
    csv_file(folder)
    (folder / "readme.txt").write_text("x", encoding="utf-8")
    assert [path.name for path in award_files.waiting_files(shop.desk)] == ["batch.csv"]


def test_an_enrolled_store_posts_none(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    path = csv_file(shop.folder)
    file = award_files.dry_run(shop.desk, path).file
    enrolled = replace(shop.desk.store.installation.identity, epoch=1)
    monkeypatch.setattr(type(shop.desk.store), "identity", property(lambda _: enrolled))
    with pytest.raises(LedgerAwards):
        award_files.dry_run(shop.desk, path)
    with pytest.raises(LedgerAwards):
        award_files.post(shop.desk, shop.two, file)


def test_the_demo_s_file_fits_the_demo() -> None:
    [path] = (LISTS / award_files.FOLDER).glob("*.csv")
    assert award_file.read(read_rows(path), VILLAGE).problems == ()
