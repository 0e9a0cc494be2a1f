"""Shelf labels: what a good is called, what it costs in points, and its barcode."""

from barcode import EAN8, EAN13

from catalog.goods import Good
from catalog.prices import GoodPrice
from drivers.printer.document import Align
from pos.counter.price_list import PriceList
from pos.i18n import Words
from pos.printing.figures import plain
from pos.printing.sheets.canvas import Canvas
from pos.printing.sheets.page import Piece

WIDTH, HEIGHT = 64.0, 38.0
ROLL_WIDTH = 48.0
BAR_MODULE, BAR_HEIGHT = 0.33, 9.0
"""mm; the nominal module of GTIN barcodes (GS1 General Specifications, 5.2.6.6)."""


def labels(prices: PriceList, words: Words, width: float = WIDTH) -> list[Piece]:
    """A label for each good; `width` mm, on the roll `ROLL_WIDTH`."""
    return [_label(good, price, prices, words, width) for good, price in prices.goods]


def _label(good: Good, price: GoodPrice, prices: PriceList, words: Words, width: float) -> Piece:
    inner = width - 4

    def draw(canvas: Canvas) -> None:
        canvas.text(2, 2, inner, good.name, 4.4, bold=True, lines=2)
        split = inner * 0.56
        canvas.text(2, 11.5, split, plain(price.points), 8.6, align=Align.RIGHT, bold=True)
        canvas.text(3.5 + split, 11.8, inner - split - 1.5, words("printout.points-each", unit=good.unit), 4.4)
        shelf_price = words("printout.shelf-price", yuan=plain(price.shelf))
        canvas.text(3.5 + split, 17.2, inner - split - 1.5, shelf_price, 2.6)
        if good.barcodes:
            canvas.bars(0, 21.5, width, _bars(good.barcodes[0]), BAR_MODULE, BAR_HEIGHT)
            canvas.text(2, 30.8, inner, good.barcodes[0], 2.6, align=Align.CENTRE)
        since = words("printout.effective", date=prices.effective.isoformat())
        canvas.text(2, 34, inner * 0.74, f"{since}  {words('printout.book', book=prices.version)}", 2.4)
        canvas.text(2 + inner * 0.74, 34, inner * 0.26, good.code, 2.4, align=Align.RIGHT)

    return Piece(width, HEIGHT, draw)


def _bars(barcode: str) -> str:
    """The ones and zeros of a GTIN; a UPC-A is the EAN-13 that begins with 0."""
    kind = EAN8 if len(barcode) == 8 else EAN13
    return str(kind(barcode.zfill(13) if len(barcode) == 12 else barcode).build()[0])
