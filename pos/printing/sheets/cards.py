"""Household cards, 85.6 x 54 mm (ISO/IEC 7810 ID-1), and the same as a strip of the thermal printer's roll.

The QR code has modules of at least 0.6 mm, the Code 128 bars of at least 0.33 mm and 12 mm high, in code set C.
"""

from drivers.printer import code128
from drivers.printer.document import Align
from pos.counter.card_prints import CardFace
from pos.i18n import Words
from pos.printing.sheets.canvas import Canvas
from pos.printing.sheets.page import Piece

WIDTH, HEIGHT = 85.6, 54.0
STRIP_WIDTH, STRIP_HEIGHT = 48.0, 86.0
QR_MODULE, BAR_MODULE, BAR_HEIGHT = 0.6, 0.33, 12.0
"""mm."""


def card(face: CardFace, words: Words) -> Piece:
    """A card to be cut out of a sheet."""

    def draw(canvas: Canvas) -> None:
        canvas.text(4, 3.5, 56, face.store, 4.2, bold=True)
        canvas.text(60, 3.5, 21.6, words("printout.card"), 4.2, align=Align.RIGHT, bold=True)
        canvas.rule(4, 9.2, 81.6, 9.2)
        side = canvas.qr(1.5, 9.6, face.qr, QR_MODULE)
        left, width = 1.5 + side + 1, 81.6 - side - 2.5
        canvas.text(left, 11.5, width, face.name, 7.5, bold=True)
        canvas.text(
            left, 20.5, width, f"{words('printout.card-household', household=face.household)}  {face.group}", 3.6
        )
        version = words("printout.card-version", version=face.version)
        canvas.text(left, 25, width, f"{version}  {_telephone(face, words)}", 3)
        canvas.text(left, 28.8, width, words("printout.card-use"), 2.6, lines=2)
        _code(canvas, face, 34, 4, 77.6, 5)

    return Piece(WIDTH, HEIGHT, draw)


def strip(face: CardFace, words: Words) -> Piece:
    """A card on the roll, as wide as 58 mm paper prints."""

    def draw(canvas: Canvas) -> None:
        canvas.text(0, 1, STRIP_WIDTH, face.store, 4, align=Align.CENTRE)
        canvas.text(0, 6, STRIP_WIDTH, words("printout.card"), 5.5, align=Align.CENTRE, bold=True)
        side = canvas.qr((STRIP_WIDTH - 33 * canvas.module(QR_MODULE) * 25.4 / canvas.dpi) / 2, 12, face.qr, QR_MODULE)
        top = 12 + side
        canvas.text(0, top, STRIP_WIDTH, face.name, 8, align=Align.CENTRE, bold=True)
        household = words("printout.card-household", household=face.household)
        canvas.text(0, top + 10, STRIP_WIDTH, f"{household}  {face.group}", 4, align=Align.CENTRE)
        version = words("printout.card-version", version=face.version)
        canvas.text(0, top + 15, STRIP_WIDTH, f"{version}  {_telephone(face, words)}", 3.2, align=Align.CENTRE)
        _code(canvas, face, top + 20, 0, STRIP_WIDTH, 5)
        canvas.text(0, top + 41, STRIP_WIDTH, words("printout.card-fades"), 3, align=Align.CENTRE, lines=2)

    return Piece(STRIP_WIDTH, STRIP_HEIGHT, draw)


def _telephone(face: CardFace, words: Words) -> str:
    return words("printout.telephone", telephone=face.telephone) if face.telephone else ""


def _code(canvas: Canvas, face: CardFace, top: float, left: float, width: float, digits: float) -> None:
    """The bars, and below them the number in fours."""
    canvas.bars(left, top, width, code128.modules(face.number), BAR_MODULE, BAR_HEIGHT)
    number = " ".join(face.number[start : start + 4] for start in range(0, len(face.number), 4))
    canvas.text(left, top + BAR_HEIGHT + 0.8, width, number, digits, align=Align.CENTRE, bold=True)
