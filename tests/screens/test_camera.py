"""摄像头: a card held in front of the camera is a scan like any other; what is seen is shown and said."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import cv2
import pytest
from textual.widgets import Static
from textual_image.widget import SixelImage

from drivers.camera.engines import Grey
from pos import i18n
from pos.core.cards import CardState
from pos.storage import registry
from pos.tui.widgets.picture import Picture, fitted, framed
from tests import shop
from tests.drivers import drawn_cards as drawn
from tests.screens.conftest import SETTINGS, Till, opened_till
from tests.screens.terminal import terminal
from tests.shop import Shop

F4 = "\x1bOS"

SIZE = (360, 480)
EMPTY = drawn.counter(size=SIZE)


def with_camera(url: str) -> str:
    return f'{SETTINGS}\n[camera]\nurl = "{url}"\n'


def shown(till: Till) -> str:
    return str(till.app.screen.query_one("#seen", Static).render())


class Filmed:
    """A till whose camera is a series of pictures, drawn once its cards are known."""

    def __init__(self, folder: Path, draw: Callable[[Shop], list[Grey]]) -> None:
        self.folder, self.draw = folder, draw

    @property
    def url(self) -> str:
        return f"images:{self.folder}/f_%03d.png"

    def prepare(self, shop: Shop) -> None:
        for number, picture in enumerate(self.draw(shop)):
            cv2.imwrite(str(self.folder / f"f_{number:03}.png"), picture)


def card(shop: Shop, short: str, at: tuple[int, int] = (40, 40)) -> tuple[Grey, tuple[int, int]]:
    from pos.counter import cards

    return drawn.qr(cards.qr_text(shop.desk, shop.cards[short]), 4), at


async def test_a_card_in_front_of_the_camera_opens_its_household(tmp_path: Path) -> None:
    film = Filmed(tmp_path, lambda shop: [EMPTY, *[drawn.counter(card(shop, "0042"), size=SIZE)] * 3])
    async with opened_till(tmp_path / "store", settings=with_camera(film.url), prepare=film.prepare) as till:
        await till.sign_in()
        await till.press("f4")
        await till.comes("household")
        assert "0042  张*英" in till.text("#who")


async def test_a_lost_card_is_refused_as_at_the_scanner(tmp_path: Path) -> None:
    def draw(shop: Shop) -> list[Grey]:
        with shop.desk.store.write() as tx:
            registry.set_card_state(tx.connection, shop.cards["0042"].number, CardState.LOST)
        return [drawn.counter(card(shop, "0042"), size=SIZE)]

    film = Filmed(tmp_path, draw)
    async with opened_till(tmp_path / "store", settings=with_camera(film.url), prepare=film.prepare) as till:
        await till.sign_in()
        await till.press("f4")
        await till.comes("camera")
        await till.says("refused.card-lost")
        assert till.rings
        await till.until(lambda: till.app.words("camera.held") in shown(till))


async def test_two_cards_are_refused_and_heard(tmp_path: Path) -> None:
    film = Filmed(tmp_path, lambda shop: [drawn.counter(card(shop, "0042"), card(shop, "0002", (260, 160)), size=SIZE)])
    async with opened_till(tmp_path / "store", settings=with_camera(film.url), prepare=film.prepare) as till:
        await till.sign_in()
        await till.press("f4")
        await till.comes("camera")
        await till.says("camera.several-cards")
        assert till.app.words("camera.several-cards") in shown(till)
        assert len(till.rings) == 1
        await till.press("escape")
        await till.comes("home")


async def test_a_live_picture_of_an_empty_counter(tmp_path: Path) -> None:
    film = Filmed(tmp_path, lambda _: [EMPTY])
    async with opened_till(tmp_path / "store", settings=with_camera(film.url), prepare=film.prepare) as till:
        await till.sign_in()
        await till.press("f4")
        await till.comes("camera")
        picture = till.app.screen.query_one(Picture)
        await till.until(lambda: "\N{UPPER HALF BLOCK}" in picture.render_line(picture.size.height // 2).text)
        assert picture.region.height >= 12
        assert till.app.words("camera.nothing") in shown(till)
        lines = [picture.render_line(y) for y in range(picture.size.height)]
        assert all(line.cell_length == picture.size.width for line in lines)


async def test_nothing_is_read_behind_the_help_nor_after_leaving(tmp_path: Path) -> None:
    film = Filmed(tmp_path, lambda _: [EMPTY])
    async with opened_till(tmp_path / "store", settings=with_camera(film.url), prepare=film.prepare) as till:
        await till.sign_in()
        camera = till.app.station.devices.camera
        assert camera is not None
        await till.press("f4")
        await till.comes("camera")
        await till.until(lambda: camera.armed)
        await till.press("f1")
        await till.comes("help")
        await till.until(lambda: not camera.armed)
        await till.press("escape")
        await till.comes("camera")
        await till.until(lambda: camera.armed)
        await till.press("escape")
        await till.comes("home")
        await till.until(lambda: not camera.armed)


async def test_a_missing_camera_is_said(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store", settings=with_camera(f"file:{tmp_path}/none.avi")) as till:
        await till.sign_in()
        await till.press("f4")
        await till.comes("camera")
        await till.until(lambda: till.app.words("fault.camera-missing") in shown(till))
        await till.press("f10")
        await till.comes("devices")
        assert till.app.words("fault.camera-missing") in till.text("#devices")


async def test_the_settings_without_a_camera(serving: Till) -> None:
    await serving.press("f4")
    await serving.says("camera.none")
    assert serving.name == "home"


async def test_a_camera_that_cannot_be_is_refused(tmp_path: Path) -> None:
    from pos.config import CameraConfig, StationConfig
    from pos.devices import Devices

    with pytest.raises(Exception, match="camera-invalid"):
        Devices(StationConfig(camera=CameraConfig(url="webcam")), lambda _: None, {})


async def test_a_terminal_with_real_pixels_shows_them(tmp_path: Path) -> None:
    film = Filmed(tmp_path, lambda _: [EMPTY])
    async with opened_till(tmp_path / "store", settings=with_camera(film.url), prepare=film.prepare) as till:
        till.app.painter = SixelImage
        await till.sign_in()
        await till.press("f4")
        await till.comes("camera")
        pixels = till.app.screen.query_one("#pixels", SixelImage)
        await till.until(lambda: pixels.image is not None)
        assert pixels.region.height >= 12


def test_a_picture_fits_and_carries_a_frame() -> None:
    assert fitted(1280, 720, 76, 34) == (60, 34)
    assert fitted(720, 1280, 76, 34) == (19, 34)
    assert fitted(5000, 1, 10, 10) == (10, 1)
    picture = framed(EMPTY, (120, 90), [((200, 100), (280, 100), (280, 180), (200, 180))], (255, 0, 0))

    assert picture.shape == (90, 120, 3)
    red = (picture == (255, 0, 0)).all(axis=2)
    assert red.any()
    assert not red[:20].any()
    assert not red[30:40, 55:65].any()


@pytest.mark.skipif(os.name != "posix", reason="a pseudo-terminal")
def test_damaged_pictures_paint_nothing_over_the_screen(tmp_path: Path) -> None:
    words = i18n.load("zh_CN")
    whole = cv2.imencode(".jpg", EMPTY)[1].tobytes()
    (tmp_path / "f_000.jpg").write_bytes(whole[: len(whole) // 2])
    folder = tmp_path / "store"
    shop.open_shop(folder).close()
    (folder / "station.toml").write_text(with_camera(f"images:{tmp_path}/f_%03d.jpg"), encoding="utf-8")
    with terminal(folder) as till:
        till.until(words("login.number"))
        till.type(*shop.KEEPER, "\r", *shop.PINS[shop.KEEPER], "\r")
        till.until(words("home.card"))
        till.type(F4)
        till.until(words("camera.nothing"))
        till.type("8", "8", "8")
        assert b"JPEG" not in till.written
        assert b"JPEG" in (folder / "stderr.log").read_bytes()


@pytest.mark.skipif(os.name != "posix", reason="a pseudo-terminal")
def test_what_libraries_write_is_kept_off_the_screen(tmp_path: Path) -> None:
    program = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from pos.tui import apart\n"
        f"with apart.stderr(Path({str(tmp_path)!r})):\n"
        "    os.write(2, b'WARNING: library')\n"
        "    print('painted', file=sys.__stderr__, end=' ', flush=True)\n"
        "    print('traceback', file=sys.stderr, end=' ', flush=True)\n"
        "print('after', file=sys.stderr, end=' ', flush=True)\n"
        "os.write(2, b'end')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=Path(__file__).parents[2], capture_output=True, check=True
    )

    assert done.stderr == b"painted traceback after end"
    assert (tmp_path / "stderr.log").read_bytes() == b"WARNING: library"
