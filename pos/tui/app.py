"""The till: paints at once, opens the store behind it, and routes between screens, which never know each other.

Device threads and the printer's thread only post messages here. Every counter call runs on the one `counter` thread.
"""

import asyncio
import gc
import logging
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from drivers.scanner.codes import Code, Debounce, Kind, Sight, Unrecognised, classify
from drivers.scanner.gs1 import Layout
from pos import i18n
from pos.clock import Clock
from pos.core.refusals import ApprovalNeeded, ClockBack, Refused
from pos.i18n import Words
from pos.tui import apart, log, look
from pos.tui.backup_lamp import backup_lamp
from pos.tui.base import Front, Tone
from pos.tui.lamps import paper_lamp, sync_lamp
from pos.tui.messages import DeviceEvent, PaperChanged, SyncChanged, Told
from pos.tui.routes import Routes
from pos.tui.widgets.status import Lamp, Pulse, StatusLine

if TYPE_CHECKING:
    from drivers.scale.weighing import Weighing
    from pos.core.entries import Signatures
    from pos.printing.state import PaperState
    from pos.station import Station
    from pos.storage.people import Keeper
    from pos.sync.pulse import SyncPulse
    from pos.tui.device_log import DeviceLog
    from pos.tui.widgets.picture import Painter

T = TypeVar("T")

_TICK = 1.0
"""Seconds between looks at the clock."""


class CounterApp(Routes):
    """The counter of the store in `folder`, or of the one to practise in."""

    CSS_PATH = Path(__file__).parent / "app.tcss"
    ENABLE_COMMAND_PALETTE = False
    ESCAPE_TO_MINIMIZE = False
    # A scanner's ETX arrives as Ctrl+C.
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+c", "nothing", show=False, priority=True)]

    def __init__(self, folder: Path, clock: Clock | None = None, *, training: bool = False) -> None:
        super().__init__()
        self.folder, self.training = folder, training
        self.clock = clock or Clock()
        self.words: Words = i18n.load(_language(folder))
        self.keeper: Keeper | None = None
        self.paper: PaperState | None = None
        self.sync: SyncPulse | None = None
        self.weighings: dict[str, Weighing] = {}
        """What each scale said last; true now, since a scale also says when it falls silent."""
        self.last_scan = ""
        self.device_log: DeviceLog
        self.painter: Painter | None = None
        """The widget with which this terminal shows pictures of real pixels."""
        self._station: Station | None = None
        self._counter = ThreadPoolExecutor(1, thread_name_prefix="counter")
        self._log_file: logging.Handler | None = None
        self._debounce = Debounce()
        self._layouts: tuple[Layout, ...] = ()
        self._last_touch = 0
        self.register_theme(look.THEME)
        self.theme = look.THEME.name

    @property
    def station(self) -> "Station":
        """The open counter; there is one as soon as there is any screen but the splash."""
        assert self._station is not None
        return self._station

    @property
    def by(self) -> "Signatures":
        """The signature of whoever is logged in."""
        from pos.core.entries import Signatures

        assert self.keeper is not None
        return Signatures(self.keeper.number)

    def run(self, **options: Any) -> None:
        """Open the till in this terminal until it is closed; what libraries write on the error stream stays off it."""
        if re.search(r"^\[camera\]", _settings(self.folder), re.MULTILINE):
            from pos.tui.widgets.picture import painter

            self.painter = painter()
        with apart.stderr(self.folder):
            super().run(**options)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The tokens of every style sheet."""
        return look.TOKENS

    # Opening and closing

    def compose(self) -> ComposeResult:
        """The splash: painted before anything heavy is imported."""
        yield Static(self.words("app.opening"), id="splash", markup=False)

    def on_mount(self) -> None:
        """Open the store as soon as the splash is on the screen."""
        self.do(self._open, self._opened, self._cannot_open)

    def _open(self) -> None:
        # All that is loaded here stays until the end: looking through it for garbage takes a tenth of the time.
        gc.disable()
        try:
            self._open_station()
            import pos.tui.screens.home
            import pos.tui.screens.login  # noqa: F401 - imported here, where nothing waits for it
        finally:
            gc.freeze()
            gc.enable()

    def _open_station(self) -> None:
        from pos.station import open_station
        from pos.tui.device_log import DeviceLog

        self.device_log = DeviceLog()
        self._log_file = log.to_file(self.folder)
        self._station = open_station(
            self.folder,
            lambda event: self.post_message(DeviceEvent(event)),
            self.clock,
            training=self.training,
        )

    def _opened(self, _: None) -> None:
        from pos.tui.screens.home import Home

        self.words = self.station.words
        self.expect_prefix(self.station.config.counter.scanner_prefix)
        self._layouts = tuple(map(Layout, self.station.config.counter.scale_labels))
        self.touched()
        self.push_screen(Home())
        self.action_lock()
        self.set_interval(_TICK, self._tick)
        self.set_timer(_TICK, self._start_printing)

    def _start_printing(self) -> None:
        """Start printing once the counter is up, and syncing: what was left over goes out now."""
        start = partial(self.station.start_printing, lambda state: self.post_message(PaperChanged(state)))
        self.do(start, lambda _: self.show_pulse())
        self.do(lambda: self.station.start_syncing(lambda pulse: self.post_message(SyncChanged(pulse))), lambda _: None)
        self.do(_load_the_rest, lambda _: None)

    def _cannot_open(self, refused: Refused) -> None:
        self._splash(self.words(f"refused.{refused.code}", **refused.fields))

    def _splash(self, text: str) -> None:
        splash = self.screen_stack[0].query_one("#splash", Static)
        splash.add_class("refused")
        splash.update(f"× {text}\n\n{self.words('app.quit')}")

    async def on_unmount(self) -> None:
        """Close the store after the call in hand."""
        await asyncio.get_running_loop().run_in_executor(self._counter, self._close)
        self._counter.shutdown()

    def _close(self) -> None:
        if self._station is not None:
            self._station.close()
        if self._log_file is not None:
            log.stop(self._log_file)

    # Counter calls

    def do(
        self,
        use_case: Callable[[], T],
        then: Callable[[T], object],
        refused: Callable[[Refused], object] | None = None,
        always: Callable[[], object] | None = None,
    ) -> None:
        """Run a counter call on the counter's thread, one after the other; `then` and `refused` run back here."""
        call = self._call(self.front, use_case, then, refused, always)
        self.run_worker(call, group="counter", exit_on_error=False)

    async def _call(
        self,
        front: Front[Any] | None,
        use_case: Callable[[], T],
        then: Callable[[T], object],
        refused: Callable[[Refused], object] | None,
        always: Callable[[], object] | None,
    ) -> None:
        try:
            try:
                result = await asyncio.get_running_loop().run_in_executor(self._counter, use_case)
            finally:
                if always is not None:
                    always()
            then(result)
        except Refused as no:
            if isinstance(no, ClockBack) and self.keeper is not None:
                self.confirm_clock(no)
            elif refused is not None:
                refused(no)
            elif speaker := self._speaker(front):
                speaker.refuse(no)
        except Exception as error:
            logging.getLogger(__name__).exception("counter call")
            if speaker := self._speaker(front):
                speaker.say(self.words("app.trouble", kind=type(error).__name__), Tone.REFUSED)
            else:
                self._splash(self.words("app.trouble", kind=f"{type(error).__name__}: {error}"))

    def _speaker(self, front: Front[Any] | None) -> Front[Any] | None:
        """Who says how a call went: the screen that asked, or the one in front when it has gone."""
        return front if front is not None and front.is_attached else self.front

    @property
    def front(self) -> Front[Any] | None:
        """The screen or dialog in front; None while the store is being opened, and while the app closes."""
        stands = self.is_running and self.screen_stack
        return self.screen if stands and isinstance(self.screen, Front) else None

    def commit(
        self,
        front: Front[Any],
        use_case: "Callable[[Signatures], T]",
        then: Callable[[T], object],
        refused: Callable[[Refused], object] | None = None,
        by: "Signatures | None" = None,
    ) -> None:
        """`Front.commit`: write with the keeper's signature, and with a second person's when the rules ask for it."""
        signatures = by or self.by

        def written(result: T) -> None:
            if self.station.printing is not None:
                self.station.printing.wake()
            then(result)

        def no(why: Refused) -> None:
            if isinstance(why, ApprovalNeeded):
                self.approve(lambda two: self.commit(front, use_case, then, refused, two))
            else:
                (refused or front.refuse)(why)

        def over() -> None:
            front.committing = False

        front.committing = True
        self.do(lambda: use_case(signatures), written, no, over)

    # What devices and people say

    def on_device_event(self, message: DeviceEvent) -> None:
        """A scale, a serial scanner, or the loss of one."""
        from drivers.events import DeviceDown, DeviceUp, Scanned, Weighed

        if not isinstance(message.event, Scanned):
            self.device_log.note(message.event.device, message.event, self.clock.wall())
        match message.event:
            case Scanned(device=name, text=text, at=at):
                self.heard(text, at, name)
            case Weighed(device=name, weighing=weighing):
                self.weighings[name] = weighing
                # a screen that is still being composed asks for itself when it stands
                if self.front is not None and self.front.is_mounted:
                    self.front.weighed(name, weighing)
            case DeviceUp() | DeviceDown():
                self.show_pulse()

    def on_paper_changed(self, message: PaperChanged) -> None:
        """Printing goes on, or does not."""
        from pos.tui.device_log import PRINTER

        self.paper = message.state
        self.device_log.note(PRINTER, message.state, self.clock.wall())
        self.show_pulse()
        if self.front is not None and self.front.is_mounted:
            self.front.paper_changed()

    def on_sync_changed(self, message: SyncChanged) -> None:
        """A sync goes on, or how things stand with the ledger has changed."""
        self.sync = message.pulse
        self.show_pulse()
        if self.front is not None and self.front.is_mounted:
            self.front.sync_changed()

    def on_told(self, message: Told) -> None:
        """Another thread has the answer to what a screen asked."""
        message.then()

    def heard(self, text: str, at: float, device: str = "") -> None:
        """Give a scan to the screen in front, whatever has the focus; `device` is empty for one that types."""
        from drivers.events import Scanned
        from pos.tui.device_log import KEYBOARD

        self.touched()
        front = self.front
        if front is None:
            self.bell()
            return
        if not front.is_mounted:
            self.call_later(self.heard, text, at, device)
            return
        self.device_log.note(device or KEYBOARD, Scanned(device, text, at), self.clock.wall())
        self.last_scan = text[:40]
        match classify(text, aim=self.station.config.aim(device), layouts=self._layouts):
            case Unrecognised(flaw=flaw):
                front.refuse_scan(self.words(f"scan.{flaw}"))
            case Code(kind=Kind.CARD | Kind.SIGNED_CARD) as code:
                match self._debounce.accept(device, code.text, at):
                    case Sight.FRESH:
                        front.scanned(code)
                    case Sight.LYING:
                        front.say(self.words("scanned.lying"), Tone.WAIT)
                    case Sight.REPEAT:
                        pass
            case Code() as code:
                front.scanned(code)

    def touched(self) -> None:
        """Somebody is here: the till does not lock."""
        self._last_touch = self.clock.mono()

    def _tick(self) -> None:
        self.show_pulse()
        minutes = self.station.config.counter.lock_minutes
        busy = any(isinstance(screen, Front) and screen.committing for screen in self.screen_stack)
        idle = self.clock.mono() - self._last_touch
        if minutes and idle >= minutes * 60_000 and self.keeper is not None and not busy:
            self.action_lock()

    def show_pulse(self) -> None:
        """Bring the status line up to date."""
        if self.front is not None:
            for line in self.front.query(StatusLine):
                line.show(self._pulse())

    def _pulse(self) -> Pulse:
        from pos.core.households import mask
        from pos.core.local_time import local_time

        station, keeper = self.station, self.keeper
        time = local_time(self.clock.wall(), station.store.identity.utc_offset_minutes)[11:16]
        who = self.words("status.keeper", number=keeper.number, name=mask(keeper.name)) if keeper else ""
        return Pulse(station.store.identity.name, who, tuple(self._lamps(station)), time)

    def _lamps(self, station: "Station") -> list[tuple[str, Lamp]]:
        devices = station.devices.statuses()
        lamps = {
            kind: [Lamp.UP if device.up else Lamp.DOWN for device in devices if device.kind == kind]
            for kind in ("scale", "scanner", "camera")
        }
        scanners = lamps["scanner"] or [Lamp.UP if self.last_scan else Lamp.NONE]
        return [
            (self.words("status.scale"), (lamps["scale"] or [Lamp.NONE])[0]),
            *(("", lamp) for lamp in lamps["scale"][1:]),
            (self.words("status.printer"), paper_lamp(self.paper, set_up=station.config.printer is not None)),
            (self.words("status.scanner"), scanners[0]),
            *((self.words("status.camera"), lamp) for lamp in lamps["camera"]),
            *backup_lamp(station.backups, self.words),
            sync_lamp(self.sync, self.clock.wall(), self.words),
        ]


def _load_the_rest() -> None:
    """What the first customer needs, while nobody is waiting for it."""
    import pos.core.kinds
    import pos.tui.screens.household
    import pos.tui.screens.receipt
    import pos.tui.screens.redeem
    import pos.tui.screens.weigh_in  # noqa: F401


def _settings(folder: Path) -> str:
    """What is needed before the first paint; the settings' own reader takes longer to load than the splash to paint."""
    try:
        return (folder / "station.toml").read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""


def _language(folder: Path) -> str:
    """The language of the splash."""
    found = re.search(r'^language *= *"(\w+)"', _settings(folder), re.MULTILINE)
    return found[1] if found and found[1] in i18n.LANGUAGES else i18n.LANGUAGES[0]
