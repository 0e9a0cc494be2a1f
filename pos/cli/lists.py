"""`pos lists export` and `pos lists import`: goods, materials, households, opening balances as XLSX or CSV."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pos.cli.common import Home, both, home_of, refusing, say

if TYPE_CHECKING:
    from pos.core.lists import Problem
    from pos.counter.desk import Desk
    from pos.i18n import Words

lists = typer.Typer(no_args_is_help=True, help="清单导入导出 · Lists as spreadsheets")


class Kind(StrEnum):
    """Which list: named here too, since `--help` loads nothing of the counter."""

    GOODS = "goods"
    MATERIALS = "materials"
    HOUSEHOLDS = "households"
    OPENING = "opening"


Which = Annotated[Kind, typer.Argument(help="哪种清单 · Which list")]


@lists.command("export")
def write(
    kind: Which,
    to: Annotated[Path, typer.Option("--to", help="写到此文件 · FILE.xlsx or FILE.csv", dir_okay=False)],
    keeper: Annotated[str, typer.Option(prompt="店员号 · Keeper's number")],
    pin: Annotated[str, typer.Option(prompt="店员密码 · Keeper's PIN", hide_input=True)],
    home: Home = None,
) -> None:
    """导出一份清单 · Write a list to a file."""
    from pos.core.entries import Signatures
    from pos.counter import lists as use_cases
    from pos.counter import people

    with refusing(), _desk(home) as desk:
        people.sign_in(desk, keeper, pin)
        rows = use_cases.export(desk, Signatures(keeper), use_cases.Kind(kind), to)
    say("lists.written", rows=rows, file=to)


@lists.command("import")
def read(
    kind: Which,
    file: Annotated[Path, typer.Argument(help="清单文件 · FILE.xlsx or FILE.csv", exists=True, dir_okay=False)],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看看，什么也不改 · Look only, change nothing")] = False,
    home: Home = None,
) -> None:
    """导入一份清单（要两个人），全部或一行不动 · Take a list over, all or nothing; two people."""
    from pos.counter import lists as use_cases
    from pos.counter import people

    with refusing(), _desk(home) as desk:
        looked = use_cases.dry_run(desk, use_cases.Kind(kind), file)
        plan = looked.plan
        for problem in plan.problems:
            typer.echo(" · ".join(line(problem, words) for words in both()))
        changed, found = len(plan.changes) - plan.added, len(plan.problems)
        say("lists.sums", added=plan.added, changed=changed, unchanged=plan.unchanged, problems=found)
        if dry_run or found or not plan.changes:
            raise typer.Exit(1 if found else 0)
        number: str = typer.prompt("店员号 · Keeper's number")
        people.sign_in(desk, number, typer.prompt("店员密码 · Keeper's PIN", hide_input=True))
        second: str = typer.prompt("授权人号 · Second person's number")
        pin: str = typer.prompt("授权人密码 · Second person's PIN", hide_input=True)
        use_cases.take(desk, people.approve(desk, number, second, pin), looked)
    say("lists.taken", added=plan.added, changed=changed)
    say("lists.at-opening")


def line(problem: "Problem", words: "Words") -> str:
    """A fault in one line: row, column, why, and what stands there."""
    from pos.core.lists import Flaw

    named = problem.column and problem.flaw is not Flaw.COLUMN_UNKNOWN
    column = words(f"list-column.{problem.column}") if named else problem.column
    parts = (words("lists.row", row=problem.row), column, words(f"list-flaw.{problem.flaw}"), problem.text)
    return " ".join(part for part in parts if part)


@contextmanager
def _desk(home: Path | None) -> "Iterator[Desk]":
    from pos.clock import Clock
    from pos.counter.desk import Desk
    from pos.station import read_settings
    from pos.storage.store import open_store

    config = read_settings(home_of(home))
    store = open_store(home_of(home))
    try:
        yield Desk(store, Clock(), config.language)
    finally:
        store.close()
