"""Restoring: a new installation begun from a backup, never the old one gone on with.

Two copies of one installation could both hand out goods for the same points, so the signing key is in no backup, and
a restored store starts a life of its own with a journal of its own; the books before it lie beside it, to be read.

A store that a village ledger knows starts with nothing: the ledger hands goods and cash over when it has closed the
life before, and its points stay frozen until they are released. A store that runs alone has nobody who would: two
people open its balances again from the backup, and key in what its papers say of the time after.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from catalog.units import Points
from pos import config, database
from pos.backup import bundle
from pos.backup.bundle import Manifest
from pos.backup.folder import writing
from pos.backup.make import EARLIER
from pos.clock import Clock
from pos.core import reopening
from pos.core.entries import Signatures
from pos.core.refusals import ClockBack
from pos.core.restore_refusals import BackupDamaged, BackupForged, CardKeyMissing, RestoreOccupied
from pos.counter.desk import Desk, check_signatures
from pos.storage import campaigns, keys, predecessor, succession
from pos.storage.books import Transaction
from pos.storage.installation import Identity
from pos.storage.predecessor import Predecessor
from pos.storage.store import FILE, create, open_store, sync
from pos.storage.verify import verify

_CARD_KEY = "cards.key"
_STORE = "store"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wished of a restoration beside the backup itself."""

    enrolled: bool = False
    """The village ledger knows this store, although the backup may be from before it did."""
    epoch: int | None = None
    """The epoch that the ledger names for the successor; the next one when nothing is said."""
    card_key: bytes | None = None
    """What makes cards genuine, for a backup that does not hold it."""
    new_card_key: bool = False
    """Make a new one: every QR code printed so far is void, numbers under the barcodes are not."""


@dataclass(slots=True)
class Staged:
    """A new store that is not in its place yet: whose books it follows, and the counter to sign in at."""

    desk: Desk
    manifest: Manifest
    before: Predecessor
    books: Path
    """The store file before, to be read only."""
    agreed: bool = False

    @property
    def alone(self) -> bool:
        """Whether its balances are opened again here, for there is no ledger that would hand them over."""
        return self.before.alone


def check_free(home: Path) -> None:
    """Raises `RestoreOccupied` for a folder with anything in it."""
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise RestoreOccupied(folder=str(home))


@contextmanager
def staged(file: Path, home: Path, passphrase: str, wish: Wish, clock: Clock | None = None) -> Iterator[Staged]:
    """Unpack, check and begin the new store beside `home`, where it goes at the end if two people `agree`d.

    Otherwise nothing of it is left. Raises a `BackupRefused`, a `StoreRefused`, or what `agree` raises.
    """
    check_free(home)
    home.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{home.name}-", dir=home.parent))
    try:
        with writing(home.parent):
            found, before = _begun(file, folder, passphrase, wish)
        store = open_store(folder / _STORE)
        try:
            books = store.folder / EARLIER / before.writer / FILE
            stage = Staged(Desk(store, clock or Clock()), found, before, books)
            yield stage
        finally:
            store.close()
        if stage.agreed:
            with writing(home.parent):
                _put_in_place(folder / _STORE, home)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def agree(found: Staged, by: Signatures) -> None:
    """Two people agree: what was taken over is written into the new journal. Raises `PeopleRefused` or `ClockBack`."""
    desk, now = found.desk, found.desk.now()
    if now.wall < found.before.wall:
        raise ClockBack(seconds=(found.before.wall - now.wall) // 1000)
    with _read(found.books) as old, desk.store.write() as tx:
        check_signatures(tx.connection, by, two=True)
        succession.written(old, tx, now, by, found.manifest.store, found.before)
        if found.alone:
            _reopen(found, by, old, tx)
    found.agreed = True


def _put_in_place(stage: Path, home: Path) -> None:
    check_free(home)
    if home.exists():
        home.rmdir()
    sync(stage)
    stage.rename(home)
    sync(home.parent)


def _reopen(found: Staged, by: Signatures, old: Connection, tx: Transaction) -> None:
    now, closed, source = found.desk.now(), found.before.writer, found.manifest.digest
    held = reopening.given_back(succession.unused_vouchers(old), succession.balances(old), closed)
    for decision in reopening.reopen(closed, tx.writer, held, source):
        tx.append(now, by, decision)
    for household, decision in reopening.waiting(closed, tx.writer, held, source).items():
        written = tx.append(now, by, decision)
        points = decision.transfers[0].quantity
        campaigns.wait(tx.connection, written.entry.seq, household, Points(points))


def _begun(file: Path, folder: Path, passphrase: str, wish: Wish) -> tuple[Manifest, Predecessor]:
    parts, stage = folder / "parts", folder / _STORE
    with file.open("rb") as stream:
        found = bundle.unpack(stream, passphrase, into=parts)
    _check_books(parts, found)
    with _read(parts / FILE) as old:
        identity, before = _successor(old, found, wish)
    create(stage, identity)
    books = stage / EARLIER / before.writer / FILE
    books.parent.mkdir(parents=True)
    for name in (FILE, "drafts.db"):
        if (parts / name).exists():
            (parts / name).rename(books.with_name(name))
    if (parts / config.FILE).exists():
        (parts / config.FILE).rename(stage / config.FILE)
    for each in (parts / EARLIER).glob("*"):
        each.rename(stage / EARLIER / each.name)
    _take_card_key(parts, stage, wish)
    store = open_store(stage)
    try:
        with _read(books) as old, store.write() as tx:
            succession.take_over(old, tx.connection, tx.writer, reopened=before.alone)
    finally:
        store.close()
    return found, before


def _check_books(parts: Path, found: Manifest) -> None:
    """The books are sound, and those that the manifest was signed for."""
    report = verify(parts)
    if report.wrong is not None:
        raise BackupDamaged(place=report.wrong.entry)
    with _read(parts / FILE) as connection:
        row = connection.exec_driver_sql("SELECT certificate FROM installation").one()
        head = connection.exec_driver_sql("SELECT hash FROM journal ORDER BY seq DESC LIMIT 1").scalar()
    if row.certificate.hex() != found.certificate or (head or b"").hex() != found.hash or report.entries != found.seq:
        raise BackupForged()


def _successor(old: Connection, found: Manifest, wish: Wish) -> tuple[Identity, Predecessor]:
    """Who the new installation is. Only a ledger's next epoch goes on under the same device name."""
    row = old.exec_driver_sql("SELECT * FROM installation").one()
    joined = old.exec_driver_sql("SELECT 1 FROM enrolment").first() is not None
    waiting = predecessor.must_rejoin(old) is not None
    alone = not (joined or waiting or wish.enrolled or row.epoch)
    if alone:
        device, epoch = keys.new_device(), 0
    else:
        # A life that was never enrolled is not one that the ledger could close.
        device, epoch = row.device, wish.epoch if wish.epoch is not None else row.epoch + (not waiting)
    identity = Identity(row.store, row.name, row.village, row.telephone, device, epoch, row.utc_offset_minutes)
    digest = bytes.fromhex(found.hash)
    return identity, Predecessor(row.device, row.epoch, found.seq, digest, found.last, alone)


def _take_card_key(parts: Path, stage: Path, wish: Wish) -> None:
    kept = (parts / _CARD_KEY).read_bytes() if (parts / _CARD_KEY).exists() else wish.card_key
    if kept is not None and len(kept) == keys.CARD_KEY_BYTES:
        keys.put_cards(stage, kept)
    elif not wish.new_card_key:
        raise CardKeyMissing()


@contextmanager
def _read(path: Path) -> Iterator[Connection]:
    engine = database.inspector(path)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()
