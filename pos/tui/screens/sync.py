"""同步: how things stand with the village ledger, and the differences that somebody has to look at."""

from collections.abc import Sequence

from pos.core.local_time import local_time
from pos.storage.sync_state import Difference
from pos.sync import todo, wording
from pos.sync.pulse import SyncPulse
from pos.tui import sync_jobs
from pos.tui.base import Tone
from pos.tui.list_screen import ListScreen
from pos.tui.widgets.cells import left
from pos.tui.widgets.ticket import Row


class SyncScreen(ListScreen[Difference]):
    """One line a difference; `+` syncs now, F5 and F6 carry files, F7 joins the ledger or begins a new epoch."""

    NAME = "sync"
    TOPIC = "sync"

    def __init__(self) -> None:
        super().__init__()
        self._ran = False

    def read(self) -> Sequence[Difference]:
        """What nobody has looked at yet."""
        return todo.unseen(self.till.station.desk)

    def row(self, item: Difference) -> Row:
        """The entry, what is strange about it, and since when it is known."""
        offset = self.till.station.store.identity.utc_offset_minutes
        text = f"{item.seq or '':>6}  {left(todo.worded(self.words, item.code), 48)}"
        return Row(text, local_time(item.found, offset)[5:16])

    def summary(self) -> str:
        """How things stand, and how far a running sync is."""
        found = self.till.sync or SyncPulse()
        offset = self.till.station.store.identity.utc_offset_minutes
        lines = wording.lines(self.words, found, offset, self.till.clock.wall())
        if found.running and found.step is not None:
            counted = f" {found.step.done}/{found.step.total}" if found.step.total else ""
            lines.insert(0, f"{self.words(f'sync-stage.{found.step.stage}')}{counted}")
        return "\n".join(lines)

    def sync_changed(self) -> None:
        """Show it; a session that was seen running and has ended is over in words, too."""
        found = self.till.sync
        if found is not None and not found.running:
            self.read_anew()
            if self._ran:
                self._say_how(found)
        else:
            self.show()
        self._ran = found is not None and found.running

    def _say_how(self, found: SyncPulse) -> None:
        outcome = found.state.outcome
        if outcome:
            self.say(wording.explained(self.words, outcome, found.state.detail), Tone.REFUSED)
        else:
            self.say(self.words("sync.done"), Tone.GOOD)

    def opened(self, item: Difference) -> None:
        """Enter: somebody has looked at it."""
        desk = self.till.station.desk
        text = self.words("sync.ask-seen", what=todo.worded(self.words, item.code), number=item.seq)
        self.till.confirm(text, lambda: self.commit(lambda by: todo.see(desk, by, item), lambda _: self._seen()))

    def _seen(self) -> None:
        self.read_anew()
        if self.till.station.syncing is not None:
            self.till.station.syncing.look()

    def action_finish(self) -> None:
        """`+`: sync now; it goes on while somebody is served."""
        syncing, found = self.till.station.syncing, self.till.sync
        if syncing is None or found is None or not found.enrolled:
            self.say(self.words("sync.alone"), Tone.REFUSED)
        else:
            syncing.sync_now()
            self.say(self.words("sync.begun"), Tone.WAIT)

    def action_export(self) -> None:
        """F5: to a stick."""
        sync_jobs.to_stick(self)

    def action_import(self) -> None:
        """F6: from a stick."""
        sync_jobs.from_stick(self, lambda _: self._seen())

    def action_join(self) -> None:
        """F7: join the ledger, or begin a new epoch."""
        self.till.show_joining()
