"""One question of an installation to its ledger and the reply, whatever carries them: HTTPS, or a file on a stick."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Op(StrEnum):
    """What is asked."""

    ENROL = "enrol"
    PUSH = "push"
    GRANTS = "grants"
    REFERENCE = "reference"
    REMIND = "remind"
    CONSISTENCY = "consistency"
    VISITOR = "visitor"
    CARDS = "cards"


@dataclass(frozen=True, slots=True)
class Call:
    """A question: `body` as `signature` (hex) covers it, or numbers by name, or the card that a visitor shows."""

    op: Op
    township: str
    device: str
    epoch: int
    body: bytes = b""
    signature: str = ""
    query: tuple[tuple[str, int], ...] = ()
    card: str = ""
    token: str = ""
    """Names the installation where nothing is signed."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: an HTTP status, the line, and the ledger's signature (hex) where it signs."""

    status: int
    body: bytes
    signature: str = ""


Transport = Callable[[Call], Reply]
"""Raises a `SyncError` when no reply came."""
