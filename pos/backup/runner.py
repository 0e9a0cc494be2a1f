"""Backups beside an open till: a thread for each, and what became of the newest. Nothing that is sold waits for it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pos.config import BackupConfig
from pos.core.refusals import Refused
from pos.core.restore_refusals import BackupNowhere

if TYPE_CHECKING:
    from pos.backup.make import Made


@dataclass(frozen=True, slots=True)
class BackupState:
    """How backups stand since the till was opened: at most one of `made` and `refused`, neither before the first."""

    running: bool = False
    made: "Made | None" = None
    refused: Refused | None = None


class Backups:
    """The backups of the store in a folder; `now` reads the wall clock, ms."""

    def __init__(self, store: Path, config: BackupConfig, now: Callable[[], int]) -> None:
        self.folder = store / config.folder if config.folder else None
        """Where they go; None where they go nowhere."""
        self.state = BackupState()
        self._store, self._keep, self._now = store, (config.keep_days, config.keep_months), now
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin one, unless one is under way. Raises `BackupNowhere` where no folder is set up."""
        if self.folder is None:
            raise BackupNowhere()
        if not self.state.running:
            self.state = BackupState(running=True)
            self._thread = threading.Thread(target=self._run, args=(self.folder,), name="backup", daemon=True)
            self._thread.start()

    def wait(self) -> None:
        """Until the one that is under way is done: it needs no open till."""
        if self._thread is not None:
            self._thread.join()

    def _run(self, folder: Path) -> None:
        # Loaded beside the counter, which is open long before anything is backed up.
        from pos.backup import make

        state = BackupState()
        try:
            state = BackupState(made=make.back_up(self._store, folder, self._now(), self._keep))
        except Refused as refused:
            state = BackupState(refused=refused)
        finally:
            self.state = state
