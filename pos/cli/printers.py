"""`pos devices test printer` and `pos receipt export`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pos.cli.common import Home, both, complain, home_of, refusing, say

if TYPE_CHECKING:
    from drivers.printer.printer import Printer
    from drivers.printer.profile import PrinterProfile
    from pos.config import PrinterConfig
    from pos.i18n import Words
    from pos.printing.self_test import Seen

trials = typer.Typer(no_args_is_help=True, help="试一试设备 · Try a device out")
receipt = typer.Typer(no_args_is_help=True, help="小票 · Receipts")


@trials.command("printer")
def try_printer(
    url: Annotated[str | None, typer.Option("--url", help="试这个地址并记下 · Try this address, and store it")] = None,
    home: Home = None,
) -> None:
    """打印测试页，问几个问题，记下打印机的本事 · Print a test page, ask what came out, and store it."""
    from pos import config, i18n
    from pos.core.refusals import SettingsWrong
    from pos.station import printer_of, read_settings

    folder = home_of(home)
    with refusing():
        station = read_settings(folder)
        section = _section(station.printer, url)
        tried = _print_page(printer_of(folder, section), i18n.load(station.language))
        found: dict[str, str | int | bool | None] = {"url": section.url}
        if not section.url.startswith("folder:"):
            found |= _judged(tried)
        elif url is None:
            return
        try:
            config.put_printer(folder, found)
        except config.ConfigError as error:
            raise SettingsWrong(file=error.path.name, detail=error.detail) from None
    typer.echo("\n".join(f"{key} = {value}" for key, value in found.items() if value is not None))
    say("printer-test.stored", file=folder / config.FILE)


@receipt.command("export")
def export_receipt(
    number: Annotated[str, typer.Argument(help="单号，或最后一段数字 · Receipt number, or its last part")],
    to: Annotated[Path, typer.Option("--to", help="写到 .pdf 或 .png 文件 · File to write", dir_okay=False)],
    home: Home = None,
) -> None:
    """把小票导出成 PDF 或图片 · Write a receipt as a PDF or a picture."""
    from drivers.printer.raster import find_font
    from pos.printing.export import export
    from pos.station import read_settings
    from pos.storage.store import open_store

    font = find_font()
    if font is None:
        complain("fault.font-missing")
        raise typer.Exit(1)
    with refusing():
        printer = read_settings(home_of(home)).printer
        store = open_store(home_of(home))
        try:
            export(store, number, to, printer.columns if printer else 32, font)
        finally:
            store.close()
    typer.echo(str(to))


def _section(known: "PrinterConfig | None", url: str | None) -> "PrinterConfig":
    """The printer's settings, at another address if one is given."""
    import msgspec

    from pos.config import PrinterConfig

    if known is not None:
        return msgspec.structs.replace(known, url=url or known.url)
    if url is None:
        complain("printout.no-printer")
        raise typer.Exit(1)
    return PrinterConfig(url=url)


def _print_page(printer: "Printer", words: "Words") -> "PrinterProfile":
    """Find out what the printer answers and print the page; the profile it was printed with."""
    from drivers.printer.job import receipt_job
    from drivers.printer.printer import Confirmed, NotSent, Sent, Unknown
    from drivers.printer.raster import find_font
    from pos.printing import self_test

    abilities = printer.probe()
    if abilities.trouble:
        _explain(abilities.trouble)
        raise typer.Exit(1)
    tried = self_test.trial(printer.profile, abilities)
    printer.profile = tried
    page = self_test.page(tried, words)
    match printer.send(receipt_job(self_test.NAME, page, tried, find_font()), lambda: None):
        case Confirmed():
            say("printer-test.confirmed")
        case Sent():
            say("printer-test.sent")
        case Unknown(code=code):
            _explain(code)
        case NotSent(code=code):
            _explain(code)
            raise typer.Exit(1)
    return tried


def _judged(tried: "PrinterProfile") -> "dict[str, str | int | bool | None]":
    """What to store, by what the person at the printer finds on the page."""
    from drivers.printer.raster import find_font
    from pos.printing import self_test

    seen, font = _ask(), find_font()
    if not seen.chinese and font is None:
        say("fault.font-missing")
    return self_test.settings(tried, seen, font=font is not None)


def _ask() -> "Seen":
    """What the person at the printer finds on the page."""
    from pos.printing.self_test import GBK_ONLY, Seen

    def yes(message: str, **fields: str) -> bool:
        return typer.confirm(" · ".join(words(message, **fields) for words in both()))

    chinese = yes("printer-test.ask-chinese")
    return Seen(
        chinese=chinese,
        rare=chinese and yes("printer-test.ask-rare", sample=GBK_ONLY),
        edges=yes("printer-test.ask-edges"),
        cut=yes("printer-test.ask-cut"),
        code=yes("printer-test.ask-code"),
    )


def _explain(cause: str) -> None:
    from pos.printing.state import explain

    for words in both():
        typer.echo(explain(cause, words), err=True)
