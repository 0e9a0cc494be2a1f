"""A store is made whole or not at all, belongs to one process, and says no in the shop's words."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection

from pos import database
from pos.core.acts import Act, ActCode
from pos.core.refusals import (
    ClockBack,
    DiskFull,
    SqliteTooOld,
    StoreCorrupt,
    StoreExists,
    StoreLocked,
    StoreMissing,
    StoreNewer,
    StoreReadOnly,
)
from pos.core.transfers import Decision
from pos.counter import day
from pos.counter.redeem import redeem
from pos.counter.weigh_in import weigh_in
from pos.storage import books, keys, store
from pos.storage.store import FILE, SCHEMA, create, open_store
from pos.storage.verify import verify
from tests.shop import IDENTITY, Shop, reopened, template
from tests.storage.contents import contents

NOBODY = 65534


def test_created_once(tmp_path: Path) -> None:
    create(tmp_path, IDENTITY)
    with closing(open_store(tmp_path)) as made:
        assert made.identity == IDENTITY
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cards.key", "device.key", FILE, "store.lock"]
    assert verify(tmp_path).wrong is None
    with pytest.raises(StoreExists):
        create(tmp_path, IDENTITY)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits")
def test_keys_are_their_owners_alone(tmp_path: Path) -> None:
    create(tmp_path, IDENTITY)
    assert {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("device.key", "cards.key")} == {0o600}


def test_keys_of_a_lost_store_are_kept(tmp_path: Path) -> None:
    create(tmp_path, IDENTITY)
    before = (tmp_path / "device.key").read_bytes()
    (tmp_path / FILE).unlink()
    with pytest.raises(StoreExists):
        create(tmp_path, IDENTITY)
    assert (tmp_path / "device.key").read_bytes() == before


@pytest.mark.parametrize("step", ["_migrate", "_found", "sync"])
def test_an_interrupted_creation_is_started_over(tmp_path: Path, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(*_: object) -> None:
        if step != "sync" or (tmp_path / "device.key").exists():
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(store, step, cut)
        with pytest.raises(KeyboardInterrupt):
            create(tmp_path, IDENTITY)
    with pytest.raises(StoreMissing):
        open_store(tmp_path)
    create(tmp_path, IDENTITY)
    assert verify(tmp_path).wrong is None


def test_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing):
        open_store(tmp_path)
    with pytest.raises(StoreMissing):
        verify(tmp_path)


def test_second_process(shop: Shop) -> None:
    with pytest.raises(StoreLocked):
        open_store(shop.folder)
    script = "import sys, pathlib; from pos.storage.store import open_store; open_store(pathlib.Path(sys.argv[1]))"
    done = subprocess.run([sys.executable, "-c", script, shop.folder], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "store-locked" in done.stderr
    shop.reopen()
    redeem(shop.desk, shop.by, shop.basket({"g001": 1}))


def test_a_till_that_died_leaves_no_lock(tmp_path: Path) -> None:
    shutil.copytree(template(), tmp_path / "shop")
    script = (
        "import os, sys, pathlib; from pos.storage.store import open_store;"
        " open_store(pathlib.Path(sys.argv[1])); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", script, tmp_path / "shop"], check=False)
    open_store(tmp_path / "shop").close()


@contextmanager
def unprivileged() -> Iterator[None]:
    """Let file permissions count for root too."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def foreign() -> Iterator[Path]:
    """A shop's folder that may be read by all."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        shutil.copytree(template(), folder / "shop")
        for path in (folder / "shop").iterdir():
            path.chmod(0o644)
        yield folder / "shop"
        (folder / "shop").chmod(0o755)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits")
def test_read_only_folder(foreign: Path) -> None:
    foreign.chmod(0o555)
    (foreign / "store.lock").unlink(missing_ok=True)
    with unprivileged(), pytest.raises(StoreReadOnly):
        open_store(foreign)
    with unprivileged():
        assert verify(foreign).wrong is None


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits")
def test_read_only_file(foreign: Path) -> None:
    foreign.chmod(0o777)
    (foreign / "store.lock").unlink(missing_ok=True)
    (foreign / FILE).chmod(0o444)
    with unprivileged(), pytest.raises(StoreReadOnly), closing(reopened(foreign)) as shop:
        day.open_day(shop.desk, shop.by)


def test_disk_full(shop: Shop) -> None:
    weigh_in(shop.desk, shop.by, shop.bag())
    with shop.desk.store.write() as tx:
        pages = tx.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        tx.connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    refused = 0
    for _ in range(100):
        before = contents(shop.desk.store)
        try:
            redeem(shop.desk, shop.by, shop.basket({"g001": 1}, of="0002"))
        except DiskFull:
            refused += 1
            assert contents(shop.desk.store) == before
            break
    assert refused
    with shop.desk.store.write() as tx:
        tx.connection.exec_driver_sql("PRAGMA max_page_count=1000000")
    redeem(shop.desk, shop.by, shop.basket({"g001": 1}, of="0002"))
    assert verify(shop.folder).wrong is None


@pytest.mark.parametrize("what", ["no database", "cut off", "empty"])
def test_corrupt_file(tmp_path: Path, what: str) -> None:
    shutil.copytree(template(), tmp_path / "shop")
    path = tmp_path / "shop" / FILE
    whole = path.read_bytes()
    path.write_bytes({"no database": b"x" * 8192, "cut off": whole[: len(whole) // 3], "empty": b""}[what])
    with pytest.raises(StoreCorrupt), closing(reopened(tmp_path / "shop")) as shop:
        day.open_day(shop.desk, shop.by)
    assert verify(tmp_path / "shop").wrong is not None


@pytest.mark.parametrize("what", ["device.key", "cards.key"])
def test_missing_key(tmp_path: Path, what: str) -> None:
    shutil.copytree(template(), tmp_path / "shop")
    (tmp_path / "shop" / what).unlink()
    with pytest.raises(StoreCorrupt):
        open_store(tmp_path / "shop")


def test_another_installations_key(tmp_path: Path) -> None:
    shutil.copytree(template(), tmp_path / "shop")
    create(tmp_path / "other", IDENTITY)
    shutil.copy(tmp_path / "other" / "device.key", tmp_path / "shop" / "device.key")
    with pytest.raises(StoreCorrupt, match=r"device\.key"):
        open_store(tmp_path / "shop")


def test_altered_certificate(tmp_path: Path) -> None:
    shutil.copytree(template(), tmp_path / "shop")
    with closing(sqlite3.connect(tmp_path / "shop" / FILE)) as file:
        file.execute("DROP TRIGGER installation_no_update")
        file.execute("UPDATE installation SET certificate = CAST(replace(certificate, 'LT01', 'LT02') AS BLOB)")
        file.commit()
    with pytest.raises(StoreCorrupt):
        open_store(tmp_path / "shop")


def test_newer_version(tmp_path: Path) -> None:
    shutil.copytree(template(), tmp_path / "shop")
    before = (tmp_path / "shop" / FILE).read_bytes()
    with closing(sqlite3.connect(tmp_path / "shop" / FILE)) as file:
        file.execute(f"PRAGMA user_version={SCHEMA + 1}")
    for attempt in (open_store, verify):
        with pytest.raises(StoreNewer) as refused:
            attempt(tmp_path / "shop")
        assert refused.value.fields == {"found": SCHEMA + 1, "known": SCHEMA}
    with closing(sqlite3.connect(tmp_path / "shop" / FILE)) as file:
        file.execute(f"PRAGMA user_version={SCHEMA}")
    assert len((tmp_path / "shop" / FILE).read_bytes()) == len(before)


def test_sqlite_too_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 37, 2))
    with pytest.raises(SqliteTooOld):
        create(tmp_path / "new", IDENTITY)
    with pytest.raises(SqliteTooOld):
        open_store(template())
    assert not (tmp_path / "new").exists()
    assert database.OLDEST_SQLITE > (3, 37, 2)


def test_clock_before_the_last_entry(shop: Shop) -> None:
    weigh_in(shop.desk, shop.by, shop.bag())
    shop.clock.wall -= 60_000
    before = contents(shop.desk.store)
    with pytest.raises(ClockBack) as refused:
        redeem(shop.desk, shop.by, shop.basket())
    assert refused.value.fields == {"seconds": 60}
    assert contents(shop.desk.store) == before
    day.confirm_clock(shop.desk, shop.two)
    redeem(shop.desk, shop.by, shop.basket())
    assert verify(shop.folder).wrong is None


def test_a_stopped_clock_goes_on(shop: Shop) -> None:
    for _ in range(2):
        redeem(shop.desk, shop.by, shop.basket({"g001": 1}))


def test_several_entries_in_one_transaction(shop: Shop) -> None:
    with shop.desk.store.write() as tx:
        first = tx.append(shop.desk.now(), shop.by, Decision(Act(ActCode.LOOKUP), ()))
        second = tx.append(shop.desk.now(), shop.by, Decision(Act(ActCode.LOOKUP), ()))
        assert tx.head.seq == second.entry.seq == first.entry.seq + 1
    with shop.desk.store.read() as connection:
        assert books.head(connection, shop.desk.store.installation).hash == second.hash
    assert verify(shop.folder).wrong is None


def test_each_card_key_has_its_name(tmp_path: Path) -> None:
    create(tmp_path, replace(IDENTITY, device="other"))
    assert list(keys.cards(tmp_path)) == ["H1"]
    assert len(keys.cards(tmp_path)["H1"]) == keys.CARD_KEY_BYTES


def test_made_under_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    careful = store._careful

    @contextmanager
    def spying(path: Path) -> Iterator[Connection]:
        with careful(path) as connection:
            yield connection
            seen.append(connection.exec_driver_sql("PRAGMA synchronous").scalar_one())

    monkeypatch.setattr(store, "_careful", spying)
    create(tmp_path, IDENTITY)
    assert seen == [3, 3]
