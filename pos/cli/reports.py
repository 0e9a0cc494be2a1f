"""`pos report`: a report, a notice or a register as a spreadsheet, an A4 PDF or a picture."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pos.cli.common import Home, home_of, refusing

if TYPE_CHECKING:
    from pos.core.sheets import Sheet
    from pos.counter.desk import Desk
    from pos.reports.period import Period


class Name(StrEnum):
    """What may be asked for; a daily, monthly or yearly report by what its period is."""

    REPORT = "report"
    NOTICE = "notice"
    STOCK = "stock-book"
    RECEIVING = "receiving-book"
    STOCKTAKE = "stocktake-book"
    DAILY = "day-register"
    DONORS = "donors"


def report(
    name: Annotated[Name, typer.Argument(help="哪张报表 · Which one")],
    to: Annotated[Path, typer.Option("--to", help="写到 .xlsx、.pdf 或 .png 文件 · File to write", dir_okay=False)],
    day: Annotated[str, typer.Option("--day", help="2026-11-22")] = "",
    month: Annotated[str, typer.Option("--month", help="2026-11")] = "",
    year: Annotated[str, typer.Option("--year", help="2026")] = "",
    total: Annotated[str, typer.Option("--total", help="公示 · Notice: earned | spent | held")] = "earned",
    profile: Annotated[str, typer.Option("--profile", help="公示 · Notice: masked | number")] = "masked",
    home: Home = None,
) -> None:
    """把报表、公示或台账导出成表格或 PDF · Write a report, a notice or a register as a file."""
    if bool(day) + bool(month) + bool(year) != 1:
        raise typer.BadParameter("请给出 --day、--month 或 --year · Give --day, --month or --year")
    if total not in ("earned", "spent", "held") or profile not in ("masked", "number"):
        raise typer.BadParameter("--total earned|spent|held, --profile masked|number")
    from drivers.printer.raster import find_font
    from pos import i18n
    from pos.clock import Clock
    from pos.core.stock_policy import StockPolicy
    from pos.counter.desk import Desk
    from pos.printing.export import export_sheet
    from pos.reports.period import parse
    from pos.station import read_settings
    from pos.storage.store import open_store

    period = parse(day or month or year)
    if period is None or period.text != (day or month or year) or period.span != _span(day, month):
        raise typer.BadParameter(day or month or year)
    folder = home_of(home)
    with refusing():
        settings = read_settings(folder)
        store = open_store(folder)
        try:
            near = StockPolicy(near_days=settings.stock.near_days)
            desk = Desk(store, Clock(), settings.language, stock_policy=near)
            sheet = _sheet(desk, name, period, total, profile)
            export_sheet(sheet, i18n.load(settings.language), to, find_font())
        finally:
            store.close()
    typer.echo(str(to))


def _span(day: str, month: str) -> str:
    return "day" if day else "month" if month else "year"


def _sheet(desk: "Desk", name: Name, period: "Period", total: str, profile: str) -> "Sheet":
    """Nobody is logged in here: what may show whole names is made at the counter alone."""
    from pos.core.entries import Signatures
    from pos.reports import donors, notices, registers, summary

    by, first, last = Signatures(""), period.first, period.last
    match name:
        case Name.REPORT:
            return summary.sheet(desk, by, summary.read(desk, period))
        case Name.NOTICE:
            return notices.notice(desk, by, first, last, notices.Total(total), notices.Profile(profile))
        case Name.DONORS:
            return donors.board(desk, by, first, last)
        case _:
            return registers.register(desk, by, registers.Register(name.value), first, last)
