"""A print job: a document or a drawer pulse made into bytes, completely, before anything is sent."""

import zlib
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
    """What goes to the printer in one piece; `name` names the files where the printer is a folder.

    date: the folder's part that the files go to. replaces: names of the jobs that this one is a copy of.
    """

    name: str
    data: bytes
    laid: tuple[Laid, ...] = ()
    date: str = ""
    replaces: tuple[str, ...] = ()

    @property
    def tag(self) -> bytes:
        """Four characters by which a printer's answer names this job."""
        return tag_of(self.name)


def tag_of(name: str) -> bytes:
    """Four printable characters made from a job's name."""
    number = zlib.crc32(name.encode())
    return bytes(0x30 + (number >> shift & 0x3F) for shift in (0, 6, 12, 18))


def receipt_job(
    name: str,
    document: Document,
    profile: PrinterProfile,
    font: "Font | None" = None,
    *,
    date: str = "",
    replaces: tuple[str, ...] = (),
) -> Job:
    """The job that prints a document. Raises `FontMissing` for a printer without Chinese characters."""
    laid = lay_out(document, profile.columns, profile.charset, font.has if font else nothing)
    return Job(name, receipt_bytes(laid, profile, tag_of(name), font), laid, date, replaces)


def drawer_job(name: str, profile: PrinterProfile) -> Job:
    """The job that opens the cash drawer, never part of a receipt so that a reprint cannot open it."""
    return Job(name, drawer_pulse(profile, tag_of(name)))
