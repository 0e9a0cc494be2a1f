"""The first schema. Every key begins with the township, so that a township can move to a machine of its own."""

from alembic import op

revision = "0001"
down_revision = None

_TABLES = """
CREATE TABLE townships (
    township {text} PRIMARY KEY, name {text} NOT NULL, utc_offset_minutes {int} NOT NULL,
    certificate {blob} NOT NULL, signature {blob} NOT NULL,
    head_seq {int} NOT NULL, head_hash {blob} NOT NULL, head_wall {int} NOT NULL,
    log_size {int} NOT NULL CHECK (log_size >= 0), log_edge {blob} NOT NULL,
    household_cap {int} NOT NULL DEFAULT 200000 CHECK (household_cap >= 0)
){strict}{updated};
CREATE TABLE stores (
    township {text} NOT NULL REFERENCES townships, store {text} NOT NULL, village {text} NOT NULL,
    name {text} NOT NULL,
    PRIMARY KEY (township, store)
){strict};
CREATE TABLE households (
    township {text} NOT NULL REFERENCES townships, household {text} NOT NULL, village {text} NOT NULL,
    home {text}, state {text} NOT NULL CHECK (state IN ('normal', 'away', 'frozen', 'merged', 'closed')),
    successor {text},
    PRIMARY KEY (township, household)
){strict};

CREATE TABLE codes (
    township {text} NOT NULL REFERENCES townships, digest {blob} NOT NULL, store {text} NOT NULL, device {text},
    alone {int} NOT NULL CHECK (alone IN (0, 1)), limits {blob} NOT NULL, made {int} NOT NULL, expires {int} NOT NULL,
    used_by {text},
    PRIMARY KEY (township, digest)
){strict};
CREATE TABLE epochs (
    township {text} NOT NULL REFERENCES townships, device {text} NOT NULL, epoch {int} NOT NULL CHECK (epoch >= 0),
    store {text} NOT NULL,
    state {text} NOT NULL CHECK (state IN ('open', 'closed', 'released')),
    approved {int}, stopped {text} NOT NULL,
    key {text} NOT NULL, genesis {blob} NOT NULL, certificate {blob} NOT NULL, signature {blob} NOT NULL,
    enrolment {blob} NOT NULL, countersignature {blob} NOT NULL,
    head_seq {int} NOT NULL, head_hash {blob} NOT NULL, head_wall {int} NOT NULL,
    device_head {int} NOT NULL, feed_cursor {int} NOT NULL, reference_cursor {int} NOT NULL, seen {int} NOT NULL,
    minted_day {int} NOT NULL, minted_points {int} NOT NULL,
    PRIMARY KEY (township, device, epoch)
){strict}{updated};

CREATE TABLE journal (
    township {text} NOT NULL, writer {text} NOT NULL, seq {int} NOT NULL CHECK (seq > 0),
    kind {text} NOT NULL, wall {int} NOT NULL, booked {int} NOT NULL, household {text}, ref {int},
    posted {int} NOT NULL CHECK (posted IN (0, 1)), place {int} NOT NULL,
    bytes {blob} NOT NULL, hash {blob} NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (township, writer, seq)
){strict};
CREATE INDEX journal_corrections ON journal (township, household) WHERE kind IN ('undo', 'remedy');
CREATE INDEX journal_reversals ON journal (township, writer, ref) WHERE kind = 'reverse';
CREATE TABLE transfers (
    township {text} NOT NULL, writer {text} NOT NULL, seq {int} NOT NULL, n {int} NOT NULL CHECK (n BETWEEN 1 AND 64),
    source {text} NOT NULL, destination {text} NOT NULL, commodity {text} NOT NULL,
    quantity {int} NOT NULL CHECK (quantity BETWEEN 1 AND 1000000000000),
    PRIMARY KEY (township, writer, seq, n)
){strict};
CREATE TABLE balances (
    township {text} NOT NULL, account {text} NOT NULL, commodity {text} NOT NULL, writer {text} NOT NULL,
    quantity {int} NOT NULL, low {int}, high {int},
    PRIMARY KEY (township, account, commodity),
    CHECK (low IS NULL OR quantity >= low), CHECK (high IS NULL OR quantity <= high)
){strict}{updated};
CREATE INDEX balances_of_writer ON balances (township, writer);

CREATE TABLE findings (
    township {text} NOT NULL, writer {text} NOT NULL, seq {int} NOT NULL, code {text} NOT NULL, detail {text} NOT NULL,
    found {int} NOT NULL, settled {int}, settled_by {text},
    PRIMARY KEY (township, writer, seq, code)
){strict};
CREATE TABLE forks (
    township {text} NOT NULL, writer {text} NOT NULL, seq {int} NOT NULL, hash {blob} NOT NULL, found {int} NOT NULL,
    PRIMARY KEY (township, writer, seq, hash)
){strict};
CREATE TABLE evidence (
    township {text} NOT NULL, digest {blob} NOT NULL, writer {text} NOT NULL, reason {text} NOT NULL,
    found {int} NOT NULL, batch {blob} NOT NULL, signature {blob} NOT NULL,
    PRIMARY KEY (township, digest)
){strict};

CREATE TABLE feeds (
    township {text} NOT NULL REFERENCES townships, feed {text} NOT NULL, life {int} NOT NULL CHECK (life > 0),
    number {int} NOT NULL CHECK (number >= 0), digest {blob} NOT NULL,
    PRIMARY KEY (township, feed)
){strict}{updated};
CREATE TABLE feed_records (
    township {text} NOT NULL, feed {text} NOT NULL, life {int} NOT NULL, number {int} NOT NULL CHECK (number > 0),
    line {blob} NOT NULL, digest {blob} NOT NULL CHECK (length(digest) = 32),
    signature {blob} NOT NULL CHECK (length(signature) = 64),
    PRIMARY KEY (township, feed, life, number)
){strict};

CREATE TABLE villages (
    township {text} NOT NULL REFERENCES townships, village {text} NOT NULL, name {text} NOT NULL,
    PRIMARY KEY (township, village)
){strict};
CREATE TABLE routes (
    township {text} NOT NULL REFERENCES townships, store {text} NOT NULL, village {text} NOT NULL,
    PRIMARY KEY (township, store, village)
){strict};
CREATE TABLE residents (
    township {text} NOT NULL, household {text} NOT NULL, head {text} NOT NULL, villagers_group {text} NOT NULL,
    persons {int} NOT NULL CHECK (persons BETWEEN 1 AND 99), quiet {int} NOT NULL CHECK (quiet IN (0, 1)),
    PRIMARY KEY (township, household), FOREIGN KEY (township, household) REFERENCES households
){strict};
CREATE TABLE cards (
    township {text} NOT NULL, card {text} NOT NULL, household {text} NOT NULL, version {int} NOT NULL,
    state {text} NOT NULL CHECK (state IN ('active', 'lost', 'replaced')), issued {int} NOT NULL,
    PRIMARY KEY (township, card), FOREIGN KEY (township, household) REFERENCES households
){strict};
CREATE INDEX cards_of_household ON cards (township, household);
CREATE TABLE card_keys (
    township {text} NOT NULL, village {text} NOT NULL, name {text} NOT NULL, secret {blob} NOT NULL,
    PRIMARY KEY (township, village, name)
){strict};
CREATE TABLE targets (
    township {text} NOT NULL, household {text} NOT NULL, writer {text} NOT NULL, told {int},
    allotted {int} NOT NULL CHECK (allotted >= 0), until {int} NOT NULL,
    once {int} NOT NULL CHECK (once IN (0, 1)),
    PRIMARY KEY (township, household, writer)
){strict};
CREATE INDEX targets_of_writer ON targets (township, writer) WHERE allotted > 0;
CREATE TABLE stand_ins (
    township {text} NOT NULL, writer {text} NOT NULL, local {text} NOT NULL, household {text} NOT NULL,
    PRIMARY KEY (township, writer, local)
){strict};
CREATE TABLE reference (
    township {text} NOT NULL, scope {text} NOT NULL, kind {text} NOT NULL, code {text} NOT NULL,
    priority {int} NOT NULL, number {int} NOT NULL, value {text},
    PRIMARY KEY (township, scope, kind, code)
){strict};
CREATE INDEX reference_in_order ON reference (township, scope, priority, number);

CREATE TABLE award_categories (
    township {text} NOT NULL, scheme {text} NOT NULL, category {text} NOT NULL, parent {text}, name {text} NOT NULL,
    position {int} NOT NULL,
    PRIMARY KEY (township, scheme, category)
){strict};
CREATE TABLE award_items (
    township {text} NOT NULL, item {text} NOT NULL, scheme {text} NOT NULL, category {text} NOT NULL,
    village {text}, name {text} NOT NULL, low {int} NOT NULL, high {int} NOT NULL CHECK (high >= low),
    most_times {int} NOT NULL CHECK (most_times BETWEEN 1 AND 10), private {int} NOT NULL CHECK (private IN (0, 1)),
    meeting {text} NOT NULL, active {int} NOT NULL CHECK (active IN (0, 1)),
    PRIMARY KEY (township, item),
    FOREIGN KEY (township, scheme, category) REFERENCES award_categories (township, scheme, category)
){strict};
CREATE TABLE award_batches (
    township {text} NOT NULL REFERENCES townships, batch {text} NOT NULL, village {text} NOT NULL,
    period {text} NOT NULL, title {text} NOT NULL, meeting {text} NOT NULL, corrects {text}, digest {text} NOT NULL,
    state {text} NOT NULL
        CHECK (state IN ('draft', 'reviewed', 'published', 'effective', 'granted', 'withdrawn')),
    objection_days {int} NOT NULL CHECK (objection_days BETWEEN 0 AND 60),
    drafted_by {text} NOT NULL, drafted {int} NOT NULL, reviewed_by {text}, reviewed {int},
    published_by {text}, published {int}, effective_by {text}, effective {int}, granted_by {text}, granted {int},
    PRIMARY KEY (township, batch)
){strict};
CREATE TABLE award_lines (
    township {text} NOT NULL, batch {text} NOT NULL, line {int} NOT NULL, household {text} NOT NULL,
    item {text} NOT NULL, points {int} NOT NULL, times {int} NOT NULL, total {int} NOT NULL,
    objection {text}, objected_by {text}, outcome {text} CHECK (outcome IN ('upheld', 'dismissed')),
    PRIMARY KEY (township, batch, line), FOREIGN KEY (township, batch) REFERENCES award_batches,
    CHECK (total = points * times)
){strict};
CREATE TABLE published (
    township {text} NOT NULL, number {int} NOT NULL, scope {text} NOT NULL, kind {text} NOT NULL, code {text} NOT NULL,
    by_whom {text} NOT NULL, ms {int} NOT NULL, value {text},
    PRIMARY KEY (township, number)
){strict};

CREATE TABLE operators (
    township {text} NOT NULL REFERENCES townships, operator {text} NOT NULL,
    role {text} NOT NULL CHECK (role IN ('operator', 'clerk', 'assessor', 'supervisor', 'reader')), village {text},
    password {text} NOT NULL, active {int} NOT NULL CHECK (active IN (0, 1)), made {int} NOT NULL,
    failures {int} NOT NULL CHECK (failures >= 0), locked_until {int} NOT NULL,
    PRIMARY KEY (township, operator), CHECK (role <> 'clerk' OR village IS NOT NULL)
){strict};
CREATE TABLE tokens (
    township {text} NOT NULL, digest {blob} NOT NULL, operator {text} NOT NULL, expires {int} NOT NULL,
    PRIMARY KEY (township, digest), FOREIGN KEY (township, operator) REFERENCES operators
){strict};
CREATE TABLE log_tiles (
    township {text} NOT NULL, level {int} NOT NULL, number {int} NOT NULL, hashes {blob} NOT NULL,
    PRIMARY KEY (township, level, number)
){strict};
CREATE TABLE audit (
    township {text} NOT NULL, ms {int} NOT NULL, nonce {text} NOT NULL,
    actor {text} NOT NULL, act {text} NOT NULL, subject {text} NOT NULL, detail {text} NOT NULL,
    PRIMARY KEY (township, ms, nonce)
){strict};
"""

_WORDS = {
    "postgresql": {
        "text": 'TEXT COLLATE "C"',
        "int": "BIGINT",
        "blob": "BYTEA",
        "strict": "",
        # Rows that change in place: room on each page keeps their new versions beside the old, off the indexes, which
        # other transactions have read.
        "updated": " WITH (fillfactor = 70)",
    },
    "sqlite": {"text": "TEXT", "int": "INTEGER", "blob": "BLOB", "strict": " STRICT", "updated": ""},
}

APPEND_ONLY = ("journal", "transfers", "forks", "evidence", "feed_records", "log_tiles", "audit", "published")
"""Tables whose rows are never changed or deleted; a later migration that touches one makes its triggers anew."""

_REFUSE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '%: append only', TG_TABLE_NAME; END $$
"""


def append_only(table: str, dialect: str) -> list[str]:
    """The statements that keep a table append-only."""
    if dialect == "postgresql":
        when, what = f"BEFORE UPDATE OR DELETE ON {table}", "EXECUTE FUNCTION refuse_change()"
        return [f"CREATE TRIGGER {table}_append_only {when} FOR EACH ROW {what}"]
    return [
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT raise(ABORT, '{table}: append only'); END"
        for verb in ("UPDATE", "DELETE")
    ]


def upgrade() -> None:
    """Make every table, and the triggers of those that only grow."""
    dialect = op.get_bind().dialect.name
    for statement in _TABLES.format(**_WORDS[dialect]).strip().split(";\n"):
        op.execute(statement.rstrip(";"))
    if dialect == "postgresql":
        op.execute(_REFUSE)
        op.execute("ALTER TABLE townships ALTER COLUMN log_edge SET STORAGE EXTERNAL")
    for table in APPEND_ONLY:
        for statement in append_only(table, dialect):
            op.execute(statement)
