"""PINs, of keepers and of households: four to eight digits, kept as an argon2 hash."""

import re

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from pos.core.refusals import PinWeak

_PIN = re.compile(r"[0-9]{4,8}")
_HASHER = PasswordHasher(time_cost=5, memory_cost=7_168, parallelism=1)
"""The argon2id setting of OWASP that takes least memory: what guards a short PIN is the wait after wrong tries."""

_ASCENDING, _DESCENDING = "0123456789012", "9876543210987"


def check_pin(pin: str) -> None:
    """Raises `PinWeak` for anything but four to eight digits that are not the first anyone would try."""
    guessed = len(set(pin)) == 1 or pin in _ASCENDING or pin in _DESCENDING
    if guessed or not _PIN.fullmatch(pin):
        raise PinWeak()


def hashed(pin: str) -> str:
    """What is kept of a PIN. Raises `PinWeak`."""
    check_pin(pin)
    return _HASHER.hash(pin)


def fits(kept: str, pin: str) -> bool:
    """Whether this is the PIN that was kept."""
    try:
        return _HASHER.verify(kept, pin)
    except VerifyMismatchError:
        return False
