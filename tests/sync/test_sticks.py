"""The same by a stick: whole journeys without a network, and files that are not the answer."""

from pathlib import Path

import pytest

from catalog.units import Points
from pos.core.refusals import StoreReadOnly
from pos.core.sync_refusals import StickRefused
from pos.ledger import sticks as desk
from pos.ledger.refusals import LedgerRefused
from pos.sync import sticks
from pos.sync.errors import SyncError
from pos.wire import signing
from pos.wire import sticks as wire
from tests.ledger.town import Device
from tests.sync.pair import Pair


def out(pair: Pair, folder: Path) -> Path:
    """The store's file."""
    return sticks.export(pair.shop.desk.store, pair.shop.desk.clock, folder)


def back(pair: Pair, up: Path) -> Path:
    """The ledger's file."""
    down = up.with_suffix(sticks.SUFFIX_DOWN)
    down.write_bytes(desk.answer(pair.town.ledger, up.read_bytes()))
    return down


def take(pair: Pair, down: Path) -> None:
    """Take it over."""
    sticks.take(pair.shop.desk.store, pair.shop.desk.clock, down)


def test_there_and_back(pair: Pair, tmp_path: Path) -> None:
    pair.award(50_00)
    for _ in range(2):
        take(pair, back(pair, out(pair, tmp_path)))
    assert (pair.points(), pair.state.acked, pair.state.outcome) == (Points(50_00), pair.head, "")
    pair.earn()
    down = back(pair, out(pair, tmp_path))
    pair.spend()
    take(pair, down)
    assert pair.state.acked == pair.head - 1
    pair.sync()
    assert (pair.state.acked, pair.points()) == (pair.head, Points(50_00 + 47_82 - 2_00))


def test_an_answer_is_taken_once(pair: Pair, tmp_path: Path) -> None:
    down = back(pair, out(pair, tmp_path))
    take(pair, down)
    with pytest.raises(StickRefused):
        take(pair, down)


def test_only_the_newest_file_is_answered(pair: Pair, tmp_path: Path) -> None:
    old = back(pair, out(pair, tmp_path))
    pair.earn()
    out(pair, tmp_path)
    with pytest.raises(StickRefused):
        take(pair, old)


def test_a_sync_over_the_network_meanwhile_makes_it_void(pair: Pair, tmp_path: Path) -> None:
    down = back(pair, out(pair, tmp_path))
    pair.earn()
    pair.sync()
    with pytest.raises(StickRefused):
        take(pair, down)
    assert pair.state.acked == pair.head


@pytest.mark.parametrize("place", [0, 40, -1])
def test_a_damaged_answer_is_refused(pair: Pair, tmp_path: Path, place: int) -> None:
    down = back(pair, out(pair, tmp_path))
    data = bytearray(down.read_bytes())
    data[place] ^= 1
    down.write_bytes(data)
    with pytest.raises(StickRefused):
        take(pair, down)
    data[place] ^= 1
    down.write_bytes(data[:-5])
    with pytest.raises(StickRefused):
        take(pair, down)
    down.write_bytes(data)
    take(pair, down)


def test_no_name_can_be_read_from_an_answer(pair: Pair, tmp_path: Path) -> None:
    down = back(pair, out(pair, tmp_path))
    assert b"k7q2md" not in down.read_bytes()


def test_questions_that_the_store_did_not_sign_are_refused(pair: Pair, tmp_path: Path) -> None:
    data = out(pair, tmp_path).read_bytes()
    for bad in (data[:-30], b"x" + data, b"", data[:40]):
        with pytest.raises(LedgerRefused):
            desk.answer(pair.town.ledger, bad)
    signed_by_another = _signed_again(data, Device("LT01", "other", 1))
    with pytest.raises(LedgerRefused):
        desk.answer(pair.town.ledger, signed_by_another)


def _signed_again(data: bytes, device: Device) -> bytes:
    found = wire.read_questions(data)
    signature = signing.sign(signing.REQUEST, found.line, device.key).hex()
    return wire.questions(found.line, signature, list(found.calls))


def test_a_store_alone_has_nothing_to_carry(alone: Pair, tmp_path: Path) -> None:
    with pytest.raises(SyncError):
        out(alone, tmp_path)


def test_a_place_that_cannot_be_written_is_refused(pair: Pair, tmp_path: Path) -> None:
    with pytest.raises(StoreReadOnly):
        out(pair, tmp_path / "nowhere" / "file")
