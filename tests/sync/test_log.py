"""The township's log may only grow; a ledger from its own backup is healed, and only when an operator has said so."""

import shutil
from pathlib import Path

import pytest

from catalog.units import Points
from pos.core import accounts
from pos.ledger import heal
from pos.ledger.service import open_ledger
from pos.storage import sync_state
from pos.storage.verify import verify
from pos.sync.checkpoints import RESTORED
from pos.sync.errors import Untrusted
from pos.wire.calls import Call, Op, Reply
from pos.wire.merkle import EMPTY
from tests.ledger.town import TOWNSHIP
from tests.sync.pair import H, Pair, Straight


def back_up(pair: Pair, folder: Path) -> None:
    """Copy the ledger as it stands."""
    _close(pair)
    shutil.copytree(folder / "ledger", folder / "backup")
    _open(pair, folder)


def restore(pair: Pair, folder: Path) -> None:
    """Put the copy in the ledger's place."""
    _close(pair)
    shutil.rmtree(folder / "ledger")
    shutil.copytree(folder / "backup", folder / "ledger")
    _open(pair, folder)


def _close(pair: Pair) -> None:
    pair.town.ledger.close()


def _open(pair: Pair, folder: Path) -> None:
    pair.town.ledger = open_ledger(folder / "ledger", clock=pair.town.clock.clock())


def test_every_larger_checkpoint_is_shown_to_contain_the_last(pair: Pair) -> None:
    pair.sync()
    first = pair.state.checkpoint
    pair.earn()
    pair.sync()
    second = pair.state.checkpoint
    assert first
    assert second
    assert second.size > first.size
    assert Op.CONSISTENCY in pair.ops


def test_a_proof_that_shows_nothing_is_refused(pair: Pair) -> None:
    pair.sync()
    kept = pair.state.checkpoint
    pair.earn()
    pair.tamper = lambda call, straight: (
        Reply(200, b'{"v":1,"township":"990101","first":1,"second":2,"proof":["' + EMPTY.hex().encode() + b'"]}')
        if call.op is Op.CONSISTENCY
        else straight(call)
    )
    with pytest.raises(Untrusted) as caught:
        pair.sync()
    assert (caught.value.code, pair.state.checkpoint) == ("log-rewritten", kept)
    pair.earn()
    pair.tamper = None
    assert pair.sync().acked == pair.head


def test_a_smaller_log_is_not_taken_in_silence(pair: Pair, tmp_path: Path) -> None:
    pair.sync()
    back_up(pair, tmp_path)
    pair.award(20_00)
    pair.sync()
    kept = pair.state.checkpoint
    restore(pair, tmp_path)
    with pytest.raises(Untrusted) as caught:
        pair.sync()
    assert (caught.value.code, pair.state.checkpoint) == ("log-shrank", kept)
    with pair.shop.desk.store.read() as connection:
        sizes = connection.exec_driver_sql("SELECT size FROM checkpoints ORDER BY size").scalars().all()
    assert kept
    assert len(sizes) == 2
    assert sizes[1] == kept.size
    pair.spend()


def test_a_ledger_declared_restored_is_reminded_before_the_journal_goes_again(pair: Pair, tmp_path: Path) -> None:
    pair.award(30_00)
    pair.sync()
    back_up(pair, tmp_path)
    pair.award(20_00)
    pair.sync()
    for _ in range(10):
        pair.spend()
    pair.sync()
    restore(pair, tmp_path)
    heal.restored(pair.town.ledger, TOWNSHIP, "op")
    pair.calls.clear()
    found = pair.sync()
    assert pair.ops[:2] == [Op.PUSH, Op.REMIND]
    assert (found.acked, found.outcome, found.life > 1) == (pair.head, "", True)
    assert pair.points() == Points(30_00)
    assert pair.town.balance(accounts.points(H, "k7q2md.1")) == 30_00
    assert pair.town.balance(accounts.debt(H, "L")) == -20_00
    with pair.shop.desk.store.read() as connection:
        assert RESTORED in [each.code for each in sync_state.differences(connection, unseen=True)]
    pair.calls.clear()
    pair.sync()
    assert Op.REMIND not in pair.ops
    assert verify(pair.shop.folder).wrong is None


def test_restored_twice(pair: Pair, tmp_path: Path) -> None:
    pair.award(30_00)
    pair.sync()
    back_up(pair, tmp_path)
    for points in (20_00, 5_00):
        pair.award(points)
        pair.sync()
        restore(pair, tmp_path)
        pair.town.clock.wall += 1_000
        heal.restored(pair.town.ledger, TOWNSHIP, "op")
        pair.sync()
        assert pair.state.acked == pair.head
    assert pair.points() == Points(pair.town.balance(accounts.points(H, "k7q2md.1")))


def test_the_reminder_is_cut_off(pair: Pair, tmp_path: Path) -> None:
    pair.sync()
    back_up(pair, tmp_path)
    pair.award(20_00)
    pair.sync()
    restore(pair, tmp_path)
    heal.restored(pair.town.ledger, TOWNSHIP, "op")

    def tamper(call: Call, straight: Straight) -> Reply:
        reply = straight(call)
        if call.op is Op.REMIND:
            raise Untrusted("answer-unsigned")
        return reply

    pair.tamper = tamper
    with pytest.raises(Untrusted):
        pair.sync()
    pair.tamper = None
    pair.sync()
    assert (pair.state.acked, pair.points()) == (pair.head, Points(20_00))
