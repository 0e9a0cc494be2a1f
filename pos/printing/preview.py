"""A receipt as lines of text: what paper shows, for the screen and the demo."""

from collections.abc import Callable

from drivers.printer.layout import lay_out, nothing
from drivers.printer.plain import plain_text
from pos.core.receipts import Receipt
from pos.i18n import Words
from pos.printing.wording import Copy, document


def preview(
    receipt: Receipt,
    words: Words,
    columns: int,
    copy: Copy | None = None,
    drawable: Callable[[str], bool] = nothing,
) -> list[str]:
    """The lines that paper of 32 or 48 columns shows; `drawable` says which rare characters a font can draw there."""
    return plain_text(lay_out(document(receipt, words, copy, columns), columns, drawable=drawable), columns)
