"""A journal taken up again from its first entry: chain, form, authors, floors, and what the balances must be."""

from collections import Counter
from collections.abc import Mapping

from pos.core import codec, entries, journal
from pos.core.acts import Act, ActCode, RefData
from pos.core.codec import CodecError
from pos.core.entries import Entry
from pos.core.epochs import Close
from pos.core.journal import Certificate
from pos.core.local_time import local_date
from pos.core.redemption import Redeem
from pos.core.refusals import BelowFloor
from pos.core.reversal import Reverse
from pos.core.rights import Accept
from pos.core.take_back import TakeBack
from pos.core.transfers import Books, BooksError, Key, Transfer
from pos.wire.records import chained
from pos.wire.signing import read_certificate

_PINNING = frozenset({Accept.KIND, RefData.KIND})
"""Kinds of entries that pin a signed record of the ledger's."""


class Wrong(Exception):
    """The first thing found wrong: its code, the entry from which (0: before the first), and what exactly."""

    def __init__(self, code: str, entry: int, detail: object = "") -> None:
        super().__init__(code, entry, detail)
        self.code, self.entry, self.detail = code, entry, str(detail)


class Refold:
    """Takes a journal's lines one by one, keeping no line: balances, reversed numbers and the newest hash only."""

    def __init__(self, certificate: bytes, signature: bytes) -> None:
        self.certificate = _certificate(certificate, signature)
        self.genesis = journal.genesis(certificate)
        self.writer = f"{self.certificate.device}.{self.certificate.epoch}"
        self.seq, self.hash = 0, self.genesis
        self.moved: dict[Key, int] = {}
        """Number of the entry that last moved each balance."""
        self.announced: set[tuple[str, str]] = set()
        """Subject and hash of every reference edit that an act records."""
        self._books = Books(self.writer)
        self._reversed: set[int] = set()
        self._pinned = ""

    @property
    def balances(self) -> Mapping[Key, int]:
        """What every balance must be."""
        return self._books.balances

    @property
    def check(self) -> str:
        """The newest entry's check code, as its paper shows it."""
        return journal.check_code(self.hash)

    def take(self, line: bytes) -> Entry:
        """The next line's entry. Raises `Wrong` at the first thing that no correct terminal writes."""
        seq = self.seq + 1
        try:
            entry = entries.decode(line)
        except CodecError as error:
            raise Wrong("form", seq, error) from None
        if entry.seq != seq:
            raise Wrong("gap", seq, entry.seq)
        self._post(entry, self.writer)
        match entry.body:
            case Reverse(ref=ref):
                self._link(seq, ref)
            case Act(code=ActCode.REFERENCE, subject=subject, digest=digest):
                self.announced.add((subject, digest))
            case _:
                pass
        self.seq, self.hash = seq, journal.chained(self.hash, line)
        self._pinned = getattr(entry.body, "digest", "") if entry.kind in _PINNING else ""
        return entry

    def deliver(self, before: bytes, line: bytes) -> tuple[Transfer, ...]:
        """Post the record (`before` is the digest of the one before it) that the newest entry took over; what it moved.

        A grant moves nothing beside its `accept`; what a closed epoch hands on stands in its record alone.
        """
        if chained(before, line).hex() != self._pinned:
            raise Wrong("record", self.seq)
        try:
            record = entries.decode(line)
        except CodecError as error:
            raise Wrong("record", self.seq, error) from None
        if isinstance(record.body, Close) and record.body.successor == self.writer:
            self._post(record, record.body.closed)
            return record.transfers
        return ()

    def _post(self, entry: Entry, author: str) -> None:
        seq = entry.seq if author == self.writer else self.seq
        stranger = next((move.source for move in entry.transfers if move.source.writer != author), None)
        if stranger is not None:
            raise Wrong("author", seq, stranger)
        try:
            changed = self._books.post(author, entry.transfers)
        except BelowFloor as error:
            raise Wrong("floor", seq, error.fields["account"]) from None
        except BooksError as error:
            raise Wrong("transfer", seq, error) from None
        self.moved.update(dict.fromkeys(changed, seq))

    def _link(self, seq: int, ref: int) -> None:
        if not 0 < ref < seq or ref in self._reversed:
            raise Wrong("reversal", seq, ref)
        self._reversed.add(ref)


class Taken:
    """What each household took of each good in each month, counted again: (household, good, month) to pieces."""

    def __init__(self, utc_offset_minutes: int) -> None:
        self.pieces: Counter[tuple[str, str, str]] = Counter()
        self._offset = utc_offset_minutes

    def take(self, entry: Entry, original: Entry | None) -> None:
        """Count an entry; for a reversal or a return, `original` is what it takes back, and whose month it is."""
        counted, sign = (original, -1) if original else (entry, 1)
        if not isinstance(counted.body, Redeem):
            return
        month = local_date(counted.at.wall, self._offset).isoformat()[:7]
        lines = entry.body.lines if isinstance(entry.body, TakeBack) else counted.body.lines
        for line in lines:
            self.pieces[counted.body.household, line.good, month] += sign * line.quantity


def _certificate(line: bytes, signature: bytes) -> Certificate:
    try:
        found = read_certificate(line, signature)
    except CodecError as error:
        raise Wrong("certificate", 0, error) from None
    if found is None or codec.dumps(codec.plain(found)) != line:
        raise Wrong("certificate", 0)
    return found
