"""清单: goods, materials, households and opening balances out to a file, or in from one by two people."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pos.core.lists import Change, Flaw, Plan, Problem
from pos.counter import lists
from pos.counter.lists import Kind, Looked
from pos.tui import parts
from pos.tui.base import Tone
from pos.tui.form import FormScreen, Values
from pos.tui.list_screen import ListScreen
from pos.tui.parts import Part
from pos.tui.widgets.cells import left
from pos.tui.widgets.ticket import Row


class ListsScreen(ListScreen[Kind]):
    """The four lists; Enter writes one out or takes one over."""

    TOPIC = "lists"

    def read(self) -> Sequence[Kind]:
        """Always the same."""
        return tuple(Kind)

    def row(self, item: Kind) -> Row:
        """Its name."""
        return Row(self.words(f"list-kind.{item}"), "")

    def summary(self) -> str:
        """What to do."""
        return self.words("lists.how")

    def opened(self, item: Kind) -> None:
        """Enter: out or in."""
        choices = [(what, self.words(f"lists.{what}")) for what in ("export", "import")]
        self.till.choose(self.words(f"list-kind.{item}"), choices, lambda what: self._chosen(what, item))

    def _chosen(self, what: str, kind: Kind) -> None:
        desk, by = self.till.station.desk, self.till.by
        if what == "import":
            self.ask(lambda: lists.waiting_files(desk), lambda files: self._ask_file(kind, files))
            return
        path = desk.store.folder / lists.FOLDER / f"{kind}.xlsx"
        self.ask(
            lambda: lists.export(desk, by, kind, path),
            lambda rows: self.say(self.words("lists.written", rows=rows, file=path), Tone.GOOD),
        )

    def _ask_file(self, kind: Kind, files: Sequence[Path]) -> None:
        if files:
            self.till.push_screen(ListFileForm(kind, files))
        else:
            self.say(self.words("lists.no-files"), Tone.REFUSED)


class ListFileForm(FormScreen):
    """Which file of those in the store's folder."""

    TOPIC = "list-file"

    def __init__(self, kind: Kind, files: Sequence[Path]) -> None:
        super().__init__()
        self.kind, self.files = kind, files

    def parts(self) -> Sequence[Part[Any]]:
        """The file."""
        return (parts.choice("file", [(str(path), path.name) for path in self.files]),)

    def finished(self, values: Values) -> None:
        """Look at it."""
        desk, path = self.till.station.desk, Path(values["file"])
        self.ask(
            lambda: lists.dry_run(desk, self.kind, path),
            lambda looked: self.till.push_screen(ListPlanScreen(looked)),
        )


class ListPlanScreen(ListScreen[Change | Problem]):
    """What a file would do: its faults where it has any, else what is new or changes; `+` takes it."""

    NAME = "list-plan"
    TOPIC = "list-plan"

    def __init__(self, looked: Looked) -> None:
        super().__init__()
        self.looked = looked

    def read(self) -> Sequence[Change | Problem]:
        """Faults first: with any, nothing is taken."""
        return self.looked.plan.problems or self.looked.plan.changes

    def row(self, item: Change | Problem) -> Row:
        """A fault with its row and column, or something that is new or changes."""
        where = left(self.words("lists.row", row=item.row) if item.row else "", 8)
        if isinstance(item, Problem):
            named = item.column and item.flaw is not Flaw.COLUMN_UNKNOWN
            column = self.words(f"list-column.{item.column}") if named else item.column
            return Row(f"{where} {left(column, 14)} {self.words(f'list-flaw.{item.flaw}')}", item.text, "refused")
        how = self.words("lists.added" if item.old is None else "lists.changed")
        return Row(f"{where} {left(how, 8)} {left(' '.join(filter(None, item.key)), 26)}", self._changed(item))

    def summary(self) -> str:
        """How many of each."""
        plan = self.looked.plan
        sums = self.words(
            "lists.sums",
            added=plan.added,
            changed=len(plan.changes) - plan.added,
            unchanged=plan.unchanged,
            problems=len(plan.problems),
        )
        last = "" if plan.changes or plan.problems else self.words("lists.nothing")
        return f"{self.words(f'list-kind.{self.looked.kind}')}  {self.looked.name}\n{sums}\n{last}".rstrip()

    def action_finish(self) -> None:
        """`+`: take it, once a second person agrees."""
        desk, looked = self.till.station.desk, self.looked
        if looked.plan.problems:
            self.say(self.words("refused.list-faulty", problems=len(looked.plan.problems)), Tone.REFUSED)
        elif not looked.plan.changes:
            self.say(self.words("lists.nothing"))
        else:
            self.commit(lambda by: lists.take(desk, by, looked), self._taken)

    def _changed(self, item: Change) -> str:
        """What of it, as it will be."""
        old = item.old or {}
        new = [text for name, text in item.new.items() if text != old.get(name, "") and text not in item.key]
        return left(" ".join(new), 24).rstrip()

    def _taken(self, plan: Plan) -> None:
        till = self.till
        text = self.words("lists.taken", added=plan.added, changed=len(plan.changes) - plan.added)
        till.go_home()
        till.call_later(till.say, f"{text}  {self.words('lists.at-opening')}", Tone.GOOD)
