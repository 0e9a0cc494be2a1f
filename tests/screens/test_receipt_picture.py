"""小票 as a picture, in a terminal that can show one and in one that cannot."""

from pathlib import Path

import pytest
from PIL.Image import Image
from textual.widget import Widget

from drivers.printer import raster
from tests.screens.conftest import opened_till
from tests.screens.test_receipt import fresh, work


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
