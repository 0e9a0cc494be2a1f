"""What is asked wherever something is counted: an amount of cash, pieces, and why it is not what the books say."""

from collections.abc import Callable, Sequence

from catalog.units import Fen
from pos.core.closing import CASH_REASONS, GOODS_REASONS, DifferenceReason
from pos.tui import parts
from pos.tui.base import Front
from pos.tui.number import NumberDialog, whole

MOST_PIECES = 99_999


def ask_cash(front: Front[None], expected: Fen, then: Callable[[Fen, str], object]) -> None:
    """What lies in the drawer, and why it is not what it should be when it is not."""
    words, amount = front.words, parts.yuan("cash")

    def parse(text: str) -> Fen | None:
        value = amount.value(text)
        return value if isinstance(value, Fen) else None

    def counted(fen: Fen | None) -> None:
        if fen == expected:
            then(expected, "")
        elif fen is not None:
            text = words("count.cash-differs", difference=fen - expected)
            _ask_reason(front, text, CASH_REASONS, lambda reason: then(fen, reason))

    dialog = NumberDialog(words("count.cash"), words("unit.yuan"), parse, words("form.not-a-figure"))
    front.app.push_screen(dialog, counted)


def ask_pieces(front: Front[None], name: str, book: int, then: Callable[[int, str], object]) -> None:
    """How many of a good lie on the shelf, and why it is not what the book says when it is not."""
    words = front.words

    def counted(pieces: int | None) -> None:
        if pieces == book:
            then(book, "")
        elif pieces is not None:
            text = words("count.good-differs", item=name, book=book, counted=pieces)
            _ask_reason(front, text, GOODS_REASONS, lambda reason: then(pieces, reason))

    wrong = words("refused.quantity-range", most=MOST_PIECES)
    dialog = NumberDialog(words("count.good", item=name), words("unit.pieces"), whole(0, MOST_PIECES), wrong)
    front.app.push_screen(dialog, counted)


def _ask_reason(
    front: Front[None], text: str, reasons: Sequence[DifferenceReason], then: Callable[[str], object]
) -> None:
    front.till.choose(text, [(each.value, front.words(f"why.{each}")) for each in reasons], then)
