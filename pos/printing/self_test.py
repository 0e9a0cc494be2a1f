"""A printer's set-up: the page that shows what it can do, and the settings that follow from what was seen on it."""

from dataclasses import dataclass, replace

from drivers.printer.address import CupsQueue, WindowsQueue, address
from drivers.printer.document import Align, Barcode, Block, Cell, Cut, Document, Feed, Qr, Row, Rule, Size, Text
from drivers.printer.printer import Abilities
from drivers.printer.profile import Confirm, PrinterProfile
from pos.i18n import Words

HANZI = "积分兑换超市 称重回收"
GBK_ONLY = "镕喆犇垚祎赟翀昇"
"""Hanzi of names that GBK has and GB2312 has not."""

QR_TEXT, BARCODE = "V1/TEST/0123456789", "123456789012"
"""What the codes on the page say."""

SIGNS = "￥·—…“”①℃×±√★"
NAME = "printer-test"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a person found on the page."""

    chinese: bool
    rare: bool
    edges: bool
    cut: bool
    code: bool


def trial(profile: PrinterProfile, found: Abilities) -> PrinterProfile:
    """The profile to print the page with: it tries everything that a person can judge."""
    if isinstance(address(profile.url), WindowsQueue | CupsQueue):
        known = replace(profile, status=None, confirm="none")
    else:
        known = replace(profile, status=found.real_time, confirm=_confirm(found), model=found.model)
    return replace(
        known, charset="gb18030" if profile.charset == "gb18030" else "gbk", raster=False, qr=True, cutter=True
    )


def page(profile: PrinterProfile, words: Words) -> Document:
    """Ruler, hanzi, sizes, columns, QR code, barcode and cut."""
    width = profile.columns
    sizes: list[Block] = [Text(f"{size.wide}x{size.high} 积分 Ab12", size=size) for size in Size]
    blocks: list[Block] = [
        Text(words("printer-test.title"), Align.CENTRE, bold=True, size=Size.TALL),
        Text(words("printer-test.about", model=profile.model or "-", columns=width, charset=profile.charset)),
        Text(f"|{'-' * (width - 2)}|"),
        Text("".join(str(column % 10) for column in range(1, width + 1))),
        Text(HANZI),
        Text(HANZI, bold=True),
        Text(GBK_ONLY),
        Text(SIGNS),
        *sizes,
        Rule(),
        Row((Cell(words("printer-test.row")), Cell("1,234,567.89", align=Align.RIGHT))),
        Row((Cell("ABC abc 012"), Cell("-0.50", align=Align.RIGHT)), bold=True),
        Rule(),
        Qr(QR_TEXT),
        Barcode(BARCODE),
        Feed(),
        Cut(),
    ]
    return Document(tuple(blocks))


def settings(tried: PrinterProfile, seen: Seen, *, font: bool) -> dict[str, str | int | bool | None]:
    """What to store in the printer's section; None takes a key out. Without Chinese characters of its own it is sent
    pictures, if there is a `font` to draw them with.
    """
    return {
        "columns": tried.columns if seen.edges else 80 - tried.columns,
        "charset": tried.charset if seen.rare else "gb2312",
        "cutter": seen.cut,
        "qr": seen.code,
        "raster": not seen.chinese and font,
        "status": tried.status,
        "confirm": tried.confirm,
        "model": tried.model or None,
    }


def _confirm(found: Abilities) -> Confirm:
    if found.tagged:
        return "gs_h"
    return "gs_r" if found.queued else "none"
