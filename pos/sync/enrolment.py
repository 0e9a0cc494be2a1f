"""Becoming known to a ledger: the installation shows a one-time code, and pins the key that countersigns it."""

from pos.clock import Clock
from pos.core.journal import Certificate
from pos.storage import keys, sync_state
from pos.storage.store import Store
from pos.storage.sync_state import Enrolled, SyncState
from pos.sync.errors import SyncError, Untrusted
from pos.sync.link import digest, readable, signed
from pos.wire import messages, signing
from pos.wire import messages as wire
from pos.wire.calls import Call, Op, Transport
from pos.wire.messages import EnrolRequest

ENROLLED_ALREADY = "enrolled-already"


def enrol(store: Store, transport: Transport, clock: Clock, township: str, code: str) -> Enrolled:
    """Enrol this installation as it is; asked again after a lost answer, the ledger answers the same.

    Raises a `SyncError`. Epoch 0 is a store that ran alone: its journal goes up whole with the next sessions.
    """
    with store.read() as connection:
        if sync_state.enrolled(connection) is not None:
            raise SyncError(ENROLLED_ALREADY)
    installation, key = store.installation, keys.signing(store.folder)
    request = EnrolRequest(
        messages.VERSION, township, code, installation.certificate.hex(), installation.signature.hex()
    )
    line = messages.dumps(request)
    of = (Op.ENROL, township, store.identity.device, store.identity.epoch)
    reply = readable(transport(Call(*of, line, signing.sign(signing.REQUEST, line, key).hex())))
    # The key that signs is what this answer is about; from now on it is pinned.
    ledger = messages.loads(wire.Enrolled, reply.body).ledger if reply.signature else ""
    answer = signed(wire.Enrolled, reply, ledger)
    _check(store, answer, digest(line), township)
    kept = Enrolled(township, answer.ledger, answer.token, answer.enrolment)
    with store.write() as tx:
        state = SyncState(
            checkpoint=answer.checkpoint,
            checkpoint_signature=answer.checkpoint_signature,
            synced=clock.wall(),
            sealing=answer.sealing,
        )
        countersigned = messages.dumps(answer.enrolment)
        sync_state.enrol(tx.connection, kept, countersigned, bytes.fromhex(answer.signature), state)
    return kept


def _check(store: Store, answer: wire.Enrolled, request: str, township: str) -> None:
    enrolment, mine = (
        answer.enrolment,
        signing.read_certificate(store.installation.certificate, store.installation.signature),
    )
    assert isinstance(mine, Certificate)
    stated = (enrolment.township, enrolment.store, enrolment.device, enrolment.epoch, enrolment.key, enrolment.genesis)
    here = (township, mine.store, mine.device, mine.epoch, mine.key, store.installation.genesis.hex())
    if answer.re != request or stated != here:
        raise Untrusted("answer-of-another")
    for domain, line, signature in (
        (signing.ENROLMENT, messages.dumps(enrolment), answer.signature),
        (signing.CHECKPOINT, messages.dumps(answer.checkpoint), answer.checkpoint_signature),
    ):
        if not signing.signed(domain, line, messages.hex_bytes(signature, 64), answer.ledger):
            raise Untrusted("answer-unsigned")
