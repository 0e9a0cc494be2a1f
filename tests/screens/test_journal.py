"""流水: the list, receipts out of it, copies, and reversals with everything they need."""

from pathlib import Path

from catalog.units import Points
from pos.core.acts import Act, ActCode
from pos.core.cards import ReadAs
from pos.core.entries import Entry
from pos.core.redemption import Draft
from pos.core.reversal import ReversalReason, Reverse
from pos.counter import journal, receiving, reverse
from pos.counter.cards import open_household
from pos.counter.redeem import redeem
from pos.counter.weigh_in import weigh_in
from pos.storage import books, jobs
from pos.tui.screens.journal import JournalScreen
from pos.tui.widgets.ticket import Ticket
from tests.counter.stockroom import bought, with_supplier
from tests.screens.conftest import SETTINGS, Till, opened_till
from tests.screens.goods import pick
from tests.shop import AUDITOR, CLERK, KEEPER, PINS, Shop


def work(shop: Shop) -> None:
    weigh_in(shop.desk, shop.by, shop.bag())
    shop.clock.advance()
    redeem(shop.desk, shop.by, shop.basket())
    shop.clock.advance()
    redeem(shop.desk, shop.by, shop.basket({"g001": 1}, of="0002"))


def entry(till: Till, seq: int) -> Entry:
    with till.desk.store.read() as connection:
        return books.read_entry(connection, seq)


def newest(till: Till) -> Entry:
    with till.desk.store.read() as connection:
        return books.read_entry(connection, books.head(connection, till.desk.store.installation).seq)


def rows(till: Till) -> list[str]:
    return [f"{row.text} {row.figure}" for row in till.app.screen.query_one("#lines", Ticket).rows]


def shown(till: Till) -> JournalScreen:
    screen = till.app.screen
    assert isinstance(screen, JournalScreen)
    return screen


async def open_journal(till: Till) -> None:
    await till.sign_in()
    await till.press("f8")
    await till.comes("journal")
    await till.until(lambda: rows(till))


async def reach(till: Till, place: int) -> int:
    """Go down to a line; its entry's number."""
    await till.press(*["down"] * place)
    assert shown(till).chosen == place
    return shown(till).lines[place].seq


async def test_newest_first_with_household_and_points(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store", prepare=work) as till:
        await open_journal(till)
        first, second, third = rows(till)[:3]
        assert "兑换" in first
        assert "0002 李*贵" in first
        assert first.endswith("-2.00")
        assert "0042 张*英" in second
        assert second.endswith("-34.00")
        assert "称重" in third
        assert third.endswith("+47.82")


async def test_of_one_household_or_of_all(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store", prepare=work) as till:
        await till.sign_in()
        await till.open_household("0002")
        await till.press("f8")
        await till.comes("journal")
        await till.until(lambda: len(rows(till)) == 1)
        await till.press("f4")
        await till.until(lambda: len(rows(till)) > 3)
        await till.press("f4")
        await till.until(lambda: len(rows(till)) == 1)


async def test_a_long_journal_is_read_page_by_page(tmp_path: Path) -> None:
    def much(shop: Shop) -> None:
        number = journal.number_of(redeem(shop.desk, shop.by, shop.basket({"g001": 1}, of="0002")))
        for _ in range(60):
            reverse.reprint(shop.desk, shop.by, number)

    async with opened_till(tmp_path / "store", prepare=much) as till:
        await open_journal(till)
        assert len(shown(till).lines) == 50
        for _ in range(4):
            await till.press("pagedown")
            await till.idle()
        await till.until(lambda: len(shown(till).lines) > 50)
        await till.press(*["pagedown"] * 6)
        await till.idle()
        numbers = [line.seq for line in shown(till).lines]
        assert numbers == list(range(numbers[0], 0, -1))
        assert shown(till).chosen == len(numbers) - 1


async def test_enter_shows_the_receipt(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store", prepare=work) as till:
        await open_journal(till)
        await reach(till, 1)
        await till.press("enter")
        await till.comes("receipt")
        assert "洗衣液 2kg" in till.text("#text")
        assert "25.82" in till.text("#text")
        await till.press("escape")
        await till.comes("journal")
        assert shown(till).chosen == 1


async def test_what_has_no_receipt_says_so(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store", prepare=work) as till:
        await open_journal(till)
        seq = await reach(till, 3)
        await till.press("enter")
        await till.says("refused.entry-unknown", number=seq)
        await till.press("delete")
        await till.says("refused.not-reversible")


async def test_a_copy_is_an_act_and_a_job(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store", prepare=work) as till:
        await open_journal(till)
        seq = await reach(till, 1)
        await till.press("shift+f8")
        await till.says("done.reprinted", copy=1)
        act = newest(till)
        assert act.body == Act(ActCode.REPRINT, "1", seq)
        with till.desk.store.read() as connection:
            assert [job.copy for job in jobs.of_entry(connection, seq)] == [0, 1]
        await till.until(lambda: "重打印" in rows(till)[0])
        assert shown(till).lines[shown(till).chosen].seq == seq


async def test_a_reversal_above_the_limit_takes_two_people(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store", prepare=work) as till:
        await open_journal(till)
        seq = await reach(till, 1)
        await till.press("delete")
        await till.comes("choose")
        await till.press("2")
        await till.comes("approve")
        await till.press(*PINS[KEEPER], "enter")
        await till.until(lambda: "#number" in {f"#{node.id}" for node in till.app.screen.query("*")})
        await till.approve(AUDITOR)
        await till.says("refused.not-permitted")
        await till.approve(CLERK)
        await till.comes("receipt")
        reversal = newest(till)
        assert isinstance(reversal.body, Reverse)
        assert (reversal.body.ref, reversal.body.reason) == (seq, ReversalReason.WRONG_ITEM)
        assert (reversal.by.operator, reversal.by.approver) == (KEEPER, CLERK)
        assert open_household(till.desk, till.cards["0042"]).points == Points(59_82)
        assert "冲正单" in till.text("#text")


async def test_a_small_one_takes_the_own_pin_alone_and_only_once(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store", prepare=work) as till:
        await open_journal(till)
        seq = await reach(till, 0)
        await till.press("delete")
        await till.comes("choose")
        await till.press("4")
        await till.comes("approve")
        await till.press(*"9753", "enter")
        await till.says("refused.pin-wrong")
        await till.press(*PINS[KEEPER], "enter")
        await till.comes("receipt")
        assert newest(till).by.approver is None
        assert newest(till).household == entry(till, seq).household

        await till.press("f8")
        await till.comes("journal")
        await till.until(lambda: rows(till))
        assert till.app.words("journal.of-entry", number=seq) in rows(till)[0]
        await reach(till, 1)
        await till.press("delete")
        await till.says("refused.already-reversed")


async def test_esc_at_any_question_takes_nothing_back(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store", prepare=work) as till:
        await open_journal(till)
        before = newest(till).seq
        for answers in ((), ("1",)):
            await till.press("delete")
            await till.comes("choose")
            for answer in answers:
                await till.press(answer)
                await till.comes("approve")
            await till.press("escape")
            await till.comes("journal")
        assert newest(till).seq == before


async def test_two_reversals_by_two_keys_are_one(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store", prepare=work) as till:
        await open_journal(till)
        before, front = newest(till).seq, shown(till)
        for _ in range(3):
            front.commit(lambda by: redeem(till.desk, by, basket(till)), lambda _: None)
        await till.idle()
        assert newest(till).seq == before + 1


def basket(till: Till) -> Draft:
    view = open_household(till.desk, till.cards["0002"])
    return Draft(view.household.number, view.card.number, ReadAs.SIGNED).adding("g001")


async def test_the_list_is_plain_to_the_counter_too(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store", settings=SETTINGS, prepare=work) as till:
        lines = journal.page(till.desk, 3)
        assert [line.household for line in lines] == ["0002", "0042", "0042"]
        older = journal.page(till.desk, 3, before=lines[-1].seq)
        assert older[0].seq == lines[-1].seq - 1
        assert older[0].points is None


async def test_a_receiving_note_is_sent_back_by_two(tmp_path: Path) -> None:
    def received(shop: Shop) -> None:
        receiving.receive(with_supplier(shop).desk, shop.by, bought())

    async with opened_till(tmp_path / "store", prepare=received) as till:
        await open_journal(till)
        seq = await reach(till, 0)
        await till.press("delete")
        await till.comes("choose")
        await pick(till, "退回供货方")
        await till.approve()
        await till.comes("sheet")
        body = newest(till).body
        assert body == Reverse(seq, ReversalReason.SENT_BACK, "")
