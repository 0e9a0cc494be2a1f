"""A whole journal as lines (NDJSON), checked with nothing but the file.

First line: `{"v":1,"certificate":hex,"signature":hex}`. Then each entry's bytes as they were first written; behind one
that took a record of the ledger's over, `{"before":hex,"record":text}`: the digest before it, and its line. Last line:
`{"seq":n,"hash":hex,"signature":hex}`, the head signed with the installation's key.
"""

from pathlib import Path
from typing import Any, BinaryIO

from pos.core import codec
from pos.core.codec import CodecError
from pos.core.entries import MOST_BYTES
from pos.core.refusals import StoreMissing, StoreNewer
from pos.wire import signing
from pos.wire.refold import Refold, Wrong
from pos.wire.report import Report, report

VERSION = 1
PURPOSE = "export"
_ENTRY = b'{"s":'
_RECORD = b'{"before":'


def verify_export(path: Path) -> Report:
    """Check an exported journal: chain, form, authors, floors and the signed head. Raises `StoreMissing`."""
    if not path.is_file():
        raise StoreMissing(folder=str(path))
    refold = None
    with path.open("rb") as file:
        try:
            line = _line(file, 0)
            refold = _begin(line)
            while (line := _line(file, refold.seq + 1)).startswith((_ENTRY, _RECORD)):
                if line.startswith(_ENTRY):
                    refold.take(line)
                else:
                    _deliver(line, refold)
            _check_end(line, refold)
            if file.read(1):
                raise Wrong("form", refold.seq + 1)
        except Wrong as wrong:
            return report(refold, wrong)
    return report(refold)


def _line(file: BinaryIO, seq: int) -> bytes:
    line = file.readline(2 * MOST_BYTES)
    if not line.endswith(b"\n"):
        raise Wrong("form", seq)
    return line[:-1]


def _begin(line: bytes) -> Refold:
    fields = _fields(line, ("v", "certificate", "signature"), "certificate", 0)
    if fields["v"] != VERSION:
        raise StoreNewer(found=fields["v"], known=VERSION)
    return Refold(_bytes(fields["certificate"], "certificate", 0), _bytes(fields["signature"], "certificate", 0))


def delivery(before: bytes, record: bytes) -> bytes:
    """The line of a record that the entry before it took over."""
    return codec.dumps({"before": before.hex(), "record": record.decode()})


def _deliver(line: bytes, refold: Refold) -> None:
    fields = _fields(line, ("before", "record"), "record", refold.seq)
    if not isinstance(fields["record"], str):
        raise Wrong("record", refold.seq)
    refold.deliver(_bytes(fields["before"], "record", refold.seq), fields["record"].encode())


def _check_end(line: bytes, refold: Refold) -> None:
    fields = _fields(line, ("seq", "hash", "signature"), "signature", refold.seq)
    if (fields["seq"], fields["hash"]) != (refold.seq, refold.hash.hex()):
        raise Wrong("chain", refold.seq)
    signature = _bytes(fields["signature"], "signature", refold.seq)
    if not signing.head_fits(refold.certificate.key, signature, refold.genesis, refold.seq, refold.hash):
        raise Wrong("signature", refold.seq, PURPOSE)


def _fields(line: bytes, names: tuple[str, ...], code: str, seq: int) -> dict[str, Any]:
    try:
        fields = codec.loads(line)
    except CodecError as error:
        raise Wrong(code, seq, error) from None
    if not isinstance(fields, dict) or tuple(fields) != names:
        raise Wrong(code, seq)
    return fields


def _bytes(text: Any, code: str, seq: int) -> bytes:
    try:
        found = bytes.fromhex(text)
    except (TypeError, ValueError):
        raise Wrong(code, seq) from None
    if found.hex() != text:
        raise Wrong(code, seq)
    return found
