"""Joining a ledger, the time alone going up whole, and new epochs: after it, after a copy, after a restore."""

import shutil
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from catalog.units import Points
from pos.core import accounts
from pos.core.refusals import ApprovalNeeded
from pos.core.restore_refusals import RejoinNeeded
from pos.counter import day
from pos.ledger import closing
from pos.storage import export, predecessor, shelves
from pos.storage import renewal as files
from pos.storage.predecessor import Predecessor
from pos.storage.store import FILE, open_store
from pos.storage.verify import verify
from pos.sync import enrolment, pulse, renewal
from pos.sync.errors import LedgerSays, SyncError, Unreachable, Untrusted
from pos.wire.calls import Call, Reply
from pos.wire.exported import verify_export
from tests.ledger.town import TOWNSHIP
from tests.sync.pair import H, Pair, Straight, close, copy_of, open_pair

DEVICE = "k7q2md"


def renew(pair: Pair) -> None:
    """Begin the next epoch with a new code, and open it."""
    desk = pair.shop.desk
    renewal.renew(desk.store, pair.ask, desk.clock, pair.shop.two, pair.town.code(device=DEVICE))
    pair.shop.reopen()


def join(pair: Pair) -> None:
    """From a store alone to epoch 1."""
    pair.enrol()
    pair.sync()
    closing.approve_alone(pair.town.ledger, TOWNSHIP, DEVICE, {}, "op")
    pair.sync()
    closing.close(pair.town.ledger, TOWNSHIP, DEVICE, 0, "op", "joined")
    renew(pair)
    pair.sync()


def test_a_store_that_ran_alone_goes_up_whole_and_on_in_epoch_one(alone: Pair) -> None:
    day.open_day(alone.shop.desk, alone.shop.by)
    alone.earn()
    alone.spend()
    before = alone.points()
    with alone.shop.desk.store.read() as connection:
        shelf = {each.lot.lot: each.lot.on_hand for each in shelves.on_hand(connection)}
    day.close_day(alone.shop.desk, alone.shop.two)
    join(alone)
    assert alone.shop.desk.store.identity.epoch == 1
    assert (alone.points(), alone.state.acked) == (before, alone.head)
    with alone.shop.desk.store.read() as connection:
        assert {each.lot.lot: each.lot.on_hand for each in shelves.on_hand(connection)} == shelf
    day.open_day(alone.shop.desk, alone.shop.by)
    alone.spend()
    alone.sync()
    assert alone.town.balance(accounts.points(H, f"{DEVICE}.1")) == alone.points().amount == before.amount - 2_00
    assert verify(alone.shop.folder).wrong is None
    earlier = alone.shop.folder / files.EARLIER / f"{DEVICE}.0"
    assert (earlier / FILE).exists()
    exported = alone.shop.folder / "journal.ndjson"
    export.export(alone.shop.desk.store, exported)
    assert verify_export(exported).wrong is None


def test_a_delivery_that_was_altered_is_found(alone: Pair) -> None:
    join(alone)
    exported = alone.shop.folder / "journal.ndjson"
    export.export(alone.shop.desk.store, exported)
    lines = exported.read_bytes().split(b"\n")
    place = next(n for n, line in enumerate(lines) if b"stock:shop" in line and line.startswith(b'{"before"'))
    lines[place] = lines[place].replace(b",30]", b",31]")
    exported.write_bytes(b"\n".join(lines))
    found = verify_export(exported).wrong
    assert found is not None
    assert found.code == "record"


def test_a_lost_answer_is_asked_for_again(alone: Pair) -> None:
    code = alone.town.code(alone=True)

    def tamper(call: Call, straight: Straight) -> Reply:
        straight(call)
        raise Unreachable("unreachable", detail="lost")

    alone.tamper = tamper
    with pytest.raises(Unreachable):
        alone.enrol(code)
    alone.tamper = None
    alone.enrol(code)
    with pytest.raises(SyncError) as caught:
        alone.enrol(code)
    assert caught.value.code == enrolment.ENROLLED_ALREADY


def test_a_wrong_code_is_refused(alone: Pair) -> None:
    with pytest.raises(LedgerSays) as caught:
        alone.enrol("XXXX-XXXX-XXXX")
    assert caught.value.code == "code-unknown"


@pytest.mark.parametrize("what", ["body", "signature"])
def test_an_enrolment_that_was_altered_is_not_taken(alone: Pair, what: str) -> None:
    def tamper(call: Call, straight: Straight) -> Reply:
        reply = straight(call)
        if what == "signature":
            return replace(reply, signature="00" * 64)
        return replace(reply, body=reply.body.replace(b"LT01", b"XH02"))

    alone.tamper = tamper
    with pytest.raises(Untrusted):
        alone.enrol()
    assert not pulse.read(alone.shop.desk.store).enrolled


def test_no_new_epoch_while_the_ledger_lacks_anything(alone: Pair) -> None:
    alone.enrol()
    desk = alone.shop.desk
    with pytest.raises(SyncError) as caught:
        renewal.renew(desk.store, alone.ask, desk.clock, alone.shop.two, "code")
    assert caught.value.code == "not-all-synced"
    with pytest.raises(ApprovalNeeded):
        renewal.renew(desk.store, alone.ask, desk.clock, alone.shop.by, "code")
    alone.sync()
    with pytest.raises(SyncError):
        renewal.renew(desk.store, alone.ask, desk.clock, alone.shop.two, "code")


def test_a_new_epoch_is_begun_again_after_a_lost_answer(alone: Pair) -> None:
    alone.enrol()
    alone.sync()
    closing.approve_alone(alone.town.ledger, TOWNSHIP, DEVICE, {}, "op")
    alone.sync()
    closing.close(alone.town.ledger, TOWNSHIP, DEVICE, 0, "op", "joined")
    code, desk = alone.town.code(device=DEVICE), alone.shop.desk

    def tamper(call: Call, straight: Straight) -> Reply:
        straight(call)
        raise Unreachable("unreachable", detail="lost")

    alone.tamper = tamper
    with pytest.raises(Unreachable):
        renewal.renew(desk.store, alone.ask, desk.clock, alone.shop.two, code)
    alone.tamper = None
    renewal.renew(desk.store, alone.ask, desk.clock, alone.shop.two, code)
    alone.shop.reopen()
    assert alone.sync().outcome == ""


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store's folder with its next epoch made, and not yet in its place."""
    folder = tmp_path_factory.mktemp("ready")
    pair = open_pair(folder, 0, enrolled=False)
    pair.enrol()
    pair.sync()
    closing.approve_alone(pair.town.ledger, TOWNSHIP, DEVICE, {}, "op")
    pair.sync()
    closing.close(pair.town.ledger, TOWNSHIP, DEVICE, 0, "op", "joined")
    desk = pair.shop.desk
    renewal.renew(desk.store, pair.ask, desk.clock, pair.shop.two, pair.town.code(device=DEVICE))
    close(pair)
    return folder / "shop"


@pytest.mark.parametrize("moved", range(5))
def test_a_power_cut_while_the_new_epoch_takes_its_place(
    ready: Path, tmp_path: Path, moved: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "shop"
    shutil.copytree(ready, folder)
    straight, left = Path.rename, moved

    def rename(path: Path, target: Path) -> Path:
        nonlocal left
        if not left:
            raise InterruptedError
        left -= 1
        return straight(path, target)

    monkeypatch.setattr(Path, "rename", rename)
    with suppress(InterruptedError):
        files.finish(folder)
    monkeypatch.undo()
    store = open_store(folder)
    assert store.identity.epoch == 1
    store.close()
    assert verify(folder).wrong is None


def test_a_clone_goes_on_in_a_new_epoch(pair: Pair, tmp_path: Path) -> None:
    pair.award(50_00)
    pair.sync()
    clone = copy_of(pair.shop, tmp_path / "clone")
    pair.spend()
    pair.sync()
    pair.shop.close()
    pair.shop = clone
    pair.shop.clock.advance()
    pair.spend()
    assert pair.sync().halted == "fork"
    closing.close(pair.town.ledger, TOWNSHIP, DEVICE, 1, "op", "cloned")
    renew(pair)
    pair.sync()
    assert pair.points() == Points(0)
    closing.release(pair.town.ledger, TOWNSHIP, DEVICE, 1, "op", "reconciled")
    pair.sync()
    assert pair.points() == Points(48_00)
    day.open_day(pair.shop.desk, pair.shop.by)
    pair.spend()
    assert pair.sync().outcome == ""


def test_a_restored_store_serves_nobody_before_it_has_joined_again(tmp_path: Path) -> None:
    pair = open_pair(tmp_path, enrolled=False)
    with pair.shop.desk.store.write() as tx:
        predecessor.follow(tx.connection, Predecessor(DEVICE, 0, 1, bytes(32), 0, alone=False))
    assert pulse.read(pair.shop.desk.store).rejoin == f"{DEVICE}.0"
    with pytest.raises(RejoinNeeded):
        pair.spend()
    pair.enrol()
    pair.award(10_00)
    pair.sync()
    pair.spend()
    assert pulse.read(pair.shop.desk.store).rejoin == ""
    pair.shop.close()
    pair.town.ledger.close()
