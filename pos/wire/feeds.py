"""Pages of the two feeds, as a ledger signs them (`signing.ANSWER`) and a terminal pulls them.

Grants: the records of one life of an installation's own feed after a number, contiguous and chained. Lives are numbered
upwards, not one by one; when a life's records are all there, the `next_life` begins after number 0.

Reference: rows numbered after the terminal's position (`after`) and up to where the township stood when the pull began
(`upto`), the most urgent first; a page ends at a `place`, from which the next one goes on. When `done`, the terminal's
position is `upto`; a row that changed meanwhile comes with the next pull. From position 0 that is a snapshot: only the
newest row of each thing is kept, so that nobody is ever too far behind. In another life the position is 0 again.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FeedRecord:
    """A record: its line's bytes as text, and the ledger's signature (hex) as `pos.wire.records` says."""

    number: int
    line: str
    signature: str


@dataclass(frozen=True, slots=True)
class GrantsPage:
    """Records of an installation's feed after `after`. A line is an entry of the ledger's journal."""

    v: int
    township: str
    device: str
    epoch: int
    life: int
    after: int
    head: int
    """Newest number of this life."""
    next_life: int
    """Where to go on when this life's records are all there; the same life when it is the newest."""
    newest_life: int
    """One older than `life`: the ledger comes from a backup and has to be reminded."""
    records: tuple[FeedRecord, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of reference rows ended."""

    priority: int
    number: int


@dataclass(frozen=True, slots=True)
class ReferenceRow:
    """The newest row of one thing: `value` is the canonical JSON of its kind's facts; without it the thing is gone."""

    kind: str
    code: str
    number: int
    value: str | None


@dataclass(frozen=True, slots=True)
class ReferencePage:
    """Rows that a store is served."""

    v: int
    township: str
    device: str
    epoch: int
    life: int
    after: int
    upto: int
    begin: Place
    end: Place
    done: int
    """1 on the last page."""
    rows: tuple[ReferenceRow, ...]


@dataclass(frozen=True, slots=True)
class Remembered:
    """A record that a device accepted and the ledger may have forgotten."""

    life: int
    number: int
    line: str
    signature: str


@dataclass(frozen=True, slots=True)
class Reminder:
    """The records that a device keeps, from the first that the ledger does not know; signed with the device's key."""

    v: int
    township: str
    device: str
    epoch: int
    before: str
    """Digest (hex) of the record before the first."""
    records: tuple[Remembered, ...]


@dataclass(frozen=True, slots=True)
class Reminded:
    """The answer: where the feed stands now."""

    v: int
    re: str
    """SHA-256 of the reminder's line."""
    posted: int
    """Records that the ledger had forgotten, and has posted again."""
    newest_life: int
