"""An award batch as a file brings it: a few named facts, then a row a household; judged whole before anything moves.

批次 / batch     2026-01-A        number of the batch, posted once
月份 / period    2026-01          what it is for
名称 / title     本月考评          what the household's next receipt calls it
合计 / total     123.00           sum of the rows, deductions taken off
户数 / rows      40               how many rows there are; may be left out
户号 / household  积分 / points     headings of the rows
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from catalog.units import Points
from pos.core.households import HouseholdState

MOST_TITLE = 12
"""Characters of a title: it stands on a receipt's line."""

_NAMES = {
    "批次": "batch",
    "月份": "period",
    "名称": "title",
    "合计": "total",
    "户数": "rows",
    "户号": "household",
    "积分": "points",
}
_BATCH = re.compile(r"[a-z0-9-]{1,24}")
_PERIOD = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2]|Q[1-4]|W[0-5][0-9])")
_FIGURE = re.compile(r"([+-]?)([0-9]{1,7})(?:\.([0-9]{1,2}))?")
_HOUSEHOLD = re.compile(r"[0-9]{16}|[0-9]{1,4}")
_CLOSED = (HouseholdState.MERGED, HouseholdState.CLOSED)


class Flaw(StrEnum):
    """What is wrong with a batch, or with one of its rows."""

    BATCH = "batch"
    PERIOD = "period"
    TITLE = "title"
    TOTAL = "total"
    ROWS = "rows"
    EMPTY = "empty"
    POSTED = "posted"
    FORM = "form"
    """A household's number that is none."""
    FIGURE = "figure"
    OTHER_VILLAGE = "other-village"
    UNKNOWN = "unknown"
    CLOSED = "closed"
    """The household was merged into another, or closed."""
    TWICE = "twice"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: in which row of the file (0: in its facts), and what stands there."""

    row: int
    flaw: Flaw
    text: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """What one household gets, below zero for a deduction; `row` is its place in the file."""

    row: int
    household: str
    points: Points


@dataclass(frozen=True, slots=True)
class AwardFile:
    """A batch as far as it could be read, with what could not."""

    batch: str
    period: str
    title: str
    lines: tuple[Line, ...]
    problems: tuple[Problem, ...]

    @property
    def awarded(self) -> Points:
        """What the households get together."""
        return sum((line.points for line in self.lines if line.points > Points(0)), Points(0))

    @property
    def deducted(self) -> Points:
        """What is taken off together; below zero, or nothing."""
        return sum((line.points for line in self.lines if line.points < Points(0)), Points(0))


def read(rows: Iterable[Sequence[str]], village: str) -> AwardFile:
    """The batch of these rows of cells, each with its number in the file in front; `village` is this store's own.

    A household is its whole number, or the serial that people say.
    """
    facts: dict[str, str] = {}
    columns: dict[str, int] = {}
    lines: list[Line] = []
    problems: list[Problem] = []
    for number, *cells in rows:
        names = [_NAMES.get(cell, cell.lower()) for cell in cells]
        if not columns and "household" in names and "points" in names:
            columns = {"household": names.index("household"), "points": names.index("points")}
        elif not columns:
            facts[names[0]] = cells[1] if len(cells) > 1 else ""
        else:
            texts = [cells[at] if at < len(cells) else "" for at in (columns["household"], columns["points"])]
            found = _line(int(number), texts[0], texts[1], village)
            (lines if isinstance(found, Line) else problems).append(found)  # type: ignore[arg-type]
    facts_wrong = _facts(facts, lines, len(lines) + len(problems))
    return AwardFile(
        facts.get("batch", "").lower(),
        facts.get("period", ""),
        facts.get("title", ""),
        tuple(lines),
        (*facts_wrong, *problems, *_twice(lines)),
    )


def judge(
    file: AwardFile, village: str, known: Mapping[str, HouseholdState], posted: Collection[str]
) -> tuple[Problem, ...]:
    """Everything that keeps the batch from being posted: what was read wrong, and what does not fit this store."""
    found = [Problem(0, Flaw.POSTED, file.batch)] if file.batch in posted else []
    for line in file.lines:
        state = known.get(line.household)
        if not line.household.startswith(village):
            found.append(Problem(line.row, Flaw.OTHER_VILLAGE, line.household))
        elif state is None:
            found.append(Problem(line.row, Flaw.UNKNOWN, line.household))
        elif state in _CLOSED:
            found.append(Problem(line.row, Flaw.CLOSED, line.household))
    return (*file.problems, *found)


def _line(row: int, household: str, points: str, village: str) -> Line | Problem:
    if not _HOUSEHOLD.fullmatch(household):
        return Problem(row, Flaw.FORM, household[:24])
    figure = _figure(points)
    if not figure:
        return Problem(row, Flaw.FIGURE, points[:24])
    return Line(row, household if len(household) > 4 else f"{village}{household:0>4}", figure)


def _figure(text: str) -> Points | None:
    found = _FIGURE.fullmatch(text)
    if found is None:
        return None
    amount = int(found[2]) * 100 + int((found[3] or "").ljust(2, "0"))
    return Points(-amount if found[1] == "-" else amount)


def _facts(facts: Mapping[str, str], lines: Iterable[Line], rows: int) -> list[Problem]:
    stated = _figure(facts.get("total", ""))
    fits = {
        Flaw.BATCH: _BATCH.fullmatch(facts.get("batch", "").lower()) is not None,
        Flaw.PERIOD: _PERIOD.fullmatch(facts.get("period", "")) is not None,
        Flaw.TITLE: 1 <= len(facts.get("title", "")) <= MOST_TITLE,
        Flaw.TOTAL: stated == sum((line.points for line in lines), Points(0)),
        Flaw.ROWS: facts.get("rows", "") in ("", str(rows)),
        Flaw.EMPTY: rows > 0,
    }
    return [Problem(0, flaw, facts.get(flaw.value, "")[:24]) for flaw, right in fits.items() if not right]


def _twice(lines: Iterable[Line]) -> list[Problem]:
    seen: set[str] = set()
    found = []
    for line in lines:
        if line.household in seen:
            found.append(Problem(line.row, Flaw.TWICE, line.household))
        seen.add(line.household)
    return found
