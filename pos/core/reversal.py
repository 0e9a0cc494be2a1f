"""冲正: an entry taken back by a new one with every transfer turned round, once; nothing is edited or deleted.

A reversal is never reversed: `reversible` refuses it, and the store takes one reversal of an entry only.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from catalog.units import Points, round_half_up
from pos.core import accounts
from pos.core.accounts import POINTS
from pos.core.redemption import Redeem
from pos.core.refusals import JournalRefused, NotReversible
from pos.core.rights import pay_debt
from pos.core.transfers import Books, Decision, Key, Transfer, moved, touched
from pos.core.weigh_in import Payout, Weigh


class OfClosedDay(JournalRefused):
    """Its day is closed: goods handed out then are taken back, not the ticket."""

    code = "closed-day"


class AlreadyReturned(JournalRefused):
    """Goods of this ticket have been taken back, so that the ticket as a whole cannot be."""

    code = "already-returned"


class ReversalReason(StrEnum):
    """Why an entry is taken back; goods are sent back to who brought them, and tickets are not."""

    WRONG_HOUSEHOLD = "wrong-household"
    WRONG_ITEM = "wrong-item"
    WRONG_WEIGHT = "wrong-weight"
    CHANGED_MIND = "changed-mind"
    SENT_BACK = "sent-back"
    OTHER = "other"


OF_TICKETS = tuple(reason for reason in ReversalReason if reason is not ReversalReason.SENT_BACK)
OF_GOODS_IN = (ReversalReason.SENT_BACK, ReversalReason.WRONG_ITEM, ReversalReason.OTHER)


@dataclass(frozen=True, slots=True)
class Reverse:
    """The body of a reversal entry; `ref` is the number of the entry it takes back."""

    KIND: ClassVar[str] = "reverse"
    ref: int
    reason: ReversalReason
    household: str


def reversible(body: object) -> Weigh | Redeem:
    """The body, when entries of its kind are reversed. Raises `NotReversible`."""
    if not isinstance(body, Weigh | Redeem):
        raise NotReversible()
    return body


def worth(body: Weigh | Redeem) -> Points:
    """What taking it back moves, in points; above the shop's limit a second person agrees, whatever it was paid in."""
    if isinstance(body, Redeem):
        return body.price
    if body.payout is Payout.CASH:
        return body.points + Points(round_half_up(body.amount.amount * 100, body.fen_per_point))
    return body.points


def needs(household: str, transfers: Iterable[Transfer], by: str) -> set[Key]:
    """The balances a decision depends on."""
    own = (accounts.pending(household, by), accounts.points(household, by), accounts.debt(household, by))
    return touched(transfers) | {(account, POINTS) for account in own}


def decide(
    ref: int, body: Weigh | Redeem, transfers: tuple[Transfer, ...], reason: ReversalReason, books: Books, by: str
) -> Decision[Reverse]:
    """The reversal of entry `ref` with these `transfers`, last first.

    A household's points leg draws pending points, then points, then debt, so that what is already spent is owed and
    never silently lost; points that come back pay debt first. Raises `BelowFloor` when goods, materials, cash or a
    voucher to give back are gone.
    """
    seen = Books(books.keeper, books.balances)
    turned: list[Transfer] = []
    for transfer in reversed(transfers):
        legs = tuple(_legs(transfer.turned_round(), seen, by))
        seen.post(by, legs)
        turned.extend(legs)
    turned.extend(pay_debt(body.household, 0, seen, by))
    return Decision(Reverse(ref, reason, body.household), tuple(turned))


def _legs(turned: Transfer, books: Books, by: str) -> Iterable[Transfer]:
    if turned.source.kind not in ("pend", "pts"):
        yield turned
        return
    household, left = turned.source.subject, turned.quantity
    for account in (accounts.pending(household, by), accounts.points(household, by)):
        drawn = min(left, books.of(account, POINTS))
        left -= drawn
        yield from moved(account, turned.destination, POINTS, drawn)
    yield from moved(accounts.debt(household, by), turned.destination, POINTS, left)
