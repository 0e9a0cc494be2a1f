"""The command line: `pos till`, `demo`, `init`, `verify`, `export`, and the groups of commands.

Each command imports what it runs when it runs: `--help`, and the till's first paint, wait for nothing else.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from pos.cli.acceptance import acceptance
from pos.cli.backup import backup, restore
from pos.cli.cards import board, card, labels
from pos.cli.common import Home, both, home_of, refusing
from pos.cli.devices import devices
from pos.cli.ledger.main import ledger
from pos.cli.lists import lists
from pos.cli.printers import receipt, trials
from pos.cli.reports import report
from pos.cli.simulate import simulate
from pos.cli.sync import sync

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="积分兑换超市收银终端 · Point-of-sale terminal for village redemption stores",
)

_PIN = {"hide_input": True, "confirmation_prompt": True}
app.add_typer(ledger, name="ledger")
app.add_typer(devices, name="devices")
devices.add_typer(trials, name="test")
devices.command("acceptance")(acceptance)
app.add_typer(receipt, name="receipt")
app.add_typer(card, name="card")
app.add_typer(labels, name="labels")
app.add_typer(board, name="board")
app.add_typer(simulate, name="simulate")
app.add_typer(sync, name="sync")
app.command()(report)
app.add_typer(lists, name="lists")
app.command("backup")(backup)
app.command("restore")(restore)


@app.command()
def till(
    home: Home = None,
    training: Annotated[bool, typer.Option("--training", help="练习用的店，不算数 · A store to practise in")] = False,
) -> None:
    """打开收银台 · Open the counter."""
    folder = home_of(home)
    if training:
        from pos import i18n
        from pos.counter import training as practice
        from pos.station import read_settings

        with refusing():
            folder = practice.prepare(folder, i18n.load(read_settings(folder).language)("training.mark"))
    from pos.tui.app import CounterApp

    counter = CounterApp(folder, training=training)
    counter.run()
    if counter.backups is not None and counter.backups.state.running:
        for words in both():
            typer.echo(words("backup.wait"))
        counter.backups.wait()


@app.command()
def demo(
    home: Home = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="从头开始 · Start over")] = False,
    script: Annotated[bool, typer.Option("--script", help="自动演示，无需终端 · Play by itself, no terminal")] = False,
    printer: Annotated[str | None, typer.Option("--printer", help="打印到此打印机 · Print to this URL")] = None,
    language: Annotated[str, typer.Option("--language", help="zh_CN | en")] = "zh_CN",
) -> None:
    """演示村：模拟秤、扫码枪、打印机 · A demo village with simulated devices."""
    if script or not (sys.stdin.isatty() and sys.stdout.isatty()):
        from pos.demo import script as scripted

        raise typer.Exit(scripted.run(printer))
    from pos.demo import live

    with refusing():
        live.run(home_of(home, "demo"), fresh=fresh, printer=printer, language=language)


@app.command()
def init(
    village: Annotated[Path, typer.Option("--village", help="村资料目录 · Folder of the village's lists", exists=True)],
    keeper: Annotated[str, typer.Option(prompt="店员姓名 · Keeper's name (02)")],
    keeper_pin: Annotated[str, typer.Option(prompt="店员密码 · Keeper's PIN", **_PIN)],
    clerk: Annotated[str, typer.Option(prompt="村文书姓名 · Clerk's name (01)")],
    clerk_pin: Annotated[str, typer.Option(prompt="村文书密码 · Clerk's PIN", **_PIN)],
    home: Home = None,
    utc_offset_minutes: Annotated[int, typer.Option(help="时区 · Minutes east of UTC", min=-840, max=840)] = 480,
) -> None:
    """建店：读入村资料，写出 station.toml · Set a store up from a village's lists."""
    from pos import config
    from pos.core.people import Role
    from pos.counter import founding, village_files

    folder = home_of(home)
    staff = (
        founding.Person("02", keeper, Role.KEEPER, keeper_pin),
        founding.Person("01", clerk, Role.CLERK, clerk_pin),
    )
    with refusing():
        cards = founding.found(folder, village_files.read(village), staff, utc_offset_minutes)
        config.write_template(folder)
        founding.write_cards(folder, cards)
    typer.echo(f"{folder / config.FILE}\n{folder / founding.CARDS}\npos till --home {folder}")


@app.command()
def verify(
    file: Annotated[Path | None, typer.Argument(help="导出的流水文件 · An exported journal", dir_okay=False)] = None,
    home: Home = None,
) -> None:
    """核对账本：从第一笔重算 · Refold the journal from its first entry."""
    from pos.storage import verify
    from pos.wire import exported

    with refusing():
        report = exported.verify_export(file) if file else verify.verify(home_of(home))
    typer.echo(" · ".join(report.line(words) for words in both()))
    raise typer.Exit(1 if report.wrong else 0)


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="写到此文件 · File to write", dir_okay=False)],
    home: Home = None,
) -> None:
    """导出全部流水（带签名） · Write the whole journal, signed."""
    from pos.storage import export
    from pos.storage.store import open_store

    with refusing():
        store = open_store(home_of(home))
        try:
            export.export(store, file)
        finally:
            store.close()
    typer.echo(str(file))
