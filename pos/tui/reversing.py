"""冲正 from any screen that shows an entry: why, the keeper's own PIN again, a second person's above the limit."""

from pos.core.receipts import Receipt
from pos.core.reversal import ReversalReason
from pos.counter import reverse
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

    reasons = [(reason.value, words(f"reason.{reason}")) for reason in ReversalReason]
    till.choose(words("reverse.why", number=seq), reasons, because)
