"""What other threads tell the screens: values put into messages, posted and never waited for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from drivers.events import Event
    from pos.printing.state import PaperState
    from pos.sync.pulse import SyncPulse


@dataclass
class DeviceEvent(Message, bubble=False):
    """A device has something to say."""

    event: "Event"


@dataclass
class PaperChanged(Message, bubble=False):
    """The printer's queue or state changed."""

    state: "PaperState"


@dataclass
class SyncChanged(Message, bubble=False):
    """A sync goes on, or how the store stands with its ledger has changed."""

    pulse: "SyncPulse"


@dataclass
class Told(Message, bubble=False):
    """An answer that a screen waits for: `then` goes on with it."""

    then: Callable[[], object]
