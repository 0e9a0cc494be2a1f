"""How the lines of an open ticket read on screen."""

from typing import assert_never

from catalog.goods import Good, Service
from catalog.prices import ByPiece, ByWeight, EveryPieces, MaterialPrice
from catalog.units import Fen, Points
from pos.core.redemption import PickedService, Rules
from pos.core.weigh_in import MANUAL, CountedLine, Line, PooledLine, WeighedLine
from pos.i18n import Words
from pos.tui.weight_words import kilograms
from pos.tui.widgets.cells import left, right
from pos.tui.widgets.ticket import Row

NAME = 14
"""Cells of a material's name."""
GOOD = 22
"""Cells of a good's name."""


def key_price(words: Words, of: MaterialPrice | None) -> str:
    """A material's price, short enough for a key."""
    match of:
        case ByWeight(fen_per_kg=fen):
            return str(Fen(fen))
        case ByPiece(fen_per_piece=fen):
            return words("weigh.per-piece", price=Fen(fen))
        case EveryPieces(pieces=pieces):
            return words("weigh.every", pieces=pieces)
        case None:
            return words("ticket.no-price")
        case _:
            assert_never(of)


def unit_price(words: Words, of: MaterialPrice | None) -> str:
    """A material's price with its unit."""
    return words("weigh.per-kilogram", price=Fen(of.fen_per_kg)) if isinstance(of, ByWeight) else key_price(words, of)


def weigh_row(words: Words, name: str, line: Line) -> Row:
    """A line of a weigh-in."""
    match line:
        case WeighedLine():
            sums = words(
                "weigh.line",
                gross=right(kilograms(line.gross), 7),
                tare=right(kilograms(line.tare), 5),
                net=right(kilograms(line.net), 7),
                price=Fen(line.fen_per_kg),
            )
            return Row(f"{left(name, NAME)} {sums}{_marks(words, line)}", str(line.amount))
        case CountedLine():
            sums = words("weigh.line-pieces", pieces=line.pieces, price=Fen(line.fen_per_piece))
            return Row(f"{left(name, NAME)} {sums}", str(line.amount))
        case PooledLine():
            sums = words("weigh.line-pooled", pieces=line.pieces, every=line.every, carried=line.carried)
            return Row(f"{left(name, NAME)} {sums}", words("ticket.points", points=line.points))
        case _:
            assert_never(line)


def _marks(words: Words, line: WeighedLine) -> str:
    deducted = f" {words('weigh.deducted', percent=line.deduction)}" if line.deduction else ""
    return deducted + (f" {words('weigh.manual')}" if line.evidence.criterion == MANUAL else "")


def offer_row(words: Words, good: Good, points: Points | None, on_hand: int, taken: int) -> Row:
    """A good that the search found: price, stock and limit."""
    cost = words("ticket.no-price") if points is None else str(points)
    stock = words("redeem.on-hand", pieces=on_hand) if on_hand else words("redeem.sold-out")
    limit = ""
    if good.monthly_limit is not None:
        limit = words("redeem.limit", limit=good.monthly_limit, taken=taken)
    over = good.monthly_limit is not None and taken >= good.monthly_limit
    text = f"{left(good.code.upper(), 5)} {left(good.name, GOOD)} {right(cost, 8)}  {left(stock, 8)} {limit}"
    return Row(text, "", "refused" if points is None or not on_hand or over else "")


def good_row(words: Words, good: Good | None, code: str, quantity: int, points: Points | None, tone: str) -> Row:
    """A line of a redemption."""
    name, unit = (good.name, good.unit) if good else (code.upper(), "")
    each = words("ticket.no-price") if points is None else str(points)
    text = f"{left(name, GOOD)} {right(str(quantity), 4)} {left(unit, 4)} × {right(each, 8)}"
    return Row(text, str(points * quantity) if points else "", tone)


def service_offer_row(words: Words, service: Service, points: Points | None) -> Row:
    """A service that the search found: its price, and how it is taken."""
    cost = words("ticket.no-price") if points is None else str(points)
    how = words("redeem.booked", places=service.places) if service.places else words("redeem.by-voucher")
    text = f"{left(service.code.upper(), 5)} {left(service.name, GOOD)} {right(cost, 8)}  {how}"
    return Row(text, "", "refused" if points is None else "")


def service_row(rules: Rules, picked: PickedService) -> Row:
    """A service on a redemption, and the day that it is booked for."""
    service, points = rules.services.get(picked.service), rules.book.services.get(picked.service)
    name, unit = (service.name, service.unit) if service else (picked.service.upper(), "")
    day = picked.slot.isoformat() if picked.slot else ""
    tone = "refused" if points is None else ""
    return Row(f"{left(name, GOOD)}    1 {left(unit, 4)} × {right(str(points), 8)}  {day}", str(points), tone)
