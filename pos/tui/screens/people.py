"""人员: who works here; taken on, renamed, given a new PIN, gone, back. Two people do each of them."""

from collections.abc import Callable, Sequence

from textual.app import ComposeResult
from textual.widgets import Static

from pos.core.entries import Signatures
from pos.core.people import MOST_NAME, Role
from pos.counter import people
from pos.storage.people import Keeper
from pos.tui import parts
from pos.tui.base import Dialog, Tone
from pos.tui.form import FormScreen, Values
from pos.tui.list_screen import ListScreen
from pos.tui.parts import Part
from pos.tui.widgets.cells import left
from pos.tui.widgets.field import Field
from pos.tui.widgets.ticket import Row


class PeopleScreen(ListScreen[Keeper]):
    """One line a person; Enter says what can be done, `+` takes somebody on."""

    NAME = "people"
    TOPIC = "people"

    def read(self) -> Sequence[Keeper]:
        """All who ever worked here."""
        return people.everybody(self.till.station.desk)

    def row(self, item: Keeper) -> Row:
        """Number, name, role, and whether still here."""
        state = "" if item.active else self.words("people.left")
        return Row(f"{left(item.number, 5)} {left(item.name, 20)} {self.words(f'role.{item.role}')}", state)

    def opened(self, item: Keeper) -> None:
        """Enter: what can be done."""
        last = "leave" if item.active else "back"
        choices = [(each, self.words(f"person-act.{each}")) for each in ("name", "pin", last)]
        self.till.choose(f"{item.number} {item.name}", choices, lambda value: self._chosen(item, value))

    def _chosen(self, item: Keeper, value: str) -> None:
        desk, number = self.till.station.desk, item.number
        match value:
            case "name":
                self.till.open_screen(lambda: RenameScreen(item))
            case "pin":
                self._ask_pin(lambda pin: self._do(lambda by: people.change_pin(desk, by, number, pin)))
            case "leave":
                self._do(lambda by: people.deactivate(desk, by, number))
            case _:
                self._do(lambda by: people.activate(desk, by, number))

    def _ask_pin(self, then: Callable[[str], object]) -> None:
        def given(pin: str | None) -> None:
            if pin:
                then(pin)

        self.app.push_screen(NewPin(self.words("people.new-pin")), given)

    def _do(self, use_case: Callable[[Signatures], object]) -> None:
        self.commit(use_case, lambda _: self._done())

    def _done(self) -> None:
        self.read_anew()
        self.say(self.words("people.done"), Tone.GOOD)

    def action_add(self) -> None:
        """`+`: somebody new."""
        self.till.open_screen(PersonScreen)


class PersonScreen(FormScreen):
    """Somebody new: number, name and role; the PIN is typed by the person, in a box of its own."""

    TOPIC = "person"

    def parts(self) -> Sequence[Part[object]]:
        """Number, name, role."""
        roles = [(role.value, self.words(f"role.{role}")) for role in Role]
        return (
            parts.text("person-number", most=4),
            parts.text("person-name", most=MOST_NAME),
            parts.choice("person-role", roles),
        )

    def finished(self, values: Values) -> None:
        """`+`: ask for the PIN, then for the second person's."""
        desk = self.till.station.desk
        number, name, role = values["person-number"], values["person-name"], Role(values["person-role"])

        def chosen(pin: str | None) -> None:
            if pin:
                self.commit(lambda by: people.add_keeper(desk, by, number, name, role, pin), lambda _: self.dismiss())

        self.app.push_screen(NewPin(self.words("people.new-pin")), chosen)


class RenameScreen(FormScreen):
    """Another name."""

    TOPIC = "rename"

    def __init__(self, keeper: Keeper) -> None:
        super().__init__()
        self.keeper = keeper

    def parts(self) -> Sequence[Part[object]]:
        """The name."""
        return (parts.text("person-name", initial=self.keeper.name, most=MOST_NAME),)

    def finished(self, values: Values) -> None:
        """`+`: write it."""
        desk, number, name = self.till.station.desk, self.keeper.number, values["person-name"]
        self.commit(lambda by: people.rename(desk, by, number, name), lambda _: self.dismiss())


class NewPin(Dialog[str]):
    """A PIN, typed twice by whose it is; dismissed with it, or with None on Esc."""

    NAME = "new-pin"
    CSS_PATH = "people.tcss"

    def __init__(self, question: str) -> None:
        super().__init__()
        self.question = question

    def body(self) -> ComposeResult:
        """The PIN, and once more."""
        yield Static(self.question, id="question", markup=False)
        yield Field(id="pin", most=8, secret=True)
        yield Static(self.words("people.once-more"), classes="label", markup=False)
        yield Field(id="again", most=8, secret=True)

    def action_enter(self) -> None:
        """Enter: from the first to the second, then on when they are the same."""
        pin, again = self.query_one("#pin", Field), self.query_one("#again", Field)
        if pin.has_focus or not pin.value:
            self.set_focus(again if pin.value else pin)
        elif again.value == pin.value:
            self.dismiss(pin.value)
        else:
            pin.value = again.value = ""
            self.set_focus(pin)
            self.say(self.words("people.not-the-same"), Tone.REFUSED)
