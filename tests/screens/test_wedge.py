"""Scanners that type: a scan belongs to the screen in front, whatever has the focus, and never into a field."""

from textual.events import Key, Paste
from textual.widgets import Input

from pos.tui.widgets.ticket import Ticket
from tests.screens.conftest import Till

SALT, TISSUE, OIL = "2900000000018", "2900000000131", "2900000000063"


def typed(till: Till, place: str = "#card") -> str:
    return till.app.screen.query_one(place, Input).value


async def test_a_scan_never_reaches_the_field(serving: Till) -> None:
    await serving.scan(SALT)
    await serving.says("home.card-first")

    assert typed(serving) == ""


async def test_a_person_types_into_the_field(serving: Till) -> None:
    await serving.press(*"123")

    assert typed(serving) == "123"


async def test_three_cards_without_a_gap_are_three_scans(serving: Till) -> None:
    heard: list[str] = []
    open_card = serving.app.open_card

    def listen(text: str, *, typed: bool = False) -> None:
        heard.append(text)
        open_card(text, typed=typed)

    serving.app.open_card = listen  # type: ignore[method-assign]
    wanted = [serving.cards[short] for short in ("0042", "0002", "0006")]
    await serving.scan(*wanted)
    await serving.until(lambda: serving.name == "household" and "0006" in serving.text("#who"))

    assert heard == wanted


async def test_three_goods_without_a_gap_are_three_pieces(serving: Till) -> None:
    await serving.open_household("0002")
    await serving.press("f2")
    await serving.comes("redeem")
    await serving.idle()
    await serving.scan(SALT, TISSUE, SALT)
    await serving.until(lambda: len(serving.app.screen.query_one("#lines", Ticket).rows) == 2)

    salt, tissue = (row.text for row in serving.app.screen.query_one("#lines", Ticket).rows)
    assert "食盐" in salt
    assert "2 包" in " ".join(salt.split())
    assert "抽纸" in tissue


async def test_the_same_card_within_moments_is_one_scan(serving: Till) -> None:
    opened: list[str] = []

    def listen(text: str, *, typed: bool = False) -> None:
        opened.append(text)

    serving.app.open_card = listen  # type: ignore[method-assign]
    await serving.scan(*[serving.cards["0042"]] * 4)

    assert len(opened) == 1


async def test_a_scan_during_a_dialog_is_refused_and_not_lost_into_its_field(serving: Till) -> None:
    serving.app.approve(lambda _: None)
    await serving.comes("approve")
    await serving.scan(serving.cards["0042"], SALT)
    await serving.says("scanned.not-here")

    assert serving.name == "approve"
    assert typed(serving, "#number") == ""
    assert serving.rings


async def test_a_scan_is_never_enter(serving: Till) -> None:
    serving.app.confirm("?", lambda: None)
    await serving.comes("confirm")
    await serving.scan(SALT)

    assert serving.name == "confirm"


async def test_cr_lf_is_one_end(serving: Till) -> None:
    for sign in serving.cards["0042"]:
        serving.app.post_message(Key(sign, sign))
    serving.app.post_message(Key("enter", "\r"))
    serving.app.post_message(Key("ctrl+j", "\n"))
    await serving.comes("household")


async def test_an_input_method_in_the_way_is_full_width_or_said(serving: Till) -> None:
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in serving.cards["0042"])
    await serving.scan(wide)
    await serving.comes("household")
    await serving.scan("积分卡积分卡")
    await serving.says("scan.input-method")


async def test_pasted_scans_count(serving: Till) -> None:
    serving.app.post_message(Paste(f"{serving.cards['0042']}\r\n"))
    await serving.comes("household")


async def test_a_prefix_of_the_scanner_lets_typing_through_at_once(serving: Till) -> None:
    serving.app.expect_prefix("~")
    await serving.scan("~" + serving.cards["0042"])
    await serving.comes("household")
