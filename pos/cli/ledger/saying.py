"""What the ledger's commands say: sentences in both languages, tables that line up, JSON for scripts, and waiting."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import typer

from pos.cli.common import both, complain, say

if TYPE_CHECKING:
    from rich.console import Console

T = TypeVar("T")

REFUSED, UNTRIED = 1, 2
"""Exit codes: the ledger said no or a list has faults; the command could not be tried (wrong use, no ledger)."""
_WIDE = 1000
_HOUR_MS = 3_600_000


def fail(message: str, code: int = UNTRIED, **fields: object) -> NoReturn:
    """End with a sentence in both languages."""
    complain(message, **fields)
    raise typer.Exit(code)


def word(message: str) -> str:
    """A word in both languages; the code itself where this program is older than the ledger."""
    try:
        return " · ".join(words(message) for words in both())
    except KeyError:
        return message.partition(".")[2]


def as_json(found: object) -> None:
    """A value for scripts."""
    typer.echo(json.dumps(found, ensure_ascii=False, indent=2))


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Rows under headings in both languages (ids of `office-column`)."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    shown = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for column in columns:
        heading = Text("\n".join(words(f"office-column.{column}") for words in both()))
        shown.add_column(heading, overflow="fold")
    for row in rows:
        shown.add_row(*map(Text, row))
    _console().print(shown)


def show(found: Sequence[Any], columns: Sequence[str], row: Callable[[Any], Sequence[str]], *, json_: bool) -> None:
    """A list as a table, or for scripts."""
    if json_:
        as_json(found)
    else:
        table(columns, map(row, found))


@contextmanager
def busy(message: str) -> Iterator[None]:
    """Show somebody who waits that something is being done, and for how long."""
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=_console(err=True),
        transient=True, disable=not sys.stderr.isatty(),
    ) as progress:  # fmt: skip
        progress.add_task(word(message), total=None)
        yield


def counted(items: Sequence[T], message: str) -> Iterator[T]:
    """The items, one by one, and how many are done."""
    from rich.progress import track

    console = _console(err=True)
    return iter(track(items, word(message), console=console, transient=True, disable=not sys.stderr.isatty()))


def points(hundredths: int) -> str:
    """Points as people read them."""
    from catalog.units import Points

    return str(Points(hundredths))


def when(ms: int | None) -> str:
    """A time of the ledger's clock as this machine's zone has it; nothing for none."""
    return f"{datetime.fromtimestamp(ms // 1000).astimezone():%Y-%m-%d %H:%M}" if ms else ""


def age(ms: int, now: int) -> str:
    """How long ago, in hours and in days from two on; nothing for never."""
    hours = max(now - ms, 0) // _HOUR_MS
    return "" if not ms else f"{hours // 24} d" if hours >= 48 else f"{hours} h"


def faults(found: Sequence[dict[str, Any]], *, json_: bool) -> None:
    """What is wrong with a list, row by row, and the end with 1; nothing when nothing is."""
    if not found:
        return
    if json_:
        as_json(found)
    else:
        rows = ((str(each["row"]), _column(each), each["text"], word(f"ledger.{each['code']}")) for each in found)
        table(("row", "column", "value", "reason"), rows)
        say("office.faults", faults=len(found), rows=len({each["row"] for each in found}))
    raise typer.Exit(REFUSED)


_COLUMNS = {
    "store-elsewhere": "home", "household-twice": "number", "household": "number", "household-unknown": "number",
    "household-elsewhere": "number", "household-closed": "number", "line-twice": "number", "item-unknown": "item",
    "points-missing": "points", "points-out-of-range": "points", "village-unknown": "number",

}  # fmt: skip
"""The column that a fault is about, where its code is not the column's own name."""


def _column(fault: dict[str, Any]) -> str:
    """The column of a fault; of what was said beside the list, which has no row, the option."""
    code = fault["code"]
    column = _COLUMNS.get(code, code) if fault["row"] else code.removesuffix("-unknown")
    return word(f"office-column.{column}")


def _console(*, err: bool = False) -> "Console":
    from rich.console import Console

    stream = sys.stderr if err else sys.stdout
    return Console(file=stream, width=None if stream.isatty() else _WIDE, highlight=False)
