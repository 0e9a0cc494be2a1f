"""Records of a feed, as whoever takes them over checks them: numbered, chained, signed by the ledger.

`feed` is a writer (`k7q2md.1`) for what is granted to that installation's life, or `REFERENCE` for what a township
shares. `digest_n = SHA-256(0x02 | digest_(n-1) | length (4 bytes, big-endian) | line)`, from a hash of the name.
"""

import hashlib

from pos.core import codec

REFERENCE = "reference"
"""The feed of a township's households, cards, prices and rules."""
FIRST_LIFE = 1


def start(township: str, feed: str, life: int) -> bytes:
    """What the chain of a feed's life starts from."""
    return hashlib.sha256(b"\x03" + codec.dumps([township, feed, life])).digest()


def chained(previous: bytes, line: bytes) -> bytes:
    """The digest of a record's line after the record with digest `previous`."""
    return hashlib.sha256(b"\x02" + previous + len(line).to_bytes(4, "big") + line).digest()


def signed_part(township: str, feed: str, life: int, number: int, digest: bytes) -> bytes:
    """What a record's signature covers."""
    return codec.dumps([township, feed, life, number, digest.hex()])
