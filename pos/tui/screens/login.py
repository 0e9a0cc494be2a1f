"""登录: who serves, and the PIN; also in front of everything when the till was locked."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from pos.counter import people
from pos.storage.people import Keeper
from pos.tui.base import Front
from pos.tui.widgets.field import Field
from pos.tui.widgets.status import StatusLine


class Login(Front[Keeper]):
    """Dismissed with the person who logged in; there is no other way past it."""

    NAME = "login"
    DIALOG = True
    CSS_PATH = "login.tcss"

    def compose(self) -> ComposeResult:
        """Status line, store, number, PIN."""
        yield StatusLine(id="status")
        with Vertical(id="body"):
            yield Static(self.till.station.store.identity.name, id="store", markup=False)
            yield Static(self.words("login.number"), classes="label", markup=False)
            yield Field(id="number", most=4)
            yield Static(self.words("login.pin"), classes="label", markup=False)
            yield Field(id="pin", most=8, secret=True)
        yield from self.footer()

    def action_enter(self) -> None:
        """Enter: from the number to the PIN, from the PIN into the shop."""
        number, pin = self.query_one("#number", Field), self.query_one("#pin", Field)
        if number.has_focus or not number.value:
            # At once, unlike `focus`: the next digit may be here already.
            self.set_focus(pin if number.value else number)
        elif pin.value:
            self._sign_in(number.value, pin.value)
            pin.value = ""

    def _sign_in(self, number: str, pin: str) -> None:
        desk = self.till.station.desk
        self.say(self.words("login.checking"))
        self.ask(lambda: people.sign_in(desk, number, pin), self.dismiss)
