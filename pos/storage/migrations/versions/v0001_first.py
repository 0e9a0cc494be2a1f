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

CREATE TABLE predecessor (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    device TEXT NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL, wall INTEGER NOT NULL,
    alone INTEGER NOT NULL CHECK (alone IN (0, 1))
) STRICT;

CREATE TABLE journal (
    seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, wall INTEGER NOT NULL, household TEXT, ref INTEGER REFERENCES journal,
    bytes BLOB NOT NULL, hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE UNIQUE INDEX journal_reversed_once ON journal (ref) WHERE kind = 'reverse';
CREATE INDEX journal_of_household ON journal (household, seq) WHERE household IS NOT NULL;
CREATE INDEX journal_of_days ON journal (seq) WHERE kind IN ('day-open', 'day-close');
CREATE INDEX journal_of_checks ON journal (seq)
    WHERE kind = 'act' AND instr(bytes, CAST('"code":"inspection"' AS BLOB)) > 0;
CREATE INDEX journal_of_disputes ON journal (seq)
    WHERE kind = 'act' AND instr(bytes, CAST('"code":"dispute"' AS BLOB)) > 0;
CREATE INDEX journal_of_countersigns ON journal (ref)
    WHERE kind = 'act' AND instr(bytes, CAST('"code":"countersigned"' AS BLOB)) > 0;
CREATE INDEX journal_of_cards ON journal (seq)
    WHERE kind = 'act' AND instr(bytes, CAST('"code":"card-' AS BLOB)) > 0;

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
    home TEXT NOT NULL, quiet INTEGER NOT NULL DEFAULT 0 CHECK (quiet IN (0, 1)), salt TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
CREATE TABLE members (
    household TEXT NOT NULL REFERENCES households, place INTEGER NOT NULL CHECK (place BETWEEN 1 AND 7),
    name TEXT NOT NULL,
    PRIMARY KEY (household, place)
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
    produced TEXT, batch TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (good, place, owner, lot)
) STRICT, WITHOUT ROWID;
CREATE TABLE suppliers (
    code TEXT PRIMARY KEY, name TEXT NOT NULL, telephone TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE deliveries (
    seq INTEGER PRIMARY KEY REFERENCES journal, origin TEXT NOT NULL, supplier TEXT NOT NULL, slip TEXT NOT NULL,
    giver TEXT NOT NULL, salt TEXT NOT NULL
) STRICT;
CREATE INDEX deliveries_by_slip ON deliveries (slip) WHERE slip <> '';
CREATE TABLE proposals (
    good TEXT PRIMARY KEY REFERENCES goods, cost_fen INTEGER NOT NULL CHECK (cost_fen >= 0),
    points INTEGER NOT NULL CHECK (points >= 0), shelf INTEGER NOT NULL CHECK (shelf >= 0), by TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE materials (
    code TEXT PRIMARY KEY, name TEXT NOT NULL, scale TEXT NOT NULL CHECK (scale IN ('floor', 'counter', 'count')),
    minimum INTEGER NOT NULL CHECK (minimum >= 0), hazardous INTEGER NOT NULL CHECK (hazardous IN (0, 1)),
    note TEXT NOT NULL, position INTEGER NOT NULL,
    metal INTEGER NOT NULL DEFAULT 0 CHECK (metal IN (0, 1)), daily_limit INTEGER CHECK (daily_limit > 0),
    tolerance INTEGER NOT NULL DEFAULT 250 CHECK (tolerance BETWEEN 0 AND 10000),
    paused INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1)), campaign TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
CREATE TABLE campaigns (
    code TEXT PRIMARY KEY, name TEXT NOT NULL, starts TEXT NOT NULL, ends TEXT NOT NULL CHECK (ends >= starts),
    cap INTEGER NOT NULL CHECK (cap > 0), since INTEGER NOT NULL REFERENCES journal
) STRICT, WITHOUT ROWID;
CREATE TABLE pending (
    seq INTEGER PRIMARY KEY REFERENCES journal, household TEXT NOT NULL, points INTEGER NOT NULL CHECK (points > 0)
) STRICT;
CREATE TABLE buyers (
    code TEXT PRIMARY KEY, name TEXT NOT NULL, plate TEXT NOT NULL, telephone TEXT NOT NULL, licence TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('dealer', 'collector')), active INTEGER NOT NULL CHECK (active IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE TABLE contracts (
    buyer TEXT NOT NULL REFERENCES buyers, material TEXT NOT NULL REFERENCES materials, effective TEXT NOT NULL,
    until TEXT NOT NULL CHECK (until >= effective), fen INTEGER NOT NULL CHECK (fen >= 0),
    PRIMARY KEY (buyer, material, effective)
) STRICT, WITHOUT ROWID;
CREATE TABLE parties (
    seq INTEGER PRIMARY KEY REFERENCES journal, name TEXT NOT NULL, note TEXT NOT NULL, salt TEXT NOT NULL
) STRICT;
CREATE TABLE fund_vouchers (
    number TEXT PRIMARY KEY, seq INTEGER NOT NULL UNIQUE REFERENCES journal
) STRICT, WITHOUT ROWID;
CREATE TABLE fund_uses (source TEXT NOT NULL, use TEXT NOT NULL, PRIMARY KEY (source, use)) STRICT, WITHOUT ROWID;
CREATE TABLE own_households (party TEXT PRIMARY KEY, household TEXT NOT NULL) STRICT, WITHOUT ROWID;
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
    failures INTEGER NOT NULL DEFAULT 0, locked_until INTEGER NOT NULL DEFAULT 0, salt TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
CREATE TABLE z_documents (
    number INTEGER PRIMARY KEY, seq INTEGER NOT NULL UNIQUE REFERENCES journal, sheet BLOB NOT NULL,
    closing BLOB NOT NULL
) STRICT;
CREATE TABLE closed_days (
    number INTEGER PRIMARY KEY REFERENCES z_documents, day TEXT NOT NULL
) STRICT;
CREATE INDEX closed_days_by_date ON closed_days (day);
CREATE TABLE day_flows (
    number INTEGER NOT NULL REFERENCES closed_days, source TEXT NOT NULL,
    destination TEXT NOT NULL CHECK (destination <> source), commodity TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (number, source, destination, commodity)
) STRICT, WITHOUT ROWID;
CREATE TABLE day_counts (
    number INTEGER NOT NULL REFERENCES closed_days, what TEXT NOT NULL,
    entries INTEGER NOT NULL CHECK (entries > 0),
    PRIMARY KEY (number, what)
) STRICT, WITHOUT ROWID;
CREATE TABLE consents (
    subject TEXT PRIMARY KEY, seq INTEGER NOT NULL REFERENCES journal
) STRICT, WITHOUT ROWID;
CREATE TABLE frozen (item TEXT PRIMARY KEY, seq INTEGER NOT NULL REFERENCES journal) STRICT, WITHOUT ROWID;
CREATE TABLE inspections (
    seq INTEGER PRIMARY KEY REFERENCES journal, note TEXT NOT NULL, salt TEXT NOT NULL
) STRICT;
CREATE TABLE wanted (
    seq INTEGER PRIMARY KEY REFERENCES journal, words TEXT NOT NULL, salt TEXT NOT NULL
) STRICT;
CREATE TABLE providers (
    code TEXT PRIMARY KEY, name TEXT NOT NULL, telephone TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE services (
    code TEXT PRIMARY KEY, name TEXT NOT NULL, unit TEXT NOT NULL, initials TEXT NOT NULL,
    provider TEXT NOT NULL REFERENCES providers, cost_fen INTEGER NOT NULL CHECK (cost_fen >= 0),
    places INTEGER NOT NULL CHECK (places >= 0)
) STRICT, WITHOUT ROWID;
CREATE TABLE service_prices (
    version INTEGER NOT NULL REFERENCES price_books, service TEXT NOT NULL REFERENCES services,
    points INTEGER NOT NULL CHECK (points >= 0),
    PRIMARY KEY (version, service)
) STRICT, WITHOUT ROWID;
CREATE TABLE vouchers (
    number TEXT PRIMARY KEY, seq INTEGER NOT NULL REFERENCES journal, household TEXT NOT NULL,
    service TEXT NOT NULL REFERENCES services, provider TEXT NOT NULL REFERENCES providers,
    points INTEGER NOT NULL CHECK (points >= 0), issued TEXT NOT NULL, until TEXT NOT NULL, slot TEXT,
    state TEXT NOT NULL CHECK (state IN ('issued', 'used', 'cancelled', 'expired')),
    ended INTEGER REFERENCES journal,
    CHECK ((state = 'issued') = (ended IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX vouchers_open ON vouchers (until) WHERE state = 'issued';
CREATE INDEX vouchers_used ON vouchers (provider, ended) WHERE state = 'used';
CREATE INDEX vouchers_booked ON vouchers (service, slot) WHERE slot IS NOT NULL;
CREATE TABLE policies (version INTEGER PRIMARY KEY, effective TEXT NOT NULL, body BLOB NOT NULL) STRICT;
CREATE INDEX policies_by_date ON policies (effective, version);
CREATE TABLE award_batches (
    batch TEXT PRIMARY KEY, period TEXT NOT NULL, title TEXT NOT NULL, source TEXT NOT NULL, wall INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE award_lines (
    seq INTEGER PRIMARY KEY REFERENCES journal, batch TEXT NOT NULL REFERENCES award_batches, household TEXT NOT NULL,
    points INTEGER NOT NULL, told INTEGER NOT NULL CHECK (told IN (0, 1)),
    UNIQUE (batch, household)
) STRICT;
CREATE INDEX award_lines_untold ON award_lines (household) WHERE told = 0;
CREATE TABLE household_pins (
    household TEXT PRIMARY KEY REFERENCES households, pin TEXT NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0, locked_until INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE TABLE print_jobs (
    id INTEGER PRIMARY KEY, seq INTEGER NOT NULL REFERENCES journal, copy INTEGER NOT NULL CHECK (copy >= 0),
    purpose TEXT NOT NULL CHECK (purpose IN ('receipt', 'drawer', 'card')), facts BLOB NOT NULL,
    language TEXT NOT NULL, template INTEGER NOT NULL, by TEXT NOT NULL, made INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'confirmed', 'sent', 'not_sent', 'unknown', 'settled')),
    cause TEXT NOT NULL DEFAULT '', tries INTEGER NOT NULL DEFAULT 0, confirmed INTEGER,
    UNIQUE (seq, purpose, copy)
) STRICT;
CREATE INDEX print_jobs_open ON print_jobs (id) WHERE state NOT IN ('confirmed', 'sent', 'settled');
CREATE TABLE enrolment (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    township TEXT NOT NULL, ledger TEXT NOT NULL, token TEXT NOT NULL, line BLOB NOT NULL,
    signature BLOB NOT NULL CHECK (length(signature) = 64)
) STRICT;
CREATE TABLE sync (one INTEGER PRIMARY KEY CHECK (one = 1), body BLOB NOT NULL) STRICT;
CREATE TABLE feed_records (
    life INTEGER NOT NULL CHECK (life > 0), number INTEGER NOT NULL CHECK (number > 0),
    seq INTEGER NOT NULL REFERENCES journal, before BLOB NOT NULL CHECK (length(before) = 32), line BLOB NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 32), signature BLOB NOT NULL CHECK (length(signature) = 64),
    PRIMARY KEY (life, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX feed_records_by_entry ON feed_records (seq);
CREATE TABLE checkpoints (
    at INTEGER NOT NULL, size INTEGER NOT NULL CHECK (size >= 0), line BLOB NOT NULL,
    signature BLOB NOT NULL CHECK (length(signature) = 64),
    PRIMARY KEY (at, size)
) STRICT, WITHOUT ROWID;
CREATE TABLE targets (
    household TEXT PRIMARY KEY, points INTEGER NOT NULL CHECK (points >= 0)
) STRICT, WITHOUT ROWID;
CREATE TABLE differences (
    seq INTEGER NOT NULL, code TEXT NOT NULL, found INTEGER NOT NULL, seen TEXT NOT NULL,
    PRIMARY KEY (seq, code)
) STRICT, WITHOUT ROWID;
CREATE TABLE waiting_rows (
    kind TEXT NOT NULL, code TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (kind, code)
) STRICT, WITHOUT ROWID;
CREATE TABLE faulty_rows (
    kind TEXT NOT NULL, code TEXT NOT NULL, detail TEXT NOT NULL, PRIMARY KEY (kind, code)
) STRICT, WITHOUT ROWID;
CREATE TABLE recalls (code TEXT PRIMARY KEY, seq INTEGER NOT NULL REFERENCES journal) STRICT, WITHOUT ROWID;
CREATE TABLE undone_lines (paper TEXT NOT NULL, line INTEGER NOT NULL, PRIMARY KEY (paper, line)) STRICT, WITHOUT ROWID;
CREATE TABLE award_notices (
    batch TEXT NOT NULL, household TEXT NOT NULL, title TEXT NOT NULL, points INTEGER NOT NULL,
    told INTEGER NOT NULL CHECK (told IN (0, 1)),
    PRIMARY KEY (batch, household)
) STRICT, WITHOUT ROWID;
CREATE INDEX award_notices_untold ON award_notices (household) WHERE told = 0;
"""

_TRIGGERS = (
    """
CREATE TRIGGER journal_no_gap BEFORE INSERT ON journal
WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM journal)
BEGIN SELECT raise(ABORT, 'journal: a number without a gap'); END
""",
    """
CREATE TRIGGER z_documents_no_gap BEFORE INSERT ON z_documents
WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM z_documents)
BEGIN SELECT raise(ABORT, 'z_documents: a number without a gap'); END
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
    "predecessor",
    "journal",
    "transfers",
    "heads",
    "fund_vouchers",
    "z_documents",
    "price_books",
    "good_prices",
    "material_prices",
    "service_prices",
    "terms",
    "policies",
    "award_batches",
    "enrolment",
    "feed_records",
    "checkpoints",
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
