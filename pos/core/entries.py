"""An entry: one thing that happened, with everything that moved in it, and its canonical bytes.

One JSON line, fixed key order, integers only: `s` number, `k` kind, `t` wall clock ms, `m` monotonic ms, `b` boot,
`o` offset to the ledger's clock ms, `till`, `op` operator, `ap` approver, the body's own fields, `x` transfers.
The bytes are kept and hashed as first written, never made again from values.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from pos.core import accounts, codec
from pos.core.codec import CodecError
from pos.core.day import DayOpen
from pos.core.transfers import MOST_AN_ENTRY, Transfer

if TYPE_CHECKING:
    from pos.core.kinds import Body

MOST_BYTES = 16_384
"""Longest line of one entry."""

_TEXT = re.compile(r"[ !#-\[\]-~]*")
"""Printable ASCII without quote and backslash: nothing needs escaping, and no name gets in."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """The body of a kind that a newer release wrote: kept as it is, posted by its transfers."""

    KIND: ClassVar[str] = "?"
    kind: str
    fields: tuple[tuple[str, Any], ...]


_BEFORE = ("s", "k", "t", "m", "b", "o", "till", "op", "ap")


@dataclass(frozen=True, slots=True)
class Moment:
    """When: wall clock and monotonic clock in ms, and which start of the machine the latter counts from."""

    wall: int
    mono: int
    boot: str


@dataclass(frozen=True, slots=True)
class Signatures:
    """Who did it, and who approved it (keeper numbers)."""

    operator: str
    approver: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One numbered entry of a journal."""

    seq: int
    at: Moment
    by: Signatures
    body: "Body"
    transfers: tuple[Transfer, ...]
    till: int = 1
    offset: int | None = None

    @property
    def kind(self) -> str:
        """The kind's word in the journal."""
        return self.body.kind if isinstance(self.body, Unknown) else self.body.KIND

    @property
    def household(self) -> str | None:
        """The household it is about, when it is about one."""
        return getattr(self.body, "household", None) or None


def encode(entry: Entry) -> bytes:
    """The entry's canonical bytes. Raises `CodecError` for text that has no place in a journal."""
    head = (
        entry.seq,
        entry.kind,
        entry.at.wall,
        entry.at.mono,
        entry.at.boot,
        entry.offset,
        entry.till,
        entry.by.operator,
        entry.by.approver,
    )
    body = dict(entry.body.fields) if isinstance(entry.body, Unknown) else codec.plain(entry.body)
    moves = [[str(t.source), str(t.destination), t.commodity, t.quantity] for t in entry.transfers]
    line = codec.dumps({**dict(zip(_BEFORE, head, strict=True)), **body, "x": moves})
    if len(line) > MOST_BYTES or not _TEXT.fullmatch(line.decode().replace('"', "")):
        raise CodecError("an entry is printable ASCII of limited length")
    return line


def decode(line: bytes) -> Entry:
    """The entry of canonical bytes. Raises `CodecError` when they are not what `encode` writes."""
    if len(line) > MOST_BYTES:
        raise CodecError("line too long")
    data = codec.loads(line)
    if not isinstance(data, dict) or tuple(data)[: len(_BEFORE)] != _BEFORE or tuple(data)[-1:] != ("x",):
        raise CodecError("not an entry")
    seq, kind, wall, mono, boot, offset, till, operator, approver = (data.pop(key) for key in _BEFORE)
    moves = data.pop("x")
    _integers(seq, wall, mono, till, 0 if offset is None else offset)
    _texts(kind, boot, operator, "" if approver is None else approver)
    known = _known(kind)
    body: Body = codec.build(known, data) if known else _unknown(kind, data)
    entry = Entry(seq, Moment(wall, mono, boot), Signatures(operator, approver), body, _transfers(moves), till, offset)
    if encode(entry) != line:
        raise CodecError("not in canonical form")
    return entry


def _unknown(kind: str, data: dict[str, Any]) -> Unknown:
    codec.refuse_booleans(data)
    return Unknown(kind, tuple(data.items()))


def _transfers(moves: Any) -> tuple[Transfer, ...]:
    if not isinstance(moves, list) or len(moves) > MOST_AN_ENTRY:
        raise CodecError("transfers expected")
    return tuple(_transfer(move) for move in moves)


def _transfer(move: Any) -> Transfer:
    if not isinstance(move, list) or len(move) != 4:
        raise CodecError("transfer expected")
    source, destination, commodity, quantity = move
    _texts(source, destination, commodity)
    _integers(quantity)
    try:
        return Transfer(accounts.parse(source), accounts.parse(destination), commodity, quantity)
    except ValueError as error:
        raise CodecError(str(error)) from None


def _integers(*values: Any) -> None:
    if any(type(value) is not int for value in values):
        raise CodecError("integer expected")


def _texts(*values: Any) -> None:
    if any(type(value) is not str for value in values):
        raise CodecError("text expected")


def _known(kind: str) -> Any:
    if kind == DayOpen.KIND:
        # The one that a till reads before its first card; loading them all takes a while.
        return DayOpen
    from pos.core.kinds import KINDS

    return KINDS.get(kind)
