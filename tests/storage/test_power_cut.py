"""The power may go at any call: no acknowledged entry is lost, and none is half there.

The store's own system calls are recorded with strace, and the disk is rebuilt as it may look after a cut at every one
of them (`disk.py`). Each image is opened by SQLite, recovered from its WAL, and compared row by row with what the
journal held at that length; every thirtieth is also opened as a store, verified whole, and sold from.
"""

import random
import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from pos.core.refusals import StoreMissing
from pos.counter import setup
from pos.counter.redeem import redeem
from pos.storage.drafts import Drafts
from pos.storage.store import FILE, create, open_store
from pos.storage.verify import verify
from tests.shop import IDENTITY, opened, reopened
from tests.storage.disk import Image, images
from tests.storage.tracing import Call, record

SALES, CHECKPOINT_PAGES = 60, 120
WHOLE = 30
"""One image in so many is verified whole."""

Rows = list[tuple[Any, ...]]


def read(folder: Path) -> Image:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def put(folder: Path, image: Image) -> Path:
    """The image as a folder of files; whatever was there before is gone."""
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    for name, data in image.items():
        (folder / name).write_bytes(data)
    return folder


def record_sales(folder: Path, sales: int, pages: int, *synchronous: str) -> tuple[Image, list[Call]]:
    with opened(folder) as shop:
        goods = ("g001", "g013", "g017")
        setup.open_stock(shop.desk, shop.two, [setup.OpeningLot(good, 200, "donated", 0) for good in goods])
    return read(folder), record(
        folder, "tests.storage.recorded", "sales", str(folder), str(sales), str(pages), *synchronous
    )


def said(calls: Iterable[Call]) -> list[int]:
    return [int(call.data) for call in calls if call.what == "say"]


@dataclass(frozen=True)
class Books:
    """What the finished store says, to be compared with the beginning of it."""

    journal: Rows
    transfers: Rows
    jobs: Rows
    balances: dict[int, Rows]
    """All balances by the journal's length."""

    @classmethod
    def of(cls, folder: Path, first: Image, scratch: Path) -> "Books":
        with closing(sqlite3.connect(folder / FILE)) as file, closing(sqlite3.connect(scratch)) as start:
            scratch.write_bytes(first[FILE])
            moves = file.execute("SELECT * FROM transfers ORDER BY seq, n").fetchall()
            jobs = file.execute("SELECT seq, copy, purpose, facts FROM print_jobs ORDER BY id").fetchall()
            journal = file.execute("SELECT * FROM journal ORDER BY seq").fetchall()
            held = Counter(
                {row[:2]: row[2] for row in start.execute("SELECT account, commodity, quantity FROM balances")}
            )
            (head,) = start.execute("SELECT max(seq) FROM journal").fetchone()
        return cls(journal, moves, jobs, _balances(held, moves, head, len(journal)))


def _balances(held: Counter[tuple[str, str]], moves: Rows, head: int, last: int) -> dict[int, Rows]:
    found = {head: sorted((*key, quantity) for key, quantity in held.items())}
    for seq in range(head + 1, last + 1):
        for _, _, source, destination, commodity, quantity in (move for move in moves if move[0] == seq):
            held[source, commodity] -= quantity
            held[destination, commodity] += quantity
        found[seq] = sorted((*key, quantity) for key, quantity in held.items())
    return found


def check(folder: Path, books: Books, heads: list[int], acknowledged: int) -> None:
    """The store holds a whole number of sales, all the acknowledged ones and at most one more."""
    with closing(sqlite3.connect(f"{(folder / FILE).as_uri()}?mode=ro", uri=True)) as file:
        journal = file.execute("SELECT * FROM journal ORDER BY seq").fetchall()
        head = len(journal)
        allowed = heads[heads.index(acknowledged) :][:2]
        assert head in allowed, f"{head} entries, {acknowledged} acknowledged"
        assert journal == books.journal[:head]
        transfers = file.execute("SELECT * FROM transfers ORDER BY seq, n").fetchall()
        assert transfers == [row for row in books.transfers if row[0] <= head]
        jobs = file.execute("SELECT seq, copy, purpose, facts FROM print_jobs ORDER BY id").fetchall()
        assert jobs == [row for row in books.jobs if row[0] <= head]
        balances = file.execute("SELECT account, commodity, quantity FROM balances").fetchall()
        assert sorted(balances) == books.balances[head]


def check_whole(folder: Path) -> None:
    """The image is a store like any other: it opens, verifies, and sells."""
    assert verify(folder).wrong is None
    with closing(reopened(folder)) as shop:
        redeem(shop.desk, shop.by, shop.basket({"g001": 1}, of="0015"))
    assert verify(folder).wrong is None


def test_sales(tmp_path: Path) -> None:
    before, calls = record_sales(tmp_path / "shop", SALES, CHECKPOINT_PAGES)
    books = Books.of(tmp_path / "shop", before, tmp_path / "first.db")
    heads = [min(books.balances), *said(calls)]
    assert len(heads) > SALES
    assert max(heads) == len(books.journal)
    kinds = Counter[str]()
    for place, (label, image, done) in enumerate(images(before, calls, random.Random(0))):
        kinds[label.rpartition(" ")[2]] += 1
        folder = put(tmp_path / "image", image)
        try:
            check(folder, books, heads, int(done[-1]) if done else heads[0])
            if not place % WHOLE:
                check_whole(folder)
        except (AssertionError, sqlite3.Error) as error:
            raise AssertionError(f"{label}: {error}") from error
    assert min(kinds.values()) > SALES
    checkpoints = sum(call.what == "sync" and call.name == FILE for call in calls)
    assert checkpoints > 3


def test_would_find_a_store_that_does_not_sync(tmp_path: Path) -> None:
    before, calls = record_sales(tmp_path / "shop", 6, 1000, "1")
    books = Books.of(tmp_path / "shop", before, tmp_path / "first.db")
    heads = [min(books.balances), *said(calls)]
    lost = 0
    for _, image, done in images(before, calls, random.Random(0)):
        folder = put(tmp_path / "image", image)
        try:
            check(folder, books, heads, int(done[-1]) if done else heads[0])
        except AssertionError:
            lost += 1
    assert lost > 6


def test_creation(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    calls = record(tmp_path / "shop", "tests.storage.recorded", "create", str(tmp_path / "shop"))
    missing = 0
    for place, (label, image, done) in enumerate(images({}, calls, random.Random(0))):
        folder = put(tmp_path / "image", image)
        try:
            open_store(folder).close()
            assert verify(folder).wrong is None, label
        except StoreMissing:
            assert not done, label
            missing += 1
            if not place % WHOLE:
                create(folder, IDENTITY)
                assert verify(folder).wrong is None, label
    assert missing > 100


def test_drafts(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    Drafts(tmp_path / "shop").close()
    before = read(tmp_path / "shop")
    calls = record(tmp_path / "shop", "tests.storage.recorded", "drafts", str(tmp_path / "shop"), "12")
    for label, image, done in images(before, calls, random.Random(0)):
        with closing(Drafts(put(tmp_path / "image", image))) as drafts:
            kept = drafts.load("redeem")
        expected = [b"%d" % turn * 400 for turn in range(12)]
        assert kept in ([None, *expected] if not done else expected[int(done[-1]) :][:2]), label
        assert not (tmp_path / "image" / "drafts.damaged").exists(), label


def test_one_sync_a_sale(tmp_path: Path) -> None:
    _, calls = record_sales(tmp_path / "shop", 21, 1000)
    places = [place for place, call in enumerate(calls) if call.what == "say"]
    assert len(places) > 20
    for start, end in pairwise(places):
        assert [call.name for call in calls[start:end] if call.what == "sync"] == [f"{FILE}-wal"]
