"""The ledger's tables as queries see them; their constraints and triggers are in the migrations.

`writer` is `device.epoch`, or `L` for the ledger's own journal. Times are milliseconds of the ledger's clock, except
`wall`, which is the device's. A journal row with `posted` 0 is a tail that came after its epoch's release: kept,
chained and logged, its transfers not in the books. `place` is its leaf in the township's log.

`feeds` holds each feed's newest record; `feed` is the writer granted to, or `reference` for the whole township.
`stopped` of an epoch says why nothing more is granted to it (empty: it is not stopped); `minted_points` were minted by
weigh-ins on the newest local day seen, `minted_day` (counted from 1970). `approved` is empty while a store that ran
alone waits for it.

`residents` is what a township knows of its people: erasable, and in no journal. `targets` says what was allotted to a
household at a writer (`L`: kept at the ledger) until when (0: until it is taken back), `once` for one visit, and which
target the writer was last told. `stand_ins` says which household a number stands for that a store used while it ran
alone. `reference` holds the newest row of each thing that terminals take over; without a value it is gone. `scope` is a
village, a store, or empty for the whole township. Points are in 1/100 point. `password` is an argon2 hash, and of a
token only the hash is kept.
"""

from sqlalchemy import BigInteger, Column, LargeBinary, MetaData, Table, Text

metadata = MetaData()


def _table(name: str, *, texts: str, numbers: str = "", blobs: str = "") -> Table:
    columns = [(texts, Text), (numbers, BigInteger), (blobs, LargeBinary)]
    return Table(name, metadata, *(Column(column, kind) for names, kind in columns for column in names.split()))


townships = _table(
    "townships",
    texts="township name",
    numbers="utc_offset_minutes head_seq head_wall log_size household_cap",
    blobs="certificate signature head_hash log_edge",
)
stores = _table("stores", texts="township store village name")
households = _table("households", texts="township household village home state successor")
codes = _table("codes", texts="township store device used_by", numbers="alone made expires", blobs="digest limits")
epochs = _table(
    "epochs",
    texts="township device store state stopped key",
    numbers="epoch approved head_seq head_wall device_head feed_cursor reference_cursor seen minted_day minted_points",
    blobs="genesis certificate signature enrolment countersignature head_hash",
)
journal = _table(
    "journal",
    texts="township writer kind household",
    numbers="seq wall booked ref posted place",
    blobs="bytes hash",
)
transfers = _table("transfers", texts="township writer source destination commodity", numbers="seq n quantity")
balances = _table("balances", texts="township account commodity writer", numbers="quantity low high")
findings = _table("findings", texts="township writer code detail settled_by", numbers="seq found settled")
forks = _table("forks", texts="township writer", numbers="seq found", blobs="hash")
evidence = _table("evidence", texts="township writer reason", numbers="found", blobs="digest batch signature")
feeds = _table("feeds", texts="township feed", numbers="life number", blobs="digest")
feed_records = _table("feed_records", texts="township feed", numbers="life number", blobs="line digest signature")
villages = _table("villages", texts="township village name")
routes = _table("routes", texts="township store village")
residents = _table("residents", texts="township household head villagers_group", numbers="persons quiet")
cards = _table("cards", texts="township card household state", numbers="version issued")
card_keys = _table("card_keys", texts="township village name", blobs="secret")
targets = _table("targets", texts="township household writer", numbers="told allotted until once")
stand_ins = _table("stand_ins", texts="township writer local household")
reference = _table("reference", texts="township scope kind code value", numbers="priority number")
award_categories = _table("award_categories", texts="township scheme category parent name", numbers="position")
award_items = _table(
    "award_items",
    texts="township item scheme category village name meeting",
    numbers="low high most_times private active",
)
award_batches = _table(
    "award_batches",
    texts="township batch village period title meeting corrects digest state"
    " drafted_by reviewed_by published_by effective_by granted_by",
    numbers="objection_days drafted reviewed published effective granted",
)
award_lines = _table(
    "award_lines",
    texts="township batch household item objection objected_by outcome",
    numbers="line points times total",
)
published = _table("published", texts="township scope kind code by_whom value", numbers="number ms")
log_tiles = _table("log_tiles", texts="township", numbers="level number", blobs="hashes")
operators = _table(
    "operators", texts="township operator role village password", numbers="active made failures locked_until"
)
tokens = _table("tokens", texts="township operator", numbers="expires", blobs="digest")
audit = _table("audit", texts="township nonce actor act subject detail", numbers="ms")
