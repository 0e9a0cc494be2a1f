"""备份: the backups in the folder set up for them, how the newest went, and one more at the push of a key."""

from collections.abc import Sequence

from pos.backup import folder
from pos.backup.folder import Kept
from pos.backup.runner import BackupState
from pos.core.local_time import local_time
from pos.core.refusals import NotPermitted, Refused
from pos.core.restore_refusals import BackupNowhere
from pos.counter.people import MANAGES
from pos.tui.base import Tone
from pos.tui.list_screen import ListScreen
from pos.tui.widgets.ticket import Row

_LOOK = 0.5
"""Seconds between looks at the one that is under way."""


class BackupScreen(ListScreen[Kept]):
    """One line a backup, newest first; `+` makes one now. The till goes on serving meanwhile."""

    NAME = "backup"
    TOPIC = "backup"

    def __init__(self) -> None:
        super().__init__()
        self.shown = BackupState()

    def on_mount(self) -> None:
        """Look again and again: it is made beside the till."""
        super().on_mount()
        self.shown = self.till.station.backups.state
        self.set_interval(_LOOK, self._look)

    def read(self) -> Sequence[Kept]:
        """What lies in the folder; nothing when it is not there."""
        where = self.till.station.backups.folder
        return folder.backups(where) if where is not None else ()

    def row(self, item: Kept) -> Row:
        """When it was made, of which books, up to which entry."""
        time = local_time(item.made, self.till.station.store.identity.utc_offset_minutes)[:16]
        return Row(f"{time}   {item.writer}", f"{item.seq}")

    def summary(self) -> str:
        """Where they go, and how the newest went."""
        where, words = self.till.station.backups.folder, self.words
        if where is None:
            return words("backup.nowhere")
        return f"{words('backup.folder', folder=where)}\n{self._state()}"

    def action_finish(self) -> None:
        """`+`: one more, now."""
        keeper = self.till.keeper
        try:
            if keeper is None or keeper.role not in MANAGES:
                raise NotPermitted()
            if self.till.station.backups.folder is None:
                raise BackupNowhere()
        except Refused as refused:
            self.refuse(refused)
        else:
            self.till.back_up()
            self._look()

    def _state(self) -> str:
        state, words = self.till.station.backups.state, self.words
        if state.running:
            return words("backup.running")
        if state.refused is not None:
            return f"× {words(f'refused.{state.refused.code}', **state.refused.fields)}"
        if state.made is None:
            return words("backup.not-yet")
        locked = words("backup.locked") if state.made.locked else words("backup.open")
        return f"√ {words('backup.file', file=state.made.path.name)}\n{locked}"

    def _look(self) -> None:
        state = self.till.station.backups.state
        if state is not self.shown:
            self.shown = state
            self.read_anew()
            self.say(self.words("backup.running") if state.running else "", Tone.PLAIN)
