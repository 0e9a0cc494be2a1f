"""监督小组检查: what an auditor looked at, and found. The journal keeps codes and figures; the note is erasable.

Which tickets and goods are looked at follows from the journal's newest hash: nobody can prepare for it.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import ClassVar, TypeVar

from catalog.units import Grams
from pos.core.acts import Act, ActCode
from pos.core.refusals import JournalRefused
from pos.core.transfers import Decision

SAMPLE = 10
"""Tickets and goods of one inspection."""

MOST_NOTE = 400

T = TypeVar("T")


class InspectionUnfinished(JournalRefused):
    """Something of the list has not been looked at."""

    code = "inspection-unfinished"


class NoteTooLong(JournalRefused):
    """A note longer than is kept."""

    code = "note-too-long"


class Answer(StrEnum):
    """What was found of one question."""

    OPEN = ""
    YES = "yes"
    NO = "no"
    SKIPPED = "skipped"
    """Could not be looked at this time: nobody at home, no load at hand."""


class Question(StrEnum):
    """What is asked once."""

    EXCEPTIONS = "exceptions"
    FUND = "fund"
    OUTBOUND = "outbound"
    PUBLICITY = "publicity"


@dataclass(frozen=True, slots=True)
class TicketSeen:
    """A ticket on which a household was asked: whether it says the same."""

    seq: int
    answer: Answer = Answer.OPEN


@dataclass(frozen=True, slots=True)
class ShelfSeen:
    """A good counted on the shelf against the book; `counted` is None where nobody has."""

    good: str
    book: int
    counted: int | None = None


@dataclass(frozen=True, slots=True)
class LoadSeen:
    """A known load put on a scale; `reading` is None where it was not done."""

    scale_name: str = ""
    known: Grams | None = None
    reading: Grams | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """One question with its answer."""

    question: Question
    answer: Answer = Answer.OPEN


@dataclass(frozen=True, slots=True)
class Draft:
    """An inspection under way: a value that the drafts file keeps."""

    tickets: tuple[TicketSeen, ...] = ()
    shelf: tuple[ShelfSeen, ...] = ()
    load: LoadSeen = LoadSeen()
    answers: tuple[Answered, ...] = tuple(Answered(question) for question in Question)
    note: str = ""
    auditor: str = ""
    """Whose it is."""

    def with_ticket(self, seq: int, answer: Answer) -> "Draft":
        """What a household said of its ticket."""
        seen = tuple(TicketSeen(seq, answer) if each.seq == seq else each for each in self.tickets)
        return replace(self, tickets=seen)

    def with_count(self, good: str, book: int, counted: int) -> "Draft":
        """What lay on the shelf of a good, and what the book said then."""
        seen = tuple(ShelfSeen(good, book, counted) if each.good == good else each for each in self.shelf)
        return replace(self, shelf=seen)

    def answering(self, question: Question, answer: Answer) -> "Draft":
        """The answer to a question."""
        return replace(
            self,
            answers=tuple(
                Answered(each.question, answer if each.question is question else each.answer) for each in self.answers
            ),
        )

    @property
    def left(self) -> int:
        """How many things have not been looked at; the load may stay away only with a reason in the note."""
        tickets = sum(each.answer is Answer.OPEN for each in self.tickets)
        shelf = sum(each.counted is None for each in self.shelf)
        answers = sum(each.answer is Answer.OPEN for each in self.answers)
        load = self.load.reading is None and not self.note
        return tickets + shelf + answers + load


@dataclass(frozen=True, slots=True)
class Inspection:
    """The body of an act of inspection with what was found; `digest` is the salted hash of the note."""

    KIND: ClassVar[str] = Act.KIND
    tickets: tuple[TicketSeen, ...]
    shelf: tuple[ShelfSeen, ...]
    load: LoadSeen
    answers: tuple[Answered, ...]
    digest: str
    code: ActCode = ActCode.INSPECTION

    def __post_init__(self) -> None:
        if self.code is not ActCode.INSPECTION:
            raise ValueError("an act of inspection")


def decide(draft: Draft, digest: str) -> Decision[Inspection]:
    """The record of an inspection. Raises `InspectionUnfinished` or `NoteTooLong`."""
    if draft.left:
        raise InspectionUnfinished(left=draft.left)
    if len(draft.note) > MOST_NOTE:
        raise NoteTooLong(most=MOST_NOTE)
    return Decision(Inspection(draft.tickets, draft.shelf, draft.load, draft.answers, digest), ())


def sample(items: Iterable[T], seed: bytes, most: int = SAMPLE) -> tuple[T, ...]:
    """Up to `most` of these items as `seed` has them drawn, in the order in which they came."""
    every = list(items)
    drawn = sorted(range(len(every)), key=lambda place: hashlib.sha256(seed + place.to_bytes(4, "big")).digest())
    return tuple(every[place] for place in sorted(drawn[:most]))
