"""A full screen to fill in: lines of parts, what they come to, `+` writes it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Input, Static

from drivers.scanner.codes import Code, Kind
from pos.tui.base import CounterScreen, Tone
from pos.tui.parts import Part, Wrong, say
from pos.tui.widgets.pick import Pick

Values = Mapping[str, Any]
"""What was filled in, by the name of its part."""


class FormScreen(CounterScreen):
    """A form. A subclass names its `TOPIC` (title `title.<topic>`, help `help.<topic>`), its parts, and what `+` does.

    Enter and the arrows go from line to line; left and right choose where there is a choice.
    """

    NAME = "form"
    TOPIC: ClassVar[str]
    # Absolute: screens of other folders inherit it.
    CSS_PATH = Path(__file__).parent / "form.tcss"

    def __init__(self) -> None:
        super().__init__()
        self.lines: tuple[Part[Any], ...] = ()

    def parts(self) -> Sequence[Part[Any]]:
        """The lines, top to bottom; asked once, when the screen is put up."""
        raise NotImplementedError

    def comes_to(self, values: Values) -> str:
        """What the values come to, said live below the lines. Raises `Refused` for what cannot be."""
        del values
        return ""

    def finished(self, values: Values) -> None:
        """`+` with every line filled in: write it."""
        raise NotImplementedError

    def body(self) -> ComposeResult:
        """Title, lines, and what they come to."""
        self.lines = tuple(self.parts())
        yield Static(self.words(f"title.{self.TOPIC}"), id="title", markup=False)
        with VerticalScroll(id="form", can_focus=False):
            for part in self.lines:
                with Horizontal(classes="line"):
                    yield Static(self.words(f"form.{part.name}"), classes="name", markup=False)
                    yield _field(part)
                    yield Static(id=f"note-{part.name}", classes="note", markup=False)
        yield Static(id="comes-to", markup=False)

    def on_mount(self) -> None:
        """Start on the first line."""
        self.set_focus(self._field(self.lines[0]))
        self._show()

    def on_input_changed(self, _: Input.Changed) -> None:
        """Say what is understood as it is typed."""
        self._show()

    def on_pick_changed(self, _: Pick.Changed) -> None:
        """The same for what is chosen."""
        self._show()

    def scanned(self, code: Code) -> None:
        """A code goes into the line in focus when that line is looked up by one; a card is never a code of goods."""
        part = self._part_in_focus()
        if part is None or not part.scanned or code.kind is Kind.SIGNED_CARD:
            self.refuse_scan(self.words("scanned.not-here"))
            return
        self._field(part).value = code.text
        self.action_enter()

    def action_enter(self) -> None:
        """Enter, Down: the next line; the last one says that `+` finishes."""
        self._go(1)

    def action_previous(self) -> None:
        """Up: the line before."""
        self._go(-1)

    def action_next_choice(self) -> None:
        """Right: the next choice."""
        self._choose(1)

    def action_previous_choice(self) -> None:
        """Left: the choice before."""
        self._choose(-1)

    def action_finish(self) -> None:
        """`+`: write it, once every line makes sense."""
        values: dict[str, Any] = {}
        for part in self.lines:
            value = part.value(self._field(part).value)
            if isinstance(value, Wrong):
                self.set_focus(self._field(part))
                self.say(say(value, part, self.words), Tone.REFUSED)
                return
            values[part.name] = value
        self.finished(values)

    def _field(self, part: Part[Any]) -> Input | Pick:
        field = self.query_one(f"#part-{part.name}")
        assert isinstance(field, Input | Pick)
        return field

    def _part_in_focus(self) -> Part[Any] | None:
        return next((part for part in self.lines if self._field(part).has_focus), None)

    def _go(self, step: int) -> None:
        part = self._part_in_focus()
        place = 0 if part is None else self.lines.index(part) + step
        if place >= len(self.lines):
            self.say(self.words("form.last"))
        else:
            self.set_focus(self._field(self.lines[max(0, place)]))

    def _choose(self, step: int) -> None:
        part = self._part_in_focus()
        if part is None:
            return
        field = self._field(part)
        if isinstance(field, Pick):
            field.step(step)
        elif step > 0:
            field.action_cursor_right()
        else:
            field.action_cursor_left()

    def _show(self) -> None:
        values: dict[str, Any] = {}
        whole = True
        for part in self.lines:
            typed = self._field(part).value
            value = part.value(typed)
            note = self.query_one(f"#note-{part.name}", Static)
            if isinstance(value, Wrong):
                whole = False
                note.update(self.words(value.why) if typed.strip() else "")
            else:
                values[part.name] = value
                if value is None:
                    note.update(self.words("form.optional"))
                else:
                    note.update(part.shown(value) if part.shown is not None else "")
        self.query_one("#comes-to", Static).update(self.comes_to(values) if whole else "")


def _field(part: Part[Any]) -> Input | Pick:
    if part.choices:
        return Pick(part.choices, part.initial, id=f"part-{part.name}")
    field = Input(part.initial, id=f"part-{part.name}", max_length=part.most, select_on_focus=False, compact=True)
    field.cursor_blink = False
    return field
