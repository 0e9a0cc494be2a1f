"""What a report is about: a day, a month or a year."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_TEXT = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-([0-9]{2}))?)?")


class Span(StrEnum):
    """How long it is."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Period:
    """A day, a calendar month or a calendar year, from its first day."""

    span: Span
    first: date

    @property
    def last(self) -> date:
        """Its last day."""
        return self._after() - timedelta(days=1)

    @property
    def text(self) -> str:
        """As it is typed: `2026`, `2026-11`, `2026-11-22`."""
        return self.first.isoformat()[: {Span.DAY: 10, Span.MONTH: 7, Span.YEAR: 4}[self.span]]

    def next(self) -> "Period":
        """The one after."""
        return Period(self.span, self._after())

    def previous(self) -> "Period":
        """The one before."""
        return period(self.span, self.first - timedelta(days=1))

    def __contains__(self, day: date) -> bool:
        """Whether a day lies in it."""
        return self.first <= day <= self.last

    def _after(self) -> date:
        first = self.first
        match self.span:
            case Span.DAY:
                return first + timedelta(days=1)
            case Span.MONTH:
                return date(first.year + first.month // 12, first.month % 12 + 1, 1)
            case Span.YEAR:
                return date(first.year + 1, 1, 1)


def period(span: Span, day: date) -> Period:
    """The day, the month or the year that `day` lies in."""
    first = {Span.DAY: day, Span.MONTH: day.replace(day=1), Span.YEAR: day.replace(month=1, day=1)}
    return Period(span, first[span])


def parse(text: str) -> Period | None:
    """The period that a text like `2026-11` stands for; None for anything else."""
    found = _TEXT.fullmatch(text)
    if found is None:
        return None
    span = Span.DAY if found[3] else Span.MONTH if found[2] else Span.YEAR
    try:
        return Period(span, date(int(found[1]), int(found[2] or 1), int(found[3] or 1)))
    except ValueError:
        return None
