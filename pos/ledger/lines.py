"""An entry as the ledger takes it: its canonical bytes read by form and transfers alone, whatever its kind.

What `pos.core.entries.decode` takes is taken here and reads the same; a body that does not fit its kind is taken too,
since a chain must not stop at what a newer terminal writes, and whether names are accounts is seen when it is posted.
Numbers are those that a column holds.
"""

import re
from typing import Annotated, Any, NamedTuple

import msgspec

from pos.core import accounts, entries
from pos.core.codec import CodecError
from pos.core.entries import Entry
from pos.core.transfers import MOST, MOST_AN_ENTRY, Transfer

Move = tuple[str, str, str, int]
"""A transfer by its names: source, destination, commodity, quantity."""

_NO_BOOLEAN = re.compile(rb'(?:"[^"]*+"|[^"tf]++)*+')
_BEFORE = ("s", "k", "t", "m", "b", "o", "till", "op", "ap")

_MOST = 2**62

_Quantity = Annotated[int, msgspec.Meta(ge=1, le=MOST)]


class _Known(msgspec.Struct):
    """What the ledger reads of any entry; the rest is kept as bytes."""

    s: Annotated[int, msgspec.Meta(ge=1, le=_MOST)]
    k: str
    t: Annotated[int, msgspec.Meta(ge=-_MOST, le=_MOST)]
    m: int
    b: str
    o: int | None
    till: int
    op: str
    ap: str | None
    x: Annotated[list[tuple[str, str, str, _Quantity]], msgspec.Meta(max_length=MOST_AN_ENTRY)]
    household: Any = None
    ref: Any = None


def _refuse(number: str) -> None:
    raise ValueError(f"not an integer: {number[:20]}")


_decode = msgspec.json.Decoder(float_hook=_refuse).decode
_decode_known = msgspec.json.Decoder(_Known).decode
_encode = msgspec.json.Encoder().encode


class Line(NamedTuple):
    """One entry's bytes and what the books need of them."""

    bytes: bytes
    seq: int
    kind: str
    wall: int
    household: str | None
    ref: int | None
    moves: list[Move]

    @property
    def transfers(self) -> tuple[Transfer, ...]:
        """The transfers as the rules know them. Raises `ValueError` for a name that is no account's."""
        return tuple(Transfer(accounts.parse(a), accounts.parse(b), what, n) for a, b, what, n in self.moves)

    def entry(self) -> Entry | None:
        """The whole entry; `None` when its body does not fit its kind."""
        try:
            return entries.decode(self.bytes)
        except CodecError:
            return None


def read(line: bytes) -> Line:
    """The entry of canonical bytes. Raises `CodecError` for bytes that no terminal writes."""
    if len(line) > entries.MOST_BYTES or not line.isascii() or b"\\" in line or b"\x7f" in line:
        raise CodecError("not printable ASCII of limited length")
    if (b"true" in line or b"false" in line) and not _NO_BOOLEAN.fullmatch(line):
        raise CodecError("no booleans")
    try:
        data = _decode(line)
        known = _decode_known(line)
    except (ValueError, RecursionError) as error:
        raise CodecError(str(error)) from None
    names = tuple(data)
    if names[: len(_BEFORE)] != _BEFORE or names[-1] != "x" or _encode(data) != line:
        raise CodecError("not in canonical form")
    household = known.household if type(known.household) is str else None
    ref = known.ref if type(known.ref) is int and abs(known.ref) < _MOST else None
    return Line(line, known.s, known.k, known.t, household, ref, known.x)
