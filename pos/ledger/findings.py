"""Differences: what is to be looked at on entries that were posted all the same.

household-unknown, household-closed    whom the township does not serve
reversed-twice                         a reversal of what was reversed, or is not there yet
issue                                  points issued where only weigh-ins may issue them; the installation is stopped
minted-day, minted-unheard             more points by weigh-ins than its certificate allows; it is stopped
sale-limit                             more points in one redemption than its certificate allows
undone                                 taken back again, after it was at the ledger
late                                   came after its epoch's release: kept and not posted
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from pos.core.accounts import POINTS
from pos.core.reversal import Reverse
from pos.ledger import bulk
from pos.ledger import tables as t
from pos.ledger.books import Act
from pos.ledger.lines import Line, Move
from pos.wire.messages import Limits

STOPPING = frozenset({"issue", "minted-day", "minted-unheard"})
"""Findings after which nothing more is granted until an operator has looked."""

DAY_MS = 24 * 3_600_000

_COLUMNS = ("township", "writer", "seq", "code", "detail", "found")
_OF_HOUSEHOLDS = frozenset({"weigh", "redeem"})
_SERVED = frozenset({"normal", "away", "frozen"})


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about entry `seq` of a journal."""

    seq: int
    code: str
    detail: str = ""


@dataclass(slots=True)
class Minted:
    """Points (1/100) minted by weigh-ins on the newest local day seen, which counts from 1970."""

    day: int
    points: int


def look(act: Act, writer: str, entries: Sequence[Line], limits: Limits, minted: Minted) -> list[Finding]:
    """What there is to look at in entries about to be posted; counts what they mint."""
    alone = writer.endswith(".0")
    issuing = list({line.seq: line for line in entries for move in line.moves if move[0].startswith("issue:")}.values())
    found = [
        *(() if alone else _issued(issuing)),
        *(() if limits.sale is None else _sold(entries, limits.sale)),
        *_minting(act, issuing, limits, minted),
        *_reversals(act, writer, [line for line in entries if line.kind == Reverse.KIND]),
        *(() if alone else _households(act, entries)),
    ]
    return sorted(set(found), key=lambda finding: (finding.seq, finding.code))


def keep(act: Act, writer: str, found: Iterable[Finding]) -> None:
    """Write findings on entries that were not there before."""
    rows = [(act.township, writer, each.seq, each.code, each.detail, act.now) for each in found]
    bulk.add(act.connection, t.findings, _COLUMNS, rows)


def spent(moves: Iterable[Move]) -> int:
    """Points (1/100) that households spent."""
    return sum(n for source, to, what, n in moves if what == POINTS and _spends(source, to))


def _spends(source: str, destination: str) -> bool:
    return source.startswith("pts:") and destination.startswith("spent:")


def _issued(issuing: Iterable[Line]) -> Iterable[Finding]:
    for line in issuing:
        others = [move[0] for move in line.moves if move[0].startswith("issue:") and not _weighed(move[0])]
        if others:
            yield Finding(line.seq, "issue", others[0])


def _sold(entries: Iterable[Line], most: int) -> Iterable[Finding]:
    for line in entries:
        if (points := spent(line.moves)) > most:
            yield Finding(line.seq, "sale-limit", str(points))


def _minting(act: Act, issuing: Iterable[Line], limits: Limits, minted: Minted) -> Iterable[Finding]:
    unheard = 0
    for line in issuing:
        points = sum([move[3] for move in line.moves if _weighed(move[0])])
        day = (line.wall + act.utc_offset_minutes * 60_000) // DAY_MS
        if day > minted.day:
            minted.day, minted.points = day, 0
        minted.points += points
        unheard += points
        if limits.minted_day is not None and minted.points > limits.minted_day:
            yield Finding(line.seq, "minted-day", str(minted.points))
        if limits.minted_unheard is not None and unheard > limits.minted_unheard:
            yield Finding(line.seq, "minted-unheard", str(unheard))


def _weighed(source: str) -> bool:
    return source.startswith("issue:weigh@")


def _reversals(act: Act, writer: str, entries: Sequence[Line]) -> Iterable[Finding]:
    if not entries:
        return
    c = t.journal.c
    query = select(c.ref).where(c.township == act.township, c.writer == writer, c.kind == Reverse.KIND)
    done = set(act.connection.execute(query.where(c.ref.in_([line.ref for line in entries]))).scalars())
    for line in entries:
        if line.ref is None or not 0 < line.ref < line.seq or line.ref in done:
            yield Finding(line.seq, "reversed-twice", str(line.ref))
        done.add(line.ref)


def _households(act: Act, entries: Iterable[Line]) -> Iterable[Finding]:
    lines = [(line.seq, line.household) for line in entries if line.household and line.kind in _OF_HOUSEHOLDS]
    known = act.households({household for _, household in lines})
    for seq, household in lines:
        state, _ = known.get(household, ("", ""))
        if state not in _SERVED:
            yield Finding(seq, "household-closed" if state else "household-unknown", household[:24])
