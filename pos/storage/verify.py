"""`pos verify`: every stored row refolded from the journal's first entry, and the first thing wrong said in one line.

Covers the journal, transfers, balances, signed heads, monthly counts, printed check codes, price books and terms, the
schema with its triggers, and the file's own structure. Rows that are meant to change or to be erased (households,
cards, goods, materials, tares, lots, keepers, a print job's state and wording, the shop's name and telephone) can be
judged by their form alone. The file is opened read-only: a copy will do, and a till may have it open.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from pos import database, wire
from pos.core import accounts, codec, journal
from pos.core.codec import CodecError
from pos.core.day import DayClose
from pos.core.entries import Entry, decode
from pos.core.receipts import Receipt
from pos.core.refusals import StoreMissing, StoreNewer
from pos.core.reversal import Reverse, reversible
from pos.i18n import Words
from pos.storage import published, store
from pos.storage.refold import Refold, Taken, Wrong


@dataclass(frozen=True, slots=True)
class Report:
    """What was found: entries that are sound and the newest one's check code, or the first thing wrong."""

    entries: int
    check: str
    wrong: Wrong | None = None

    def line(self, words: Words) -> str:
        """The report in one line."""
        if self.wrong is None:
            return words("verify.sound", entries=self.entries, check=self.check)
        return words(f"verify.{self.wrong.code}", entry=self.wrong.entry, detail=self.wrong.detail)


def verify(folder: Path) -> Report:
    """Check the store in `folder`. Raises a `StoreRefused` only when there is nothing here that it could read."""
    path = folder / store.FILE
    if not path.exists():
        raise StoreMissing(folder=str(folder))
    with closing(database.inspect(path)) as connection:
        refold: Refold | None = None
        try:
            version = _one(connection, "PRAGMA user_version")[0]
            if version > store.SCHEMA:
                raise StoreNewer(found=version, known=store.SCHEMA)
            connection.execute("BEGIN")
            refold, taken = _begin(connection)
            _walk(connection, refold, taken)
            _compare(connection, refold, taken)
            _structure(connection)
        except Wrong as wrong:
            return _report(refold, wrong)
        except sqlite3.Error as error:
            refused = database.refusal(error)
            if refused is not None and not isinstance(refused, database.DAMAGED):
                raise refused from error
            return _report(refold, Wrong("file", refold.seq + 1 if refold else 0, error))
    return _report(refold, None)


def _report(refold: Refold | None, wrong: Wrong | None) -> Report:
    return Report(refold.seq, refold.check, wrong) if refold else Report(0, "", wrong)


def _begin(connection: sqlite3.Connection) -> tuple[Refold, Taken]:
    sql = "SELECT store, device, epoch, utc_offset_minutes, certificate, signature FROM installation"
    row = _one(connection, sql)
    refold = Refold(row["certificate"], row["signature"])
    stated = (refold.certificate.store, refold.certificate.device, refold.certificate.epoch)
    if tuple(row)[:3] != stated:
        raise Wrong("certificate", 0, stated)
    return refold, Taken(row["utc_offset_minutes"])


def _walk(connection: sqlite3.Connection, refold: Refold, taken: Taken) -> None:
    moves = _Beside(connection, "SELECT seq, source, destination, commodity, quantity, n FROM transfers ORDER BY seq, n")
    heads = _Beside(connection, "SELECT seq, purpose, signature FROM heads ORDER BY seq, purpose")
    for row in connection.execute("SELECT seq, kind, wall, household, ref, bytes, hash FROM journal ORDER BY seq"):
        entry = refold.take(row["bytes"])
        if row["hash"] != refold.hash:
            raise Wrong("chain", entry.seq)
        if tuple(row)[:5] != (entry.seq, entry.kind, entry.at.wall, entry.household, getattr(entry.body, "ref", None)):
            raise Wrong("row", entry.seq)
        if [tuple(move)[1:] for move in moves.of(entry.seq)] != _moves(entry):
            raise Wrong("transfers", entry.seq)
        _check_heads(entry, heads.of(entry.seq), refold)
        taken.take(entry, _taken_back(connection, entry))
    for beside, code in ((moves, "transfers"), (heads, "signature")):
        if (left := beside.next()) is not None:
            raise Wrong(code, left)


def _moves(entry: Entry) -> list[tuple[Any, ...]]:
    return [(str(m.source), str(m.destination), m.commodity, m.quantity, n) for n, m in enumerate(entry.transfers, 1)]


def _check_heads(entry: Entry, heads: list[sqlite3.Row], refold: Refold) -> None:
    for row in heads:
        if not wire.head_fits(refold.certificate.key, row["signature"], refold.genesis, refold.seq, refold.hash):
            raise Wrong("signature", entry.seq, row["purpose"])
    if isinstance(entry.body, DayClose) and DayClose.KIND not in (row["purpose"] for row in heads):
        raise Wrong("unsigned", entry.seq)


def _taken_back(connection: sqlite3.Connection, entry: Entry) -> Entry | None:
    """The entry that a reversal takes back: of a kind that is reversed, and of the same household."""
    if not isinstance(entry.body, Reverse):
        return None
    original = decode(_one(connection, "SELECT bytes FROM journal WHERE seq = ?", entry.body.ref)["bytes"])
    if reversible(original.body).household != entry.body.household:
        raise Wrong("reversal", entry.seq, original.seq)
    return original


def _compare(connection: sqlite3.Connection, refold: Refold, taken: Taken) -> None:
    due = dict(refold.balances)
    for row in connection.execute("SELECT account, commodity, quantity, low, high FROM balances"):
        try:
            key = (accounts.parse(row["account"]), row["commodity"])
        except ValueError:
            raise Wrong("balance", 0, row["account"]) from None
        if (row["quantity"], row["low"], row["high"]) != (due.pop(key, None), *accounts.bounds(key[0], refold.writer)):
            raise Wrong("balance", refold.moved.get(key, 0), row["account"])
    for key in due:
        raise Wrong("balance", refold.moved[key], key[0])
    counted = +taken.pieces
    for row in connection.execute("SELECT household, good, month, quantity FROM taken WHERE quantity <> 0"):
        if counted.pop((row["household"], row["good"], row["month"]), 0) != row["quantity"]:
            raise Wrong("taken", 0, f"{row['household']} {row['good']} {row['month']}")
    for count in counted:
        raise Wrong("taken", 0, " ".join(count))
    _check_jobs(connection, refold)
    for item in published.unannounced(connection):
        raise Wrong("prices", 0, item)
