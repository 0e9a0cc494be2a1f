"""The ledger's secrets: its signing key in a file of its own, and what only chance may choose."""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos.core import cards, crockford

FILE = "ledger.key"
_CODE_BITS = 60


def signing(folder: Path) -> Ed25519PrivateKey:
    """The ledger's signing key in `folder`, made when there is none; readable by its owner only."""
    path = folder / FILE
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _write(path, Ed25519PrivateKey.generate().private_bytes_raw())
    return Ed25519PrivateKey.from_private_bytes(path.read_bytes())


def sealing(key: Ed25519PrivateKey) -> bytes:
    """The secret (X25519) that opens what is sealed for the ledger, which only the holder of its key can make."""
    return hashlib.sha256(b"redemption-pos sealing 1\x00" + key.private_bytes_raw()).digest()


def new_code() -> str:
    """A one-time code as people read it out: `K7QM-2D4X-9A3C`."""
    text = crockford.encode(secrets.token_bytes(8), _CODE_BITS)
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def new_card() -> str:
    """The number of a new card: ten random digits and their check digits."""
    ten = f"{secrets.randbelow(10**10):010d}"
    return ten + cards.check_digits(ten)


def new_secret() -> bytes:
    """A village's key for the tags of its cards."""
    return secrets.token_bytes(32)


def digest_of_code(code: str) -> bytes:
    """What is kept of a code, however it was typed."""
    plain = code.upper().translate(str.maketrans("OIL", "011", "- "))
    return hashlib.sha256(b"code\x00" + plain.encode()).digest()


def nonce() -> str:
    """Keeps two audit lines of one millisecond apart."""
    return secrets.token_hex(8)


def token(key: Ed25519PrivateKey, township: str, writer: str) -> str:
    """The bearer token of an installation, which only the holder of the ledger's key can make."""
    secret = hashlib.sha256(b"redemption-pos token 1\x00" + key.private_bytes_raw()).digest()
    return hmac.new(secret, f"{township} {writer}".encode(), hashlib.sha256).hexdigest()


def _write(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(handle)
