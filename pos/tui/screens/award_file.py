"""积分上账: a batch of awards from a file: chosen, looked at without effect, posted by two people, printed."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from catalog.units import Points
from pos.core.award_file import Line, Problem
from pos.core.sheets import Sheet
from pos.counter import award_files
from pos.counter.award_files import Plan
from pos.printing.figures import signed
from pos.storage.award_batches import Batch
from pos.tui import parts
from pos.tui.base import Tone
from pos.tui.form import FormScreen, Values
from pos.tui.list_screen import ListScreen
from pos.tui.parts import Part
from pos.tui.widgets.cells import left
from pos.tui.widgets.ticket import Row


class AwardsScreen(ListScreen[Batch]):
    """The batches that were posted; F5 takes a new file, Enter prints of an old one."""

    NAME = "edit-list"
    TOPIC = "awards"

    def read(self) -> Sequence[Batch]:
        """Newest first."""
        return award_files.posted(self.till.station.desk)

    def row(self, item: Batch) -> Row:
        """Period, title, number."""
        return Row(f"{left(item.period, 10)} {left(item.title, 26)}", item.batch)

    def opened(self, item: Batch) -> None:
        """Enter: its papers."""
        choices = [(what, self.words(f"award.{what}")) for what in ("list", "slips")]
        self.till.choose(item.title, choices, lambda what: self._print(what, item))

    def action_add(self) -> None:
        """F5: a new file."""
        desk = self.till.station.desk
        self.ask(lambda: award_files.waiting_files(desk), lambda files: self.till.push_screen(AwardFileForm(files)))

    def on_screen_resume(self) -> None:
        """A batch may have been posted."""
        self.read_anew()

    def _print(self, what: str, batch: Batch) -> None:
        desk, by = self.till.station.desk, self.till.by
        if what == "list":
            self.ask(lambda: award_files.public_list(desk, by, batch), self.till.show_paper)
        else:
            self.commit(
                lambda signed_by: award_files.print_slips(desk, signed_by, batch),
                lambda count: self.say(self.words("award.slips-queued", count=count), Tone.GOOD),
            )


class AwardFileForm(FormScreen):
    """Which file: one of those in the store's folder, or any by its path."""

    TOPIC = "award-file"

    def __init__(self, files: Sequence[Path]) -> None:
        super().__init__()
        self.files = files

    def parts(self) -> Sequence[Part[Any]]:
        """The file."""
        if self.files:
            return (parts.choice("file", [(str(path), path.name) for path in self.files]),)
        return (parts.text("file", most=200),)

    def finished(self, values: Values) -> None:
        """Look at it."""
        desk, path = self.till.station.desk, Path(values["file"])
        self.ask(lambda: award_files.dry_run(desk, path), lambda plan: self.till.push_screen(AwardPlanScreen(plan)))


class AwardPlanScreen(ListScreen[Line | Problem]):
    """What a file would do: its faults where it has any, else its rows; `+` posts it."""

    NAME = "award-plan"
    TOPIC = "award-plan"

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.plan = plan

    def read(self) -> Sequence[Line | Problem]:
        """Faults first: with any, nothing is posted."""
        return self.plan.problems or self.plan.file.lines

    def row(self, item: Line | Problem) -> Row:
        """A fault with its row, or a household with what it gets."""
        if isinstance(item, Problem):
            where = self.words("award.row", row=item.row) if item.row else self.words("award.head")
            return Row(f"{left(where, 10)} {left(self.words(f'sheet.flaw-{item.flaw}'), 40)}", item.text, "refused")
        return Row(item.household, signed(item.points), "refused" if item.points < Points(0) else "")

    def summary(self) -> str:
        """Sums, and what else a clerk should know before agreeing."""
        plan, words = self.plan, self.words
        file = plan.file
        lines = [
            words("award.batch", batch=file.batch, period=file.period, title=file.title, rows=len(file.lines)),
            words("award.sums", awarded=file.awarded, deducted=file.deducted, owed=plan.owed),
        ]
        if plan.earlier:
            lines.append(words("award.earlier", batches=" ".join(plan.earlier)))
        if plan.problems:
            lines.append(words("refused.award-faulty", problems=len(plan.problems)))
        return "\n".join(lines)

    def action_finish(self) -> None:
        """`+`: post it, once a second person agrees."""
        desk, file = self.till.station.desk, self.plan.file
        if self.plan.problems:
            self.say(self.words("refused.award-faulty", problems=len(self.plan.problems)), Tone.REFUSED)
            return
        self.commit(lambda by: award_files.post(desk, by, file), self._posted)

    def action_faults(self) -> None:
        """F5: the faults as a paper, to be sent back to whoever made the file."""
        desk, by, plan = self.till.station.desk, self.till.by, self.plan
        if plan.problems:
            self.ask(lambda: award_files.problem_sheet(desk, by, plan), self._shown)
        else:
            self.say(self.words("award.no-faults"), Tone.GOOD)

    def _shown(self, sheet: Sheet) -> None:
        self.till.show_paper(sheet)

    def _posted(self, batch: Batch) -> None:
        till, text = self.till, self.words("award.posted", title=batch.title, rows=len(self.plan.file.lines))
        till.go_home()
        till.call_later(till.say, text, Tone.GOOD)
