"""What every screen can do: hear scans and scales, speak, say no, ask for help; full screens and dialogs alike."""

from collections.abc import Callable
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen, Screen, ScreenResultType
from textual.widgets import Static

from catalog.units import Grams
from pos.core.refusals import Refused
from pos.i18n import Words
from pos.tui import keys
from pos.tui.widgets.key_line import KeyLine
from pos.tui.widgets.status import StatusLine

if TYPE_CHECKING:
    from drivers.scale.weighing import Weighing
    from drivers.scanner.codes import Code
    from pos.core.entries import Signatures
    from pos.tui.app import CounterApp

T = TypeVar("T")


class Tone(StrEnum):
    """How a line of text is meant; also the style class that colours it."""

    PLAIN = "plain"
    GOOD = "good"
    WAIT = "wait"
    REFUSED = "refused"


_SIGNS = {Tone.PLAIN: "", Tone.GOOD: "√ ", Tone.WAIT: "! ", Tone.REFUSED: "× "}


class Front(Screen[ScreenResultType]):
    """Whatever may stand in front: it gets the scans and weighings, and has a line to speak on.

    A subclass sets `NAME`, its name in the key table and in `help.<name>`, and composes its own part in `body`.
    """

    NAME: ClassVar[str] = ""
    TOPIC: ClassVar[str] = ""
    """What its help is about, where several screens share one name's keys."""
    DIALOG: ClassVar[bool] = False

    def __init_subclass__(cls, **options: Any) -> None:
        if cls.NAME:
            cls.BINDINGS = list(keys.bindings(cls.NAME, dialog=cls.DIALOG))
        super().__init_subclass__(**options)

    def __init__(self) -> None:
        super().__init__()
        self.committing = False

    @cached_property
    def till(self) -> "CounterApp":
        """The app, by its own type; kept, since a reading thread may ask when this screen has gone."""
        return cast("CounterApp", self.app)

    @property
    def words(self) -> Words:
        """The words of the language chosen."""
        return self.till.words

    def body(self) -> ComposeResult:
        """What stands between the status line and the line of text."""
        yield from ()

    def on_mount(self) -> None:
        """Say which keys work here, in the language chosen."""
        self.show_keys()

    def show_keys(self) -> None:
        """The keys in the footer: those of whoever is logged in."""
        keeper = self.till.keeper
        found = keys.shown(self.NAME, keeper.role if keeper else None, dialog=self.DIALOG)
        self.query_one(KeyLine).show([(key.cap, self.words(key.label)) for key in found])

    def footer(self) -> ComposeResult:
        """The line of text and the keys."""
        yield Static(id="message", markup=False)
        yield KeyLine(id="keys")

    def on_screen_resume(self) -> None:
        """In front again: the status line is brought up to date."""
        self.till.show_pulse()

    def scanned(self, code: "Code") -> None:
        """A code was scanned while this screen is in front; it belongs here and nowhere else."""
        self.refuse_scan(self.words("scanned.not-here"))

    def refuse_scan(self, text: str) -> None:
        """Say why a scan does nothing here."""
        self.say(text, Tone.REFUSED)

    def weighed(self, name: str, weighing: "Weighing") -> None:
        """Scale `name` says something new."""

    def paper_changed(self) -> None:
        """The printer's state changed; `till.paper` says how."""

    def sync_changed(self) -> None:
        """A sync goes on, or ended; `till.sync` says how things stand."""

    def say(self, text: str, tone: Tone = Tone.PLAIN) -> None:
        """Put one line of text up until the next; a refusal also sounds the bell."""
        line = self.query_one("#message", Static)
        line.set_classes([tone.value])
        line.update(f"{_SIGNS[tone]}{text}")
        if tone is Tone.REFUSED:
            self.till.bell()

    def refuse(self, refused: Refused) -> None:
        """Say what the shop says no to, and what to do about it."""
        fields = {name: self._spoken(value) for name, value in refused.fields.items()}
        self.say(self.words(f"refused.{refused.code}", **fields), Tone.REFUSED)

    def _spoken(self, value: object) -> object:
        return self.words("unit.kg", figure=value) if isinstance(value, Grams) else value

    def ask(
        self,
        use_case: Callable[[], T],
        then: Callable[[T], object],
        refused: Callable[[Refused], object] | None = None,
    ) -> None:
        """Run a counter call off the screen's thread; its result is dropped when this screen has gone meanwhile."""

        def still_there(result: T) -> None:
            if self.is_attached:
                then(result)

        self.till.do(use_case, still_there, refused)

    def commit(
        self,
        use_case: "Callable[[Signatures], T]",
        then: Callable[[T], object],
        refused: Callable[[Refused], object] | None = None,
    ) -> None:
        """Write something, once however often the key is pressed; asks a second person where the rules need one.

        `use_case` gets the signatures to write with. While it runs `committing` is true.
        """
        if not self.committing:
            self.committing = True
            self.till.commit(self, use_case, then, refused)

    def action_help(self) -> None:
        """F1: what this screen is for, and its keys."""
        self.till.show_help(self.NAME, self.TOPIC or self.NAME, dialog=self.DIALOG)

    def action_devices(self) -> None:
        """F10: how the devices are."""
        self.till.show_devices()

    def action_back(self) -> None:
        """Esc: one step back; a screen that would lose work asks first."""
        self.dismiss()


class CounterScreen(Front[None]):
    """A full screen: the store's pulse on top, the body, the line of text, the keys."""

    def compose(self) -> ComposeResult:
        """Status line, body, line of text, keys."""
        yield StatusLine(id="status")
        with Vertical(id="body"):
            yield from self.body()
        yield from self.footer()


class Dialog(Front[ScreenResultType], ModalScreen[ScreenResultType]):
    """A box in front of a screen; scans are refused here, so that none is lost into a field."""

    DIALOG: ClassVar[bool] = True

    def compose(self) -> ComposeResult:
        """The body, line of text and keys in a box."""
        with Vertical(id="box"):
            yield from self.body()
            yield from self.footer()

    def action_help(self) -> None:
        """F1: what the screen behind is for, since a dialog is a step of its work."""
        behind = next(each for each in reversed(self.till.screen_stack) if isinstance(each, CounterScreen))
        behind.action_help()
