"""A receipt as a PDF or PNG file, from the facts that were stored with its entry: the same at any time."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from drivers.printer import raster
from drivers.printer.folder import write_whole
from pos import i18n
from pos.core.refusals import EntryUnknown, ReceiptFormat, ReceiptUnwritten
from pos.printing.preview import picture
from pos.storage import jobs
from pos.storage.store import Store

if TYPE_CHECKING:
    from drivers.printer.raster import Font

FORMATS = {".pdf": raster.pdf, ".png": raster.png}


def export(store: Store, number: str, target: Path, columns: int, font: "Font") -> None:
    """Write the receipt of entry `number`, as its paper has it or the sequence alone, as it was first printed.

    Raises `EntryUnknown`, `ReceiptFormat`, or `ReceiptUnwritten` with nothing of the file written.
    """
    form = FORMATS.get(target.suffix.lower())
    if form is None:
        raise ReceiptFormat(file=target.name)
    found = re.fullmatch(r"(?:.*-)?([0-9]{1,15})", number, re.ASCII)
    with store.read() as connection:
        papers = jobs.of_entry(connection, int(found[1])) if found else []
    paper = papers[0].paper if papers else None
    if paper is None or ("-" in number and paper.number != number):
        raise EntryUnknown(number=number)
    image = picture(paper, i18n.load(papers[0].language), columns, font)
    try:
        write_whole(target, form(image))
    except OSError as error:
        raise ReceiptUnwritten(file=target.name, detail=str(error)) from None
