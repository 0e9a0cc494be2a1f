"""One question to the ledger and its reply: what is not signed by the ledger, or answers something else, is refused."""

import hashlib
from dataclasses import dataclass
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos.clock import Clock
from pos.core import codec
from pos.core.codec import CodecError
from pos.core.entries import Moment
from pos.storage import keys
from pos.storage.installation import Identity
from pos.storage.store import Store
from pos.storage.sync_state import Enrolled
from pos.sync.errors import LedgerSays, Unreachable, Untrusted
from pos.wire import messages, signing
from pos.wire.calls import Call, Op, Reply, Transport

T = TypeVar("T")

_LATER = frozenset({429, 500, 502, 503, 504})
_SIGNED = frozenset({200, 409, 422})


@dataclass(frozen=True, slots=True)
class Link:
    """An enrolled store and the way to its ledger."""

    store: Store
    transport: Transport
    clock: Clock
    enrolled: Enrolled
    key: Ed25519PrivateKey

    @property
    def identity(self) -> Identity:
        """Whose store it is."""
        return self.store.identity

    @property
    def writer(self) -> str:
        """Whose accounts this installation takes from."""
        return self.store.identity.writer

    def now(self) -> Moment:
        """This moment by the clocks given."""
        return Moment(self.clock.wall(), self.clock.mono(), self.clock.boot())

    def call(
        self, op: Op, *, body: bytes = b"", line: bytes = b"", query: tuple[tuple[str, int], ...] = (), card: str = ""
    ) -> Call:
        """A question; `line` of its body is signed with the installation's key."""
        me, signature = self.identity, signing.sign(signing.REQUEST, line, self.key).hex() if line else ""
        of = (op, self.enrolled.township, me.device, me.epoch)
        return Call(*of, body, signature, query, card, self.enrolled.token)

    def ask(self, call: Call) -> Reply:
        """The reply. Raises a `SyncError` when there is none that can be read."""
        return readable(self.transport(call))

    def read(self, kind: type[T], reply: Reply) -> T:
        """The signed message of a reply. Raises `Untrusted`."""
        message = signed(kind, reply, self.enrolled.ledger)
        me = (self.enrolled.township, self.identity.device, self.identity.epoch)
        found = tuple(getattr(message, name, mine) for name, mine in zip(_ADDRESS, me, strict=True))
        if found != me:
            raise Untrusted("answer-of-another")
        return message


_ADDRESS = ("township", "device", "epoch")


def link(store: Store, transport: Transport, clock: Clock, enrolled: Enrolled) -> Link:
    """A link with the installation's own key."""
    return Link(store, transport, clock, enrolled, keys.signing(store.folder))


def readable(reply: Reply) -> Reply:
    """A reply that says something. Raises `LedgerSays` for a refusal, `Unreachable` for one that says: later."""
    if len(reply.body) > messages.MOST_BYTES:
        raise Untrusted("answer-large")
    if reply.status in _LATER:
        raise Unreachable("later", status=reply.status)
    if reply.status in _SIGNED and reply.signature:
        return reply
    if reply.status == 200:
        return reply
    raise LedgerSays(*_refusal(reply))


def signed(kind: type[T], reply: Reply, ledger: str) -> T:
    """The message of a reply that `ledger` (key, hex) signed. Raises `Untrusted`."""
    try:
        if signing.signed(signing.ANSWER, reply.body, messages.hex_bytes(reply.signature, 64), ledger):
            return messages.loads(kind, reply.body)
    except messages.AnotherVersion as error:
        raise Untrusted("answer-version", version=str(error)) from None
    except CodecError:
        pass
    raise Untrusted("answer-unsigned")


def digest(line: bytes) -> str:
    """How an answer names the line that it belongs to."""
    return hashlib.sha256(line).hexdigest()


def _refusal(reply: Reply) -> tuple[str]:
    """The code of what is said without a signature: good for words, and for nothing else."""
    try:
        code = codec.loads(reply.body)["code"]
    except (CodecError, LookupError, TypeError):
        code = ""
    if isinstance(code, str) and code.isascii() and len(code) <= 40 and code.replace("-", "").isalnum():
        return (code,)
    return ("unexpected",)
