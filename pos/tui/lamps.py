"""Lamps of the status line: the printer's, and the sync's with its age and what waits; and what home says to do."""

from typing import TYPE_CHECKING

from pos.i18n import Words
from pos.tui.widgets.status import Lamp

if TYPE_CHECKING:
    from pos.printing.state import PaperState
    from pos.sync.pulse import SyncPulse

_DAY_MS = 86_400_000


def paper_lamp(paper: "PaperState | None", *, set_up: bool) -> Lamp:
    """The printer's, as its thread said last."""
    if not set_up:
        return Lamp.NONE
    if paper is None:
        return Lamp.UP
    if paper.cause:
        return Lamp.DOWN
    return Lamp.WAIT if paper.doubtful or paper.paper_low else Lamp.UP


def sync_lamp(pulse: "SyncPulse | None", wall: int, words: Words) -> tuple[str, Lamp]:
    """A store that runs alone has nobody to sync with."""
    if pulse is None or not (pulse.enrolled or pulse.rejoin):
        return words("status.sync"), Lamp.NONE
    if pulse.rejoin:
        return words("status.sync"), Lamp.DOWN
    if pulse.running:
        done = f"{pulse.step.done}/{pulse.step.total}" if pulse.step is not None and pulse.step.total else ""
        return f"{words('status.syncing')}{done}", Lamp.WAIT
    from pos.sync.wording import age

    waiting = f"({pulse.unsynced})" if pulse.unsynced else ""
    text = f"{words('status.sync')} {age(words, max(0, wall - pulse.state.synced))}{waiting}"
    return text, _lamp(pulse, wall)


def _lamp(pulse: "SyncPulse", wall: int) -> Lamp:
    state = pulse.state
    if state.halted:
        return Lamp.DOWN
    behind = wall - state.synced
    if pulse.hard_days is not None and behind > pulse.hard_days * _DAY_MS:
        return Lamp.DOWN
    late = behind > pulse.late_after * _DAY_MS
    return Lamp.WAIT if late or state.outcome or state.stopped else Lamp.UP


def sync_lines(words: Words, pulse: "SyncPulse | None", wall: int) -> list[str]:
    """What home says is to be done about it; nothing where all is well."""
    if pulse is None or not (pulse.enrolled or pulse.rejoin):
        return []
    from pos.sync.wording import explained, late

    state, lines = pulse.state, late(words, pulse, wall)
    if pulse.rejoin:
        lines.append(words("sync.rejoin", before=pulse.rejoin))
    if state.halted:
        lines.append(explained(words, state.halted))
    if state.stopped:
        lines.append(words("sync.stopped", code=state.stopped))
    if pulse.to_see:
        lines.append(words("home.differences", differences=pulse.to_see))
    return lines
