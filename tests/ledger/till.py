"""A terminal as far as its rights go: it keeps the signed records, accepts them, gives back, asks, and is cloned."""

from dataclasses import dataclass, field

from catalog.units import Points
from pos.core import accounts, entries, rights
from pos.core.acts import RefData
from pos.core.epochs import Close
from pos.core.rights import Ask, Grant
from pos.core.transfers import Decision
from pos.ledger import feed, heal
from pos.wire import messages, signing
from pos.wire.feeds import FeedRecord, GrantsPage, Remembered, Reminded, Reminder
from pos.wire.messages import PushAnswer, Status
from pos.wire.records import chained, signed_part, start
from tests.ledger.town import H1, TOWNSHIP, Device, Town


@dataclass
class Till:
    """A device with what it took over from its grants feed."""

    town: Town
    device: Device
    life: int = 1
    cursor: int = 0
    records: list[tuple[int, FeedRecord, bytes]] = field(default_factory=list)
    """Life, record and digest of each record that was accepted."""
    targets: dict[str, Points] = field(default_factory=dict)
    acked: int = 0
    stale: bool = False
    """Whether the ledger knows more of its journal than it does: an old copy, that must not go on."""

    @property
    def writer(self) -> str:
        """Whose accounts it takes from."""
        return self.device.writer

    def points(self, household: str = H1) -> int:
        """What the household can spend here."""
        return self.device.books.of(accounts.points(household, self.writer), "pt")

    def digest(self) -> bytes:
        """Where the chain of its present life stands."""
        if self.records and self.records[-1][0] == self.life:
            return self.records[-1][2]
        return start(TOWNSHIP, self.writer, self.life)

    def page(self, limit: int = 1000) -> GrantsPage:
        """The next page of its feed, its signature checked."""
        device = self.device
        found = feed.grants(self.town.ledger, TOWNSHIP, device.name, device.epoch, self.life, self.cursor, limit)
        assert signing.signed(signing.ANSWER, found.line, bytes.fromhex(found.signature), self.town.ledger.public_key)
        return messages.loads(GrantsPage, found.line)

    def pull(self) -> int:
        """Take over all there is; how many records."""
        taken = 0
        while True:
            page = self.page()
            for record in page.records:
                self.take(record)
                taken += 1
            if not page.records:
                if page.next_life == self.life:
                    assert page.newest_life == self.life
                    return taken
                self.life, self.cursor = page.next_life, 0

    def take(self, record: FeedRecord) -> None:
        """Check a record against the chain and post what it says."""
        digest = chained(self.digest(), record.line.encode())
        covered = signed_part(TOWNSHIP, self.writer, self.life, record.number, digest)
        key = self.town.ledger.public_key
        assert signing.signed(signing.RECORD, covered, bytes.fromhex(record.signature), key)
        assert record.number == self.cursor + 1
        self.cursor = record.number
        self.records.append((self.life, record, digest))
        entry = entries.decode(record.line.encode())
        match entry.body:
            case Grant() as granted:
                assert granted.device == self.writer
                self.device.write(rights.accept(granted, digest.hex(), self.device.books))
                self.targets[granted.household] = granted.target
            case Close(closed=closed):
                self.device.books.post(closed, entry.transfers)
                self.device.write(Decision(RefData(record.number, digest.hex()), ()))

    def give_back(self) -> None:
        """Return what exceeds the targets."""
        for household, target in self.targets.items():
            decision = rights.give_back(household, target, self.device.books, self.writer)
            if decision.transfers:
                self.device.write(decision)

    def push(self, last: int | None = None) -> PushAnswer:
        """Send what the ledger has not acknowledged yet; after a gap from where the ledger stands."""
        answer = self.send(last)
        if answer.status is Status.GAP:
            self.acked = answer.seq
            answer = self.send(last)
        if answer.status is Status.OK and answer.seq > len(self.device.lines):
            self.stale = True
        elif answer.status is Status.OK:
            assert answer.hash == self.device.hashes[answer.seq].hex()
            self.acked = answer.seq
        return answer

    def send(self, last: int | None = None) -> PushAnswer:
        """One batch after the acknowledged number."""
        facts = {"life": self.life, "feed_cursor": self.cursor}
        return self.town.push(self.device, self.acked + 1, last, **facts)

    def sync(self) -> PushAnswer:
        """Push, pull, give back, push."""
        self.push()
        self.pull()
        self.give_back()
        return self.push()

    def ask(self, points: int, household: str = H1) -> None:
        """Ask for points to be granted here."""
        self.device.write(Decision(Ask(household, Points(points)), ()))

    def remind(self, after: int = 0) -> Reminded:
        """Show the ledger the records kept, from one on."""
        device, kept = self.device, self.records[after:]
        life = kept[0][0]
        before = self.records[after - 1][2] if after and self.records[after - 1][0] == life else None
        line = messages.dumps(
            Reminder(
                1,
                TOWNSHIP,
                device.name,
                device.epoch,
                (before or start(TOWNSHIP, self.writer, life)).hex(),
                tuple(Remembered(life, each.number, each.line, each.signature) for life, each, _ in kept),
            )
        )
        signature = signing.sign(signing.REQUEST, line, device.key).hex()
        found = heal.remind(self.town.ledger, TOWNSHIP, device.name, device.epoch, line, signature)
        return messages.loads(Reminded, found.line)
