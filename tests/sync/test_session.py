"""A session from end to end, what it makes of every kind of answer, and what it never believes."""

from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from catalog.units import Points
from pos.core import accounts, codec
from pos.core.acts import Act, ActCode
from pos.core.sync_refusals import InstallationForked, InstallationStale, OfflineTooLong
from pos.core.transfers import Decision
from pos.ledger import allotments
from pos.storage import feeds, sync_state
from pos.storage.verify import verify
from pos.sync import pushing
from pos.sync.errors import LedgerSays, SyncError, Unreachable, Untrusted
from pos.sync.session import Stage
from pos.wire import signing
from pos.wire.calls import Call, Op, Reply
from pos.wire.messages import Limits
from tests.ledger.town import TOWNSHIP
from tests.sync.pair import H, Pair, Straight, close, copy_of, open_pair

DAY_MS = 86_400_000


def test_push_pull_give_back_push(pair: Pair) -> None:
    pair.award(50_00)
    stages = [step.stage for step in pair.session().steps()]
    assert stages == [Stage.ASKING, Stage.PUSHING, Stage.GRANTS, Stage.REFERENCE, Stage.PUSHING]
    assert (pair.points(), pair.state.acked) == (Points(50_00), pair.head)
    pair.earn()
    pair.spend()
    found = pair.sync()
    assert (found.acked, found.posted, found.differing, found.outcome) == (pair.head, 2, 0, "")
    assert pair.town.balance(accounts.points(H, "k7q2md.1")) == pair.points().amount == 50_00 + 47_82 - 2_00
    assert verify(pair.shop.folder).wrong is None


def test_what_exceeds_the_target_goes_back(pair: Pair) -> None:
    pair.award(50_00)
    pair.sync()
    allotments.keep(pair.town.ledger, TOWNSHIP, H, Points(30_00), "op")
    pair.sync()
    assert pair.points() == Points(20_00)
    assert pair.town.balance(accounts.points(H, "L")) == 30_00


def test_a_store_alone_has_nobody_to_sync_with(alone: Pair) -> None:
    with pytest.raises(SyncError) as caught:
        alone.session()
    assert caught.value.code == "not-enrolled"


def test_five_hundred_entries_are_one_request(pair: Pair) -> None:
    pair.sync()
    with pair.shop.desk.store.write() as tx:
        for _ in range(501):
            tx.append(pair.shop.desk.now(), pair.shop.by, Decision(Act(ActCode.DRAWER), ()))
    pair.calls.clear()
    pair.sync()
    sent = [call.body.count(b"\n") - 1 for call in pair.calls if call.op is Op.PUSH]
    assert sent == [0, 500, 1]


def test_many_records_come_page_by_page(pair: Pair) -> None:
    for _ in range(45):
        pair.tell(0, 1_00)
    pair.sync()
    assert pair.state.number == 45
    with pair.shop.desk.store.read() as connection:
        assert len(feeds.records(connection, (0, 0), 100)) == 45


@pytest.mark.parametrize("lost", [Op.PUSH, Op.GRANTS, Op.REFERENCE, Op.CONSISTENCY])
def test_a_lost_reply_changes_nothing(pair: Pair, lost: Op) -> None:
    pair.sync()
    pair.award(5_00)
    pair.earn()

    def tamper(call: Call, straight: Straight) -> Reply:
        reply = straight(call)
        if call.op is lost:
            raise Unreachable("unreachable", detail="lost")
        return reply

    pair.tamper = tamper
    with pytest.raises(Unreachable):
        pair.sync()
    assert pair.state.outcome == "unreachable"
    pair.spend()
    pair.tamper = None
    assert pair.sync().acked == pair.head
    assert pair.points() == Points(5_00 + 47_82 - 2_00)
    assert pair.town.balance(accounts.points(H, "k7q2md.1")) == pair.points().amount


def test_repeated_requests_change_nothing(pair: Pair) -> None:
    pair.award(5_00)
    pair.tamper = lambda call, straight: (straight(call), straight(call))[1]
    pair.sync()
    pair.sync()
    assert (pair.points(), pair.state.acked) == (Points(5_00), pair.head)


def _flipped(body: bytes) -> bytes:
    place = body.index(b"1")
    return body[:place] + b"2" + body[place + 1 :]


TAMPERED = {
    "altered": lambda reply: replace(reply, body=_flipped(reply.body)),
    "unsigned": lambda reply: replace(reply, signature=""),
    "other-signature": lambda reply: replace(reply, signature="00" * 64),
    "cut": lambda reply: replace(reply, body=reply.body[:-20]),
    "too-large": lambda reply: replace(reply, body=b"x" * (1 << 21)),
    "html": lambda reply: replace(reply, body=b"<html>login</html>", signature=""),
}


@pytest.mark.parametrize("of", [Op.PUSH, Op.CARDS, Op.GRANTS, Op.REFERENCE])
def test_nothing_unsigned_is_believed(pair: Pair, of: Op) -> None:
    pair.award(5_00)
    for how, spoilt in TAMPERED.items():
        pair.tamper = lambda call, straight, spoilt=spoilt: spoilt(straight(call)) if call.op is of else straight(call)
        with pytest.raises((Untrusted, LedgerSays)):
            pair.sync()
        assert pair.points() == Points(0) or of is Op.REFERENCE, how
    pair.earn()
    pair.tamper = None
    assert pair.sync().outcome == ""
    assert pair.points() == Points(5_00 + 47_82)


def test_an_answer_to_an_older_question_is_not_taken(pair: Pair) -> None:
    kept: list[Reply] = []

    def keep(call: Call, straight: Straight) -> Reply:
        kept.append(straight(call))
        return kept[-1]

    pair.tamper = keep
    pair.sync()
    old = kept[0]
    pair.earn()
    pair.shop.clock.advance()
    pair.tamper = lambda call, straight: old if call.op is Op.PUSH else straight(call)
    with pytest.raises(Untrusted):
        pair.sync()


def test_a_record_left_out_is_noticed(pair: Pair) -> None:
    pair.tell(0, 1_00)
    pair.tell(0, 2_00)
    key = pair.town.ledger.key

    def tamper(call: Call, straight: Straight) -> Reply:
        reply = straight(call)
        if call.op is not Op.GRANTS:
            return reply
        page = codec.loads(reply.body)
        page["records"] = page["records"][1:]
        return signed_again(codec.dumps(page), key)

    pair.tamper = tamper
    with pytest.raises(Untrusted) as caught:
        pair.sync()
    assert (caught.value.code, pair.state.number) == ("record-missing", 0)


def signed_again(line: bytes, key: Ed25519PrivateKey) -> Reply:
    """A page that the ledger's own key has signed, whatever it says."""
    return Reply(200, line, signing.sign(signing.ANSWER, line, key).hex())


@pytest.mark.parametrize(("status", "code"), [(404, "device-unknown"), (403, "token"), (418, "unexpected")])
def test_a_refusal_is_reported_and_selling_goes_on(pair: Pair, status: int, code: str) -> None:
    body = codec.dumps({"code": code, "fields": {}}) if code != "unexpected" else b"\xff"
    pair.tamper = lambda _call, _straight: Reply(status, body)
    with pytest.raises(LedgerSays) as caught:
        pair.sync()
    assert caught.value.code == pair.state.outcome == code
    pair.earn()


@pytest.mark.parametrize("status", [429, 500, 503])
def test_later_is_not_a_refusal(pair: Pair, status: int) -> None:
    pair.tamper = lambda _call, _straight: Reply(status, b"")
    with pytest.raises(Unreachable):
        pair.sync()


def test_rejected_is_shown(pair: Pair) -> None:
    with pair.shop.desk.store.write() as tx:
        tx.connection.exec_driver_sql("DROP TRIGGER journal_no_update")
        line = tx.connection.exec_driver_sql("SELECT bytes FROM journal WHERE seq = 3").scalar_one()
        tx.connection.exec_driver_sql("UPDATE journal SET bytes = ? WHERE seq = 3", (line.replace(b'"02"', b'"03"'),))
    with pytest.raises(SyncError) as caught:
        pair.sync()
    assert (caught.value.code, pair.state.outcome, pair.state.acked) == ("rejected", "rejected", 0)


def test_an_old_copy_stops(pair: Pair, tmp_path: Path) -> None:
    pair.sync()
    old = copy_of(pair.shop, tmp_path / "old")
    pair.earn()
    pair.sync()
    pair.shop.close()
    pair.shop = old
    assert pair.sync().halted == pair.state.outcome == pushing.STALE
    with pytest.raises(InstallationStale):
        pair.spend()
    with pytest.raises(InstallationStale):
        pair.earn()


def test_a_clone_stops_and_hands_in_what_it_wrote(pair: Pair, tmp_path: Path) -> None:
    pair.award(50_00)
    pair.sync()
    clone = copy_of(pair.shop, tmp_path / "clone")
    pair.spend()
    pair.sync()
    pair.shop, original = clone, pair.shop
    pair.shop.clock.advance()
    pair.spend()
    pair.earn()
    found = pair.sync()
    assert (found.halted, found.evidence) == (pushing.FORK, pair.head)
    with pytest.raises(InstallationForked):
        pair.spend()
    assert pair.town.balance(accounts.Account("gone", "shortage-k7q2md", "L")) == 2_00
    assert pair.sync().evidence == pair.head
    original.close()


def test_points_may_not_be_spent_when_offline_for_too_long(tmp_path: Path) -> None:
    pair = open_pair(tmp_path, enrolled=False)
    pair.enrol(limits=Limits(hard_days=3))
    pair.award(50_00)
    pair.sync()
    pair.shop.clock.advance(3 * DAY_MS)
    with pair.shop.desk.store.read() as connection:
        sync_state.check_serving(connection, pair.shop.clock.wall)
        with pytest.raises(OfflineTooLong):
            sync_state.check_serving(connection, pair.shop.clock.wall + 1)
    pair.shop.clock.advance(1)
    pair.sync()
    with pair.shop.desk.store.read() as connection:
        sync_state.check_serving(connection, pair.shop.clock.wall)
    close(pair)


def test_a_difference_is_put_on_the_list_once(tmp_path: Path) -> None:
    pair = open_pair(tmp_path, enrolled=False)
    pair.enrol(limits=Limits(sale=1_00))
    pair.award(50_00)
    pair.sync()
    pair.spend()
    seq = pair.head
    assert pair.sync().differing == 1
    pair.sync()
    with pair.shop.desk.store.read() as connection:
        assert [(each.seq, each.code) for each in sync_state.differences(connection, unseen=True)] == [
            (seq, "sale-limit")
        ]
    close(pair)
