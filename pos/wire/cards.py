"""What terminal and ledger tell each other of cards: those that a store issued, and whose a visitor's card is.

A card is its number, so that numbers and keys go up sealed for the ledger, in a line that the installation signs.
"""

from dataclasses import dataclass

from pos.core.cards import Card, CardState
from pos.core.households import HouseholdState
from pos.wire.reference import CardKey

MOST_CARDS = 1000
"""Cards of one message."""
MOST_KEYS = 20
"""Keys that one store takes its cards by."""


@dataclass(frozen=True, slots=True)
class CardTold:
    """A card, and when it was issued (wall clock ms of the store; 0 when its journal does not say)."""

    card: Card
    issued: int


@dataclass(frozen=True, slots=True)
class StoreCards:
    """What is sealed: cards, the older ones of a household first, and the keys that their tags were made with."""

    keys: tuple[CardKey, ...]
    cards: tuple[CardTold, ...]


@dataclass(frozen=True, slots=True)
class CardsTold:
    """Cards that the ledger may not know; `upto` is the newest entry of the journal that has been gone through."""

    v: int
    township: str
    device: str
    epoch: int
    upto: int
    sealed: str


@dataclass(frozen=True, slots=True)
class CardsTaken:
    """The signed answer: so many cards that were new; `upto` as it was said."""

    v: int
    re: str
    """SHA-256 of the line that it answers."""
    township: str
    device: str
    epoch: int
    upto: int
    taken: int


@dataclass(frozen=True, slots=True)
class Visitor:
    """What a store learns of a household of another village from its card: no whole name, no points."""

    household: str
    masked: str
    state: HouseholdState
    card_state: CardState
