"""验收: what was found of the counter's devices and of the computer itself, and the sheet that says so.

What a person has to put on, scan or look at is asked by `pos.tui.acceptance`.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pos.clock import Clock
from pos.core.entries import Signatures
from pos.core.sheets import Fact, Label, Sheet, Table
from pos.counter import paper
from pos.counter.desk import Desk
from pos.database import OLDEST_SQLITE

FREE = 1 << 30
"""Bytes that must be free: years of books."""
DRIFT = 2_000
"""Milliseconds by which wall clock and running clock may part during an acceptance."""

_PROBE = "acceptance.tmp"
_RESULTS = {True: "passed", False: "failed", None: "not-checked"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one thing: right, wrong, or not looked at (None); `detail` is the figure or the reason."""

    item: str
    right: bool | None
    device: str = ""
    detail: str = ""


def machine(folder: Path, *, camera: bool) -> Iterator[Finding]:
    """Disk, SQLite, font and libzbar of this computer; `folder` is the store's. Only a `camera` needs libzbar."""
    from drivers.camera.engines import APT_PACKAGE, zbar_missing
    from drivers.printer.raster import find_font

    free = shutil.disk_usage(folder).free
    yield Finding("disk-free", free >= FREE, detail=f"{free >> 30}.{(free >> 20 & 1023) * 10 >> 10} GiB")
    yield synced(folder)
    yield Finding("sqlite", sqlite3.sqlite_version_info >= OLDEST_SQLITE, detail=sqlite3.sqlite_version)
    yield Finding("font", True) if find_font() else Finding("font", False, detail="apt-get install fonts-wqy-zenhei")
    missing = zbar_missing()
    hint = f"apt-get install {APT_PACKAGE}" if missing else ""
    yield Finding("zbar", (None if missing else True) if not camera else not missing, detail=hint)


def synced(folder: Path) -> Finding:
    """Whether a file of the store's folder can be written, forced to the disk, and read back."""
    path = folder / _PROBE
    written = b"acceptance\n" * 400
    try:
        with path.open("wb") as file:
            file.write(written)
            file.flush()
            os.fsync(file.fileno())
        right = path.read_bytes() == written
    except OSError as error:
        return Finding("disk-sync", False, detail=error.strerror or "")
    finally:
        path.unlink(missing_ok=True)
    return Finding("disk-sync", right)


def drift(clock: Clock, wall: int, mono: int) -> Finding:
    """Whether the wall clock went as fast as the running one since these readings (ms)."""
    apart = (clock.wall() - wall) - (clock.mono() - mono)
    return Finding("clock-drift", abs(apart) <= DRIFT, detail=f"{apart} ms")


def sheet(desk: Desk, by: Signatures, found: tuple[Finding, ...]) -> Sheet:
    """What was found, as a report to sign."""
    wrong = any(each.right is False for each in found)
    rows = tuple(
        (Label(f"accepts-{each.item}"), each.device, Label(_RESULTS[each.right]), each.detail) for each in found
    )
    table = Table(("accepts", "device", "result", "detail"), rows)
    verdict = Fact("verdict", Label(_RESULTS[not wrong]))
    return replace(paper.report(desk, by, "acceptance", (verdict,), (table,)), signatures=("keeper", "witness"))


def file(desk: Desk, by: Signatures, found: tuple[Finding, ...]) -> Sheet:
    """Print the sheet; that it was printed, and a digest of what it says, is in the journal."""
    return paper.print_report(desk, by, sheet(desk, by, found))
