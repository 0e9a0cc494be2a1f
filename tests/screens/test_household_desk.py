"""What a keeper does for a household beside serving it: look it up, its cards, statement, state, people and merger."""

from pathlib import Path

import pytest

from catalog.units import Points
from pos.core.acts import Act, ActCode
from pos.core.entries import Entry
from pos.core.households import Household, HouseholdState, Member, Merge
from pos.counter import cards, households
from pos.counter.cards import open_household
from pos.counter.redeem import redeem
from pos.storage import books, jobs, registry
from pos.storage.jobs import Purpose
from pos.tui.widgets.digits import BigDigits
from pos.tui.widgets.ticket import Ticket
from tests.screens.conftest import Till, opened_till
from tests.shop import AUDITOR, CLERK, KEEPER, PINS, VILLAGE, Shop

JOBS = ("statement", "cards", "journal", "state", "merge", "quiet", "pin", "dispute")
"""What a keeper may do for a household, in the order of the digits."""


def newest(till: Till) -> Entry:
    with till.desk.store.read() as connection:
        return books.read_entry(connection, books.head(connection, till.desk.store.installation).seq)


def known(till: Till, short: str) -> Household:
    with till.desk.store.read() as connection:
        found = registry.household(connection, f"{VILLAGE}{short}")
    assert found is not None
    return found


def rows(till: Till) -> list[str]:
    return [f"{row.text} {row.figure}" for row in till.app.screen.query_one("#lines", Ticket).rows]


async def job(till: Till, name: str) -> None:
    """From a household's screen, or its line among those found, to one of its jobs."""
    await till.comes("choose")
    await till.press(str(JOBS.index(name) + 1))


async def of(till: Till, name: str, short: str = "0042") -> None:
    """A job of the household whose card is scanned."""
    await till.open_household(short)
    await till.press("f11")
    await job(till, name)


async def find(till: Till, words: str) -> None:
    """F11, 农户, 查户."""
    await till.press("f11")
    await till.comes("choose")
    groups = [str(child.render()) for child in till.app.screen.query(".choice")]
    await till.press(next(text.split()[0] for text in groups if "农户" in text))
    await till.until(lambda: any("查户" in str(child.render()) for child in till.app.screen.query(".choice")))
    await till.press("1")
    await till.comes("form")
    for sign in words:
        await till.pilot.press(sign)
    await till.until(lambda: till.app._wedge.due is None)


# Without the card


async def test_found_by_name_with_a_reason_and_both_looks_written_down(serving: Till) -> None:
    await find(serving, "兴贵")
    await serving.press("down", "right", "plus")
    await serving.comes("choose")
    assert "0002" in serving.text("#question")
    assert "李*贵" in serving.text("#question")
    with serving.desk.store.read() as connection:
        searched = books.read_entry(connection, newest(serving).seq - 1).body
    assert searched == Act(ActCode.LOOKUP, "search", reason="card-lost")
    assert newest(serving).body == Act(ActCode.LOOKUP, f"{VILLAGE}0002", reason="card-lost")
    assert newest(serving).by.operator == KEEPER


async def test_several_that_fit_are_a_list_of_which_none_was_opened_yet(serving: Till) -> None:
    await find(serving, "2")
    await serving.press("plus")
    await serving.comes("list")
    await serving.until(lambda: len(rows(serving)) == 2)
    assert newest(serving).body == Act(ActCode.LOOKUP, "search", reason="card-forgotten")
    place = next(place for place, row in enumerate(rows(serving)) if "李*贵" in row)
    await serving.press(*["down"] * place, "enter")
    await serving.comes("choose")
    assert newest(serving).body == Act(ActCode.LOOKUP, f"{VILLAGE}0002", reason="card-forgotten")


async def test_looking_in_vain_is_written_down_too(serving: Till) -> None:
    await find(serving, "9999")
    await serving.press("plus")
    await serving.says("refused.household-unknown", household="9999")
    assert newest(serving).body == Act(ActCode.LOOKUP, "search", reason="card-forgotten")


async def test_who_was_found_without_a_card_is_not_served(serving: Till) -> None:
    await find(serving, "0002")
    await serving.press("plus")
    await serving.comes("choose")
    offered = [str(child.render()) for child in serving.app.screen.query(".choice")]
    assert len(offered) == len(JOBS)
    assert not [text for text in offered if serving.app.words("key.redeem") in text]


async def test_an_auditor_looks_and_changes_nothing(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store") as till:
        await till.sign_in(AUDITOR)
        await find(till, "0002")
        await till.press("plus")
        await till.comes("choose")
        names = [str(child.render())[3:] for child in till.app.screen.query(".choice")]
        assert names == [till.app.words(f"household-job.{name}") for name in ("statement", "journal", "dispute")]


# Cards


async def test_lost_then_a_new_card_and_the_old_one_refused_at_once(serving: Till) -> None:
    old = serving.cards["0042"]
    await serving.open_household()
    await serving.press("f6")
    await serving.comes("list")
    await serving.until(lambda: rows(serving))
    assert "第3村民小组" in serving.text("#summary")
    await serving.press("enter")
    await serving.comes("choose")
    await serving.press("1")
    await serving.comes("list")
    await serving.says("card-desk.is-lost")
    await serving.until(lambda: "挂失" in rows(serving)[0])
    await serving.press("enter")
    await serving.comes("choose")
    await serving.press("2")
    await serving.until(lambda: "身份" in serving.text("#question"))
    await serving.press("1")
    await serving.approve()
    await serving.comes("sheet")
    assert "发卡登记单" in serving.text("#text")
    assert newest(serving).by.approver == CLERK
    await serving.press("escape")
    await serving.comes("list")
    await serving.until(lambda: len(rows(serving)) == 2)
    assert "第 2 张" in rows(serving)[0]
    await serving.press("enter")
    await serving.comes("choose")
    await serving.press("2")
    await serving.approve()
    await serving.says("card-desk.is-printing")
    with serving.desk.store.read() as connection:
        assert [job.purpose for job in jobs.waiting(connection)].count(Purpose.CARD) == 2
    await serving.press("escape")
    await serving.comes("household")
    await serving.scan(old)
    await serving.says("refused.card-replaced")


async def test_an_impostor_does_not_get_past_the_second_person(serving: Till) -> None:
    await serving.open_household()
    await serving.press("f6")
    await serving.comes("list")
    await serving.until(lambda: rows(serving))
    before = newest(serving).seq
    await serving.press("enter")
    await serving.comes("choose")
    await serving.press("3")
    await serving.until(lambda: "身份" in serving.text("#question"))
    await serving.press("2")
    await serving.approve(AUDITOR)
    await serving.says("refused.not-permitted")
    await serving.press("escape")
    await serving.comes("list")
    assert newest(serving).seq == before


async def test_found_again(tmp_path: Path) -> None:
    def lose(shop: Shop) -> None:
        cards.report_lost(shop.desk, shop.by, shop.cards["0002"].number)

    async with opened_till(tmp_path / "store", prepare=lose) as till:
        await till.sign_in()
        await find(till, "0002")
        await till.press("plus")
        await job(till, "cards")
        await till.until(lambda: till.name == "list" and "挂失" in "".join(rows(till)))
        await till.press("enter")
        await till.comes("choose")
        await till.press("1")
        await till.approve()
        await till.says("card-desk.is-found")
        assert open_household(till.desk, till.cards["0002"]).household.short == "0002"
        await till.until(lambda: "解挂" in till.text("#summary"))


# Statement


def buy_salt(shop: Shop) -> None:
    redeem(shop.desk, shop.by, shop.basket({"g001": 2}))


async def test_a_month_on_screen_and_on_paper(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store", prepare=buy_salt) as till:
        await till.sign_in()
        await till.open_household()
        await till.press("f5")
        await till.comes("form")
        await till.press("plus")
        await till.comes("sheet")
        text = till.text("#text")
        assert "积分对账单" in text
        assert "-4.00" in text
        assert "8.00" in text
        await till.press("plus")
        await till.says("sheet-screen.printing")
        body = newest(till).body
        assert isinstance(body, Act)
        assert (body.code, body.subject) == (ActCode.REPORT, "statement")


async def test_another_month(serving: Till) -> None:
    await serving.open_household()
    await serving.press("f5")
    await serving.comes("form")
    await serving.press(*["backspace"] * 2, "1", "3", "plus")
    await serving.until(lambda: serving.app.words("form.not-a-month") in serving.message)
    await serving.press(*["backspace"] * 2, "0", "2", "plus")
    await serving.comes("sheet")
    assert "2026-02" in serving.text("#text")


# A neighbour looks over the shoulder


async def test_a_balance_that_nobody_else_shall_see(tmp_path: Path) -> None:
    def hide(shop: Shop) -> None:
        households.set_quiet(shop.desk, shop.by, shop.household("0042"), quiet=True)

    async with opened_till(tmp_path / "store", prepare=hide) as till:
        await till.sign_in()
        await till.open_household()
        await till.says("household.quiet")
        assert till.app.screen.query_one("#points", BigDigits).value == "-"
        await till.press("f9")
        assert till.app.screen.query_one("#points", BigDigits).value == "12.00"
        await till.press("f9")
        assert till.app.screen.query_one("#points", BigDigits).value == "-"
        await till.press("f2")
        await till.comes("redeem")
        await till.idle()
        await till.scan("2900000000018")
        await till.until(lambda: rows(till))
        await till.press("plus")
        await till.comes("receipt")
        assert till.app.screen.query_one("#balance", BigDigits).value == "-"
        assert "10.00" not in till.text("#text")


@pytest.mark.parametrize("wish", [True, False])
async def test_hidden_or_shown_by_the_household_s_wish(tmp_path: Path, wish: bool) -> None:
    def before(shop: Shop) -> None:
        households.set_quiet(shop.desk, shop.by, shop.household("0042"), quiet=not wish)

    async with opened_till(tmp_path / "store", prepare=before) as till:
        await till.sign_in()
        await of(till, "quiet")
        await till.comes("confirm")
        await till.press("plus")
        await till.says("household-job.done")
        assert known(till, "0042").quiet is wish


# State, people, merger


async def test_frozen_by_two_and_refused_from_then_on(serving: Till) -> None:
    await of(serving, "state", "0002")
    await serving.comes("form")
    await serving.press("right", "right", "plus")
    await serving.approve()
    await serving.says("form.written")
    assert known(serving, "0002").state is HouseholdState.FROZEN
    await serving.press("escape", "escape")
    await serving.comes("home")
    await serving.scan(serving.cards["0002"])
    await serving.says("refused.household-frozen")


async def test_a_household_with_points_is_not_closed(serving: Till) -> None:
    await of(serving, "state", "0002")
    await serving.comes("form")
    await serving.press("left", "plus")
    await serving.approve()
    await serving.says("refused.household-holds", household="0002", points="89.60")


async def test_the_clerk_edits_who_belongs_to_it(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store") as till:
        await till.sign_in(CLERK)
        await till.open_household("0002")
        await till.press("f11")
        await till.comes("choose")
        names = [str(child.render())[3:] for child in till.app.screen.query(".choice")]
        await till.press(str(names.index(till.app.words("household-job.edit")) + 1))
        await till.comes("form")
        await till.press("down", "down", "down", "down", *["backspace"] * 3)
        await till.press("down")
        await till.pilot.press(*"赵小妹")
        await till.until(lambda: till.app._wedge.due is None)
        await till.press("plus")
        await till.comes("approve")
        await till.press(*KEEPER, "enter", *PINS[KEEPER], "enter")
        await till.says("form.written")
        with till.desk.store.read() as connection:
            assert registry.members(connection, f"{VILLAGE}0002") == (Member(1, "王秀兰"), Member(3, "赵小妹"))


async def test_merged_after_a_look_at_both(serving: Till) -> None:
    await of(serving, "merge", "0002")
    await serving.comes("form")
    await serving.press(*"0042", "plus")
    await serving.comes("confirm")
    assert "0002 李*贵" in serving.text("#question")
    assert "0042 张*英" in serving.text("#question")
    await serving.press("plus")
    await serving.approve()
    await serving.comes("sheet")
    assert "并户单" in serving.text("#text")
    assert open_household(serving.desk, serving.cards["0042"]).points == Points(101_60)
    entry = next(entry for seq in range(newest(serving).seq, 0, -1) if (entry := read(serving, seq)).kind == Merge.KIND)
    assert entry.by.approver == CLERK


def read(till: Till, seq: int) -> Entry:
    with till.desk.store.read() as connection:
        return books.read_entry(connection, seq)


@pytest.mark.parametrize("into", ["0002", "9999"])
async def test_no_merger_with(serving: Till, into: str) -> None:
    await of(serving, "merge", "0002")
    await serving.comes("form")
    await serving.press(*into, "plus")
    if into == "9999":
        await serving.says("refused.household-unknown", household="9999")
        return
    await serving.comes("confirm")
    await serving.press("plus")
    await serving.approve()
    await serving.says("refused.household-same")


async def test_the_clerk_erases_who_has_gone(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store") as till:
        await till.sign_in(CLERK)
        await find(till, "0020")  # was merged
        await till.press("plus")
        await till.comes("choose")
        offered = [str(child.render()) for child in till.app.screen.query(".choice")]
        place = next(place for place, text in enumerate(offered, 1) if "清除个人信息" in text)
        assert not [text for text in offered if till.app.words("household-job.merge") in text]
        await till.press(str(place))
        await till.comes("confirm")
        await till.press("plus")
        await till.approve(KEEPER)
        await till.says("household-job.erased")
        assert known(till, "0020").head == ""
