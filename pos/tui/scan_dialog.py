"""The dialog that waits for one scan, of whatever is scanned."""

from textual.app import ComposeResult
from textual.widgets import Static

from drivers.scanner.codes import Code
from pos.tui.base import Dialog


class ScanDialog(Dialog[str]):
    """Dismissed with the text of a code, or with "" on Esc where there is no scanner."""

    NAME = "scan-code"

    def __init__(self, question: str) -> None:
        super().__init__()
        self.question = question

    def body(self) -> ComposeResult:
        """What to scan."""
        yield Static(self.question, id="question", markup=False)

    def scanned(self, code: Code) -> None:
        """This is it."""
        self.dismiss(code.text)

    def action_back(self) -> None:
        """Esc: nothing to scan with."""
        self.dismiss("")
