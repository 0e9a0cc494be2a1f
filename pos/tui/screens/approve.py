"""同意: a second person's number and PIN, or the keeper's own PIN once more."""

from textual.app import ComposeResult
from textual.widgets import Static

from pos.core.entries import Signatures
from pos.core.refusals import Refused
from pos.counter import people
from pos.tui.base import Dialog
from pos.tui.widgets.field import Field


class Approve(Dialog[Signatures]):
    """Dismissed with the signatures to write with; with None on Esc."""

    NAME = "approve"
    CSS_PATH = "approve.tcss"

    def __init__(self, question: str, *, own: bool) -> None:
        super().__init__()
        self.question = question
        self.own = own

    def body(self) -> ComposeResult:
        """What it is about, number and PIN."""
        yield Static(self.question, id="question", markup=False)
        if not self.own:
            yield Static(self.words("approve.number"), classes="label", markup=False)
            yield Field(id="number", most=4)
        yield Static(self.words("login.pin"), classes="label", markup=False)
        yield Field(id="pin", most=8, secret=True)

    def action_enter(self) -> None:
        """Enter: from the number to the PIN, then check it."""
        pin = self.query_one("#pin", Field)
        number = self.till.by.operator if self.own else self.query_one("#number", Field).value
        if number and pin.value:
            self._check(number, pin.value)
            pin.value = ""
        elif number:
            self.set_focus(pin)

    def _check(self, number: str, pin: str) -> None:
        desk, operator = self.till.station.desk, self.till.by.operator

        def check() -> Signatures:
            if self.own:
                return Signatures(people.sign_in(desk, number, pin).number)
            return people.approve(desk, operator, number, pin)

        self.ask(check, self.dismiss, self._once_more)

    def _once_more(self, refused: Refused) -> None:
        """It may have been the wrong person, not the wrong PIN."""
        self.refuse(refused)
        if not self.own:
            number = self.query_one("#number", Field)
            number.value = ""
            self.set_focus(number)
