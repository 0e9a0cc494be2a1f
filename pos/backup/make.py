"""Making a backup: a copy of the books taken beside a working till, refolded, packed, read back, and only then named.

Whatever goes wrong on the way (disk full, stick pulled, power cut) leaves the earlier backups as they are.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from pos import config, database
from pos.backup import bundle, folder, passphrase
from pos.backup.bundle import Manifest
from pos.backup.sealed import OPEN, Lock
from pos.core.refusals import StoreLocked, StoreMissing
from pos.core.restore_refusals import BackupRunning, BooksUnsound
from pos.storage import keys, lock
from pos.storage.store import FILE, SCHEMA, refusing, sync
from pos.storage.verify import verify

EARLIER = "earlier"
"""Where a restored store keeps the books of its installations before, each in a folder named after its writer."""

_DRAFTS, _CARD_KEY, _LOCK = "drafts.db", "cards.key", "backup.lock"


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was written, read back and named."""

    path: Path
    manifest: Manifest
    locked: bool
    """Whether it takes a passphrase to read it; only then is the card key in it."""


def back_up(store: Path, to: Path, now: int, keep: tuple[int, int] | None = None) -> Made:
    """Back the store in a folder up into the folder `to`; `now` is the wall clock, ms. The store may be open.

    With `keep`, (days, months), older backups of this installation are removed. Raises a `BackupRefused` or a
    `StoreRefused`; then everything is as it was.
    """
    if not (store / FILE).exists():
        raise StoreMissing(folder=str(store))
    folder.check(to)
    with folder.writing(store), _alone(store), tempfile.TemporaryDirectory(prefix="backup-", dir=store) as scratch:
        work = Path(scratch)
        lock_of = passphrase.load(store)
        files = _snapshot(store, work, with_card_key=lock_of is not None)
        manifest = _manifest(work, files, now)
        path = to / folder.name_of(manifest)
        with folder.writing(to):
            sealed = bundle.packed(
                manifest, keys.signing(store), files, lock_of or OPEN, bytes.fromhex(keys.new_salt())
            )
            _write(path, sealed, lock_of or OPEN)
            if keep is not None:
                mine = folder.backups(to, f"{manifest.store}-{manifest.writer}")
                for old in folder.superfluous(mine, *keep):
                    old.path.unlink()
    return Made(path, manifest, lock_of is not None)


@contextmanager
def _alone(store: Path) -> Iterator[None]:
    try:
        handle = lock.take(store / _LOCK)
    except StoreLocked:
        raise BackupRunning() from None
    try:
        for left in store.glob("backup-*/"):
            shutil.rmtree(left)
        yield
    finally:
        lock.release(handle)


def _snapshot(store: Path, work: Path, *, with_card_key: bool) -> dict[str, Path]:
    """Copies of what a store cannot do without; the signing key is not among them, for it never leaves."""
    with refusing():
        _copy(store / FILE, work / FILE)
    names = [FILE]
    # Open tickets move nothing, and a damaged file of them is no reason to have no backup.
    with suppress(sqlite3.Error):
        _copy(store / _DRAFTS, work / _DRAFTS)
        names.append(_DRAFTS)
    also = [config.FILE, *([_CARD_KEY] if with_card_key else [])]
    for name in also:
        if (store / name).exists():
            shutil.copyfile(store / name, work / name)
            names.append(name)
    files = {name: work / name for name in names}
    # They never change any more.
    for old in sorted((store / EARLIER).glob(f"*/{FILE}")):
        files[old.relative_to(store).as_posix()] = old
    return files


def _copy(source: Path, copy: Path) -> None:
    with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as old:
        old.execute("PRAGMA wal_autocheckpoint=0")
        with closing(sqlite3.connect(copy, isolation_level=None)) as new:
            new.execute("PRAGMA synchronous=OFF")
            old.backup(new)
            # One file, whole by itself.
            new.execute("PRAGMA journal_mode=DELETE")


def _manifest(work: Path, files: dict[str, Path], now: int) -> Manifest:
    report = verify(work)
    if report.wrong is not None:
        raise BooksUnsound(entry=report.wrong.entry, detail=report.wrong.code)
    engine = database.inspector(work / FILE)
    try:
        with engine.begin() as connection:
            row = connection.exec_driver_sql("SELECT * FROM installation").one()
            head = connection.exec_driver_sql("SELECT seq, hash, wall FROM journal ORDER BY seq DESC LIMIT 1").first()
    finally:
        engine.dispose()
    seq, digest, wall = head or (0, b"", 0)
    parts = tuple(bundle.part(name, path) for name, path in files.items())
    return Manifest(
        1,
        row.store,
        row.name,
        row.device,
        row.epoch,
        seq,
        digest.hex(),
        wall,
        now,
        row.utc_offset_minutes,
        version("redemption-pos"),
        SCHEMA,
        row.certificate.hex(),
        row.signature.hex(),
        parts,
    )


def _write(path: Path, sealed: Iterator[bytes], lock_of: Lock) -> None:
    unfinished = path.with_name(f"{path.name}{folder.PART}")
    for left in path.parent.glob(f"{path.name.partition('.')[0]}.*{folder.PART}"):
        left.unlink()
    try:
        with unfinished.open("wb") as file:
            for piece in sealed:
                file.write(piece)
        sync(unfinished)
        with unfinished.open("rb") as file:
            bundle.unpack(file, known=lock_of)
        unfinished.replace(path)
        sync(path.parent)
    except BaseException:
        _forget(unfinished)
        raise


def _forget(unfinished: Path) -> None:
    # A stick that is gone took it along.
    try:
        unfinished.unlink(missing_ok=True)
    except OSError:
        return
