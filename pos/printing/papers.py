"""Whatever a job puts on paper, as a document: a receipt or a sheet."""

from drivers.printer.document import Document
from pos.core.receipts import Receipt
from pos.core.sheets import Paper
from pos.i18n import Words
from pos.printing.tables import sheet_document
from pos.printing.wording import Copy, document


def paper_document(paper: Paper, words: Words, copy: Copy | None, columns: int) -> Document:
    """The paper for 32 or 48 columns; `copy` is None for the original."""
    if isinstance(paper, Receipt):
        return document(paper, words, copy, columns)
    return sheet_document(paper, words, copy, columns)
