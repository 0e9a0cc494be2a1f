"""Townships and their stores: what must be there before a store can enrol."""

from sqlalchemy import Connection, insert, select

from pos.core import journal
from pos.core.journal import Certificate
from pos.ledger import audit
from pos.ledger import tables as t
from pos.ledger.books import Act
from pos.ledger.refusals import Conflict, NotFound
from pos.ledger.service import Ledger
from pos.wire import signing

DEVICE = "ledger"
"""Device of the certificate that a township's own journal starts from."""


def create(ledger: Ledger, township: str, name: str, utc_offset_minutes: int, by: str) -> None:
    """Begin a township's books. Raises `Conflict` when they are there."""
    certificate = Certificate(1, township, DEVICE, 0, ledger.public_key)
    line, signature = signing.self_signed(certificate, ledger.key)
    now = ledger.clock.wall()
    row = {
        "township": township,
        "name": name,
        "utc_offset_minutes": utc_offset_minutes,
        "certificate": line,
        "signature": signature,
        "head_seq": 0,
        "head_hash": journal.genesis(line),
        "head_wall": 0,
        "log_size": 0,
        "log_edge": b"",
    }

    def work(connection: Connection) -> None:
        if connection.execute(select(t.townships.c.name).where(t.townships.c.township == township)).first():
            raise Conflict("township-exists", township=township)
        connection.execute(insert(t.townships).values(**row))
        audit.note(connection, township, now, by, "township", township)

    ledger.database.write(township, work)


def add_store(act: Act, store: str, village: str, name: str, by: str) -> None:
    """Add a store. Raises `Conflict` when its code is taken."""
    key = {"township": act.township, "store": store}
    if act.connection.execute(select(t.stores).filter_by(**key)).first():
        raise Conflict("store-exists", store=store)
    act.connection.execute(insert(t.stores).values(**key, village=village, name=name))
    audit.note(act.connection, act.township, act.now, by, "store", store, name)


def require_store(act: Act, store: str) -> None:
    """Raises `NotFound` when the township has no such store."""
    if not act.connection.execute(select(t.stores).filter_by(township=act.township, store=store)).first():
        raise NotFound("store-unknown", store=store)
