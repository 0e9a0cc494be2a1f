"""How a store stands with its ledger, in one value: for the status line, the screens and the command line."""

from dataclasses import dataclass, field, replace

from pos.storage import books, predecessor, sync_state, township_rows
from pos.storage.store import Store
from pos.storage.sync_state import SyncState
from pos.sync.session import Step


@dataclass(frozen=True, slots=True)
class SyncPulse:
    """A store that runs alone is not `enrolled`."""

    enrolled: bool = False
    rejoin: str = ""
    """The writer before, in a restored store that the ledger has not enrolled again."""
    state: SyncState = field(default_factory=SyncState)
    unsynced: int = 0
    """Entries that the ledger has not acknowledged."""
    to_see: int = 0
    """Differences that nobody has looked at."""
    faulty: int = 0
    """Rows of the township's that could not be taken over."""
    soft_days: int | None = None
    """Days without a sync after which the township wants the keeper told."""
    hard_days: int | None = None
    """Days without a sync after which no points may be spent here."""
    running: bool = False
    step: Step | None = None
    """Where the running session is."""

    @property
    def late_after(self) -> int:
        """Days without a sync after which the keeper is told; one where the township has not said."""
        return 1 if self.soft_days is None else self.soft_days

    def at(self, step: Step | None, *, running: bool) -> "SyncPulse":
        """The same, at another place of a session."""
        return replace(self, step=step, running=running)


def read(store: Store) -> SyncPulse:
    """How the store stands now."""
    with store.read() as connection:
        enrolled, state = sync_state.enrolled(connection), sync_state.load(connection)
        return SyncPulse(
            enrolled is not None,
            predecessor.must_rejoin(connection) or "",
            state,
            books.head(connection, store.installation).seq - state.acked if enrolled else 0,
            len(sync_state.differences(connection, unseen=True)),
            len(township_rows.faults(connection)),
            enrolled.certificate.limits.soft_days if enrolled else None,
            enrolled.certificate.limits.hard_days if enrolled else None,
        )
