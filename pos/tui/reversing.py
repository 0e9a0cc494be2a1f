"""冲正 from any screen that shows an entry: why, the keeper's own PIN again, a second person's above the limit."""

from pos.core.receipts import Receipt
from pos.core.reversal import OF_GOODS_IN, OF_TICKETS, ReversalReason
from pos.core.sheets import Sheet
from pos.counter import receiving, reverse
from pos.tui.base import Front


def ask_reversal(front: Front[None], seq: int) -> None:
    """Take entry `seq` back, after all the questions; the reversal's receipt comes up."""
    words, till = front.words, front.till
    desk = till.station.desk

    def because(reason: str) -> None:
        till.approve(lambda _: write(ReversalReason(reason)), words("reverse.own-pin", number=seq), own=True)

    def write(reason: ReversalReason) -> None:
        front.commit(lambda by: reverse.reverse(desk, by, seq, reason), done)

    def done(receipt: Receipt) -> None:
        till.show_receipt(receipt)

    reasons = [(reason.value, words(f"reason.{reason}")) for reason in OF_TICKETS]
    till.choose(words("reverse.why", number=seq), reasons, because)


def ask_send_back(front: Front[None], seq: int) -> None:
    """Take receiving note `seq` back: why, and a second person; the paper that says so comes up."""
    words, till = front.words, front.till
    desk = till.station.desk

    def because(reason: str) -> None:
        front.commit(lambda by: receiving.send_back(desk, by, seq, ReversalReason(reason)), done)

    def done(sheet: Sheet) -> None:
        till.show_paper(sheet)

    reasons = [(reason.value, words(f"reason.{reason}")) for reason in OF_GOODS_IN]
    till.choose(words("receive.send-back", number=seq), reasons, because)
