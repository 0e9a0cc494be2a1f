"""`pos ledger`: the village ledger's side, on its server and from an office."""

from pathlib import Path
from typing import Annotated

import typer

from pos.cli.common import both, refusing
from pos.cli.ledger.awards import awards
from pos.cli.ledger.corrections import remedy, rights
from pos.cli.ledger.goods import catalogue, policy, prices, recall, terms
from pos.cli.ledger.oversight import audit, checkpoint, evidence, findings
from pos.cli.ledger.people import log_in, log_out, operators, township
from pos.cli.ledger.registry import cards, households, villages
from pos.cli.ledger.server import certificate, init, serve, stick
from pos.cli.ledger.stores import approve, close, code, release, resume, stores

ledger = typer.Typer(no_args_is_help=True, help="村级台账一方 · The village ledger's side")

ledger.command()(init)
ledger.command()(serve)
ledger.command()(certificate)
ledger.command()(stick)
ledger.command("log-in")(log_in)
ledger.command("log-out")(log_out)
ledger.add_typer(township, name="township")
ledger.add_typer(operators, name="operators")
ledger.add_typer(villages, name="villages")
ledger.add_typer(households, name="households")
ledger.add_typer(cards, name="cards")
ledger.add_typer(stores, name="stores")
ledger.command()(code)
ledger.command()(approve)
ledger.command()(close)
ledger.command()(release)
ledger.command()(resume)
ledger.add_typer(rights, name="rights")
ledger.add_typer(remedy, name="remedy")
ledger.add_typer(awards, name="awards")
ledger.add_typer(catalogue, name="catalogue")
ledger.add_typer(prices, name="prices")
ledger.add_typer(policy, name="policy")
ledger.command()(terms)
ledger.command()(recall)
ledger.command()(checkpoint)
ledger.command()(findings)
ledger.command()(evidence)
ledger.command()(audit)


@ledger.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="各店导出的流水 · Journals that stores exported", dir_okay=False)],
) -> None:
    """核对各店交来的流水文件 · Check the journals that stores hand in, without their other files."""
    from pos.wire import exported

    wrong = False
    for file in files:
        with refusing():
            report = exported.verify_export(file)
        wrong = wrong or report.wrong is not None
        typer.echo(f"{file.name}: {' · '.join(report.line(words) for words in both())}")
    raise typer.Exit(1 if wrong else 0)
