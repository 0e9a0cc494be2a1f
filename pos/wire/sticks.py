"""Questions and replies as a file, for stores without a network: the bytes that HTTPS carries, compressed, on a stick.

A file is one line that says whose it is, signed by who wrote it, then a line for each question or each reply with its
question. What comes down holds names: it is sealed for the installation that asked, with a key that lasts for one file.
"""

import hashlib
from dataclasses import dataclass

import zstandard

from pos.core import codec
from pos.core.codec import CodecError
from pos.wire import messages, sealing
from pos.wire.calls import Call, Op, Reply

MOST_BYTES = 64 << 20
"""Longest file after decompression: more than a store writes in a year without a network."""
_WINDOW = 1 << 23
_ASKING, _ANSWERING = b"redemption-pos questions 1\n", b"redemption-pos answers 1\n"


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose questions these are; `key` seals the answers, `size` is the log's size at the newest checkpoint kept."""

    v: int
    township: str
    device: str
    epoch: int
    key: str
    size: int
    digest: str
    """SHA-256 of the lines that follow."""


@dataclass(frozen=True, slots=True)
class _Number:
    name: str
    value: int


@dataclass(frozen=True, slots=True)
class _Line:
    op: str
    query: tuple[_Number, ...]
    body: str
    signature: str


@dataclass(frozen=True, slots=True)
class _Pair:
    call: _Line
    status: int
    body: str
    signature: str


@dataclass(frozen=True, slots=True)
class Questions:
    """A file on its way up."""

    sender: Sender
    line: bytes
    signature: str
    calls: tuple[Call, ...]


def questions(sender_line: bytes, signature: str, calls: list[Call]) -> bytes:
    """The file of these questions; `sender_line` is that of `Sender` with `digest_of` them."""
    return _packed(_ASKING, [sender_line, signature.encode(), *map(_asked, calls)])


def digest_of(calls: list[Call]) -> str:
    """What a sender's line says of the questions."""
    return hashlib.sha256(b"\n".join(map(_asked, calls))).hexdigest()


def read_questions(data: bytes) -> Questions:
    """The questions of a file; the signature is still to be checked. Raises `CodecError`."""
    head, signature, *lines = _unpacked(_ASKING, data)
    sender = messages.loads(Sender, head)
    if hashlib.sha256(b"\n".join(lines)).hexdigest() != sender.digest:
        raise CodecError("questions do not fit")
    calls = tuple(_call(sender, codec.build(_Line, codec.loads(line))) for line in lines)
    return Questions(sender, head, signature.decode("ascii", "replace"), calls)


def answers(sender: Sender, line: bytes, pairs: list[tuple[Call, Reply]]) -> bytes:
    """The file of the replies to the questions of `sender`, sealed for it."""
    lines = [
        codec.dumps(codec.plain(_Pair(_line(call), reply.status, reply.body.decode(), reply.signature)))
        for call, reply in pairs
    ]
    inner = _compressed(b"\n".join([hashlib.sha256(line).hexdigest().encode(), *lines]))
    return _ANSWERING + sealing.seal(inner, sender.key, sealing.STICK)


def read_answers(data: bytes, secret: bytes, line: bytes) -> list[tuple[Call, Reply]]:
    """The replies in a file to the questions whose sender's line was `line`. Raises `CodecError` for any other file."""
    if not data.startswith(_ANSWERING) or len(data) > MOST_BYTES:
        raise CodecError("no answers")
    inner = sealing.unsealed(data[len(_ANSWERING) :], secret, sealing.STICK)
    of, *lines = _decompressed(inner).split(b"\n")
    if of.decode("ascii", "replace") != hashlib.sha256(line).hexdigest():
        raise CodecError("answers to something else")
    sender = messages.loads(Sender, line)
    pairs = [codec.build(_Pair, codec.loads(each)) for each in lines]
    return [(_call(sender, each.call), Reply(each.status, each.body.encode(), each.signature)) for each in pairs]


def _line(call: Call) -> _Line:
    numbers = tuple(_Number(name, value) for name, value in call.query)
    return _Line(call.op.value, numbers, call.body.decode(), call.signature)


def _asked(call: Call) -> bytes:
    return codec.dumps(codec.plain(_line(call)))


def _call(sender: Sender, line: _Line) -> Call:
    try:
        op = Op(line.op)
    except ValueError:
        raise CodecError("question unknown") from None
    numbers = tuple((each.name, each.value) for each in line.query)
    return Call(op, sender.township, sender.device, sender.epoch, line.body.encode(), line.signature, numbers)


def _packed(mark: bytes, lines: list[bytes]) -> bytes:
    return mark + _compressed(b"\n".join(lines))


def _unpacked(mark: bytes, data: bytes) -> list[bytes]:
    if not data.startswith(mark) or len(data) > MOST_BYTES:
        raise CodecError("another kind of file")
    lines = _decompressed(data[len(mark) :]).split(b"\n")
    if len(lines) < 2:
        raise CodecError("file cut off")
    return lines


def _compressed(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=9, write_checksum=True).compress(data)


def _decompressed(data: bytes) -> bytes:
    try:
        with zstandard.ZstdDecompressor(max_window_size=_WINDOW).stream_reader(data) as reader:
            found = reader.read(MOST_BYTES + 1)
    except zstandard.ZstdError as error:
        raise CodecError(str(error)) from None
    if len(found) > MOST_BYTES:
        raise CodecError("file too long")
    return found
