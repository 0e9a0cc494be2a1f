"""Papers as files: a receipt as it was first printed, the same at any time, and a sheet as a spreadsheet or a PDF."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from drivers.printer import raster
from drivers.printer.folder import write_whole
from pos import i18n
from pos.core.refusals import EntryUnknown, ReceiptFormat, ReceiptUnwritten
from pos.core.sheets import FontMissing, Sheet, SheetFormat
from pos.i18n import Words
from pos.printing.lines import WIDE
from pos.printing.preview import picture
from pos.printing.spreadsheet import workbook
from pos.storage import jobs
from pos.storage.store import Store

if TYPE_CHECKING:
    from drivers.printer.raster import Font

FORMATS = {".pdf": raster.pdf, ".png": raster.png}
SHEET_FORMATS = (".xlsx", ".pdf", ".png")
EXPORTS = "exports"
"""Folder of a store where its files to take away lie."""


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
    _write(target, form(picture(paper, i18n.load(papers[0].language), columns, font)))


def export_sheet(sheet: Sheet, words: Words, target: Path, font: "Font | None") -> None:
    """Write a sheet as an `.xlsx` workbook, as A4 pages in a `.pdf`, or as a `.png` of the paper.

    Raises `SheetFormat`, `FontMissing` where it has to be drawn, or `ReceiptUnwritten` with nothing written.
    """
    suffix = target.suffix.lower()
    if suffix not in SHEET_FORMATS:
        raise SheetFormat(file=target.name)
    if suffix == ".xlsx":
        _write(target, workbook(sheet, words))
    elif font is None:
        raise FontMissing()
    elif suffix == ".png":
        _write(target, raster.png(picture(sheet, words, WIDE, font)))
    else:
        from pos.printing.sheets import lists, page

        _write(target, page.pdf(list(lists.pages(sheet, words, font))))


def into_folder(sheet: Sheet, words: Words, folder: Path, suffix: str, font: "Font | None") -> Path:
    """Write it into the store's folder for files to take away, named after what it is and when it was made."""
    digits = re.sub(r"[^0-9]", "", sheet.time)
    name = f"{words(f'sheet.{sheet.title}')}-{sheet.number or digits}{suffix}"
    target = folder / EXPORTS / name.replace("/", "-")
    try:
        target.parent.mkdir(exist_ok=True)
    except OSError as error:
        raise ReceiptUnwritten(file=target.name, detail=str(error)) from None
    export_sheet(sheet, words, target, font)
    return target


def _write(target: Path, data: bytes) -> None:
    try:
        write_whole(target, data)
    except OSError as error:
        raise ReceiptUnwritten(file=target.name, detail=str(error)) from None
