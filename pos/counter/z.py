"""The figures of a Z document: worked out once, in the transaction that closes the day, and never again."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from catalog.materials import Material, ScaleClass
from catalog.units import Fen, Grams, Points
from pos.core import accounts, day_figures, journal
from pos.core import closing as rules_of
from pos.core.accounts import FRACTION, POINTS
from pos.core.closing import Closing, Equation, Flow, Held, Note, Pool
from pos.core.day import Day, Review
from pos.core.day_figures import DayFigures
from pos.core.entries import Entry
from pos.core.sheets import Cell, Count, Fact, Label, Mass, Money, Score, Share, Table
from pos.core.sheets import Day as DayCell
from pos.core.transfers import Transfer
from pos.counter.coverage import coverage, outstanding
from pos.storage import books, catalogue, closes, disputes, services
from pos.storage.closes import LastClose

_KINDS = (
    "redeem", "weigh", "voucher", "reverse", "take-back", "confirm", "accept", "give-back", "receive", "ship",
    "write-off", "count", "adjust", "sell-material", "hand-over", "cash", "settle", "opening", "merge",
)  # fmt: skip
_SIDES = {
    "issue/weigh", "issue/award", "issue/opening", "issue/shortage", "spent/goods", "spent/service", "pts", "move",
    "world/customer", "world/seller", "world/dealer", "world/supplier", "world/donor", "world/short", "world/over",
    "in/opening",
}  # fmt: skip
_MONEY = (Pool.DRAWER, Pool.FUND, Pool.OWED)
_EQUATION = ("item", "z-opening", "came", "went", "z-closing")


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything on a Z document but the entry that it belongs to, what each pool closes with, and what is kept."""

    facts: tuple[Fact, ...]
    tables: tuple[Table, ...]
    held: Held
    kept: DayFigures
    """What the reports add up later."""


@dataclass(frozen=True, slots=True)
class _Names:
    """What goods, services and materials are called, and how they are measured."""

    goods: Mapping[str, str]
    materials: Mapping[str, Material]

    def of(self, commodity: str) -> str:
        code = commodity.partition(":")[2]
        found = self.materials.get(code)
        return found.name if found is not None else self.goods.get(code, code)


def figures(connection: Connection, by: str, day: Day, counts: Closing, expected: Fen, review: Review) -> Figures:
    """The figures of the day that is being closed; `expected` is the cash that should have been in the drawer."""
    before = closes.last(connection)
    since = list(closes.entries_after(connection, before.seq))
    handed = closes.handed_over(connection, before.seq, by)
    moves = [*handed, *(move for entry in since for move in entry.transfers)]
    held = closes.held(connection, by)
    equations = rules_of.equations(before.closing, moves, held, by)
    offered = {service.code: service.name for service in services.services(connection).values()}
    goods = {good.code: good.name for good in catalogue.all_goods(connection)}
    names = _Names(offered | goods, catalogue.materials(connection))
    facts = (
        *_facts(day, before, since, equations, review),
        *_cash(counts, expected),
        *_standing(connection, day, before, held),
    )
    tables = (
        _documents(since),
        *_equation_tables(equations, names),
        _flows("z-points-flows", rules_of.flows(moves, Pool.POINTS, by), lambda amount: Score(Points(amount))),
        _flows("z-cash-flows", rules_of.flows(moves, Pool.DRAWER, by), lambda amount: Money(Fen(amount))),
        _households(connection, moves, by),
        _spots(counts, names),
        _noted(rules_of.noted(since)),
    )
    return Figures(facts, tuple(table for table in tables if table.rows), held, day_figures.figures(since, handed))


def pinned(entry_hash: bytes) -> tuple[Fact, ...]:
    """What pins the journal's head on paper: the hash of the entry that closed the day, and its check code."""
    return Fact("journal-head", entry_hash.hex()), Fact("check-code", journal.check_code(entry_hash))


def _facts(
    day: Day, before: LastClose, since: list[Entry], equations: Iterable[Equation], review: Review
) -> tuple[Fact, ...]:
    first, last = before.seq + 1, before.seq + len(since)
    whole = [entry.seq for entry in since] == list(range(first, last + 1))
    differ = sum(equation.difference != 0 for equation in equations)
    return (
        Fact("z-number", str(before.number + 1)),
        Fact("business-date", DayCell(day.business_date)),
        # The entry that closes the day comes next.
        Fact("entry-numbers", f"{first}-{last + 1}"),
        Fact("gaps", Label("none" if whole else "some")),
        Fact("equations-differ", Count(differ) if differ else Label("none")),
        Fact("review", Label(f"review-{review}")),
    )


def _cash(counts: Closing, expected: Fen) -> tuple[Fact, ...]:
    if counts.counted is None:
        return Fact("cash-expected", Money(expected)), Fact("cash-counted", Label("not-counted"))
    difference = counts.counted - expected
    reason = (Fact("cash-reason", Label(f"why-{counts.cash_reason}")),) if difference else ()
    return (
        Fact("cash-expected", Money(expected)),
        Fact("cash-counted", Money(counts.counted)),
        Fact("difference", Money(difference)),
        *reason,
    )


def _standing(connection: Connection, day: Day, before: LastClose, held: Held) -> tuple[Fact, ...]:
    """What households may still spend, what covers it, and weights in dispute."""
    share = coverage(connection, held, day.fen_per_point)
    doubted = disputes.tally(connection, before.seq)
    return (
        Fact("outstanding", Score(outstanding(held))),
        Fact("coverage", Label("none") if share is None else Share(share)),
        Fact("disputes-recorded", Count(doubted.recorded)),
        Fact("disputes-open", Count(doubted.still_open)),
    )


def _documents(since: Iterable[Entry]) -> Table:
    counts = Counter(entry.kind for entry in since)
    rows = tuple((Label(f"kind-{kind}"), Count(counts[kind])) for kind in _KINDS if counts[kind])
    return Table(("what", "how-many"), rows, title="z-documents")


def _equation_tables(equations: Iterable[Equation], names: _Names) -> tuple[Table, ...]:
    """Points, money and vouchers together, then the goods and materials of which anything moved, then what differs."""
    found = list(equations)
    moved = [each for each in found if each.came or each.went or each.difference]

    def rows(of: Iterable[Equation]) -> tuple[tuple[Cell, ...], ...]:
        return tuple(_row(each, names) for each in of)

    return (
        Table(_EQUATION, rows(e for e in found if e.pool not in (Pool.STOCK, Pool.BIN)), title="z-equations"),
        Table(_EQUATION, rows(each for each in moved if each.pool is Pool.STOCK), title="z-stock"),
        Table(_EQUATION, rows(each for each in moved if each.pool is Pool.BIN), title="z-bins"),
        Table(
            ("item", "difference"),
            tuple((_named(each, names), _measured(each, names, each.difference)) for each in found if each.difference),
            title="z-differences",
        ),
    )


def _row(each: Equation, names: _Names) -> tuple[Cell, ...]:
    figures = (each.opening, each.came, each.went, each.closing)
    return (_named(each, names), *(_measured(each, names, amount) for amount in figures))


def _named(each: Equation, names: _Names) -> Cell:
    return names.of(each.commodity) if ":" in each.commodity else Label(f"pool-{each.pool}")


def _measured(each: Equation, names: _Names, amount: int) -> Cell:
    if each.pool is Pool.POINTS:
        return Score(Points(amount))
    if each.pool in _MONEY or each.commodity == FRACTION:
        return Money(Fen(amount))
    material = names.materials.get(each.commodity.partition(":")[2])
    weighed = each.pool is Pool.BIN and (material is None or material.scale is not ScaleClass.COUNT)
    return Mass(Grams(amount)) if weighed else Count(amount)


def _flows(title: str, flows: Iterable[Flow], cell: Callable[[int], Cell]) -> Table:
    return Table(("item", "came", "went"), tuple((side(f), cell(f.came), cell(f.went)) for f in flows), title=title)


def side(flow: Flow) -> Cell:
    """The other side of a flow as a sheet names it."""
    kind, _, subject = flow.counterpart.partition("/")
    if flow.counterpart in _SIDES:
        return Label(f"side-{flow.counterpart.replace('/', '-')}")
    return Label(f"side-{kind}") if kind in ("budget", "fund", "drawer") else f"{kind} {subject}"


def _households(connection: Connection, moves: Iterable[Transfer], by: str) -> Table:
    changed = rules_of.touched_households(moves, by)
    kinds = (accounts.points, accounts.pending, accounts.debt)
    held = books.peek(connection, by, [(kind(number, by), POINTS) for number in changed for kind in kinds])
    rows = []
    for number, change in changed.items():
        closing = sum(held.of(kind(number, by), POINTS) for kind in kinds)
        rows.append((number[-4:], Score(Points(closing - change)), Score(Points(change)), Score(Points(closing))))
    columns = ("household", "z-opening", "change", "z-closing")
    return Table(columns, tuple(rows), title="z-households")


def _spots(counts: Closing, names: _Names) -> Table:
    rows = tuple(
        (
            names.of(f"g:{spot.good}"),
            Count(spot.book),
            Count(spot.counted),
            Label(f"why-{spot.reason}") if spot.reason else "",
        )
        for spot in counts.spots
    )
    return Table(("good", "book", "counted", "reason"), rows, title="z-spots")


def _noted(notes: Iterable[Note]) -> Table:
    rows = tuple(
        (
            Label(f"noted-{note.what}"),
            str(note.seq),
            note.subject,
            note.operator + (note.approver and f"/{note.approver}"),
        )
        for note in notes
    )
    return Table(("what", "entry", "about", "by-whom"), rows, title="z-noted")
