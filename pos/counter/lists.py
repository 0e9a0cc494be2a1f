"""清单: goods, materials, households and opening balances from a spreadsheet and into one.

A file is looked at first, and taken whole by two people or not at all; it adds and changes, and never removes. In a
store with a ledger the lists are the ledger's, and can be written out only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Connection

from pos.core.entries import Signatures
from pos.core.list_refusals import LedgerLists, ListFaulty
from pos.core.lists import Plan, Problem, Read, compare
from pos.core.people import SERVES
from pos.counter import lists_files
from pos.counter.desk import Desk, check_signatures
from pos.counter.lists_goods import GOODS
from pos.counter.lists_households import HOUSEHOLDS
from pos.counter.lists_materials import MATERIALS
from pos.counter.lists_opening import OPENING
from pos.counter.lists_parts import ListOf
from pos.counter.spreadsheets import SUFFIXES

TAKES = SERVES
"""Who may take a list over, always two; and who may write one out, names and all."""

FOLDER = "lists"
"""Where a store looks for lists, in its own folder, and writes them to."""


class Kind(StrEnum):
    """Which list."""

    GOODS = "goods"
    MATERIALS = "materials"
    HOUSEHOLDS = "households"
    OPENING = "opening"


_LISTS = {Kind.GOODS: GOODS, Kind.MATERIALS: MATERIALS, Kind.HOUSEHOLDS: HOUSEHOLDS, Kind.OPENING: OPENING}


@dataclass(frozen=True, slots=True)
class Looked:
    """A file that was looked at: its rows, what is wrong with them by themselves, and what it would do."""

    kind: Kind
    name: str
    rows: tuple[Read, ...]
    wrong: tuple[Problem, ...]
    plan: Plan


def waiting_files(desk: Desk) -> list[Path]:
    """Files in the store's folder for lists, newest first."""
    folder = desk.store.folder / FOLDER
    found = [path for path in folder.glob("*") if path.suffix.lower() in SUFFIXES] if folder.is_dir() else []
    return sorted(found, key=lambda path: (-path.stat().st_mtime_ns, path.name))


def export(desk: Desk, by: Signatures, kind: Kind, path: Path) -> int:
    """Write a list as it stands; how many rows. Raises `ListUnwritten`."""
    of = _LISTS[kind]
    with desk.store.read() as connection:
        check_signatures(connection, by, roles=TAKES)
        known = of.known(desk, connection)
    return lists_files.write(path, of.columns, known.values(), desk.language)


def dry_run(desk: Desk, kind: Kind, path: Path) -> Looked:
    """What a file would do; nothing is written. Raises `FileUnread`, and `LedgerLists` in an enrolled store."""
    of = _LISTS[kind]
    _check_alone(desk)
    rows, wrong = lists_files.load(path, of.columns, of.keys)
    with desk.store.read() as connection:
        plan = _plan(desk, connection, of, rows, wrong)
    return Looked(kind, path.name, tuple(rows), tuple(wrong), plan)


def take(desk: Desk, by: Signatures, looked: Looked) -> Plan:
    """Take a list over, all of it or nothing; two people. Raises `ListFaulty` for one with anything wrong by now."""
    of = _LISTS[looked.kind]
    _check_alone(desk)
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, two=True, roles=TAKES)
        plan = _plan(desk, tx.connection, of, looked.rows, looked.wrong)
        if plan.problems:
            raise ListFaulty(problems=len(plan.problems))
        if plan.changes:
            of.take(desk, by, tx, plan.changes)
    return plan


def _plan(desk: Desk, connection: Connection, of: ListOf, rows: Sequence[Read], wrong: Sequence[Problem]) -> Plan:
    known = of.known(desk, connection)
    plan = compare(rows, of.columns, of.keys, known)
    bad = {problem.row for problem in (*wrong, *plan.problems)}
    sound = [change for change in plan.changes if change.row not in bad]
    problems = [*wrong, *_fresh(plan.problems, wrong), *of.judge(desk, connection, sound, known)]
    return replace(plan, problems=tuple(sorted(problems, key=lambda problem: problem.row)))


def _fresh(found: Sequence[Problem], wrong: Sequence[Problem]) -> list[Problem]:
    """What was not said of the same cell already: one that is wrong counts as empty, too."""
    said = {(problem.row, problem.column) for problem in wrong}
    return [problem for problem in found if (problem.row, problem.column) not in said]


def _check_alone(desk: Desk) -> None:
    if desk.store.identity.epoch:
        raise LedgerLists()
