"""The demo's camera: a film of a card, drawn when it is first wanted, that the real decoder reads."""

from pathlib import Path

import cv2
import pytest

from drivers.camera.source import Source
from pos import config
from pos.demo import film
from pos.demo.stage import Stage, make
from pos.devices import claim_of
from pos.storage.store import open_store
from tests.drivers import drawn_cards


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("demo") / "demo"
    make(made)
    return made


def test_a_card_comes_into_view_and_goes_again(tmp_path: Path) -> None:
    from drivers.camera.decode import Decoder, Verdict

    text = drawn_cards.signed(5)
    film.film(tmp_path / film.FILE, text)
    source = Source(cv2.VideoCapture(str(tmp_path / film.FILE)))
    decoder = Decoder(drawn_cards.judge)
    seen = []
    try:
        for number in range(90):
            assert source.grab()
            picture = source.picture()
            assert picture is not None
            if number % 5 == 0 and (finding := decoder.look(picture, number / 15)):
                seen.append(finding)
    finally:
        source.close()
    assert seen[0].verdict is Verdict.NOTHING
    assert [code.text for each in seen if each.verdict is Verdict.CARD and (code := each.card)] == [text]
    assert seen[-1].verdict is Verdict.NOTHING


def test_the_demo_looks_at_a_card_of_its_own(folder: Path) -> None:
    stage = Stage(folder, camera=True)
    with stage:
        camera = config.load(folder).camera
        assert camera is not None
        film_file = folder / film.FILE
        assert camera.url == f"file:{film_file.as_posix()}"
        drawn = film_file.stat()
    with Stage(folder, camera=True):
        assert film_file.stat().st_mtime_ns == drawn.st_mtime_ns, "drawn once"
    card = stage.cards()[0]
    assert card.note == "good"
    store = open_store(folder)
    claim = claim_of(card.qr, store.card_keys)
    store.close()
    assert claim is not None
    assert claim.sure


def test_without_one_the_settings_have_no_camera(folder: Path) -> None:
    with Stage(folder):
        assert config.load(folder).camera is None
