"""资金账: every movement of the fund and the drawer between two days, with what each held after it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from catalog.units import Fen
from pos.core import accounts
from pos.core.accounts import CASH
from pos.core.entries import Signatures
from pos.core.fund import Cash, CashReason, Source
from pos.core.local_time import local_date
from pos.core.sheets import Cell, Day, Fact, Label, Money, Sheet, Table
from pos.core.transfers import Books
from pos.counter import paper
from pos.counter.desk import Desk
from pos.storage import books, buyers, fund, periods
from pos.storage.fund import Move

DRAWER = "drawer"
"""Stands for the drawer where a source of the fund could stand."""


@dataclass(frozen=True, slots=True)
class Line:
    """One movement as the place it came to or left sees it; `fen` is below zero when money left."""

    seq: int
    day: date
    place: str
    """A source of the fund, or the drawer."""
    what: str
    """Code of what it was: an income, what it was spent on, a sale, a settlement, a move."""
    voucher: str
    party: str
    """Who gave or got it; empty once erased."""
    fen: Fen
    balance: Fen
    """What the place held after it."""


@dataclass(frozen=True, slots=True)
class FundBook:
    """The fund between two days, both included."""

    first: date
    last: date
    opening: dict[str, Fen]
    lines: tuple[Line, ...]
    closing: dict[str, Fen]


def read(desk: Desk, first: date, last: date) -> FundBook:
    """The book of these days, oldest movement first."""
    writer = desk.store.identity.writer
    places = {str(accounts.fund(source, writer)): source.value for source in Source}
    places[str(accounts.drawer(writer))] = DRAWER
    with desk.store.read() as connection:
        span = periods.span(connection, first, last)
        held = books.peek(connection, writer, [(accounts.parse(name), CASH) for name in places])
        since = fund.moves(connection, range(span.start, 2**62))
        numbers = fund.vouchers(connection, span)
        balances = _opening(places, held, since)
        opening = {place: Fen(fen) for place, fen in balances.items()}
        lines: list[Line] = []
        for move in since:
            if move.seq not in span:
                break
            entry_body = books.read_entry(connection, move.seq).body
            what = _what(move, entry_body)
            party = buyers.party(connection, move.seq)
            day = local_date(move.wall, desk.store.identity.utc_offset_minutes)
            for place, fen in _ends(move, places):
                balances[place] += fen
                number = numbers.get(move.seq, "")
                said = " ".join(filter(None, (party.name, party.note)))
                lines.append(Line(move.seq, day, place, what, number, said, Fen(fen), Fen(balances[place])))
    return FundBook(first, last, opening, tuple(lines), {place: Fen(fen) for place, fen in balances.items()})


def sheet(desk: Desk, by: Signatures, found: FundBook) -> Sheet:
    """The book as a paper: what each place held, what came and went, what it holds."""
    sums = {place: [Fen(0), Fen(0)] for place in found.opening}
    for line in found.lines:
        side = 0 if line.fen > Fen(0) else 1
        sums[line.place][side] = sums[line.place][side] + (line.fen if side == 0 else -line.fen)
    held = tuple(
        _held(place, found.opening[place], *sums[place], found.closing[place])
        for place in found.opening
        if found.opening[place] or any(sums[place])
    )
    movements = tuple(_row(line) for line in found.lines)
    tables = (
        Table(("source", "opening", "came-in", "went-out", "closing"), held, title="fund-held"),
        Table(("what", "date", "source", "voucher", "party", "amount", "balance"), movements, title="fund-moves"),
    )
    days = (Fact("first-day", Day(found.first)), Fact("last-day", Day(found.last)))
    return paper.report(desk, by, "fund-book", days, tables)


def _held(place: str, *fen: Fen) -> tuple[Cell, ...]:
    return (Label(_place(place)), *map(Money, fen))


def _row(line: Line) -> tuple[Cell, ...]:
    return (
        Label(f"what-{line.what}"),
        Day(line.day),
        Label(_place(line.place)),
        line.voucher,
        line.party,
        Money(line.fen),
        Money(line.balance),
    )


def _place(place: str) -> str:
    return "drawer" if place == DRAWER else f"source-{place}"


def _opening(places: dict[str, str], held: Books, since: Iterable[Move]) -> dict[str, int]:
    """What each place held before these movements, worked back from what it holds now."""
    balances = {place: held.of(accounts.parse(name), CASH) for name, place in places.items()}
    for move in since:
        for place, fen in _ends(move, places):
            balances[place] -= fen
    return balances


def _ends(move: Move, places: dict[str, str]) -> list[tuple[str, int]]:
    ends = ((move.source, -move.fen), (move.destination, move.fen))
    return [(places[account], fen) for account, fen in ends if account in places]


def _what(move: Move, body: object) -> str:
    match body:
        case Cash(reason=CashReason.SPENT, use=use) if use:
            return use
        case Cash(reason=reason):
            return reason.value
        case _:
            return move.kind
