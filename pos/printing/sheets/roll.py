"""Pieces on the thermal printer's roll, as pictures: one paper each."""

from PIL import Image

from drivers.printer.document import Cut
from drivers.printer.escpos import INITIALISE, receipt_bytes
from drivers.printer.job import Job, tag_of
from drivers.printer.profile import PrinterProfile
from drivers.printer.raster import DPI, Font, raster_commands
from pos.printing.sheets.page import Piece


def job(name: str, piece: Piece, profile: PrinterProfile, font: Font) -> Job:
    """The piece in the middle of the paper, and a cut."""
    drawn = piece.on(DPI, font).image
    paper = Image.new("L", (profile.dots, drawn.height), 255)
    paper.paste(drawn, ((profile.dots - drawn.width) // 2, 0))
    end = receipt_bytes((Cut(),), profile, tag_of(name), font)
    return Job(name, INITIALISE + raster_commands(paper) + end)
