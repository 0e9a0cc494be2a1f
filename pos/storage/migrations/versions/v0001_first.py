"""The first schema."""

from alembic import op

revision = "0001"
down_revision = None

_TABLES = """
CREATE TABLE installation (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    store TEXT NOT NULL, name TEXT NOT NULL, village TEXT NOT NULL, telephone TEXT NOT NULL,
    device TEXT NOT NULL, epoch INTEGER NOT NULL,
    utc_offset_minutes INTEGER NOT NULL CHECK (utc_offset_minutes BETWEEN -840 AND 840),
    certificate BLOB NOT NULL, signature BLOB NOT NULL
) STRICT;

CREATE TABLE journal (
    seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, wall INTEGER NOT NULL, household TEXT, ref INTEGER REFERENCES journal,
    bytes BLOB NOT NULL, hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE UNIQUE INDEX journal_reversed_once ON journal (ref) WHERE kind = 'reverse';
CREATE INDEX journal_of_household ON journal (household, seq) WHERE household IS NOT NULL;
CREATE INDEX journal_of_days ON journal (seq) WHERE kind IN ('day-open', 'day-close');

CREATE TABLE transfers (
    seq INTEGER NOT NULL REFERENCES journal, n INTEGER NOT NULL CHECK (n BETWEEN 1 AND 64),
    source TEXT NOT NULL, destination TEXT NOT NULL CHECK (destination <> source), commodity TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 1000000000000),
    PRIMARY KEY (seq, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE balances (
    account TEXT NOT NULL, commodity TEXT NOT NULL, quantity INTEGER NOT NULL, low INTEGER, high INTEGER,
    PRIMARY KEY (account, commodity),
    CHECK (low IS NULL OR quantity >= low), CHECK (high IS NULL OR quantity <= high)
) STRICT, WITHOUT ROWID;

CREATE TABLE heads (
    seq INTEGER NOT NULL REFERENCES journal, purpose TEXT NOT NULL,
    signature BLOB NOT NULL CHECK (length(signature) = 64),
    PRIMARY KEY (seq, purpose)
) STRICT, WITHOUT ROWID;

CREATE TABLE households (
    number TEXT PRIMARY KEY, head TEXT NOT NULL, "group" TEXT NOT NULL, persons INTEGER NOT NULL, state TEXT NOT NULL,
    home TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE cards (
    number TEXT PRIMARY KEY, household TEXT NOT NULL REFERENCES households, version INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'lost', 'replaced')),
    UNIQUE (household, version)
) STRICT, WITHOUT ROWID;
CREATE TABLE goods (
    code TEXT PRIMARY KEY, name TEXT NOT NULL, unit TEXT NOT NULL, initials TEXT NOT NULL, monthly_limit INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE barcodes (barcode TEXT PRIMARY KEY, good TEXT NOT NULL REFERENCES goods) STRICT, WITHOUT ROWID;
CREATE TABLE lots (
    good TEXT NOT NULL REFERENCES goods, place TEXT NOT NULL, owner TEXT NOT NULL, lot TEXT NOT NULL,
    account TEXT NOT NULL, expiry TEXT, cost_fen INTEGER NOT NULL CHECK (cost_fen >= 0),
    PRIMARY KEY (good, place, owner, lot)
) STRICT, WITHOUT ROWID;
CREATE TABLE materials (
    code TEXT PRIMARY KEY, name TEXT NOT NULL, scale TEXT NOT NULL CHECK (scale IN ('floor', 'counter', 'count')),
    minimum INTEGER NOT NULL CHECK (minimum >= 0), hazardous INTEGER NOT NULL CHECK (hazardous IN (0, 1)),
    note TEXT NOT NULL, position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE tares (
    code TEXT PRIMARY KEY, name TEXT NOT NULL, grams INTEGER NOT NULL CHECK (grams >= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE price_books (version INTEGER PRIMARY KEY, effective TEXT NOT NULL) STRICT;
CREATE TABLE good_prices (
    version INTEGER NOT NULL REFERENCES price_books, good TEXT NOT NULL REFERENCES goods,
    points INTEGER NOT NULL CHECK (points >= 0), shelf INTEGER NOT NULL CHECK (shelf >= 0),
    PRIMARY KEY (version, good)
) STRICT, WITHOUT ROWID;
CREATE TABLE material_prices (
    version INTEGER NOT NULL REFERENCES price_books, material TEXT NOT NULL REFERENCES materials,
    per TEXT NOT NULL CHECK (per IN ('kg', 'piece', 'every')), amount INTEGER NOT NULL CHECK (amount >= 0),
    PRIMARY KEY (version, material)
) STRICT, WITHOUT ROWID;
CREATE TABLE terms (
    effective TEXT PRIMARY KEY, fen_per_point INTEGER NOT NULL CHECK (fen_per_point > 0),
    step INTEGER NOT NULL CHECK (step IN (1, 2, 4, 5, 10, 20, 25, 50, 100)),
    CHECK (step * fen_per_point % 100 = 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE taken (
    household TEXT NOT NULL, good TEXT NOT NULL, month TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity >= 0),
    PRIMARY KEY (household, good, month)
) STRICT, WITHOUT ROWID;
CREATE TABLE keepers (
    number TEXT PRIMARY KEY, name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('keeper', 'clerk', 'auditor', 'technician')),
    pin TEXT NOT NULL, active INTEGER NOT NULL CHECK (active IN (0, 1)),
    failures INTEGER NOT NULL DEFAULT 0, locked_until INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE TABLE print_jobs (
    id INTEGER PRIMARY KEY, seq INTEGER NOT NULL REFERENCES journal, copy INTEGER NOT NULL CHECK (copy >= 0),
    purpose TEXT NOT NULL CHECK (purpose IN ('receipt', 'drawer')), facts BLOB NOT NULL,
    language TEXT NOT NULL, template INTEGER NOT NULL, by TEXT NOT NULL, made INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'confirmed', 'sent', 'not_sent', 'unknown', 'settled')),
    cause TEXT NOT NULL DEFAULT '', tries INTEGER NOT NULL DEFAULT 0,
    UNIQUE (seq, purpose, copy)
) STRICT;
CREATE INDEX print_jobs_open ON print_jobs (id) WHERE state NOT IN ('confirmed', 'sent', 'settled');
"""

_TRIGGERS = (
    """
CREATE TRIGGER journal_no_gap BEFORE INSERT ON journal
WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM journal)
BEGIN SELECT raise(ABORT, 'journal: a number without a gap'); END
""",
    """
CREATE TRIGGER balances_bounds_fixed BEFORE UPDATE OF account, commodity, low, high ON balances
BEGIN SELECT raise(ABORT, 'balances: only the quantity changes'); END
""",
    """
CREATE TRIGGER balances_no_delete BEFORE DELETE ON balances
BEGIN SELECT raise(ABORT, 'balances: never deleted'); END
""",
)

APPEND_ONLY = (
    "installation",
    "journal",
    "transfers",
    "heads",
    "price_books",
    "good_prices",
    "material_prices",
    "terms",
)
"""Tables whose rows are never changed or deleted; a later migration that touches one makes its triggers anew."""


def append_only(table: str) -> list[str]:
    """The two triggers that keep a table append-only."""
    return [
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT raise(ABORT, '{table}: append only'); END"
        for verb in ("UPDATE", "DELETE")
    ]


def upgrade() -> None:
    for statement in _TABLES.strip().split(";\n"):
        op.execute(statement.rstrip(";"))
    for statement in (*_TRIGGERS, *(trigger for table in APPEND_ONLY for trigger in append_only(table))):
        op.execute(statement)
    op.execute("PRAGMA user_version = 1")
