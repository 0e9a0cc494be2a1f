"""The folder that backups go to: what lies there, what is kept of it, and what its failures mean.

A backup is named after its books and moment: `LT01-k7q2md.0-20260115T104200-38.posbackup`, the last number being that
of its newest entry. One that is being written ends in `.part`, and is none.
"""

import errno
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pos.backup.bundle import Manifest
from pos.core.restore_refusals import BackupDiskFull, BackupFolderMissing, BackupUnwritten

SUFFIX = ".posbackup"
PART = ".part"
_NAME = re.compile(
    r"(?P<writer>[A-Z0-9]{1,8}-[a-z0-9-]+\.[0-9]+)-(?P<time>[0-9]{8}T[0-9]{6})-(?P<seq>[0-9]+)\.posbackup"
)
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True, slots=True)
class Kept:
    """A backup as its name tells it; `time` is UTC, as `20260115T104200`."""

    path: Path
    writer: str
    time: str
    seq: int

    @property
    def made(self) -> int:
        """When it was made: wall clock, ms."""
        return int(datetime.strptime(self.time, "%Y%m%dT%H%M%S").replace(tzinfo=UTC).timestamp()) * 1000


def name_of(manifest: Manifest) -> str:
    """The file name of a backup."""
    time = datetime.fromtimestamp(manifest.made // 1000, UTC)
    return f"{manifest.store}-{manifest.writer}-{time:%Y%m%dT%H%M%S}-{manifest.seq}{SUFFIX}"


def backups(folder: Path, writer: str = "") -> list[Kept]:
    """The finished backups in a folder, newest first; those of one store's `STORE-device.epoch`, when it is given."""
    try:
        names = sorted(path.name for path in folder.iterdir())
    except OSError:
        return []
    found = [
        Kept(folder / name, m["writer"], m["time"], int(m["seq"])) for name in names if (m := _NAME.fullmatch(name))
    ]
    mine = [each for each in found if writer in ("", each.writer)]
    return sorted(mine, key=lambda each: (each.time, each.seq), reverse=True)


def superfluous(found: Iterable[Kept], days: int, months: int) -> list[Kept]:
    """What may go, of backups newest first: kept is the newest of each of so many days and months that have any."""
    kept: set[Path] = set()
    seen: list[Kept] = list(found)
    for length, most in ((len("20260115"), days), (len("202601"), months)):
        newest: dict[str, Path] = {}
        for each in seen:
            newest.setdefault(each.time[:length], each.path)
        kept.update(list(newest.values())[:most])
    return [each for each in seen[1:] if each.path not in kept]


def check(folder: Path) -> None:
    """Raises `BackupFolderMissing`: one that is not there is never made, for a stick might have to be plugged in."""
    if not folder.is_dir():
        raise BackupFolderMissing(folder=str(folder))


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn what the system says of a folder into a `BackupRefused`."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise BackupDiskFull(folder=str(folder)) from None
        raise BackupUnwritten(folder=str(folder), detail=error.strerror or str(error)) from None
