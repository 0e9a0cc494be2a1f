"""A print job: a document or a drawer pulse made into bytes, completely, before anything is sent."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from drivers.printer.document import Document
from drivers.printer.escpos import drawer_pulse, receipt_bytes
from drivers.printer.layout import Laid, lay_out, nothing
from drivers.printer.profile import PrinterProfile

if TYPE_CHECKING:
    from drivers.printer.raster import Font


@dataclass(frozen=True, slots=True)
class Job:
    """What goes to the printer in one piece; `name` names the files where the printer is a folder."""

    name: str
    data: bytes
    laid: tuple[Laid, ...] = ()


def receipt_job(name: str, document: Document, profile: PrinterProfile, font: "Font | None" = None) -> Job:
    """The job that prints a document. Raises `FontMissing` for a printer without Chinese characters."""
    laid = lay_out(document, profile.columns, profile.charset, font.has if font else nothing)
    return Job(name, receipt_bytes(laid, profile, font), laid)


def drawer_job(name: str, profile: PrinterProfile) -> Job:
    """The job that opens the cash drawer, never part of a receipt so that a reprint cannot open it."""
    return Job(name, drawer_pulse(profile))
