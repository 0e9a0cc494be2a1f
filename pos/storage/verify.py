"""`pos verify`: every stored row refolded from the journal's first entry, and the first thing wrong said in one line.

Covers the journal, transfers, balances, signed heads, monthly counts, what closed days came to, the numbers and codes
on printed receipts, price books and terms, the schema with its triggers, and the file's own structure. Rows that are
meant to be edited or erased (households, cards, goods, barcodes, materials, tares, lots, keepers, consents, the shop's
name and telephone, a print job's wording and state) are judged by their form alone. The file is opened read-only: a
till may have it open, or a copy do.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row
from sqlalchemy.exc import DBAPIError

from pos import database
from pos.core import accounts, codec, entries, journal
from pos.core.codec import CodecError
from pos.core.day import DayClose
from pos.core.day_figures import DayFigures, figures
from pos.core.entries import Entry
from pos.core.redemption import Redeem
from pos.core.refusals import NotReversible, StoreCorrupt, StoreMissing, StoreNewer
from pos.core.reversal import Reverse, reversible
from pos.core.stock import Receive
from pos.core.take_back import TakeBack
from pos.core.transfers import Transfer
from pos.storage import day_figures, published, store
from pos.wire import signing
from pos.wire.refold import Refold, Taken, Wrong
from pos.wire.report import Report, report


def verify(folder: Path) -> Report:
    """Check the store in `folder`. Raises a `StoreRefused` when there is nothing here that could be read."""
    path = folder / store.FILE
    if not path.exists():
        raise StoreMissing(folder=str(folder))
    engine = database.inspector(path)
    refold = None
    try:
        with _damage_is_wrong(lambda: refold.seq + 1 if refold else 0), engine.begin() as connection:
            _check_file(connection)
            refold, taken = _begin(connection)
            _walk(connection, refold, taken)
            _compare_balances(connection, refold)
            _compare_taken(connection, taken)
            _compare_jobs(connection, refold)
            _compare_prices(connection, refold)
            _check_schema(connection)
    except Wrong as wrong:
        return report(refold, wrong)
    finally:
        engine.dispose()
    return report(refold)


@contextmanager
def _damage_is_wrong(at: Callable[[], int]) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        refused = database.refusal(error)
        if refused is not None and not isinstance(refused, StoreCorrupt):
            raise refused from error
        raise Wrong("file", at(), error.orig) from error
    except UnicodeDecodeError as error:
        # SQLite's own message, quoting a schema that is no longer text.
        raise Wrong("file", at(), error) from error


def _check_file(connection: Connection) -> None:
    """What must hold before any row can be read as what its column says it is."""
    found: int = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    if found > store.SCHEMA:
        raise StoreNewer(found=found, known=store.SCHEMA)
    if found < store.SCHEMA or not store.tables(store.schema()) <= store.schema_of(connection):
        raise Wrong("schema", 0)
    verdict = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one()
    if verdict != "ok":
        raise Wrong("file", _first_broken(connection), verdict)
    loose = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if loose is not None:
        raise Wrong("reference", 0, loose[0])


def _first_broken(connection: Connection) -> int:
    """In a damaged file: the first entry that cannot be read as it was chained; 0 when the journal is whole."""
    seq = 0
    # Rows of a damaged page may be of any type, or none at all.
    with suppress(DBAPIError, UnicodeDecodeError, TypeError, AttributeError):
        previous = journal.genesis(connection.exec_driver_sql("SELECT certificate FROM installation").scalar_one())
        for row in connection.exec_driver_sql("SELECT bytes, hash FROM journal ORDER BY seq"):
            seq += 1
            previous = journal.chained(previous, row.bytes)
            if previous != row.hash:
                return seq
        return 0
    return seq + 1


def _begin(connection: Connection) -> tuple[Refold, Taken]:
    rows = connection.exec_driver_sql("SELECT * FROM installation").all()
    if len(rows) != 1:
        raise Wrong("certificate", 0)
    row = rows[0]
    refold = Refold(row.certificate, row.signature)
    stated = refold.certificate
    if (row.store, row.device, row.epoch) != (stated.store, stated.device, stated.epoch):
        raise Wrong("certificate", 0, stated.device)
    return refold, Taken(row.utc_offset_minutes)


class _Beside:
    """Rows of another table in the journal's order, handed out entry by entry."""

    def __init__(self, connection: Connection, sql: str) -> None:
        self._rows = iter(connection.exec_driver_sql(sql))
        self._next: Row[Any] | None = next(self._rows, None)

    def upto(self, seq: int) -> list[Row[Any]]:
        """The rows not handed out yet whose number is at most `seq`."""
        found = []
        while self._next is not None and self._next.seq <= seq:
            found.append(self._next)
            self._next = next(self._rows, None)
        return found

    @property
    def left(self) -> int | None:
        """Number of the next row that no entry claimed."""
        return self._next.seq if self._next is not None else None


def _walk(connection: Connection, refold: Refold, taken: Taken) -> None:
    moves = _Beside(connection, "SELECT * FROM transfers ORDER BY seq, n")
    heads = _Beside(connection, "SELECT * FROM heads ORDER BY seq, purpose")
    records = _Beside(connection, "SELECT seq, before, line FROM feed_records ORDER BY seq")
    today: list[Entry] = []
    handed: list[Transfer] = []
    for row in connection.exec_driver_sql("SELECT * FROM journal ORDER BY seq"):
        entry = refold.take(row.bytes)
        if row.hash != refold.hash:
            raise Wrong("chain", entry.seq)
        if (row.seq, row.kind, row.wall, row.household, row.ref) != _columns(entry):
            raise Wrong("row", entry.seq)
        if [tuple(move) for move in moves.upto(entry.seq)] != _moves(entry):
            raise Wrong("transfers", entry.seq)
        _check_heads(entry, heads.upto(entry.seq), refold)
        for record in records.upto(entry.seq):
            handed.extend(refold.deliver(record.before, record.line))
        taken.take(entry, _taken_back(connection, entry))
        if isinstance(entry.body, DayClose):
            _check_day(connection, entry.seq, entry.body, figures(today, handed))
            today, handed = [], []
        else:
            today.append(entry)
    for beside, code in ((moves, "transfers"), (heads, "signature"), (records, "record")):
        if beside.left is not None:
            raise Wrong(code, beside.left)


def _columns(entry: Entry) -> tuple[Any, ...]:
    return entry.seq, entry.kind, entry.at.wall, entry.household, getattr(entry.body, "ref", None)


def _moves(entry: Entry) -> list[tuple[Any, ...]]:
    return [
        (entry.seq, place, str(move.source), str(move.destination), move.commodity, move.quantity)
        for place, move in enumerate(entry.transfers, 1)
    ]


def _check_heads(entry: Entry, heads: list[Row[Any]], refold: Refold) -> None:
    for row in heads:
        fits = signing.head_fits(refold.certificate.key, row.signature, refold.genesis, refold.seq, refold.hash)
        if row.seq != entry.seq or not fits:
            raise Wrong("signature", row.seq, row.purpose)
    if isinstance(entry.body, DayClose) and DayClose.KIND not in [row.purpose for row in heads]:
        raise Wrong("unsigned", entry.seq)


def _check_day(connection: Connection, seq: int, close: DayClose, found: DayFigures) -> None:
    """What the reports add up of a closed day is what its entries came to."""
    try:
        kept = day_figures.kept(connection, close.z)
    except ValueError:
        kept = None
    if kept != (close.business_date, found):
        raise Wrong("day", seq, close.z)


def _taken_back(connection: Connection, entry: Entry) -> Entry | None:
    """What a reversal or a return takes back: an entry of a kind that is taken back so, of the same household."""
    if not isinstance(entry.body, Reverse | TakeBack):
        return None
    line = connection.exec_driver_sql("SELECT bytes FROM journal WHERE seq = ?", (entry.body.ref,)).scalar_one()
    original = entries.decode(line)
    try:
        whose = "" if isinstance(original.body, Receive) else reversible(original.body).household
    except NotReversible:
        raise Wrong("reversal", entry.seq, original.seq) from None
    if whose != entry.body.household or (isinstance(entry.body, TakeBack) and not isinstance(original.body, Redeem)):
        raise Wrong("reversal", entry.seq, original.seq)
    return original


def _compare_balances(connection: Connection, refold: Refold) -> None:
    due = dict(refold.balances)
    for row in connection.exec_driver_sql("SELECT * FROM balances"):
        try:
            key = accounts.parse(row.account), row.commodity
        except ValueError:
            raise Wrong("balance", 0, row.account) from None
        if (row.quantity, row.low, row.high) != (due.pop(key, None), *accounts.bounds(key[0], refold.writer)):
            raise Wrong("balance", refold.moved.get(key, 0), row.account)
    for account, commodity in due:
        raise Wrong("balance", refold.moved[account, commodity], account)


def _compare_taken(connection: Connection, taken: Taken) -> None:
    due = dict(taken.pieces)
    for row in connection.exec_driver_sql("SELECT household, good, month, quantity FROM taken"):
        if due.pop((row.household, row.good, row.month), None) != row.quantity:
            raise Wrong("taken", 0, f"{row.household} {row.good} {row.month}")
    for household, good, month in due:
        raise Wrong("taken", 0, f"{household} {good} {month}")


def _compare_jobs(connection: Connection, refold: Refold) -> None:
    """Every receipt's number and check code are its entry's own: that is what the villager holds in hand."""
    by = refold.certificate
    sql = "SELECT p.seq, p.facts, j.hash FROM print_jobs p LEFT JOIN journal j USING (seq) ORDER BY p.id"
    for row in connection.exec_driver_sql(sql):
        try:
            facts = codec.loads(row.facts)
            printed = facts and (
                (facts["slip"]["number"], facts["slip"]["check"]) if "slip" in facts else facts["number"]
            )
        except (CodecError, LookupError, TypeError):
            raise Wrong("paper", row.seq) from None
        if row.hash is None:
            raise Wrong("paper", row.seq)
        number = journal.number(by.store, by.device, by.epoch, row.seq)
        if printed is not None and printed not in (number, (number, journal.check_code(row.hash))):
            raise Wrong("paper", row.seq, printed)


def _compare_prices(connection: Connection, refold: Refold) -> None:
    for subject, which, digest in published.everything(connection):
        if (subject, digest) not in refold.announced:
            raise Wrong("prices", 0, f"{subject} {which}")


def _check_schema(connection: Connection) -> None:
    if store.schema_of(connection) != store.schema():
        raise Wrong("schema", 0)
