"""A device and the ledger as far as their books go: journals in memory, late pushes, and a second way to count.

`Chronicle` folds every transfer a second time, from the account names as text and the table of floors as `books.md`
writes it, so that `pos.core` is not judged by itself.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from catalog.units import Points
from pos.core import accounts, awards, entries, journal
from pos.core.accounts import LEDGER
from pos.core.acts import RefData
from pos.core.entries import Entry, Moment, Signatures
from pos.core.epochs import Close
from pos.core.kinds import Body
from pos.core.rights import Grant
from pos.core.transfers import Books, Decision, Key, Transfer

DEVICE = "k7q2md"
BY = Signatures("02", "01")
START = 1_768_430_520_000
FLOOR_EVERYWHERE = {"pts", "pend", "hold", "budget", "vch"}
FLOOR_AT_DEVICE = {"stock", "bin", "drawer", "fund"}


class Chronicle:
    """All that was posted to the books of one keeper."""

    def __init__(self, keeper: str) -> None:
        self.books = Books(keeper)
        self.fold: Counter[tuple[str, str]] = Counter()

    def post(self, author: str, transfers: tuple[Transfer, ...]) -> None:
        """Post one entry, and count it a second time. Raises what `Books.post` raises, with nothing changed."""
        self.books.post(author, transfers)
        for source, destination, commodity, quantity in transfers:
            assert str(source).endswith(f"@{author}")
            self.fold[str(source), commodity] -= quantity
            self.fold[str(destination), commodity] += quantity
            self._check_floor(str(source), commodity)

    def _check_floor(self, account: str, commodity: str) -> None:
        keeper, kind, writer = self.books.keeper, account.partition(":")[0], account.rpartition("@")[2]
        floors = FLOOR_EVERYWHERE | ({"move"} if keeper == LEDGER else FLOOR_AT_DEVICE)
        if kind in floors and keeper in (LEDGER, writer):
            assert self.fold[account, commodity] >= 0, account

    def check(self) -> None:
        """Balances are the fold of the transfers, sum to zero in each commodity, and no debt is above zero."""
        assert {(str(account), what): n for (account, what), n in self.books.balances.items()} == self.fold
        sums: Counter[str] = Counter()
        for (account, commodity), quantity in self.fold.items():
            sums[commodity] += quantity
            assert not account.startswith("debt:") or quantity <= 0
        assert not any(sums.values())

    def owing_holders(self, writer: str) -> list[str]:
        """Households that hold points and owe some at the same writer: none, since every credit pays debt first."""
        held = {a[4:] for (a, _), n in self.fold.items() if a.startswith("pts:") and a.endswith(f"@{writer}") and n > 0}
        return [a for (a, _), n in self.fold.items() if a.startswith("debt:") and n < 0 and a[5:] in held]


@dataclass(frozen=True)
class Record:
    """One record of a device's feed."""

    number: int
    content: Grant | tuple[Decision[Close], ...]

    @property
    def digest(self) -> str:
        """What the device's journal pins of it."""
        return journal.genesis(repr(self).encode()).hex()


class Device(Chronicle):
    """One installation's life: its journal, and its books after each entry."""

    def __init__(self, epoch: int, genesis: bytes = journal.genesis(b"{}")) -> None:
        self.writer = accounts.writer(DEVICE, epoch)
        super().__init__(self.writer)
        self.epoch = epoch
        self.lines: list[bytes] = []
        self.hashes = [genesis]
        self.entries: list[Entry] = []
        self.done: set[int] = set()
        """Numbers of entries that are reversed, taken back or adjusted by: once is enough."""
        self.confirmed: set[int] = set()
        self.pushed = self.pulled = 0
        self.targets: dict[str, Points] = {}
        self.before: list[dict[Key, int]] = [{}]
        """Balances after each entry."""

    @property
    def next(self) -> int:
        """Number of the next entry."""
        return len(self.lines) + 1

    @property
    def now(self) -> Moment:
        """When the next entry is written."""
        return Moment(START + self.next, self.next, "7f3a91c2")

    def has(self, *kinds: type[Any]) -> bool:
        """Whether there is an entry of these kinds that nothing was done to yet."""
        return any(isinstance(entry.body, kinds) and entry.seq not in self.done for entry in self.entries)

    def write(self, decision: Decision[Any]) -> Entry:
        """Write the next entry. Raises `BelowFloor` with nothing written."""
        entry = Entry(self.next, self.now, BY, decision.body, decision.transfers)
        line = entries.encode(entry)
        self.post(self.writer, entry.transfers)
        self.lines.append(line)
        self.hashes.append(journal.chained(self.hashes[-1], line))
        self.entries.append(entry)
        self.before.append(dict(self.books.balances))
        return entry

    def take_over(self, record: Record) -> None:
        """Begin with what the closed epoch left: its transfers come by feed, the journal pins them."""
        assert isinstance(record.content, tuple)
        for delivered in record.content:
            self.post(delivered.body.closed, delivered.transfers)
        self.before = [dict(self.books.balances)]
        self.write(Decision(RefData(record.number, record.digest), ()))

    def check_chain(self) -> None:
        """Every line reads as the entry that was written, numbers have no gap, and the chain is unbroken."""
        head = self.hashes[0]
        for seq, (line, written, digest) in enumerate(zip(self.lines, self.entries, self.hashes[1:], strict=True), 1):
            entry = entries.decode(line)
            head = journal.chained(head, line)
            assert (entry, entry.seq, head) == (written, seq, digest)


class Ledger(Chronicle):
    """The village ledger's books and the feeds it keeps for devices."""

    def __init__(self) -> None:
        super().__init__(LEDGER)
        self.feeds: dict[str, list[Record]] = {}
        self.closed: dict[str, bool] = {}
        """Closed epochs, and whether they are released."""

    def write(self, decision: Decision[Body], author: str = LEDGER) -> None:
        """Post an entry of the ledger's, or one written for a closed epoch. Raises `BelowFloor`."""
        assert author == LEDGER or author in self.closed
        self.post(author, decision.transfers)

    def feed(self, device: str, content: Grant | tuple[Decision[Close], ...]) -> Record:
        """The next record of a device's feed."""
        records = self.feeds.setdefault(device, [])
        records.append(Record(len(records) + 1, content))
        return records[-1]

    def take(self, device: Device) -> None:
        """Post the device's next entry as its bytes say, and pay debts from what comes back."""
        entry = entries.decode(device.lines[device.pushed])
        self.post(device.writer, entry.transfers)
        device.pushed += 1
        if entry.kind == "give-back" and entry.household is not None:
            self.write(awards.sweep(entry.household, self.books))

    def at(self, writer: str, kinds: set[str]) -> dict[Key, int]:
        """What accounts of one writer hold here, those of some kinds left out."""
        return of_writer(self.books.balances, writer, kinds)


def of_writer(balances: dict[Key, int], writer: str, without: set[str]) -> dict[Key, int]:
    """The balances of one writer that are not zero, those of some kinds left out."""
    return {
        (account, what): n
        for (account, what), n in balances.items()
        if account.writer == writer and account.kind not in without and n
    }
