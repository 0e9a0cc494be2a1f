"""Household cards: a random 12-digit number, and the signed text of its QR code.

Number: ten digits and two check digits by ISO 7064 MOD 97-10. QR: key name `H1`, the number, and an HMAC-SHA256 tag
of 96 bits in Crockford base 32 (RFC 2104 section 5 on truncation), 34 characters of the QR alphanumeric set.
"""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from pos.core import crockford
from pos.core.refusals import (
    CardForeign,
    CardForged,
    CardLost,
    CardMisread,
    CardRefused,
    CardReplaced,
    CardUnknown,
    PeopleRefused,
)

TAG_BITS = 96
_SIGNED = re.compile(r"(H[1-9])([0-9]{12})([0-9A-HJKMNP-TV-Z]{20})")
_NUMBER = re.compile(r"[0-9]{12}")


class CardNotLost(CardRefused):
    """Not reported lost, or another was issued since: it cannot be found again."""

    code = "card-not-lost"


class ClerkAbsent(PeopleRefused):
    """Nobody who signs is the village clerk, who is said to vouch for the person."""

    code = "clerk-absent"


class IdentityCheck(StrEnum):
    """How it was made sure that a card goes to its own household."""

    QUESTIONS = "questions"
    """Two questions answered: the villagers' group, and who else lives there."""
    CLERK = "clerk"
    """The village clerk stands by and knows them."""


class CardState(StrEnum):
    """Where a card is in its life."""

    ACTIVE = "active"
    LOST = "lost"
    REPLACED = "replaced"


class ReadAs(StrEnum):
    """How a card came in: a signed QR, or a bare number (Code 128, or typed) that carries only its check digits."""

    SIGNED = "signed"
    NUMBER = "number"
    TYPED = "typed"


@dataclass(frozen=True, slots=True)
class Card:
    """One card of a household; an older version stops working when a newer one is issued."""

    number: str
    household: str
    version: int
    state: CardState


@dataclass(frozen=True, slots=True)
class CardRead:
    """What a reader saw: the number, and the tag with its key's name when the code was signed."""

    number: str
    read_as: ReadAs
    key_name: str = ""
    tag: str = ""


def check_digits(ten: str) -> str:
    """The two ISO 7064 MOD 97-10 digits of a ten-digit string. Raises `ValueError` for anything else."""
    if not re.fullmatch(r"[0-9]{10}", ten):
        raise ValueError("a card number is made from ten digits")
    return f"{98 - int(ten) * 100 % 97:02d}"


def is_number(text: str) -> bool:
    """Whether `text` is twelve digits whose check digits fit."""
    return _NUMBER.fullmatch(text) is not None and check_digits(text[:10]) == text[10:]


def tag(number: str, key: bytes) -> str:
    """The 20-character tag that binds a card number to the village's key."""
    return crockford.encode(hmac.digest(key, b"redemption-pos card\x00" + number.encode(), "sha256"), TAG_BITS)


def signed(number: str, key: bytes, key_name: str = "H1") -> str:
    """The text of a card's QR code."""
    return f"{key_name}{number}{tag(number, key)}"


def read(text: str, *, typed: bool = False) -> CardRead:
    """Take a scanned or typed text apart. Raises `CardMisread` when it is no card or its check digits are wrong."""
    if found := _SIGNED.fullmatch(text):
        if not is_number(found[2]):
            raise CardMisread(text=text[:40])
        return CardRead(found[2], ReadAs.SIGNED, found[1], found[3])
    if not is_number(text):
        raise CardMisread(text=text[:40])
    return CardRead(text, ReadAs.TYPED if typed else ReadAs.NUMBER)


def genuine(seen: CardRead, keys: Mapping[str, bytes]) -> bool:
    """Whether a card carries a tag that one of `keys` made, which the first two characters of their names tell apart.

    Stores that ran alone chose a key each, all of them called `H1`: the rest of a name tells those of a village apart.
    """
    named = (key for name, key in keys.items() if name[:2] == seen.key_name)
    return any(hmac.compare_digest(tag(seen.number, key), seen.tag) for key in named)


def admit(seen: CardRead, card: Card | None, keys: Mapping[str, bytes], *, foreign: bool = False) -> Card:
    """The card, when it may be used here.

    `keys` are the village's tag keys by name; a household of another village is `foreign`, and its keys are not here.
    Raises `CardForeign`, `CardForged`, `CardUnknown`, `CardLost` or `CardReplaced`. The table decides about a bare
    number; a tag that our key did not make is never accepted.
    """
    if seen.read_as is ReadAs.SIGNED and not genuine(seen, keys):
        raise CardForeign() if card is None or foreign else CardForged()
    return check_state(card)


def check_state(card: Card | None) -> Card:
    """The card, when there is one and it is in use. Raises `CardUnknown`, `CardLost` or `CardReplaced`."""
    if card is None:
        raise CardUnknown()
    if card.state is CardState.LOST:
        raise CardLost()
    if card.state is CardState.REPLACED:
        raise CardReplaced()
    return card
