"""The journal: a chain of entries' bytes, and the codes that paper carries of it.

`hash_n = SHA-256(0x01 | hash_(n-1) | length (4 bytes, big-endian) | bytes)`, starting from the hash of the
installation's self-signed certificate, `SHA-256(0x00 | length | certificate)`.
"""

import hashlib
import re
from dataclasses import dataclass

from pos.core import crockford
from pos.core.refusals import JournalRefused

_CERTIFICATE, _ENTRY = b"\x00", b"\x01"
CHECK_BITS = 50
_MARK = re.compile(
    r"(?:V1|HTTPS://[^/]+/R)/(?P<number>[A-Z0-9]+-[A-Z0-9-]+\.[0-9]+-(?P<seq>[0-9]{1,15}))/(?P<code>[0-9A-Z-]+)"
)


class ReceiptForeign(JournalRefused):
    """A receipt of another store, or of another installation of this one."""

    code = "receipt-foreign"


class ReceiptForged(JournalRefused):
    """A receipt whose check code is not that of its entry."""

    code = "receipt-forged"


class TicketRepeated(JournalRefused):
    """The same household had the very same ticket moments ago: to be asked about, not to be written unasked."""

    code = "ticket-repeated"


@dataclass(frozen=True, slots=True)
class Mark:
    """What a receipt's QR code says: the entry's number on paper, its place in the journal, and the check code."""

    number: str
    seq: int
    code: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """What an installation says of itself, signed with its own key; its hash starts the chain."""

    v: int
    store: str
    device: str
    epoch: int
    key: str
    """Ed25519 public key, hex."""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry: its number, hash and wall clock (ms). Number 0 is the genesis."""

    seq: int
    hash: bytes
    wall: int


def genesis(certificate: bytes) -> bytes:
    """The hash that a journal starts from."""
    return hashlib.sha256(_CERTIFICATE + len(certificate).to_bytes(4, "big") + certificate).digest()


def chained(previous: bytes, line: bytes) -> bytes:
    """The hash of an entry's bytes after the entry with hash `previous`."""
    return hashlib.sha256(_ENTRY + previous + len(line).to_bytes(4, "big") + line).digest()


def check_code(entry_hash: bytes) -> str:
    """Fifty bits of an entry's hash as people read them from a receipt: `K7QM-2D4X-9A`."""
    text = crockford.encode(entry_hash, CHECK_BITS)
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def number(store: str, device: str, epoch: int, seq: int) -> str:
    """An entry's number on paper: `LT01-K7Q2MD.0-38`."""
    return f"{store}-{device}.{epoch}-{seq}".upper()


def mark(entry_number: str, code: str, host: str = "") -> str:
    """The text of a receipt's QR code, in QR alphanumerics; an address once the store has a public one."""
    start = f"HTTPS://{host.upper()}/R" if host else "V1"
    return f"{start}/{entry_number}/{code}"


def read_mark(text: str) -> Mark:
    """The mark in the text of a receipt's QR code. Raises `ReceiptForeign` for any other text."""
    found = _MARK.fullmatch(text)
    if found is None:
        raise ReceiptForeign()
    return Mark(found["number"], int(found["seq"]), found["code"])
