"""An entry as the ledger takes it: its canonical bytes read by form and transfers alone, whatever its kind.

What `pos.core.entries.decode` takes is taken here and reads the same; a body that does not fit its kind is taken too,
since a chain must not stop at what a newer terminal writes, and whether names are accounts is seen when it is posted.
Numbers are those that a column holds.
"""

import re
from collections.abc import Sequence
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import Meta

from pos.core import accounts, entries
from pos.core.codec import CodecError
from pos.core.entries import Entry
from pos.core.transfers import MOST, MOST_AN_ENTRY, Transfer

Move = tuple[str, str, str, int]
"""A transfer by its names: source, destination, commodity, quantity."""

_NO_BOOLEAN = re.compile(rb'(?:"[^"]*+"|[^"tf]++)*+')
_BEFORE = ["s", "k", "t", "m", "b", "o", "till", "op", "ap"]

_MOST = 2**62


def _refuse(number: str) -> None:
    raise ValueError(f"not an integer: {number[:20]}")


_decoder, _encoder = msgspec.json.Decoder(float_hook=_refuse), msgspec.json.Encoder()
_Quantity = Annotated[int, Meta(ge=1, le=MOST)]


class _Form(msgspec.Struct, gc=False, rename={"seq": "s", "kind": "k", "wall": "t", "moves": "x"}):
    """What every entry has, and what the books look for in some."""

    seq: Annotated[int, Meta(ge=1, le=_MOST)]
    kind: str
    wall: Annotated[int, Meta(ge=-_MOST, le=_MOST)]
    m: int
    b: str
    o: int | None
    till: int
    op: str
    ap: str | None
    moves: Annotated[list[tuple[str, str, str, _Quantity]], Meta(max_length=MOST_AN_ENTRY)]
    household: object = None
    ref: object = None


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
    if len(line) > entries.MOST_BYTES or not _printable(line):
        raise CodecError("not printable ASCII of limited length")
    if (b"true" in line or b"false" in line) and not _NO_BOOLEAN.fullmatch(line):
        raise CodecError("no booleans")
    try:
        data = _decoder.decode(line)
        if type(data) is not dict or _encoder.encode(data) != line:
            raise CodecError("not in canonical form")
        return _known([line], [data])[0]
    except (ValueError, TypeError, RecursionError) as error:
        raise CodecError(str(error)) from None


def read_together(block: bytes, each: Sequence[bytes]) -> list[Line] | None:
    """The entries of a block of lines, each ended by a line feed; `None` when `read` must look at every one of them."""
    if not _printable(block) or b"true" in block or b"false" in block or len(max(each, key=len)) > entries.MOST_BYTES:
        return None
    try:
        found = _decoder.decode_lines(block)
        return _known(each, found) if _encoder.encode_lines(found) == block else None
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None


def _printable(text: bytes) -> bool:
    return text.isascii() and b"\\" not in text and b"\x7f" not in text


def _known(lines: Sequence[bytes], found: Sequence[dict[str, Any]]) -> list[Line]:
    """What the books need of entries. Raises `TypeError` or `ValueError` when one is not as it must be."""
    for data in found:
        names = [*data]
        if names[: len(_BEFORE)] != _BEFORE or names[-1] != "x":
            raise CodecError("not an entry")
    return [
        Line(
            line,
            form.seq,
            form.kind,
            form.wall,
            of if type(of := form.household) is str else None,
            to if type(to := form.ref) is int and abs(to) < _MOST else None,
            form.moves,
        )
        for line, form in zip(lines, msgspec.convert(found, list[_Form]), strict=True)
    ]
