"""What lives went wrong by, each cause once and small; and what no life may be left to find by chance."""

from pathlib import Path

import pytest

from pos.core import accounts, codec
from pos.core.acts import Act, ActCode
from pos.core.transfers import Decision
from pos.counter import township
from pos.counter.township import MACHINE
from pos.ledger import heal
from pos.ledger import tables as t
from pos.storage import feeds
from pos.storage.books import Transaction
from pos.storage.verify import verify
from pos.sync import pushing
from pos.sync.errors import Untrusted
from pos.sync.session import Session
from pos.wire.calls import Call, Op, Reply
from tests.ledger.town import TOWNSHIP
from tests.sync.pair import H, Pair, Straight, copy_of
from tests.sync.test_log import back_up, restore
from tests.sync.test_session import signed_again

MOST_STEPS = 40


def steps(session: Session) -> int:
    """Go through a session that may be without end; how many steps it took."""
    taken = 0
    for _ in session.steps():
        taken += 1
        assert taken < MOST_STEPS
    return taken


def test_a_fork_is_evident_again_to_a_ledger_that_forgot_it(pair: Pair, tmp_path: Path) -> None:
    """The copy had handed in its branch; the ledger, set back, stands before the place where they part."""
    pair.award(50_00)
    pair.sync()
    back_up(pair, tmp_path)
    clone = copy_of(pair.shop, tmp_path / "clone")
    pair.spend()
    pair.sync()
    original, pair.shop = pair.shop, clone
    clone.clock.advance()
    pair.spend()
    pair.spend()
    assert pair.sync().halted == pushing.FORK
    restore(pair, tmp_path)
    heal.restored(pair.town.ledger, TOWNSHIP, "op")
    pair.shop = original
    pair.sync()
    pair.shop = clone
    steps(pair.session())
    assert pair.town.balance(accounts.Account("gone", "shortage-k7q2md", "L")) == 4_00
    (writer,) = {row.writer for row in pair.town.rows(t.forks)}
    assert writer == original.desk.store.identity.writer
    original.close()


def test_a_copy_that_the_ledger_forgot_hands_in_its_journal_and_comes_to_an_end(pair: Pair, tmp_path: Path) -> None:
    """Set back, the ledger knows neither branch: the copy heard of first is the journal, the other one forks."""
    pair.award(50_00)
    pair.sync()
    back_up(pair, tmp_path)
    clone = copy_of(pair.shop, tmp_path / "clone")
    pair.spend()
    pair.sync()
    original, pair.shop = pair.shop, clone
    clone.clock.advance()
    for _ in range(3):
        pair.spend()
    assert pair.sync().halted == pushing.FORK
    restore(pair, tmp_path)
    heal.restored(pair.town.ledger, TOWNSHIP, "op")
    steps(pair.session())
    assert (pair.state.halted, pair.state.acked) == (pushing.FORK, pair.head)
    pair.shop = original
    steps(pair.session())
    assert pair.state.halted == pushing.FORK
    assert pair.town.balance(accounts.Account("gone", "shortage-k7q2md", "L")) == 2_00
    clone.close()


def test_a_replayed_grant_is_found_by_the_chain(pair: Pair) -> None:
    """Also when the page that it comes on is signed by the ledger itself."""
    pair.award(10_00)
    pages: list[dict[str, object]] = []

    def keep(call: Call, straight: Straight) -> Reply:
        reply = straight(call)
        if call.op is Op.GRANTS:
            pages.append(codec.loads(reply.body))
        return reply

    pair.tamper = keep
    pair.sync()
    (granted,) = [page for page in pages if page["records"]]

    def replay(call: Call, straight: Straight) -> Reply:
        if call.op is not Op.GRANTS:
            return straight(call)
        page = {**codec.loads(straight(call).body), "records": granted["records"]}
        return signed_again(codec.dumps(page), pair.town.ledger.key)

    pair.tamper = replay
    with pytest.raises(Untrusted, match="record"):
        pair.sync()
    assert pair.points().amount == 10_00
    assert pair.town.balance(accounts.points(H, "k7q2md.1")) == 10_00
    with pair.shop.desk.store.read() as connection:
        assert len(feeds.records(connection, (0, 0), 10)) == 1


def test_a_faulty_row_that_had_written_an_entry_holds_nothing_up(pair: Pair) -> None:
    """What it wrote is undone with it; the entries after it follow the one before."""
    store, before = pair.shop.desk.store, pair.head

    def write_and_fail(tx: Transaction) -> None:
        tx.append(pair.shop.desk.now(), MACHINE, Decision(Act(ActCode.DRAWER), ()))
        raise KeyError

    with store.write() as tx:
        township._try(tx, "voucher", "v1", lambda: write_and_fail(tx))
        tx.append(pair.shop.desk.now(), MACHINE, Decision(Act(ActCode.DRAWER), ()))
    assert pair.head == before + 1
    assert verify(store.folder).wrong is None
