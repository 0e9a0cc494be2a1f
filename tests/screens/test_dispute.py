"""重量异议 at the till: from the receipt or before one is written; a tag comes out; only an auditor closes it."""

from pathlib import Path

from catalog.units import Grams
from pos.core.disputes import Compared, Dispute, Outcome
from pos.counter import disputes
from pos.counter.weigh_in import weigh_in
from pos.tui.widgets.ticket import Ticket
from tests.screens.conftest import SETTINGS, Till, opened_till
from tests.shop import AUDITOR, VILLAGE, Shop, weighed

SCALE = (
    SETTINGS
    + """
[[scales]]
name = "FS-1"
url = "socket://127.0.0.1:9"
protocol = "st_gs"
unit = "kg"
scale_class = "floor"
minimum_g = 1000
maximum_g = 150000
division_g = 50
verified_until = "2026-09-30"
"""
)


class Weighed:
    """A weigh-in made before the till is opened."""

    mark = ""

    def __call__(self, shop: Shop) -> None:
        self.mark = weigh_in(shop.desk, shop.by, shop.bag(weighed("p01", 18_650, 350))).slip.mark


def listed(till: Till) -> list[disputes.Line]:
    return disputes.listed(till.desk)


def rows(till: Till) -> list[str]:
    return [f"{row.text} {row.figure}" for row in till.app.screen.query_one("#lines", Ticket).rows]


async def fill(till: Till, *before: str) -> None:
    """The other scale's 19.1 kg, by a known load; `before` are keys that fill in our own."""
    await till.comes("form")
    await till.press("down", "down", *before, "down", *"19.1", "down", "right", "right")


async def register(till: Till) -> None:
    """F11, 农户, 重量异议登记."""
    await till.press("f11")
    await till.comes("choose")
    groups = [str(child.render()) for child in till.app.screen.query(".choice")]
    await till.press(next(text.split()[0] for text in groups if "农户" in text))
    await till.until(lambda: any("登记" in str(child.render()) for child in till.app.screen.query(".choice")))
    items = [str(child.render()) for child in till.app.screen.query(".choice")]
    await till.press(next(text.split()[0] for text in items if "登记" in text))
    await till.comes("list")
    await till.until(lambda: rows(till))


async def test_from_the_receipt_with_both_readings(tmp_path: Path) -> None:
    ticket = Weighed()
    async with opened_till(tmp_path / "store", settings=SCALE, prepare=ticket) as till:
        await till.sign_in()
        await till.scan(ticket.mark)
        await till.comes("receipt")
        await till.press("f6")
        await fill(till)
        assert "0.45" in till.text("#comes-to")
        await till.press("plus")
        await till.comes("sheet")
        text = till.text("#text")
        for part in ("重量异议单", "挂牌号", "18.65", "19.10", "12315", "2026-09-30"):
            assert part in text
        [line] = listed(till)
        seq = int(ticket.mark.split("/")[1].rpartition("-")[2])
        assert line.case.dispute == Dispute(
            f"{VILLAGE}0042", seq, "p01", "FS-1", Grams(18_650), Grams(19_100), Compared.KNOWN_LOAD
        )


async def test_before_anything_is_written(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store", settings=SCALE) as till:
        await till.sign_in()
        await till.open_household()
        await till.press("f11")
        await till.comes("choose")
        await till.press("8")
        await fill(till, *"18.6")
        await till.press("plus")
        await till.comes("sheet")
        [line] = listed(till)
        assert (line.case.dispute.ref, line.case.dispute.own) == (None, Grams(18_600))


async def test_no_scale_no_dispute(serving: Till) -> None:
    await serving.open_household()
    await serving.press("f11")
    await serving.comes("choose")
    await serving.press("8")
    await serving.says("dispute.nothing")


def record(shop: Shop) -> None:
    case = Dispute(shop.household("0042"), None, "p01", "FS-1", Grams(18_650), Grams(19_100), Compared.FAIR_SCALE)
    disputes.record(shop.desk, shop.by, case)


async def test_the_keeper_sees_it_and_cannot_close_it(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store", prepare=record) as till:
        await till.sign_in()
        await register(till)
        assert "未办结" in rows(till)[0]
        await till.press("delete", "minus", "enter")
        await till.comes("sheet")
        assert listed(till)[0].case.outcome is None


async def test_the_auditor_closes_it_once(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store", prepare=record) as till:
        await till.sign_in(AUDITOR)
        await register(till)
        await till.press("enter")
        await till.comes("choose")
        await till.press("3")
        await till.says("disputes.closed")
        case = listed(till)[0].case
        assert (case.outcome, case.closed_by) == (Outcome.OTHER_RIGHT, AUDITOR)
        await till.until(lambda: till.app.words("outcome.other-right") in rows(till)[0])
        await till.press("enter")
        await till.comes("sheet")
