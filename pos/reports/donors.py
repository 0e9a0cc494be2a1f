"""捐赠榜: what was given to the store, and by whom as far as they want to be named."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from catalog.units import Fen
from pos.core.entries import Entry, Signatures
from pos.core.fund import Cash, CashReason, Source
from pos.core.local_time import local_date
from pos.core.sheets import Cell, Day, Fact, Label, Money, Sheet, Table
from pos.core.stock import Origin, Receive
from pos.counter import paper
from pos.counter.desk import Desk
from pos.reports import figures
from pos.storage import books, buyers, catalogue, consents, deliveries, periods

_DONORS = frozenset({Source.DONATION, Source.ENTERPRISE})
"""Sources of the fund that are gifts; the others are public money."""


@dataclass(frozen=True, slots=True)
class Gift:
    """One gift: goods by name with their pieces, or money where there are none."""

    seq: int
    day: date
    giver: str
    """Empty where nobody is remembered."""
    agreed: bool
    """Whether the giver agreed to be named."""
    goods: tuple[tuple[str, int], ...]
    value: Fen


def read(desk: Desk, first: date, last: date) -> list[Gift]:
    """Every gift of business dates `first` to `last`, oldest first."""
    offset = desk.store.identity.utc_offset_minutes
    with desk.store.read() as connection:
        span = figures.entries(desk, connection, first, last)
        names = {good.code: good.name for good in catalogue.all_goods(connection)}
        agreed = consents.given(connection, "gift")
        found = (books.read_entry(connection, seq) for seq in periods.of_kinds(connection, span, ("receive", "cash")))
        gifts = (_gift(connection, entry, names, offset) for entry in found)
        return [replace(gift, agreed=str(gift.seq) in agreed) for gift in gifts if gift is not None]


def board(desk: Desk, by: Signatures, first: date, last: date) -> Sheet:
    """The board to hang out; whoever did not agree to be named is a friend of the village."""
    gifts = read(desk, first, last)
    rows = tuple(_row(gift) for gift in gifts)
    total: tuple[Cell, ...] = (Label("total"), "", "", Money(sum((gift.value for gift in gifts), Fen(0))))
    facts = (Fact("first-day", Day(first)), Fact("last-day", Day(last)))
    table = Table(("donor", "date", "given", "value"), rows, total)
    return paper.report(desk, by, "donor-board", facts, (table,))


def described(gift: Gift) -> str:
    """The goods of a gift; nothing for money."""
    return "，".join(f"{name} x{pieces}" for name, pieces in gift.goods)


def _row(gift: Gift) -> tuple[Cell, ...]:
    donor = gift.giver if gift.agreed and gift.giver else Label("anonymous")
    return donor, Day(gift.day), described(gift) or Label("given-money"), Money(gift.value)


def _gift(connection: Connection, entry: Entry, names: Mapping[str, str], offset: int) -> Gift | None:
    day = local_date(entry.at.wall, offset)
    match entry.body:
        case Receive(origin=Origin.DONATION, lines=lines):
            goods = tuple((names.get(line.good, line.good), line.quantity) for line in lines)
            value = sum((Fen(line.cost_fen) * line.quantity for line in lines), Fen(0))
            return Gift(entry.seq, day, deliveries.came_from(connection, entry.seq).giver, False, goods, value)
        case Cash(reason=CashReason.GIFT) if entry.transfers[0].destination.subject in _DONORS:
            giver = buyers.party(connection, entry.seq).name
            return Gift(entry.seq, day, giver, False, (), Fen(entry.transfers[0].quantity))
        case _:
            return None
