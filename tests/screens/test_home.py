"""等待刷卡: cards in every way they come, the scales live, the day's figures and its close."""

from pathlib import Path

import pytest
from textual.widgets import Input

from drivers.simulated.cable import PtyCable
from drivers.simulated.scale import SimulatedScale
from pos.core import codec
from pos.core.cards import CardState
from pos.counter import cards
from pos.counter.redeem import redeem
from pos.counter.weigh_in import weigh_in
from pos.storage import registry
from pos.tui.messages import PaperChanged
from tests.screens.conftest import SETTINGS, Till, opened_till
from tests.shop import Shop


async def test_a_signed_card_opens_its_household(serving: Till) -> None:
    await serving.open_household("0042")

    assert "0042  张*英" in serving.text("#who")


async def test_a_bare_number_from_a_scanner(serving: Till) -> None:
    number = serving.cards["0002"][2:14]
    await serving.scan(number)
    await serving.comes("household")
    assert "李*贵" in serving.text("#who")


async def test_a_typed_number(serving: Till) -> None:
    await serving.press(*serving.cards["0042"][2:14])
    assert serving.app.screen.query_one("#card", Input).value == serving.cards["0042"][2:14]
    await serving.press("enter")
    await serving.comes("household")
    await serving.says("household.typed")


async def test_a_typed_number_in_full_width(serving: Till) -> None:
    for digit in serving.cards["0042"][2:14]:
        await serving.press(chr(ord(digit) + 0xFEE0))
    await serving.press("enter")
    await serving.comes("household")


async def test_a_number_that_is_no_card(serving: Till) -> None:
    await serving.press(*"123456789012", "enter")
    await serving.says("refused.card-misread")
    assert serving.rings


@pytest.mark.parametrize(("state", "says"), [(CardState.LOST, "card-lost"), (CardState.REPLACED, "card-replaced")])
async def test_a_card_out_of_use(tmp_path: Path, state: CardState, says: str) -> None:
    def retire(shop: Shop) -> None:
        with shop.desk.store.write() as tx:
            registry.set_card_state(tx.connection, shop.cards["0042"].number, state)

    async with opened_till(tmp_path / "store", prepare=retire) as till:
        await till.sign_in()
        await till.scan(till.cards["0042"])
        await till.says(f"refused.{says}")
        assert till.name == "home"


async def test_a_card_of_another_village(serving: Till) -> None:
    text = "H1" + serving.cards["0042"][2:14] + "0" * 20
    await serving.scan(text)
    await serving.says("refused.card-forged")


async def test_a_household_that_is_frozen(serving: Till) -> None:
    await serving.scan(serving.cards["0033"])
    await serving.says("refused.household-frozen")


async def test_a_good_has_to_wait_for_a_card(serving: Till) -> None:
    await serving.scan("2900000000018")
    await serving.says("home.card-first")
    assert serving.rings


async def test_a_scan_that_is_nothing(serving: Till) -> None:
    await serving.scan("hello world")
    await serving.says("scan.form")
    assert serving.app.screen.query_one("#card", Input).value == ""


async def test_the_counts_of_the_day(tmp_path: Path) -> None:
    def work(shop: Shop) -> None:
        weigh_in(shop.desk, shop.by, shop.bag())
        redeem(shop.desk, shop.by, shop.basket())

    async with opened_till(tmp_path / "store", prepare=work) as till:
        await till.sign_in()
        counts = till.app.words("home.counts", redeemed=1, weighed=1, reversed=0)
        await till.until(lambda: counts in till.text("#counts"))
        assert "2026-01-15" in till.text("#counts")


async def test_a_live_scale(tmp_path: Path) -> None:
    with PtyCable() as cable:
        settings = (
            f'{SETTINGS}\n[[scales]]\nname = "FS-1"\nurl = "{cable.url}"\nprotocol = "st_gs"\n'
            "minimum_g = 1000\nmaximum_g = 150000\ndivision_g = 50\n"
        )
        with SimulatedScale(cable, "st_gs", division=50, maximum=150_000, interval=0.05) as scale:
            async with opened_till(tmp_path / "store", settings=settings) as till:
                await till.sign_in()
                zero = f"● {till.app.words('scale.zero')}"
                await till.until(lambda: zero in till.text("#scales"))
                scale.place(18_650)
                await till.until(lambda: "18.65" in till.text("#scales") and "稳定" in till.text("#scales"))
                scale.remove()
                await till.until(lambda: zero in till.text("#scales"))
                cable.unplug()
                await till.until(lambda: "×" in till.text("#scales") and "--.--" in till.text("#scales"))


async def test_an_open_ticket_is_offered_again(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store") as till:
        await till.sign_in()
        with shop_of(till) as shop:
            till.app.station.drafts.save("redeem", codec.dumps(codec.plain(shop.basket())))
    async with opened_till(tmp_path / "store") as till:
        await till.sign_in()
        offer = till.app.words("home.open-redeem", household="0042", lines=3)
        await till.until(lambda: offer in till.text("#to-do"))
        await till.press("f2")
        await till.comes("redeem")


async def test_without_an_open_ticket_the_card_comes_first(serving: Till) -> None:
    await serving.press("f3")
    await serving.says("home.card-first")


async def test_an_open_ticket_of_another_household_is_not_thrown_away(serving: Till) -> None:
    with shop_of(serving) as shop:
        serving.app.station.drafts.save("redeem", codec.dumps(codec.plain(shop.basket())))
    await serving.open_household("0002")
    await serving.press("f2")
    await serving.comes("confirm")
    assert "0042" in serving.text("#question")
    await serving.press("escape")
    await serving.comes("household")
    assert serving.app.station.drafts.load("redeem")
    await serving.press("f2")
    await serving.comes("confirm")
    await serving.press("plus")
    await serving.comes("redeem")
    assert not serving.app.station.drafts.load("redeem")


async def test_trouble_with_paper_is_to_do(serving: Till) -> None:
    from pos.printing.state import PaperState

    serving.app.post_message(PaperChanged(PaperState(waiting=2, doubtful=1, cause="paper-out", paper_low=False)))

    await serving.until(lambda: serving.app.words("home.waiting", papers=2) in serving.text("#to-do"))
    assert serving.app.words("home.doubtful", papers=1) in serving.text("#to-do")
    assert serving.app.words("paper.paper-out") in serving.text("#to-do")


def shop_of(till: Till) -> "ShopOf":
    return ShopOf(till)


class ShopOf:
    """A `Shop` over the till's own open store, for its drafts."""

    def __init__(self, till: Till) -> None:
        with till.desk.store.read() as connection:
            held = {text[2:14]: short for short, text in till.cards.items()}
            found = {held[number]: registry.card(connection, number) for number in held}
        self.shop = Shop(till.app.folder, till.desk, till.clock, {short: card for short, card in found.items() if card})

    def __enter__(self) -> Shop:
        return self.shop

    def __exit__(self, *_: object) -> None:
        """Nothing to close: the till closes its store."""


async def test_the_card_lost_at_the_counter_stays_lost(serving: Till) -> None:
    cards.report_lost(serving.desk, serving.app.by, serving.cards["0006"][2:14])
    await serving.scan(serving.cards["0006"])
    await serving.says("refused.card-lost")


async def test_what_was_said_to_one_customer_is_gone_for_the_next(serving: Till) -> None:
    await serving.scan("2900000000018")
    await serving.says("home.card-first")
    await serving.open_household("0042")
    await serving.press("escape")
    await serving.comes("home")
    assert serving.message == ""
