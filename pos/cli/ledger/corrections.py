"""Spending rights by hand, and corrections of single households; each with a reason."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pos.cli.common import refusing, say
from pos.cli.ledger.arguments import Amount, Household, Installation, Listed, Reason
from pos.cli.ledger.calling import act, office
from pos.cli.ledger.saying import REFUSED, fail, points

rights = typer.Typer(no_args_is_help=True, help="可用积分额度 · Spending rights")
remedy = typer.Typer(no_args_is_help=True, help="更正 · Corrections")

_DAY_MS = 24 * 3_600_000


class Laid(StrEnum):
    """What is done with points laid aside."""

    HOLD = "hold"
    CASH_OUT = "cash-out"
    UNHOLD = "unhold"


@rights.command("cap")
def cap(amount: Amount) -> None:
    """每户最多可放在本村点的积分 · Most points of one household that its home store may hold."""
    act("PUT", "rights", "cap", body={"points": amount})


@rights.command("keep")
def keep(household: Household, amount: Amount) -> None:
    """把一户的积分收到台账上，供转存或分户 · Have points of a household at the ledger, to be laid aside or split."""
    act("PUT", "households", household, "kept", body={"points": amount})


@rights.command("van")
def van(
    device: Installation,
    file: Listed,
    days: Annotated[int, typer.Option("--days", help="几天内有效 · Valid for so many days", min=1, max=31)] = 1,
) -> None:
    """流动车：让它带上各户的积分 · Let a van hold points of households: FILE with number and points."""
    from pos.clock import Clock

    until = Clock().wall() + days * _DAY_MS
    act("POST", *device.path, "allotments", body={"until": until, "households": _shares(file)})


@remedy.command("paper")
def paper(
    household: Household,
    amount: Amount,
    number: Annotated[str, typer.Option("--paper", help="小票单号 · The paper's number")],
    reason: Reason,
) -> None:
    """补上小票证明的积分 · Make points good that a paper shows."""
    act("POST", "households", household, "remedies", body={"points": amount, "paper": number, "reason": reason})


@remedy.command("forgive")
def forgive(household: Household, amount: Amount, reason: Reason) -> None:
    """免去一户的欠分 · Forgive what a household owes."""
    act("POST", "households", household, "forgiveness", body={"points": amount, "reason": reason})


@remedy.command("points")
def lay(
    what: Annotated[Laid, typer.Argument(help="暂存、已由银行兑付、退回 · What is done")],
    household: Household,
    amount: Amount,
    reason: Reason,
) -> None:
    """暂存积分、注明银行已兑付、退回 · Lay points aside, note that the bank paid, or give them back."""
    act("POST", "households", household, "points", what.value, body={"points": amount, "reason": reason})


@remedy.command("undo")
def undo(
    device: Installation,
    entry: Annotated[int, typer.Argument(help="流水号 · The entry's number", min=1)],
    lines: Annotated[list[int], typer.Option("--line", help="第几行，可多个 · Lines, from 1", min=1)],
    reason: Reason,
) -> None:
    """退回另一点兑换的几行 · Take lines of a redemption back elsewhere."""
    body = {"lines": lines, "reason": reason}
    with office() as ledger:
        given: int = ledger.ask("POST", *device.path, "entries", entry, "undo", body=body)
    say("office.undone", points=points(given))


@remedy.command("finding")
def settle_finding(
    writer: Annotated[str, typer.Argument(help="设备.期，或 L · k7q2md.1, or L")],
    entry: Annotated[int, typer.Argument(help="流水号 · The entry's number", min=0)],
    code: Annotated[str, typer.Argument(help="差异代码 · The difference's code")],
    reason: Reason,
) -> None:
    """差异已查清，销号 · Put a difference aside: somebody has looked at it."""
    act("POST", "findings", writer, entry, code, body={"reason": reason})


def _shares(file: Path) -> list[dict[str, str | int]]:
    """Households and points of a list."""
    from pos.core.lists import Column, amount, decimal, household
    from pos.counter import lists_files

    columns = (Column("number", household), Column("points", decimal(2)))
    with refusing():
        rows, wrong = lists_files.load(file, columns, ("number", "points"))
    if wrong or not rows or any(not each.cells.get(name) for each in rows for name in ("number", "points")):
        fail("office.list-faulty", REFUSED, file=file.name)
    return [{"household": each.cells["number"], "points": amount(each.cells["points"])} for each in rows]
