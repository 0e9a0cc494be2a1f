"""小票 as a picture, in a terminal that can show one and in one that cannot."""

import os
from pathlib import Path

import pytest
from PIL.Image import Image
from textual.widget import Widget

from drivers.printer import raster
from pos import i18n
from tests import shop
from tests.screens.conftest import opened_till
from tests.screens.terminal import terminal
from tests.screens.test_receipt import fresh, work
from tests.shop import KEEPER, PINS

F8, F9 = "\x1b[19~", "\x1b[20~"


class Painted(Widget):
    """Stands for the terminal's own picture."""

    def __init__(self, image: Image, *, id: str) -> None:
        super().__init__(id=id)
        self.image = image


@pytest.mark.skipif(raster.find_font() is None, reason=raster.FONT_HELP)
async def test_the_paper_as_a_picture_and_back(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store", prepare=work) as till:
        await fresh(till)
        till.app.painter = Painted
        await till.press("f9")
        await till.until(lambda: bool(till.app.screen.query("#picture")))
        shown = till.app.screen.query_one("#picture", Painted)
        assert (shown.image.width, shown.image.mode) == (384, "L")
        assert not till.app.screen.query_one("#text").display
        await till.press("f9")
        await till.until(lambda: not till.app.screen.query("#picture"))
        assert till.app.screen.query_one("#text").display


async def test_a_terminal_without_pictures_says_so(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store", prepare=work) as till:
        await fresh(till)
        await till.press("f9")
        assert "pos receipt export" in till.message
        assert not till.app.screen.query("#picture")


async def test_without_a_font_it_says_how_to_get_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raster, "find_font", lambda: None)
    async with opened_till(tmp_path / "store", prepare=work) as till:
        await fresh(till)
        till.app.painter = Painted
        await till.press("f9")
        await till.until(lambda: "fonts-wqy-zenhei" in till.message)


@pytest.mark.skipif(os.name != "posix", reason="a pseudo-terminal")
@pytest.mark.skipif(raster.find_font() is None, reason=raster.FONT_HELP)
@pytest.mark.parametrize(
    ("attributes", "shown"), [(b"\x1b[?62;4;22c", "\x1bP0;0;0q"), (b"\x1b[?62;22c", "pos receipt export")]
)
def test_a_real_terminal_is_asked_when_a_picture_is_wanted(tmp_path: Path, attributes: bytes, shown: str) -> None:
    words = i18n.load("zh_CN")
    opened = shop.open_shop(tmp_path / "store")
    work(opened)
    opened.close()
    with terminal(opened.folder, {b"\x1b[c": attributes}) as till:
        till.until(words("login.number"))
        till.type(*KEEPER, "\r", *PINS[KEEPER], "\r")
        till.until(words("home.card"))
        till.type(F8)
        till.until("-34.00")
        till.type("\r")
        till.until(words("key.picture"))
        till.type(F9)
        till.until(shown)
        till.type("\x1b")
        till.until(words("key.show"))
