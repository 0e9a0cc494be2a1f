"""What terminal and ledger say to each other: canonical JSON lines of these dataclasses, signed for one purpose each.

Hashes, keys and signatures are lower-case hex. `v` is the protocol's version; a message of another one is refused.
A batch is this header's line and then `n` entries' bytes as they stand in the journal, each ended by a line feed; the
header's signature covers the entries too, since `last` is the end of their chain.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from pos.core import codec
from pos.core.codec import CodecError

VERSION = 1
MOST_ENTRIES = 500
"""Entries of one batch."""
MOST_BYTES = 1 << 20
"""Bytes of one message after decompression."""

SIGNATURE = "X-Signature"
"""Header that carries the signature (hex) of a request's or an answer's line."""

T = TypeVar("T")


class AnotherVersion(CodecError):
    """A message of a version of the protocol that is not spoken here."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What an installation may do before it must be heard again; points in 1/100 point, `None` is unlimited."""

    sale: int | None = None
    """Points of one redemption."""
    granted: int | None = None
    """Points granted to the installation in all, and not given back."""
    minted_day: int | None = None
    """Points of weigh-ins in one business day."""
    minted_unheard: int | None = None
    """Points of weigh-ins since the last acknowledgement."""
    soft_days: int | None = None
    """Days offline after which it warns."""
    hard_days: int | None = None
    """Days offline after which it declines redemptions."""


@dataclass(frozen=True, slots=True)
class EnrolRequest:
    """An installation asks to be known. Signed with its key, which its self-signed certificate states."""

    v: int
    township: str
    code: str
    """The one-time code, as an operator handed it out."""
    certificate: str
    """Hex of the self-signed certificate's bytes, whose hash the journal starts from."""
    signature: str


@dataclass(frozen=True, slots=True)
class Enrolment:
    """The certificate as the ledger countersigns it."""

    v: int
    township: str
    store: str
    device: str
    epoch: int
    key: str
    genesis: str
    limits: Limits
    not_before: int
    """Ledger's clock, ms."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The township's log as it stood: signed on its own, to be kept, compared and hung up."""

    v: int
    township: str
    size: int
    root: str
    ms: int


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The answer to an enrolment: certificate and countersignature, and what the installation keeps of the ledger."""

    v: int
    re: str
    """SHA-256 of the request's line: an answer fits no other question."""
    enrolment: Enrolment
    signature: str
    ledger: str
    """The ledger's public key, pinned from now on."""
    sealing: str
    """What the ledger alone may read is sealed with this, hex."""
    token: str
    """Names the installation where nothing is signed, such as pulling a feed."""
    checkpoint: Checkpoint
    checkpoint_signature: str


@dataclass(frozen=True, slots=True)
class BatchHead:
    """The first line of a batch: entries `first` to `first + n - 1` of one journal."""

    v: int
    township: str
    device: str
    epoch: int
    first: int
    n: int
    prev: str
    """Hash of the entry before the first, or the genesis."""
    last: str
    """Hash of the last entry."""
    head: int
    """Number of the newest entry that the device has."""
    life: int
    feed_cursor: int
    """The newest record of its grants that it took over, and the feed's life that this belongs to; 0 and 0 at first."""
    reference_cursor: int
    sent_ms: int
    boot: str


class Status(StrEnum):
    """What became of a batch."""

    OK = "ok"
    GAP = "gap"
    FORK = "fork"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Difference:
    """Something about a posted entry that somebody will look at."""

    seq: int
    code: str


@dataclass(frozen=True, slots=True)
class PushAnswer:
    """What the ledger has now of a journal: `seq` and `hash` are its acknowledgement, whatever the status."""

    v: int
    re: str
    """SHA-256 of the batch's first line."""
    status: Status
    code: str
    """Why it was rejected; empty otherwise."""
    township: str
    device: str
    epoch: int
    seq: int
    hash: str
    ms: int
    """Ledger's clock."""
    stopped: str
    """Why nothing more is granted to this installation; empty when it is not stopped."""
    life: int
    feed: int
    """Newest record of its grants."""
    reference: int
    """Newest record of the township's reference feed."""
    differences: tuple[Difference, ...]
    checkpoint: Checkpoint
    checkpoint_signature: str


@dataclass(frozen=True, slots=True)
class Consistency:
    """Shows that the log of size `second` only added to the one of `first`: two checkpoints agree."""

    v: int
    township: str
    first: int
    second: int
    proof: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inclusion:
    """Shows that an entry is in the log of `size`: its leaf's data is its `hash` in the journal's chain."""

    v: int
    township: str
    device: str
    epoch: int
    seq: int
    hash: str
    place: int
    size: int
    proof: tuple[str, ...]


def dumps(message: object) -> bytes:
    """A message's canonical line."""
    return codec.dumps(codec.plain(message))


def loads(kind: type[T], line: bytes) -> T:
    """The message of a line. Raises `CodecError` when it is none, `AnotherVersion` when another one's."""
    if len(line) > MOST_BYTES:
        raise CodecError("line too long")
    data = codec.loads(line)
    if isinstance(data, dict) and data.get("v", VERSION) != VERSION:
        raise AnotherVersion(str(data["v"])[:20])
    return codec.build(kind, data)


def hex_bytes(text: str, length: int) -> bytes:
    """The bytes of lower-case hex. Raises `CodecError` when it is something else, or not of this length."""
    try:
        found = bytes.fromhex(text)
    except ValueError:
        raise CodecError("hex expected") from None
    if len(found) != length or found.hex() != text:
        raise CodecError("hex expected")
    return found
