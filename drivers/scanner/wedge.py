"""Keyboard-wedge scanners: a burst of keys told from typing by its speed, as a pure machine of (key, time).

Every key goes in before the screen routes it to a widget. A printable key is held for up to `gap` seconds: if the
suffix comes while the burst is still gapless and long enough, it was a scan; otherwise the keys go back in their order.
Measured through a terminal: fourteen characters arrive within 10-41 ms and CR LF as two keys; people leave more than
80 ms between keys.
"""

from dataclasses import dataclass, field
from typing import Generic, TypeVar

from drivers.scanner.codes import MAX_LENGTH
from drivers.scanner.gs1 import GS

K = TypeVar("K")

SUFFIXES = frozenset({"enter", "ctrl+j", "tab", "\r", "\n", "\t"})
"""CR, LF and TAB, as characters and by Textual's names for their keys."""

SEPARATORS = frozenset({"ctrl+right_square_bracket", GS})
"""The separator inside a GS1 element string, likewise."""


@dataclass(frozen=True, slots=True)
class WedgeSettings:
    """How the scanner was programmed. `prefix` is the key it sends first, such as `~` or `f12`; with one set, only what
    follows it is ever held, and typing passes at once."""

    gap: float = 0.05
    minimum: int = 6
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Release(Generic[K]):
    """These keys were typed by a person: route them now, in this order."""

    keys: tuple[K, ...]


@dataclass(frozen=True, slots=True)
class Scan:
    """A scan's text, at most one character longer than a code may be; its keys are spent."""

    text: str


@dataclass(slots=True)
class Wedge(Generic[K]):
    """The machine. `K` is whatever the caller wants back for a key: the event itself.

    Each key comes back once, in order, in a `Release`, or is spent in a `Scan`, prefix and suffix with it. Of a burst
    too long for any code, what passes the limit is dropped.
    """

    settings: WedgeSettings = field(default_factory=WedgeSettings)
    _keys: list[K] = field(default_factory=list)
    _text: str = ""
    _last: float | None = None
    _scanned: bool = False

    def key(self, name: str, at: float, event: K) -> tuple[Release[K] | Scan, ...]:
        """Take one key, a character or a key's name, pressed at `at` seconds; what is to be done now."""
        done = self.tick(at)
        after_scan, self._last = self._scanned, at
        if name in SUFFIXES:
            return (*done, *self._suffix(after_scan, event))
        self._scanned = False
        if name == self.settings.prefix and not self._keys:
            self._keys.append(event)
        elif self._may_be_scanned(name):
            if len(self._text) <= MAX_LENGTH:
                self._keys.append(event)
                self._text += GS if name in SEPARATORS else name
        else:
            return (*done, *self._release(event))
        return done

    def tick(self, now: float) -> tuple[Release[K] | Scan, ...]:
        """What the passing of time makes due: held keys are released after the gap."""
        if self._last is None or now - self._last <= self.settings.gap:
            return ()
        self._last, self._scanned = None, False
        return self._release()

    @property
    def due(self) -> float | None:
        """When to `tick` next, in seconds; None while nothing is held."""
        return self._last + self.settings.gap if self._keys and self._last is not None else None

    def _may_be_scanned(self, name: str) -> bool:
        if name in SEPARATORS:
            return bool(self._text)
        return len(name) == 1 and name.isprintable() and bool(self._keys or not self.settings.prefix)

    def _suffix(self, after_scan: bool, event: K) -> tuple[Release[K] | Scan, ...]:
        """CR, LF or TAB: the end of a scan, the second half of CR LF, or a person's key."""
        if len(self._text) >= self.settings.minimum:
            text, self._scanned = self._text, True
            self._keys.clear()
            self._text = ""
            return (Scan(text),)
        if after_scan and not self._keys:
            return ()
        self._scanned = False
        return self._release(event)

    def _release(self, *more: K) -> tuple[Release[K], ...]:
        keys = (*self._keys, *more)
        self._keys.clear()
        self._text = ""
        return (Release(keys),) if keys else ()
