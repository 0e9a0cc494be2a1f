"""The status line's lamp for backups: there once one was begun since the till was opened."""

from pos.backup.runner import Backups
from pos.i18n import Words
from pos.tui.widgets.status import Lamp


def backup_lamp(backups: Backups, words: Words) -> list[tuple[str, Lamp]]:
    """Under way, failed, or done; nothing where nothing is known."""
    state = backups.state
    if not state.running and state.refused is None and state.made is None:
        return []
    lamp = Lamp.WAIT if state.running else Lamp.DOWN if state.refused is not None else Lamp.UP
    return [(words("status.backup"), lamp)]
