"""Sealing for one reader: X25519, HKDF-SHA256, ChaCha20-Poly1305, with a key of the writer's that lasts for one text.

Whoever reads it learns nothing of who wrote it: what it stands in is signed.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from pos.core.codec import CodecError
from pos.wire import messages

STICK = b"redemption-pos stick 1"
"""The ledger's answers on a stick."""
CARDS = b"redemption-pos cards 1"
"""A store's cards and what makes them genuine."""

_KEY_BYTES, _TAG_BYTES = 32, 16
_NONCE = bytes(12)


def new_secret() -> bytes:
    """A reader's secret."""
    return X25519PrivateKey.generate().private_bytes_raw()


def public_of(secret: bytes) -> str:
    """What is sealed for the reader with this secret, hex."""
    return X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw().hex()


def seal(data: bytes, reader: str, purpose: bytes) -> bytes:
    """`data` for the reader with this public key (hex) alone. Raises `CodecError` when it is none."""
    mine = X25519PrivateKey.generate()
    public = mine.public_key().public_bytes_raw()
    theirs = X25519PublicKey.from_public_bytes(messages.hex_bytes(reader, _KEY_BYTES))
    try:
        shared = mine.exchange(theirs)
    except ValueError as error:
        raise CodecError(str(error)) from None
    return public + ChaCha20Poly1305(_key(shared, purpose)).encrypt(_NONCE, data, public)


def unsealed(box: bytes, secret: bytes, purpose: bytes) -> bytes:
    """What was sealed for the reader with this secret. Raises `CodecError` for anything else."""
    if len(box) < _KEY_BYTES + _TAG_BYTES:
        raise CodecError("nothing sealed")
    public = box[:_KEY_BYTES]
    try:
        shared = X25519PrivateKey.from_private_bytes(secret).exchange(X25519PublicKey.from_public_bytes(public))
        return ChaCha20Poly1305(_key(shared, purpose)).decrypt(_NONCE, box[_KEY_BYTES:], public)
    except (InvalidTag, ValueError):
        raise CodecError("sealed for somebody else") from None


def _key(shared: bytes, purpose: bytes) -> bytes:
    return HKDF(hashes.SHA256(), _KEY_BYTES, None, purpose).derive(shared)
