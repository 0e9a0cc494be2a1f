"""月度结算: what a keeper, a partner shop, a provider or a supplier is owed for closed days, stated, signed, and paid.

Each line settles once: a settlement holds what came up since the last one, up to the end of a closed day. What the
party's own household took stands apart.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from catalog.units import Fen
from pos.core import fund as rules_of
from pos.core import settlements
from pos.core.accounts import Account
from pos.core.acts import Act, ActCode
from pos.core.entries import Signatures
from pos.core.fund import CostOf, Source, Use
from pos.core.households import Household
from pos.core.people import SERVES
from pos.core.settlements import Due, NothingDue
from pos.core.sheets import Cell, Count, Day, Fact, Label, Money, Sheet, Table
from pos.core.transfers import Decision
from pos.counter import fund as purse
from pos.counter import paper
from pos.counter.desk import Desk, check_signatures
from pos.storage import books, dues, fund, periods, registry, rows
from pos.storage import tables as t
from pos.storage.rows import digest

SETTLES = SERVES
"""Who may settle; two people always."""

_MOST_HOUSEHOLDS = 9_999

_SIGNED_BY = ("party", "clerk", "supervisor")
_COPIES = ("copy-party", "copy-store")


@dataclass(frozen=True, slots=True)
class Line:
    """Pieces of one good or service at one price; below zero for what came back, no pieces for a whole delivery."""

    item: str
    name: str
    pieces: int
    each: Fen
    amount: Fen


@dataclass(frozen=True, slots=True)
class Statement:
    """What a party is owed by entries after `since` up to `until`, which closed day `last` or an earlier one."""

    party: str
    name: str
    """What the list of suppliers or providers calls it, else its code."""
    cost_of: CostOf
    since: int
    until: int
    last: date
    others: tuple[Line, ...]
    """What households took, and what they brought back."""
    own: tuple[Line, ...]
    """What the party's own household took."""
    household: str
    later: Fen
    """What came up since, for the next settlement."""

    @property
    def amount(self) -> Fen:
        """What is to be paid."""
        return sum((line.amount for line in (*self.others, *self.own)), Fen(0))


def statement(desk: Desk, party: str, last: date) -> Statement:
    """What a party is owed for the days closed up to `last`."""
    with desk.store.read() as connection:
        return _statement(connection, desk, party, last)


def settle(desk: Desk, by: Signatures, party: str, last: date, source: Source) -> Sheet:
    """Pay a party what it is owed up to the last day closed, from one source of the fund; two people.

    Raises `NothingDue`, `MoneyShort` or `UseRestricted`.
    """
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, two=True, roles=SETTLES)
        day = books.day(tx.connection)
        found = _statement(tx.connection, desk, party, last)
        if found.amount <= Fen(0):
            raise NothingDue(party=found.name, amount=found.amount)
        use = Use.SERVICE if found.cost_of is CostOf.SERVICE else Use.GOODS
        paid_from = purse.check(tx, source, found.amount, use)
        voucher = fund.next_voucher(tx.connection, "f", day.business_date.year)
        decision = rules_of.settle(party, found.cost_of, found.amount, found.until, paid_from, voucher)
        written = tx.append(desk.now(), by, decision)
        fund.take_voucher(tx.connection, voucher, written.entry.seq)
        facts = (Fact("voucher", voucher), Fact("source", Label(f"source-{source}")), *_facts(found))
        tables, notes = _tables(found), ("note-two-copies",)
        return paper.file(desk, tx, written, "settlement", facts, tables, notes, _SIGNED_BY, _COPIES)


def preview(desk: Desk, by: Signatures, found: Statement) -> Sheet:
    """The statement before it is paid, to look at and to talk over."""
    return paper.report(desk, by, "settlement", _facts(found), _tables(found))


def households(desk: Desk) -> dict[str, Household]:
    """Every household by the serial that people say."""
    with desk.store.read() as connection:
        return {each.short: each for each in registry.find_households(connection, "", _MOST_HOUSEHOLDS)}


def name_household(desk: Desk, by: Signatures, party: str, household: str) -> None:
    """Say which household a party's own people are, so that its lines stand apart."""
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, roles=SETTLES)
        row = {"party": party, "household": household}
        rows.save(tx.connection, t.own_households, [row])
        tx.append(desk.now(), by, Decision(Act(ActCode.REFERENCE, "own_households", digest=digest([row])), ()))


def _statement(connection: Connection, desk: Desk, party: str, last: date) -> Statement:
    writer = desk.store.identity.writer
    account = Account("due", party, writer)
    since = dues.last_settled(connection, party)
    until = max(since, periods.closed_until(connection, last))
    found = _dues(connection, account, since, until)
    later = _dues(connection, account, until, 2**62)
    home = fund.own_household(connection, party)
    apart = [line for line in found if home and line.household == home]
    others = [line for line in found if not home or line.household != home]
    names = _names(connection)
    service = any(line.item.startswith("v:") for line in (*found, *later))
    return Statement(
        party,
        dues.names(connection).get(party, party),
        CostOf.SERVICE if service else CostOf.GOODS,
        since,
        until,
        last,
        _grouped(others, names),
        _grouped(apart, names),
        home,
        settlements.total(later),
    )


def _dues(connection: Connection, party: Account, since: int, until: int) -> list[Due]:
    touched = fund.touching(connection, party, since, until)
    return [line for seq in touched for line in settlements.lines(books.read_entry(connection, seq), party)]


def _names(connection: Connection) -> dict[str, str]:
    kinds = (("g", t.goods), ("v", t.services))
    return {
        f"{kind}:{row.code}": row.name
        for kind, table in kinds
        for row in connection.execute(select(table.c.code, table.c.name))
    }


def _grouped(found: Iterable[Due], names: dict[str, str]) -> tuple[Line, ...]:
    """One line an item and price, what came back on lines of its own."""
    sums: dict[tuple[str, int, bool], tuple[int, Fen]] = {}
    for line in found:
        each = line.fen.amount // line.pieces if line.pieces else 0
        key = line.item, each, line.fen < Fen(0)
        pieces, fen = sums.get(key, (0, Fen(0)))
        sums[key] = pieces + line.pieces, fen + line.fen
    return tuple(
        Line(item, names.get(item, item.partition(":")[2]), pieces, Fen(each), fen)
        for (item, each, _), (pieces, fen) in sums.items()
    )


def _facts(found: Statement) -> tuple[Fact, ...]:
    return (
        Fact("party", found.name),
        Fact("last-day", Day(found.last)),
        Fact("entries", f"{found.since + 1}-{found.until}"),
        Fact("amount", Money(found.amount)),
        Fact("later", Money(found.later)),
    )


def _tables(found: Statement) -> tuple[Table, ...]:
    tables = [_table(found.others, "settled-lines")]
    if found.household:
        tables.append(_table(found.own, "own-household"))
    return tuple(tables)


def _table(lines: tuple[Line, ...], title: str) -> Table:
    table_rows: tuple[tuple[Cell, ...], ...] = tuple(
        (line.name or Label("delivery"), Count(line.pieces), Money(line.each), Money(line.amount)) for line in lines
    )
    amount = sum((line.amount for line in lines), Fen(0))
    total: tuple[Cell, ...] = ("", Count(sum(line.pieces for line in lines)), "", Money(amount))
    return Table(("good", "pieces", "cost-each", "amount"), table_rows, total, title)
