"""An open ticket outlives the program, and its file never stands in the shop's way."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from pos.core import codec, redemption, weigh_in
from pos.storage.drafts import MOST_BYTES, Drafts
from tests.shop import Shop, counted, typed

FILE = "drafts.db"


def test_kept_until_cleared(tmp_path: Path) -> None:
    with closing(Drafts(tmp_path)) as drafts:
        assert drafts.load("redeem") is None
        assert drafts.save("redeem", b"one")
        assert drafts.save("redeem", b"two")
        assert drafts.save("weigh-in", b"three")
    with closing(Drafts(tmp_path)) as drafts:
        assert drafts.load("redeem") == b"two"
        drafts.clear("redeem")
        drafts.clear("redeem")
        assert drafts.load("redeem") is None
    with closing(Drafts(tmp_path)) as drafts:
        assert (drafts.load("redeem"), drafts.load("weigh-in")) == (None, b"three")


def test_tickets_come_back_as_they_were(tmp_path: Path, shop: Shop) -> None:
    bag, basket = shop.bag(typed("p01", 5_000), counted("s03", 7)), shop.basket()
    with closing(Drafts(tmp_path)) as drafts:
        drafts.save("weigh-in", codec.dumps(codec.plain(bag)))
        drafts.save("redeem", codec.dumps(codec.plain(basket)))
    with closing(Drafts(tmp_path)) as drafts:
        kept = drafts.load("weigh-in"), drafts.load("redeem")
    assert kept[0] is not None
    assert kept[1] is not None
    assert codec.build(weigh_in.Draft, codec.loads(kept[0])) == bag
    assert codec.build(redemption.Draft, codec.loads(kept[1])) == basket


@pytest.mark.parametrize("damage", [b"", b"x" * 5000, b"SQLite format 3\x00" + b"\x00" * 5000])
def test_a_damaged_file_is_put_aside(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / FILE).write_bytes(damage)
    with closing(Drafts(tmp_path)) as drafts:
        assert drafts.load("redeem") is None
        assert drafts.save("redeem", b"one")
        assert drafts.load("redeem") == b"one"
    if damage:
        assert (tmp_path / "drafts.damaged").read_bytes() == damage


def test_damage_while_open(tmp_path: Path) -> None:
    with closing(Drafts(tmp_path)) as drafts:
        drafts.save("redeem", b"one")
        (tmp_path / FILE).write_bytes(b"x" * 8192)
        drafts.load("redeem")
        assert drafts.save("redeem", b"two")
        assert drafts.load("redeem") == b"two"
    assert (tmp_path / "drafts.damaged").exists()


def test_a_foreign_table_is_put_aside(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / FILE)) as file:
        file.execute("CREATE TABLE drafts (number INTEGER)")
    with closing(Drafts(tmp_path)) as drafts:
        assert drafts.save("redeem", b"one")


def test_no_folder_is_no_hindrance(tmp_path: Path) -> None:
    with closing(Drafts(tmp_path / "nowhere")) as drafts:
        assert drafts.save("redeem", b"one")
        assert drafts.load("redeem") == b"one"


def test_too_long(tmp_path: Path) -> None:
    with closing(Drafts(tmp_path)) as drafts:
        assert not drafts.save("redeem", bytes(MOST_BYTES + 1))
        assert drafts.save("redeem", bytes(MOST_BYTES))


def test_full_disk(tmp_path: Path) -> None:
    with closing(Drafts(tmp_path)) as drafts:
        drafts.save("redeem", b"one")
        drafts._connection.execute("PRAGMA max_page_count=3")
        assert not drafts.save("redeem", bytes(MOST_BYTES))
        assert drafts.load("redeem") == b"one"


def test_any_thread(tmp_path: Path) -> None:
    with closing(Drafts(tmp_path)) as drafts:
        threads = [threading.Thread(target=drafts.save, args=(f"slot {n}", b"%d" % n)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [drafts.load(f"slot {n}") for n in range(8)] == [b"%d" % n for n in range(8)]


def test_survives_a_power_cut_by_its_settings(tmp_path: Path) -> None:
    with closing(Drafts(tmp_path)) as drafts:
        settings = {
            name: drafts._connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")
        }
    assert settings == {"journal_mode": "persist", "synchronous": 1}
