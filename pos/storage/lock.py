"""One process a store: an exclusive lock on a side file, released by the system when the process ends."""

import os
import sys
from pathlib import Path

from pos.core.refusals import StoreLocked, StoreReadOnly

if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def take(path: Path) -> int:
    """Lock `path` and return the open handle. Raises `StoreLocked`, or `StoreReadOnly` when it cannot be made."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StoreReadOnly(detail=str(error)) from None
    try:
        _lock(handle)
    except OSError:
        os.close(handle)
        raise StoreLocked() from None
    return handle


def release(handle: int) -> None:
    """Give the lock back."""
    os.close(handle)
