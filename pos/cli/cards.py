"""What is printed beside receipts: `pos card print`, `pos labels print`, `pos board print`."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from pos.cli.common import Home, both, home_of, refusing

if TYPE_CHECKING:
    from PIL.Image import Image

    from drivers.printer.job import Job
    from drivers.printer.printer import Printer
    from drivers.printer.profile import PrinterProfile
    from drivers.printer.raster import Font
    from pos.config import StationConfig
    from pos.core.entries import Signatures
    from pos.counter.card_prints import CardFace
    from pos.counter.desk import Desk
    from pos.counter.price_list import PriceList
    from pos.i18n import Words
    from pos.printing.sheets.boards import Board

    _Paper = tuple[Job, Callable[[], None]]
    """A job, and what is called before its first byte leaves."""

card = typer.Typer(no_args_is_help=True, help="积分卡 · Household cards")
labels = typer.Typer(no_args_is_help=True, help="货架标签 · Shelf labels")
board = typer.Typer(no_args_is_help=True, help="价目表 · Price boards")

File = Annotated[Path | None, typer.Option("--file", help="写到此 PDF 文件 · PDF to write", dir_okay=False)]
Thermal = Annotated[bool, typer.Option("--thermal", help="用小票打印机打印 · On the receipt printer")]
On = Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="这一天的价目 · Prices of this day")]
_PIN = {"hide_input": True}


@dataclass(frozen=True, slots=True)
class _Counter:
    """The counter, closed to customers: what is printed here needs its store for itself."""

    desk: "Desk"
    config: "StationConfig"
    words: "Words"
    font: "Font"

    def printer(self) -> "Printer":
        """The receipt printer."""
        from pos.station import printer_of

        if self.config.printer is None:
            _fail("printout.no-printer")
        return printer_of(self.desk.store.folder, self.config.printer)

    def write(self, path: Path | None, name: str, items: int, pages: "Sequence[Image]", mode: int = 0o644) -> None:
        """The pages as a PDF file; beside the store when no place is given."""
        from pos.printing.sheets.page import pdf

        path = path or self.desk.store.folder / name
        fresh = path.with_name(f"{path.name}.new")
        try:
            fresh.unlink(missing_ok=True)
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
                file.write(pdf(pages))
            fresh.replace(path)
        except OSError as error:
            raise typer.BadParameter(str(error)) from None
        typer.echo(self.words("printout.written", file=path, items=items, pages=len(pages)))


@card.command("print")
def print_cards(
    keeper: Annotated[str, typer.Option(prompt="店员号 · Keeper's number")],
    pin: Annotated[str, typer.Option(prompt="店员密码 · Keeper's PIN", **_PIN)],
    approver: Annotated[str, typer.Option(prompt="授权人号 · Second person's number")],
    approver_pin: Annotated[str, typer.Option(prompt="授权人密码 · Second person's PIN", **_PIN)],
    households: Annotated[list[str] | None, typer.Argument(help="户号 · Household numbers")] = None,
    group: Annotated[str, typer.Option("--group", help="整个村民小组 · A whole group")] = "",
    every: Annotated[bool, typer.Option("--all", help="全部农户 · Every household")] = False,
    file: File = None,
    thermal: Thermal = False,
    home: Home = None,
) -> None:
    """打印积分卡（要两个人） · Print cards in use; takes two people."""
    from pos.counter import card_prints, people

    if bool(households) + bool(group) + every != 1:
        raise typer.BadParameter("请给出户号、--group 或 --all · Give household numbers, --group or --all")
    with refusing(), _counter(home) as counter:
        people.sign_in(counter.desk, keeper, pin)
        by = people.approve(counter.desk, keeper, approver, approver_pin)
        chosen = card_prints.choose(counter.desk, households or (), group)
        if thermal:
            _send(counter, counter.printer(), partial(_card_jobs, counter, by, chosen.faces))
        elif chosen.faces:
            _card_sheets(counter, by, chosen.faces, file)
        if chosen.without:
            typer.echo(counter.words("printout.without-card", households=chosen.without))


def _card_sheets(counter: _Counter, by: "Signatures", faces: "Sequence[CardFace]", file: Path | None) -> None:
    from pos.counter import card_prints
    from pos.printing.sheets import cards, page

    words = counter.words
    pieces = [cards.card(face, words) for face in faces]
    pages = list(page.sheets(pieces, words("printout.card"), words("printout.cards-hint"), words, counter.font))
    card_prints.record(counter.desk, by, faces)
    counter.write(file, "cards.pdf", len(pieces), pages, 0o600)


def _card_jobs(
    counter: _Counter, by: "Signatures", faces: "Sequence[CardFace]", profile: "PrinterProfile"
) -> "Iterator[_Paper]":
    from pos.counter import card_prints
    from pos.printing.sheets import cards, roll

    for face in faces:
        job = roll.job(f"card-{face.number}", cards.strip(face, counter.words), profile, counter.font)
        yield job, partial(card_prints.record, counter.desk, by, [face])


@labels.command("print")
def print_labels(
    goods: Annotated[list[str] | None, typer.Argument(help="商品编号或条码，不给为全部 · Codes or barcodes")] = None,
    on: On = None,
    file: File = None,
    thermal: Thermal = False,
    home: Home = None,
) -> None:
    """打印货架标签 · Print shelf labels with prices in points."""
    from pos.printing.sheets import labels, page

    with refusing(), _counter(home) as counter:
        words, prices = counter.words, _prices(counter, on)
        if goods:
            prices = prices.only(goods)
        if thermal:
            _send(counter, counter.printer(), partial(_label_jobs, counter, prices))
        else:
            pieces = labels.labels(prices, words)
            hint = words("printout.labels-hint")
            pages = list(page.sheets(pieces, words("printout.labels"), hint, words, counter.font))
            counter.write(file, "labels.pdf", len(pieces), pages)


def _label_jobs(counter: _Counter, prices: "PriceList", profile: "PrinterProfile") -> "Iterator[_Paper]":
    from pos.printing.sheets import labels, roll

    pieces = labels.labels(prices, counter.words, labels.ROLL_WIDTH)
    for (good, _), piece in zip(prices.goods, pieces, strict=True):
        yield roll.job(f"label-{good.code}", piece, profile, counter.font), _nothing


@board.command("print")
def print_boards(
    goods: Annotated[bool, typer.Option("--goods/--no-goods", help="商品 · Goods")] = True,
    materials: Annotated[bool, typer.Option("--materials/--no-materials", help="可回收物 · Materials")] = True,
    on: On = None,
    file: File = None,
    thermal: Thermal = False,
    home: Home = None,
) -> None:
    """打印价目表 · Print price boards for goods and materials."""
    from pos.printing.sheets import boards

    with refusing(), _counter(home) as counter:
        words, prices = counter.words, _prices(counter, on)
        made = [boards.goods_board(prices, words)] if goods else []
        made += [boards.materials_board(prices, words)] if materials else []
        if thermal:
            _send(counter, counter.printer(), partial(_board_jobs, counter, made))
        elif made:
            pages = [page for each in made for page in boards.pages(each, words, counter.font)]
            counter.write(file, "board.pdf", len(made), pages)


def _board_jobs(counter: _Counter, boards: "Sequence[Board]", profile: "PrinterProfile") -> "Iterator[_Paper]":
    from drivers.printer.job import receipt_job
    from pos.printing.sheets.boards import document

    for each in boards:
        yield receipt_job("board", document(each), profile, counter.font), _nothing


@contextmanager
def _counter(home: Path | None) -> Iterator[_Counter]:
    from drivers.printer.raster import find_font
    from pos import i18n
    from pos.clock import Clock
    from pos.counter.desk import Desk
    from pos.station import read_settings
    from pos.storage.store import open_store

    config = read_settings(home_of(home))
    font = find_font()
    if font is None:
        _fail("printout.no-font")
    store = open_store(home_of(home))
    try:
        yield _Counter(Desk(store, Clock(), config.language), config, i18n.load(config.language), font)
    finally:
        store.close()


def _prices(counter: _Counter, on: datetime | None) -> "PriceList":
    from pos.counter.price_list import price_list

    return price_list(counter.desk, on.date() if on else None)


def _nothing() -> None:
    """What is done before a paper that nobody needs to know of."""


def _send(counter: _Counter, printer: "Printer", papers: "Callable[[PrinterProfile], Iterator[_Paper]]") -> None:
    """Print each paper; stop where it is not certain that one came out."""
    from drivers.printer.printer import Confirmed, Sent
    from pos.printing.state import explain

    done = 0
    for job, on_sending in papers(printer.profile):
        outcome = printer.send(job, on_sending)
        if not isinstance(outcome, Confirmed | Sent):
            cause = explain(outcome.code, counter.words)
            typer.echo(counter.words("printout.stopped", cause=cause, items=done), err=True)
            raise typer.Exit(1)
        done += 1
    typer.echo(counter.words("printout.printed", items=done))


def _fail(message: str) -> NoReturn:
    for words in both():
        typer.echo(words(message), err=True)
    raise typer.Exit(1)
