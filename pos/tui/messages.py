"""What other threads tell the screens: values put into messages, posted and never waited for."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from drivers.events import Event
    from pos.printing.state import PaperState


@dataclass
class DeviceEvent(Message, bubble=False):
    """A device has something to say."""

    event: "Event"


@dataclass
class PaperChanged(Message, bubble=False):
    """The printer's queue or state changed."""

    state: "PaperState"
