"""The installation's signing key and the village's card keys: files beside the store that only their owner may read.

They stay out of the database, so that a copy of it alone can neither sign for this installation nor make cards.
"""

import hashlib
import os
import re
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos.core.refusals import StoreCorrupt

CARD_KEY_BYTES = 32
OWN = "H1"
"""Name of the key that this store was founded with."""
_MOST_CARD_KEYS = 40
_DEVICE, _CARDS, _STICK = "device.key", "cards.key", "stick.key"


def make(folder: Path) -> Ed25519PrivateKey:
    """Make both keys in `folder` and return the signing key."""
    key = Ed25519PrivateKey.generate()
    _write(folder / _DEVICE, key.private_bytes_raw())
    _write(folder / _CARDS, secrets.token_bytes(CARD_KEY_BYTES))
    return key


def there(folder: Path) -> bool:
    """Whether an installation's keys lie in `folder`."""
    return (folder / _DEVICE).exists() or (folder / _CARDS).exists()


def remove(folder: Path) -> None:
    """Remove keys that no store has used yet."""
    for name in (_DEVICE, _CARDS):
        (folder / name).unlink(missing_ok=True)


def share_cards(real: Path, folder: Path) -> None:
    """Let the store in `folder` take the cards of the one in `real`."""
    put_cards(folder, (real / _CARDS).read_bytes())


def put_cards(folder: Path, key: bytes) -> None:
    """Let the store in `folder` take the cards that were made with this key, and no others."""
    (folder / _CARDS).unlink()
    _write(folder / _CARDS, key)


def signing(folder: Path) -> Ed25519PrivateKey:
    """The installation's signing key. Raises `StoreCorrupt` when its file is missing or damaged."""
    try:
        return Ed25519PrivateKey.from_private_bytes((folder / _DEVICE).read_bytes())
    except (OSError, ValueError) as error:
        raise StoreCorrupt(detail=str(error)) from None


def cards(folder: Path) -> dict[str, bytes]:
    """The village's card keys by the name that a card's QR code carries. Raises `StoreCorrupt` when missing."""
    try:
        key = (folder / _CARDS).read_bytes()
    except OSError as error:
        raise StoreCorrupt(detail=str(error)) from None
    others = {path.stem.removeprefix("cards-"): path.read_bytes() for path in sorted(folder.glob("cards-H*.key"))}
    if any(len(each) != CARD_KEY_BYTES for each in (key, *others.values())):
        raise StoreCorrupt(detail=_CARDS)
    return {OWN: key, **others}


def keep_cards(folder: Path, known: dict[str, bytes], name: str, key: bytes) -> bool:
    """Keep a card key that the township sent down beside those `known`; whether it is one, and not one too many.

    `name` is what a card's QR code says, which several keys may have: here each gets a name of its own.
    """
    if not re.fullmatch(r"H[1-9]", name) or len(key) != CARD_KEY_BYTES:
        return False
    if key not in (each for called, each in known.items() if called[:2] == name):
        if len(known) >= _MOST_CARD_KEYS:
            return False
        own = f"{name}-{hashlib.sha256(key).hexdigest()[:8]}"
        unfinished = folder / f"cards-{own}.new"
        unfinished.unlink(missing_ok=True)
        _write(unfinished, key)
        unfinished.replace(folder / f"cards-{own}.key")
        known[own] = key
    return True


def keep_stick(folder: Path, secret: bytes, line: bytes) -> None:
    """Keep the secret of the newest file that was written for the ledger, and the line that its answers belong to."""
    forget_stick(folder)
    _write(folder / _STICK, secret + line)


def stick(folder: Path) -> tuple[bytes, bytes] | None:
    """That secret (32 bytes) and line; `None` when no answers are waited for."""
    try:
        found = (folder / _STICK).read_bytes()
    except OSError:
        return None
    return found[:32], found[32:]


def forget_stick(folder: Path) -> None:
    """No answers are waited for any more."""
    (folder / _STICK).unlink(missing_ok=True)


def new_device() -> str:
    """A device's name, unlikely to be anyone else's: six characters."""
    return "".join(secrets.choice("0123456789abcdefghjkmnpqrstvwxyz") for _ in range(6))


def new_card() -> str:
    """Ten random digits of a card number, so that a neighbour's card cannot be guessed."""
    return f"{secrets.randbelow(10**10):010d}"


def new_voucher() -> str:
    """Ten random digits of a service voucher, so that one that was issued cannot be guessed."""
    return f"{secrets.randbelow(10**10):010d}"


def new_salt() -> str:
    """What is hashed with a name, so that a short one cannot be guessed from its hash in the journal."""
    return secrets.token_hex(16)


def _write(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(handle)
