"""A stream of bytes sealed with a passphrase: AES-256-GCM in chunks, the key by scrypt from the passphrase.

The STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizar 2015): a chunk's nonce is its number and whether it is the
last, so that chunks can neither change places nor be cut off. Each file has a key of its own (HKDF), so that a nonce is
never used twice. Without a passphrase the key is one that everybody knows: then the seal is a checksum and no lock.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from pos.core.refusals import StoreNewer
from pos.core.restore_refusals import BackupDamaged, BackupLocked

VERSION = 1
SALT_BYTES = KEY_SALT_BYTES = 16
MASTER_BYTES = 32
_MAGIC = b"POSBACKUP"
_HEADER_BYTES = len(_MAGIC) + 1 + KEY_SALT_BYTES + SALT_BYTES
_CHUNK, _TAG = 65_536, 16
_COST, _BLOCK, _LANES = 2**17, 8, 1
"""What OWASP recommends for scrypt: 128 MB and about half a second, once for each passphrase that is typed."""


@dataclass(frozen=True, slots=True)
class Lock:
    """What a passphrase becomes: kept by the store in its stead, so that it is typed once and never stored."""

    salt: bytes
    master: bytes


OPEN = Lock(bytes(KEY_SALT_BYTES), bytes(MASTER_BYTES))
"""No lock: the key is known to everybody."""


def lock(passphrase: str, salt: bytes) -> Lock:
    """The lock of a passphrase with 16 random bytes of `salt`."""
    return Lock(salt, Scrypt(salt, MASTER_BYTES, _COST, _BLOCK, _LANES).derive(passphrase.encode()))


def seal(pieces: Iterable[bytes], with_lock: Lock, salt: bytes) -> Iterator[bytes]:
    """The sealed file of these bytes, in pieces; `salt` is 16 random bytes that no other file has."""
    header = _MAGIC + bytes([VERSION]) + with_lock.salt + salt
    cipher = _cipher(with_lock, salt)
    yield header
    number, rest = 0, b""
    for piece in pieces:
        rest += piece
        while len(rest) > _CHUNK:
            yield cipher.encrypt(_nonce(number, last=False), rest[:_CHUNK], header)
            number, rest = number + 1, rest[_CHUNK:]
    yield cipher.encrypt(_nonce(number, last=True), rest, header)


def is_locked(file: BinaryIO) -> bool:
    """Whether a sealed file asks for a passphrase. Raises `BackupDamaged`, or `StoreNewer`; the file is rewound."""
    header = _header(file)
    file.seek(0)
    return _key_salt(header) != OPEN.salt


def unseal(file: BinaryIO, passphrase: str, known: Lock = OPEN) -> Iterator[bytes]:
    """The bytes that were sealed; `known` is a lock that needs no passphrase.

    Raises `BackupLocked` for another passphrase, `BackupDamaged` for anything cut, swapped or altered, `StoreNewer`.
    """
    header = _header(file)
    salt = _key_salt(header)
    with_lock = next((each for each in (OPEN, known) if each.salt == salt), None) or lock(passphrase, salt)
    cipher = _cipher(with_lock, header[-SALT_BYTES:])
    number, chunk = 0, file.read(_CHUNK + _TAG)
    while chunk:
        following = file.read(_CHUNK + _TAG)
        try:
            yield cipher.decrypt(_nonce(number, last=not following), chunk, header)
        except InvalidTag:
            # A passphrase that does not fit shows in the first chunk; so does damage there.
            raise BackupLocked() if not number and with_lock is not OPEN else BackupDamaged(place=number) from None
        number, chunk = number + 1, following
    if not number:
        raise BackupDamaged(place=0)


def _header(file: BinaryIO) -> bytes:
    header = file.read(_HEADER_BYTES)
    if len(header) != _HEADER_BYTES or not header.startswith(_MAGIC):
        raise BackupDamaged(place=0)
    if header[len(_MAGIC)] > VERSION:
        raise StoreNewer(found=header[len(_MAGIC)], known=VERSION)
    return header


def _key_salt(header: bytes) -> bytes:
    return header[len(_MAGIC) + 1 : -SALT_BYTES]


def _cipher(with_lock: Lock, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt, b"redemption-pos backup 1").derive(with_lock.master))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
