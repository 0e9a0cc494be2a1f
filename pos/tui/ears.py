"""Scans that arrive as keys or as a paste, told from typing before any widget sees them."""

import asyncio
from contextlib import suppress

from textual import events
from textual.app import App
from textual.timer import Timer

from drivers.scanner.wedge import Release, Scan, Wedge, WedgeSettings
from pos.tui.widgets.cells import half_width

_PATIENCE = 0.06
"""Seconds without a key after which held keys are a person's; a little more than the wedge's gap."""

_OVERTAKING = 0.5
"""Seconds that a field may take for the keys before an Enter; it needs a thousandth."""

_NAMES = {"+": "plus", "-": "minus", "*": "asterisk", ".": "full_stop", " ": "space"}
"""Textual's names of the keys that a full-width sign stands for."""


class ListeningApp(App[None]):
    """An app that hears keyboard-wedge scanners; `heard` gets each scan's text and its time in seconds."""

    def __init__(self) -> None:
        super().__init__()
        self._wedge: Wedge[events.Key] = Wedge()
        self._late: Timer | None = None

    def expect_prefix(self, prefix: str) -> None:
        """The typing scanner is set to send `prefix` first."""
        self._wedge = Wedge(WedgeSettings(prefix=prefix))

    def heard(self, text: str, at: float) -> None:
        """A code was read; for the subclass."""

    def touched(self) -> None:
        """Somebody pressed a key; for the subclass."""

    async def on_event(self, event: events.Event) -> None:
        """Take keys and pastes that come from outside; what a widget passes back up goes the usual way."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            self.touched()
            if self._late is not None:
                self._late.stop()
            key = _narrow(event)
            # The character as it came: whether an input method is in the way is for the code's own check to tell.
            name = event.character if event.is_printable and event.character else event.key
            await self._do(self._wedge.key(name, event.time, key))
            if self._wedge.due is not None:
                self._late = self.set_timer(_PATIENCE, self._nothing_more)
        elif isinstance(event, events.Paste) and not event.is_forwarded and _like_a_scan(event.text):
            for line in event.text.split():
                self.heard(line.removeprefix(self._wedge.settings.prefix), event.time)
        else:
            await super().on_event(event)

    async def _nothing_more(self) -> None:
        """No key for a while, and none in the queue before this: what is held was typed."""
        if self._wedge.due is not None:
            await self._do(self._wedge.tick(self._wedge.due + _PATIENCE))

    async def _do(self, results: tuple[Release[events.Key] | Scan, ...]) -> None:
        for result in results:
            match result:
                case Scan(text=text):
                    self.heard(text, events.Event().time)
                case Release(keys=keys):
                    for key in keys:
                        if not key.is_printable:
                            await self._settled()
                        await super().on_event(key)

    async def _settled(self) -> None:
        """Until the field in focus has taken the keys before: what Enter does must not overtake what was typed."""
        if self.focused is not None:
            taken = asyncio.Event()
            self.focused.call_later(taken.set)
            with suppress(TimeoutError):
                await asyncio.wait_for(taken.wait(), _OVERTAKING)


def _narrow(event: events.Key) -> events.Key:
    """The same key without the full width that a Chinese input method gives digits and signs."""
    narrow = half_width(event.character or "")
    return event if narrow in ("", event.character) else events.Key(_NAMES.get(narrow, narrow), narrow)


def _like_a_scan(text: str) -> bool:
    """Whether a paste is what a scanner sends: one or more codes, each on its line."""
    lines = text.split()
    return (
        bool(lines)
        and text.endswith(("\r", "\n", "\t"))
        and all(len(line) >= WedgeSettings().minimum for line in lines)
    )
