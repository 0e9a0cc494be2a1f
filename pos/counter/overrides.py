"""An override of stock: goods that lie on the shelf although the books have too few. Two people, a reason, an act."""

from datetime import date

from pos.core.acts import Act, ActCode
from pos.core.entries import Signatures
from pos.core.redemption import Draft, Redeem, Rules
from pos.core.refusals import ReasonMissing
from pos.core.stock_refusals import GoodsExpired
from pos.core.transfers import Decision
from pos.counter.desk import Desk
from pos.storage import shelves
from pos.storage.books import Transaction, Written


def found(tx: Transaction, decision: Decision[Redeem], draft: Draft, rules: Rules, on: date) -> list[str]:
    """The goods of which a redemption hands out more than the books have, their village's lot made ready.

    Raises `ReasonMissing`; `GoodsExpired` where what lies on the shelf is an expired lot, which nobody may hand out.
    """
    goods = [
        move.commodity.partition(":")[2]
        for move in decision.transfers
        if (move.source.kind, move.source.subject) == ("in", "found")
    ]
    if goods and draft.override_reason is None:
        raise ReasonMissing()
    for good, last in shelves.expired(tx.connection, goods, on).items():
        raise GoodsExpired(item=rules.goods[good].name, expiry=last)
    shelves.keep_found(tx.connection, tx.writer, goods)
    return goods


def record(desk: Desk, tx: Transaction, by: Signatures, sold: Written, draft: Draft, goods: list[str]) -> None:
    """Write the act of each good handed out so."""
    for good in goods:
        act = Act(ActCode.OVERRIDE, good, sold.entry.seq, reason=str(draft.override_reason))
        tx.append(desk.now(), by, Decision(act, ()))
