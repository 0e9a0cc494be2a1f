"""A session that is cut off anywhere is gone on with: nothing lost, nothing doubled."""

from pathlib import Path

import pytest

from catalog.units import Points
from pos.core import accounts
from pos.ledger import registry
from pos.ledger.registry import Resident
from pos.storage.verify import verify
from pos.sync.errors import Unreachable
from pos.wire.calls import Call, Reply
from tests.ledger.town import TOWNSHIP
from tests.shop import VILLAGE
from tests.storage.failing import Cut, Fuse, throw, wire_in
from tests.sync.pair import H, Pair, Straight, open_pair

STEP = 2
"""Every so many statements one session is cut off."""


def busy(folder: Path) -> Pair:
    """A pair with something to be done at every stage of a session."""
    pair = open_pair(folder)
    pair.award(50_00)
    pair.sync()
    pair.earn()
    pair.tell(0, 3_00)
    registry.add_villages(pair.town.ledger, TOWNSHIP, [(VILLAGE, "柳塘村")], "op")
    registry.put_households(pair.town.ledger, TOWNSHIP, [Resident(H, "张秀英", "一组", 4, None)], "op")
    return pair


def check(pair: Pair) -> None:
    """Everything is where it belongs, on both sides."""
    assert pair.sync().outcome == ""
    assert pair.sync().acked == pair.head
    assert pair.points().amount == pair.town.balance(accounts.points(H, "k7q2md.1"))
    assert pair.points() + Points(pair.town.balance(accounts.points(H, "L"))) == Points(97_82)
    assert verify(pair.shop.folder).wrong is None


def test_cut_off_at_any_statement(tmp_path: Path) -> None:
    pair = busy(tmp_path)
    fuse = Fuse(throw)
    wire_in(pair.shop.desk.store, fuse)
    at, cut = 1, 0
    while True:
        fuse.left = at
        try:
            pair.sync()
        except Cut:
            cut += 1
            at += STEP
            continue
        fuse.left = 0
        break
    assert cut > 15
    check(pair)


def test_dropped_after_any_step(tmp_path: Path) -> None:
    pair = busy(tmp_path)
    for stop in range(1, 6):
        steps = pair.session().steps()
        for _ in range(stop):
            next(steps, None)
        del steps
        pair.earn()
    pair.sync()
    assert pair.state.acked == pair.head
    assert verify(pair.shop.folder).wrong is None


@pytest.mark.parametrize("before", [True, False])
def test_the_network_fails_at_any_request(tmp_path: Path, *, before: bool) -> None:
    pair = busy(tmp_path)
    asked, fails = 0, 0

    def tamper(call: Call, straight: Straight) -> Reply:
        nonlocal asked
        asked += 1
        if asked == fails:
            if not before:
                straight(call)
            raise Unreachable("unreachable", detail="cut")
        return straight(call)

    pair.tamper = tamper
    while fails < 12:
        asked, fails = 0, fails + 1
        try:
            pair.sync()
        except Unreachable:
            assert pair.state.outcome == "unreachable"
    pair.tamper = None
    check(pair)
