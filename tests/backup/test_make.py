"""A backup is whole and verified or it is not there, and the earlier ones stay whatever happens."""

import errno
import resource
import shutil
import signal
import sqlite3
import subprocess
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.backup import bundle, folder, passphrase
from pos.backup.folder import Kept, superfluous
from pos.backup.make import Made, back_up
from pos.backup.runner import Backups
from pos.backup.sealed import OPEN, seal, unseal
from pos.config import BackupConfig
from pos.core.refusals import DiskFailed, DiskFull, StoreCorrupt, StoreMissing
from pos.core.restore_refusals import (
    BackupDamaged,
    BackupDiskFull,
    BackupFolderMissing,
    BackupForged,
    BackupLocked,
    BackupNowhere,
    BackupRefused,
    BackupRunning,
    BackupUnwritten,
    BooksUnsound,
    PassphraseShort,
)
from pos.counter.weigh_in import weigh_in
from pos.storage import lock
from pos.storage.drafts import Drafts
from pos.storage.verify import verify
from tests.shop import Shop

DAY_MS = 86_400_000


def made_of(shop: Shop, stick: Path, keep: tuple[int, int] | None = None) -> Made:
    return back_up(shop.folder, stick, shop.clock.wall, keep)


def taken_apart(made: Made, into: Path, text: str = "") -> bundle.Manifest:
    with made.path.open("rb") as file:
        return bundle.unpack(file, text, into=into)


def names(stick: Path) -> list[str]:
    return sorted(path.name for path in stick.iterdir())


def test_of_an_open_till(shop: Shop, stick: Path, tmp_path: Path) -> None:
    (shop.folder / "station.toml").write_text("language = 'en'\n")
    made = made_of(shop, stick)
    assert names(stick) == ["LT01-k7q2md.0-20260114T224200-22.posbackup"]
    found = taken_apart(made, tmp_path / "parts")
    assert found == made.manifest
    assert (found.store, found.device, found.epoch, found.seq) == ("LT01", "k7q2md", 0, 22)
    assert verify(tmp_path / "parts") == verify(shop.folder)
    assert (tmp_path / "parts" / "station.toml").read_text() == "language = 'en'\n"
    # Nothing of it is left in the store, which sells on.
    assert not list(shop.folder.glob("backup-*"))
    weigh_in(shop.desk, shop.by, shop.bag(of="0002"))


def test_keys_that_travel_and_keys_that_do_not(shop: Shop, stick: Path, tmp_path: Path) -> None:
    secret = (shop.folder / "device.key").read_bytes()
    plain = made_of(shop, stick)
    taken_apart(plain, tmp_path / "plain")
    assert not plain.manifest.has_card_key
    passphrase.choose(shop.folder, "correct horse")
    shop.clock.advance()
    locked = made_of(shop, stick)
    taken_apart(locked, tmp_path / "locked", "correct horse")
    assert locked.locked
    assert locked.manifest.has_card_key
    assert (tmp_path / "locked" / "cards.key").read_bytes() == (shop.folder / "cards.key").read_bytes()
    for path in (*(tmp_path / "plain").rglob("*"), *(tmp_path / "locked").rglob("*")):
        assert path.is_dir() or secret not in path.read_bytes()
    with pytest.raises(BackupLocked):
        taken_apart(locked, tmp_path / "other", "correct house")


def test_a_passphrase_is_kept_as_its_key_only(shop: Shop) -> None:
    passphrase.choose(shop.folder, "correct horse")
    path = shop.folder / passphrase.FILE
    assert b"horse" not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(PassphraseShort):
        passphrase.choose(shop.folder, "1234567")


def test_a_key_that_is_damaged_makes_no_backup_that_nobody_opens(shop: Shop, stick: Path) -> None:
    (shop.folder / passphrase.FILE).write_bytes(b"short")
    with pytest.raises(StoreCorrupt):
        made_of(shop, stick)
    assert names(stick) == []


@pytest.mark.parametrize("data", [None, b"no database at all, but long enough to look like one" * 20])
def test_open_tickets_that_are_damaged_are_left_out(shop: Shop, stick: Path, data: bytes | None) -> None:
    if data is None:
        Drafts(shop.folder).close()
    else:
        (shop.folder / "drafts.db").write_bytes(data)
    made = made_of(shop, stick)
    assert ("drafts.db" in [part.name for part in made.manifest.parts]) is (data is None)


def test_damage_of_the_file_anywhere_is_found(shop: Shop, stick: Path) -> None:
    data = made_of(shop, stick).path.read_bytes()
    copy = stick / "copy"
    for place in range(0, len(data), 997):
        for wrong in (data[:place], data[:place] + bytes([data[place] ^ 4]) + data[place + 1 :], data + data[:1]):
            copy.write_bytes(wrong)
            with copy.open("rb") as file, pytest.raises(BackupRefused):
                bundle.unpack(file)


def test_what_another_hand_packed(shop: Shop, stick: Path) -> None:
    made = made_of(shop, stick)
    with made.path.open("rb") as file:
        plain = b"".join(unseal(file, ""))
    line = zlib.decompress(plain)
    forged = line.replace(b'"seq":22', b'"seq":21', 1)
    assert forged != line
    made.path.write_bytes(b"".join(seal([zlib.compress(forged)], OPEN, bytes(16))))
    with made.path.open("rb") as file, pytest.raises(BackupForged):
        bundle.unpack(file)
    made.path.write_bytes(b"".join(seal([zlib.compress(line[:-1])], OPEN, bytes(16))))
    with made.path.open("rb") as file, pytest.raises(BackupDamaged):
        bundle.unpack(file)


def test_books_that_do_not_refold_are_no_backup(shop: Shop, stick: Path) -> None:
    made_of(shop, stick)
    with sqlite3.connect(shop.folder / "store.db") as other:
        other.execute("UPDATE balances SET quantity = quantity + 100 WHERE account LIKE 'pts:%0002@%'")
    shop.clock.advance(DAY_MS)
    with pytest.raises(BooksUnsound):
        made_of(shop, stick, keep=(1, 0))
    assert len(names(stick)) == 1


def test_a_stick_pulled_at_any_write(shop: Shop, stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    earlier = made_of(shop, stick).path.read_bytes()
    shop.clock.advance()
    packed = bundle.packed
    for writes in range(20):

        def pulled(*parts: Any, writes: int = writes) -> Iterator[bytes]:
            data = b"".join(packed(*parts))
            pieces = [data[at : at + 2_000] for at in range(0, len(data), 2_000)]
            yield from pieces[:writes]
            if writes < len(pieces):
                raise OSError(errno.EIO, "Input/output error")

        monkeypatch.setattr(bundle, "packed", pulled)
        try:
            made_of(shop, stick)
        except BackupUnwritten:
            assert len(names(stick)) == 1
        else:
            break
    assert writes > 3
    assert folder.backups(stick)[-1].path.read_bytes() == earlier


def test_what_cannot_be_read_back_is_none(shop: Shop, stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stick that takes everything and keeps something else."""
    packed = bundle.packed
    monkeypatch.setattr(bundle, "packed", lambda *parts: [b"".join(packed(*parts))[:-5] + b"12345"])
    with pytest.raises(BackupDamaged):
        made_of(shop, stick)
    assert names(stick) == []


def test_a_half_written_file_is_none_and_goes(shop: Shop, stick: Path) -> None:
    data = made_of(shop, stick).path.read_bytes()
    for length in range(0, len(data), 3_001):
        (stick / "LT01-k7q2md.0-20260301T000000-99.posbackup.part").write_bytes(data[:length])
        assert [kept.seq for kept in folder.backups(stick)] == [22]
    shop.clock.advance()
    made_of(shop, stick)
    assert [name for name in names(stick) if name.endswith(".part")] == []


@contextmanager
def tiny(path: Path) -> Iterator[Path]:
    """A file system of 64 kB."""
    path.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(path)]
    mounts = shutil.which("mount") is not None
    if not mounts or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("no file system can be mounted here")
    try:
        yield path
    finally:
        subprocess.run(["umount", str(path)], check=True)


def test_a_stick_that_is_full(shop: Shop, tmp_path: Path) -> None:
    with tiny(tmp_path / "tiny") as stick:
        first = made_of(shop, stick).path
        (stick / "photos").write_bytes(bytes(40_000))
        shop.clock.advance()
        with pytest.raises(BackupDiskFull):
            made_of(shop, stick)
        assert sorted(names(stick)) == [first.name, "photos"]
        with first.open("rb") as file:
            bundle.unpack(file)


def test_a_store_s_own_disk_that_is_full(shop: Shop, stick: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        # SQLite calls a file that may not grow a failing disk.
        with pytest.raises((DiskFull, DiskFailed)):
            made_of(shop, stick)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert names(stick) == []
    assert not list(shop.folder.glob("backup-*"))


def test_a_stick_that_is_not_there(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(BackupFolderMissing):
        made_of(shop, tmp_path / "stick" / "LT01")
    assert not (tmp_path / "stick").exists()
    with pytest.raises(StoreMissing):
        back_up(tmp_path / "no-store", tmp_path, 0)


def test_one_at_a_time(shop: Shop, stick: Path) -> None:
    handle = lock.take(shop.folder / "backup.lock")
    try:
        with pytest.raises(BackupRunning):
            made_of(shop, stick)
    finally:
        lock.release(handle)
    made_of(shop, stick)


def test_old_ones_go_and_strangers_stay(shop: Shop, stick: Path) -> None:
    (stick / "LT02-aaaaaa.0-20250101T000000-7.posbackup").write_bytes(b"another store's")
    for _ in range(5):
        made_of(shop, stick, keep=(2, 1))
        shop.clock.advance(DAY_MS // 2)
    assert names(stick) == [
        "LT01-k7q2md.0-20260115T224200-22.posbackup",
        "LT01-k7q2md.0-20260116T224200-22.posbackup",
        "LT02-aaaaaa.0-20250101T000000-7.posbackup",
    ]


@given(st.lists(st.integers(0, 400 * 4), unique=True, min_size=1), st.integers(1, 20), st.integers(0, 14))
def test_retention(moments: list[int], days: int, months: int) -> None:
    """The newest of each of the newest `days` days and `months` months stays, and the newest of all."""

    def kept(moment: int) -> Kept:
        day, quarter = divmod(moment, 4)
        month, day = divmod(day, 28)
        time = f"{2025 + month // 12}{month % 12 + 1:02}{day + 1:02}T{quarter * 6:02}0000"
        return Kept(Path(time), "LT01-k7q2md.0", time, 1)

    found = sorted(map(kept, moments), key=lambda each: each.time, reverse=True)
    stays = [each for each in found if each not in superfluous(found, days, months)]
    assert stays[0] == found[0]
    for length, most in ((8, days), (6, months)):
        periods = sorted({each.time[:length] for each in found}, reverse=True)[:most]
        newest = [max(each.time for each in found if each.time.startswith(period)) for period in periods]
        assert {each.time for each in stays} >= set(newest)
    assert len(stays) <= days + months


def test_beside_the_till(shop: Shop, stick: Path) -> None:
    backups = Backups(shop.folder, BackupConfig(folder=str(stick)), lambda: shop.clock.wall)
    assert (backups.state.running, backups.state.made, backups.state.refused) == (False, None, None)
    backups.start()
    weigh_in(shop.desk, shop.by, shop.bag(of="0006"))
    backups.wait()
    assert backups.state.made is not None
    assert names(stick) == [backups.state.made.path.name]
    stick.rename(stick.with_name("pulled"))
    backups.start()
    backups.wait()
    assert isinstance(backups.state.refused, BackupFolderMissing)


def test_nowhere_to_go(shop: Shop) -> None:
    with pytest.raises(BackupNowhere):
        Backups(shop.folder, BackupConfig(), lambda: 0).start()
