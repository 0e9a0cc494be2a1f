"""单据, 报表: a sheet as paper shows it; a report is printed from here, a filed sheet once more."""

from pathlib import Path

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from pos.core.sheets import Sheet
from pos.counter import paper, reverse
from pos.printing.preview import preview
from pos.tui.base import CounterScreen, Tone

COLUMNS = 48
"""Columns of the preview: wide paper, whose tables stand side by side."""


class SheetScreen(CounterScreen):
    """One sheet. Without a number it is a report that nobody has printed yet."""

    NAME = "sheet"
    CSS_PATH = "sheet.tcss"

    def __init__(self, sheet: Sheet, *, copies: int = 0) -> None:
        super().__init__()
        self.sheet = sheet
        self.copies = copies

    def body(self) -> ComposeResult:
        """The paper."""
        with VerticalScroll(id="paper"):
            yield Static(id="text", markup=False)

    def on_mount(self) -> None:
        """Show it."""
        self._show()

    def action_finish(self) -> None:
        """`+`: print a report; a sheet that was filed is printed once more, marked as a copy."""
        desk, sheet = self.till.station.desk, self.sheet
        if sheet.number:
            seq = int(sheet.number.rpartition("-")[2])
            self.commit(lambda by: reverse.reprint(desk, by, seq), self._reprinted)
        else:
            self.commit(lambda by: paper.print_report(desk, by, sheet), self._filed)

    def action_export(self) -> None:
        """F5: the sheet as a file in the store's folder of files to take away."""
        # Drawing and spreadsheets take a while to load; looking at a paper waits for neither.
        from pos.printing import export

        choices = [(suffix, self.words(f"export.{suffix[1:]}")) for suffix in export.SHEET_FORMATS]
        self.till.choose(self.words("export.which"), choices, self._export)

    def _export(self, suffix: str) -> None:
        from drivers.printer.raster import find_font
        from pos.printing import export

        folder, sheet, words = self.till.station.store.folder, self.sheet, self.words
        self.say(words("export.under-way"), Tone.WAIT)
        self.ask(lambda: export.into_folder(sheet, words, folder, suffix, find_font()), self._exported)

    def _exported(self, path: Path) -> None:
        self.say(self.words("export.done", file=path), Tone.GOOD)

    def _filed(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self._show()
        self.say(self.words("sheet-screen.printing"), Tone.GOOD)

    def _reprinted(self, copy: int) -> None:
        self.say(self.words("done.reprinted", copy=copy), Tone.GOOD)

    def _show(self) -> None:
        self.query_one("#text", Static).update("\n".join(preview(self.sheet, self.words, COLUMNS)))
        if self.copies:
            self.say(self.words("done.copies", copies=self.copies))
