"""A store's next epoch in the same folder: made beside it, and put in its place when the store is next opened.

`next/` holds the new store's file and key once they are complete; the old file and key go to `earlier/<writer>/`. Each
file moves by one rename, and whatever a power cut leaves half done is finished at the next opening.
"""

import shutil
from pathlib import Path

from pos.storage import lock
from pos.storage.store import FILE, LOCK, NEXT, sync

UNFINISHED, EARLIER = "next.new", "earlier"
_OLD = ("device.key", f"{FILE}-wal", f"{FILE}-shm", FILE)
_NEW = ("device.key", FILE)
"""What belongs to one epoch, in the order in which it moves."""
_FROM = "from"


def ready(folder: Path, writer: str) -> None:
    """What lies in `next.new` is complete, and follows the epoch of `writer`."""
    unfinished = folder / UNFINISHED
    (unfinished / _FROM).write_text(writer, encoding="ascii")
    for path in (unfinished / _FROM, unfinished):
        sync(path)
    unfinished.rename(folder / NEXT)
    sync(folder)


def finish(folder: Path) -> None:
    """Put the next epoch in its place. Raises `StoreLocked` while somebody has the store open."""
    handle = lock.take(folder / LOCK)
    try:
        ahead = folder / NEXT
        if (ahead / _FROM).exists():
            _move(folder, ahead)
        shutil.rmtree(ahead)
    finally:
        lock.release(handle)


def _move(folder: Path, ahead: Path) -> None:
    earlier = folder / EARLIER / (ahead / _FROM).read_text(encoding="ascii")
    earlier.mkdir(parents=True, exist_ok=True)
    for name in _OLD:
        if (folder / name).exists() and not (earlier / name).exists():
            (folder / name).rename(earlier / name)
    sync(earlier)
    for name in _NEW:
        if (ahead / name).exists():
            (ahead / name).rename(folder / name)
    sync(folder)
    (ahead / _FROM).unlink()
