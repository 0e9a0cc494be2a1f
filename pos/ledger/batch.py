"""A batch as it arrives: unpacked within bounds, its signature and chain checked, its entries read. No database."""

import zlib
from dataclasses import dataclass

import zstandard

from pos.core import journal
from pos.core.codec import CodecError
from pos.ledger import lines
from pos.ledger.lines import Line
from pos.ledger.refusals import Invalid, TooLarge
from pos.wire import messages, signing
from pos.wire.messages import AnotherVersion, BatchHead

_WINDOW = 1 << 23
"""Largest window of a compressed body: what unpacking may take in memory."""


class Rejected(Exception):
    """A batch that no correct terminal sends: its code, the entry from which (0: none yet), and what exactly."""

    def __init__(self, code: str, seq: int = 0, detail: object = "") -> None:
        super().__init__(code, seq, detail)
        self.code, self.seq, self.detail = code, seq, str(detail)


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch whose header can be read. `raw` is all of it, as sent and unpacked."""

    raw: bytes
    signature: str
    line: bytes
    head: BatchHead
    prev: bytes
    last: bytes


def unpack(body: bytes, encoding: str) -> bytes:
    """The bytes of a body in content `encoding` (empty, `zstd` or `gzip`). Raises `TooLarge` or `Invalid`."""
    if len(body) > messages.MOST_BYTES:
        raise TooLarge("too-large", most=messages.MOST_BYTES)
    try:
        match encoding:
            case "" | "identity":
                found = body
            case "zstd":
                with zstandard.ZstdDecompressor(max_window_size=_WINDOW).stream_reader(body) as reader:
                    found = reader.read(messages.MOST_BYTES + 1)
            case "gzip":
                found = zlib.decompressobj(31).decompress(body, messages.MOST_BYTES + 1)
            case _:
                raise Invalid("encoding", found=encoding[:20])
    except (zstandard.ZstdError, zlib.error) as error:
        raise Invalid("malformed", detail=str(error)[:80]) from None
    if len(found) > messages.MOST_BYTES:
        raise TooLarge("too-large", most=messages.MOST_BYTES)
    return found


def read(raw: bytes, signature: str) -> Batch:
    """The batch of its bytes, its header read and nothing else. Raises `Invalid`."""
    line = raw.partition(b"\n")[0]
    try:
        head = messages.loads(BatchHead, line)
        batch = Batch(raw, signature, line, head, messages.hex_bytes(head.prev, 32), messages.hex_bytes(head.last, 32))
    except AnotherVersion as error:
        raise Invalid("version", found=str(error)) from None
    except CodecError as error:
        raise Invalid("malformed", detail=str(error)[:80]) from None
    numbers = (head.epoch, head.first, head.n, head.head, head.life, head.feed_cursor, head.reference_cursor)
    if any(not 0 <= number < 2**62 for number in numbers) or not head.first or head.n > messages.MOST_ENTRIES:
        raise Invalid("malformed", detail="numbers")
    return batch


def signed(batch: Batch, key: str) -> bool:
    """Whether the installation with `key` signed the batch's header."""
    try:
        signature = messages.hex_bytes(batch.signature, 64)
    except CodecError:
        return False
    return signing.signed(signing.REQUEST, batch.line, signature, key)


def entries(batch: Batch) -> list[tuple[Line, bytes]]:
    """The entries with their hashes in the chain. Raises `Rejected`."""
    block = batch.raw[len(batch.line) + 1 :]
    *found, end = block.split(b"\n")
    if end or len(found) != batch.head.n:
        raise Rejected("chain", batch.head.first, "number of lines")
    digest = batch.prev
    hashes = [digest := journal.chained(digest, line) for line in found]
    numbers = range(batch.head.first, batch.head.first + batch.head.n)
    taken = lines.read_together(block, found) if found else []
    if taken is None or any(line.seq != seq for line, seq in zip(taken, numbers, strict=True)):
        taken = [_read(line, seq) for line, seq in zip(found, numbers, strict=True)]
    if digest != batch.last:
        raise Rejected("chain", batch.head.first, "last")
    return list(zip(taken, hashes, strict=True))


def _read(line: bytes, seq: int) -> Line:
    try:
        found = lines.read(line)
    except CodecError as error:
        raise Rejected("form", seq, error) from None
    if found.seq != seq:
        raise Rejected("gap", seq, found.seq)
    return found
