"""新商品: a good that the store has not had before, with a price by the village's rule, until a second person agrees.

Without a price in the book a good can be received and counted, and not redeemed: that is what pending means. Approval
publishes the book anew, in force from the next opening, as every price is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Table

from catalog.goods import Good
from catalog.prices import GoodPrice, Terms, priced_by_rule
from catalog.units import Fen
from pos.core.acts import Act, ActCode
from pos.core.entries import Signatures
from pos.core.people import SERVES
from pos.core.stock_refusals import BarcodeTaken, NothingPending
from pos.core.transfers import Decision
from pos.counter import prices
from pos.counter.desk import Desk, check_signatures
from pos.counter.setup import good_row
from pos.storage import catalogue, deliveries, rows
from pos.storage import tables as t
from pos.storage.deliveries import Proposal
from pos.storage.rows import digest

NAMES_GOODS = SERVES
"""Who may propose a new good and its price, and who may agree to another's."""


@dataclass(frozen=True, slots=True)
class NewGood:
    """What a keeper says of a good that is not in the catalogue."""

    name: str
    unit: str
    cost: Fen
    """What one piece costs."""
    barcode: str = ""
    monthly_limit: int | None = None
    price: GoodPrice | None = None
    """None: by the village's rule."""


def terms(desk: Desk) -> Terms:
    """The terms that the village's rule goes by today. Raises `PriceMissing` before its first ones."""
    with desk.store.read() as connection:
        return catalogue.terms_in_force(connection, desk.today())


def by_rule(desk: Desk, cost: Fen, agreed: Terms) -> GoodPrice:
    """The price that the village's rule gives for a cost."""
    return priced_by_rule(cost, desk.stock_policy.markup_percent, agreed)


def propose(desk: Desk, by: Signatures, new: NewGood) -> str:
    """Put a new good into the catalogue, its price pending, and return its code. Raises `BarcodeTaken`."""
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, roles=NAMES_GOODS)
        known = {good.code: good for good in catalogue.all_goods(tx.connection)}
        for other in known.values():
            if new.barcode in other.barcodes:
                raise BarcodeTaken(barcode=new.barcode, item=other.name)
        code = next(code for number in range(1, 100_000) if (code := f"g{number:03d}") not in known)
        price = new.price or by_rule(desk, new.cost, catalogue.terms_in_force(tx.connection, desk.today()))
        good = Good(
            code, new.name, new.unit, (new.barcode,) if new.barcode else (), initials(new.name), new.monthly_limit
        )
        for table, row in _rows(good, new.cost, price, by):
            rows.save(tx.connection, table, [row])
            act = Act(ActCode.REFERENCE, str(table.name), digest=digest([row]))
            tx.append(desk.now(), by, Decision(act, ()))
    return code


def pending(desk: Desk) -> list[Proposal]:
    """Prices that wait for a second person."""
    with desk.store.read() as connection:
        return deliveries.proposals(connection)


def approve(desk: Desk, by: Signatures, good: str) -> None:
    """Agree to a pending price, which takes somebody else than who proposed it. Raises `NothingPending`.

    Every book that will be in force from today on gets a new version with it.
    """
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, roles=NAMES_GOODS)
        found = next((each for each in deliveries.proposals(tx.connection) if each.good == good), None)
        if found is None:
            raise NothingPending()
        check_signatures(tx.connection, by, two=by.operator == found.by, roles=NAMES_GOODS)
        for book in prices.books_from(tx.connection, desk.today()):
            prices.publish(desk, by, tx, replace(book, goods={**book.goods, good: found.price}))
        deliveries.settle_proposal(tx.connection, good)


def initials(name: str) -> str:
    """Pinyin initials of a name, for the keypad search."""
    # Its dictionaries take a moment to load, and only a new good needs them.
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER, errors="ignore"))


def goods(desk: Desk) -> list[Good]:
    """Every good of the catalogue, by code."""
    with desk.store.read() as connection:
        return catalogue.all_goods(connection)


def _rows(good: Good, cost: Fen, price: GoodPrice, by: Signatures) -> Iterator[tuple[Table, dict[str, Any]]]:
    yield t.goods, good_row(good)
    for barcode in good.barcodes:
        yield t.barcodes, {"barcode": barcode, "good": good.code}
    priced = {"points": price.points.amount, "shelf": price.shelf.amount}
    yield t.proposals, {"good": good.code, "cost_fen": cost.amount, **priced, "by": by.operator}
