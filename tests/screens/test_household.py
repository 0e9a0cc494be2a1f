"""户: what stands on the screen after a card was read, and where one goes from there."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from catalog.units import Fen, Points
from pos.core.reversal import ReversalReason
from pos.counter import journal
from pos.counter.redeem import redeem
from pos.counter.reverse import reverse
from pos.counter.weigh_in import weigh_in
from pos.tui.screens.redeem import RedeemScreen
from pos.tui.widgets.digits import BigDigits
from tests.screens.conftest import Till, opened_till
from tests.screens.redeeming import DETERGENT, SALT
from tests.shop import Shop, weighed


def points(till: Till) -> str:
    return till.app.screen.query_one("#points", BigDigits).value


async def test_points_and_group(serving: Till) -> None:
    await serving.open_household("0042")

    assert points(serving) == "12.00"
    assert "第3村民小组" in serving.text("#who")
    assert serving.app.words("household.persons", persons=4) in serving.text("#who")
    assert serving.app.words("read-as.signed") in serving.text("#who")
    assert serving.app.words("household.nothing-yet") in serving.text("#movements")


async def test_no_name_is_shown_whole(serving: Till) -> None:
    await serving.open_household("0042")

    assert "张秀英" not in serving.app.export_screenshot()


async def test_the_fraction_and_the_last_movements(tmp_path: Path) -> None:
    def work(shop: Shop) -> None:
        terms_step = weighed("p01", 1_005)
        weigh_in(shop.desk, shop.by, shop.bag(terms_step))
        shop.clock.advance()
        redeem(shop.desk, shop.by, shop.basket({"g001": 2}))

    async with opened_till(tmp_path / "store", prepare=work) as till:
        await till.sign_in()
        await till.open_household()
        assert points(till) == str(Points(12_00) + Points(1_01) - Points(4_00))
        first, second = till.text("#movements").splitlines()[1:3]
        assert till.app.words("kind.redeem") in first
        assert "-4.00" in first
        assert till.app.words("kind.weigh") in second
        assert "+1.01" in second
        assert till.app.words("household.carried", yuan=Fen(0)) in till.text("#also")


async def test_a_debt_is_shown(tmp_path: Path) -> None:
    def work(shop: Shop) -> None:
        receipt = weigh_in(shop.desk, shop.by, shop.bag())
        redeem(shop.desk, shop.by, shop.basket({"g016": 2, "g013": 1}))
        reverse(shop.desk, shop.two, journal.number_of(receipt), ReversalReason.WRONG_HOUSEHOLD)

    async with opened_till(tmp_path / "store", prepare=work) as till:
        await till.sign_in()
        await till.open_household()
        assert points(till) == "0.00"
        assert till.app.words("household.debt", points=Points(38_00)) in till.text("#also")


async def test_away_is_said(serving: Till) -> None:
    await serving.open_household("0015")
    await serving.says("household.away")


async def test_another_card_changes_the_household(serving: Till) -> None:
    await serving.open_household("0042")
    await serving.scan(serving.cards["0002"])
    await serving.until(lambda: serving.name == "household" and "0002" in serving.text("#who"))
    assert len(serving.app.screen_stack) == 3


async def test_a_card_that_is_refused_leaves_the_household_there(serving: Till) -> None:
    await serving.open_household("0042")
    await serving.scan(serving.cards["0020"])
    await serving.says("refused.household-closed")
    assert "0042" in serving.text("#who")


async def test_goods_begin_a_redemption_with_all_that_were_scanned(serving: Till) -> None:
    await serving.open_household("0002")
    await serving.scan(SALT, SALT, DETERGENT)
    await serving.comes("redeem")
    screen = serving.app.screen
    assert isinstance(screen, RedeemScreen)
    await serving.until(
        lambda: [(line.good, line.quantity) for line in screen.draft.lines] == [("g001", 2), ("g016", 1)]
    )


def _rang(till: Till, times: int) -> bool:
    return len(till.rings) == times


async def test_a_good_scanned_before_the_day_is_open_is_refused_each_time(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store", day_open=False) as till:
        await till.sign_in(screen="opening")
        await till.press("escape")
        await till.comes("home")
        await till.open_household()
        for times in (1, 2):
            await till.scan(SALT)
            await till.until(partial(_rang, till, times))
            assert till.name == "household"


async def test_esc_waits_for_the_next_card(serving: Till) -> None:
    await serving.open_household()
    await serving.press("escape")
    await serving.comes("home")


async def test_its_jobs(serving: Till) -> None:
    for short, key, name in (("0042", "f2", "redeem"), ("0002", "f3", "weigh-in"), ("0006", "f8", "journal")):
        await serving.open_household(short)
        await serving.press(key)
        await serving.comes(name)
        serving.app.go_home()
        await serving.comes("home")


async def test_points_too_large_for_the_line_still_fit(serving: Till) -> None:
    await serving.open_household()
    front = serving.app.front
    assert front is not None
    view = replace(front.view, points=Points(123_456_789_00))  # type: ignore[attr-defined]
    serving.app.show_household(view)
    await serving.until(lambda: points(serving) == "123456789.00")


async def test_help_in_a_question_is_of_the_screen_behind(serving: Till) -> None:
    await serving.open_household()
    await serving.press("f11")
    await serving.comes("choose")
    await serving.press("f1")
    await serving.comes("help")
    assert "刷另一张卡就换一户" in serving.text("#text").replace("\n", "")
    await serving.press("escape")
    await serving.comes("choose")
