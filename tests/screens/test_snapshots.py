"""Every screen looks as it did: `pytest tests/screens/test_snapshots.py --snapshot-update` writes the pictures anew.

They are readable files in `snapshots/`; look at what changed before it is committed. The walk through all screens also
scans a card into each of them, since a second walk would take as long again.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.screens import lived_in
from tests.screens.conftest import SETTINGS, Till, opened_till
from tests.screens.gallery import AT_SCALES, EVERY, LOAD, MATTER, Shot, weighed
from tests.screens.scanned_into import scanned_into
from tests.screens.snapshot import FOLDER, differs, drawn
from tests.screens.weighing import Pans, plugged_in

ENGLISH = SETTINGS.replace("zh_CN", "en")


async def taken(till: Till, shot: Shot) -> tuple[str, str]:
    """The picture of one screen, and what is wrong with a card scanned into it; home is in front again afterwards."""
    await shot.play(till)
    await till.until(lambda: type(till.app.screen).__name__ == shot.screen, shot.name)
    await till.idle()
    till.app.show_pulse()
    await till.pilot.pause()
    found = drawn(till.app)
    wrong = await scanned_into(till)
    till.app.go_home()
    await till.comes("home")
    await till.idle()
    till.app.last_scan = ""
    till.app.show_pulse()
    till.app.station.drafts.clear("weigh-in")
    till.app.station.drafts.clear("redeem")
    return found, wrong


async def look_at(
    folder: Path,
    shots: Sequence[Shot],
    *,
    update: bool,
    into: str = "",
    size: tuple[int, int] = (80, 24),
    settings: str = SETTINGS,
    pans: Pans | None = None,
) -> list[str]:
    """How the pictures of these screens differ, one after the other in one till; `into` is their folder."""
    shutil.copytree(lived_in.template(), folder)
    async with opened_till(folder, prepare=lived_in.at_noon(), size=size, settings=settings) as opened:
        wrong = [] if pans else [differs("login", drawn(opened.app), update=update)]
        await opened.sign_in()
        if pans is not None:
            await weighed(opened, 0)
            pans.floor.place(LOAD)
            await weighed(opened, LOAD)
        for shot in shots:
            found, deaf = await taken(opened, shot)
            wrong += [differs(into + shot.name, found, update=update), deaf]
        return [each for each in wrong if each]


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Whether the pictures are to be written anew."""
    return bool(request.config.option.update_snapshots)


async def test_every_screen_without_a_scale(tmp_path: Path, *, update: bool) -> None:
    wrong = await look_at(tmp_path / "store", EVERY, update=update)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("into", "language", "size", "shots"),
    [
        ("", SETTINGS, (80, 24), AT_SCALES),
        ("en/", ENGLISH, (80, 24), MATTER),
        ("large/", SETTINGS, (100, 30), MATTER),
    ],
    ids=["scales", "english", "large"],
)
async def test_screens_with_scales(
    tmp_path: Path, into: str, language: str, size: tuple[int, int], shots: tuple[Shot, ...], *, update: bool
) -> None:
    with plugged_in() as pans:
        settings = language + pans.settings.removeprefix(SETTINGS)
        folder = tmp_path / "store"
        wrong = await look_at(folder, shots, update=update, into=into, size=size, settings=settings, pans=pans)
    assert not wrong, "\n".join(wrong)


def test_no_picture_is_left_over() -> None:
    wanted = {"login", *(shot.name for shot in (*EVERY, *AT_SCALES))}
    wanted |= {f"{into}/{name}" for into in ("en", "large") for name in (shot.name for shot in MATTER)}
    assert {str(path.relative_to(FOLDER).with_suffix("")) for path in FOLDER.rglob("*.txt")} == wanted
