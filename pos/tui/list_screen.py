"""A full screen with a list: rows read off the screen's thread, one of them chosen, Enter opens it."""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.events import Key
from textual.widgets import Static

from pos.tui import keys
from pos.tui.base import CounterScreen
from pos.tui.widgets.ticket import Row, Ticket

T = TypeVar("T")


class ListScreen(CounterScreen, Generic[T]):
    """A list of `T`. A subclass names its `TOPIC` (title `title.<topic>`, help `help.<topic>`), reads and words it."""

    NAME = "list"
    TOPIC: ClassVar[str]
    CSS_PATH = Path(__file__).parent / "list_screen.tcss"

    def __init__(self) -> None:
        super().__init__()
        self.items: Sequence[T] = ()
        self.chosen = 0

    def read(self) -> Sequence[T]:
        """The items; runs on the counter's thread. Raises `Refused`."""
        raise NotImplementedError

    def row(self, item: T) -> Row:
        """How one of them stands on the screen."""
        raise NotImplementedError

    def opened(self, item: T) -> None:
        """Enter on one of them."""

    def summary(self) -> str:
        """What stands below the list: sums, or what to do."""
        return ""

    def body(self) -> ComposeResult:
        """Title, rows, summary."""
        yield Static(id="title", markup=False)
        yield Ticket(id="lines")
        yield Static(id="summary", markup=False)

    def on_mount(self) -> None:
        """Read for the first time."""
        self.read_anew()

    def on_screen_resume(self) -> None:
        """What was opened may have changed something."""
        if self.items:
            self.read_anew()

    def read_anew(self) -> None:
        """Read the items again, keeping the place."""

        def show(items: Sequence[T]) -> None:
            self.items = items
            self.go(self.chosen)

        self.ask(self.read, show)

    def on_key(self, event: Key) -> None:
        """Arrows and page keys go up and down."""
        height = max(1, self.query_one("#lines").size.height - 1)
        steps = {"up": -1, "down": 1, "pageup": -height, "pagedown": height}
        if event.key in steps:
            event.stop()
            self.go(self.chosen + steps[event.key])

    def go(self, place: int) -> None:
        """Choose another row."""
        self.chosen = max(0, min(place, len(self.items) - 1))
        self.show()

    def show(self) -> None:
        """Bring the screen up to date."""
        count = f"{self.chosen + 1}/{len(self.items)}" if self.items else self._empty()
        self.query_one("#title", Static).update(f"{self.words(f'title.{self.TOPIC}')}   {count}")
        self.query_one("#lines", Ticket).show(tuple(map(self.row, self.items)), self.chosen)
        self.query_one("#summary", Static).update(self.summary())

    def _empty(self) -> str:
        add = next((key.cap for key in keys.keys_of(self.NAME) if key.action == "add"), None)
        return self.words("list.empty-add", key=add) if add else self.words("list.empty")

    @property
    def current(self) -> T | None:
        """The chosen item."""
        return self.items[self.chosen] if self.items else None

    def action_enter(self) -> None:
        """Enter: open the chosen one."""
        if (item := self.current) is not None:
            self.opened(item)
