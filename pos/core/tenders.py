"""How a redemption is paid: points first, cash for the rest as the village decided, and the change."""

from collections.abc import Iterable

from catalog.prices import Tender, Terms
from catalog.units import Fen, Points, round_half_up
from pos.core.redeem_refusals import CashOnly, CashShort, TooMuchCash
from pos.core.store_policy import StorePolicy


def split(price: Points, available: Points, terms: Terms, cash_step: Fen) -> Tender:
    """Points in whole steps first, the rest in cash rounded half-up to `cash_step`."""
    tender = Tender.split(price, available, terms)
    steps = round_half_up(tender.cash.amount, cash_step.amount)
    return Tender(tender.points, cash_step * steps)


def check_share(tender: Tender, price: Points, lines: Iterable[tuple[str, Points]], policy: StorePolicy) -> None:
    """Raises `CashOnly`, or `TooMuchCash` below the points that the lines (good, and its price in full) ask for.

    A discount lowers what a line asks for as it lowers its price.
    """
    if tender.points >= price:
        return
    if not tender.points:
        raise CashOnly()
    shares = [(total.amount, policy.rule(good).points_percent) for good, total in lines]
    full = sum(total for total, _ in shares)
    least = Points(-(-sum(total * percent for total, percent in shares) * price.amount // (full * 100)))
    if tender.points < least:
        raise TooMuchCash(least=least, points=tender.points)


def change(cash: Fen, given: Fen) -> Fen:
    """What goes back of the money `given`; nothing where nobody counted it in. Raises `CashShort`."""
    if not given:
        return Fen(0)
    if given < cash:
        raise CashShort(cash=cash, given=given)
    return given - cash
