"""A township to test in: two stores, households, and devices that keep a journal and push it."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Table, insert, select

from catalog.units import Points
from pos.clock import Clock
from pos.core import accounts, awards, codec, entries, journal, rights
from pos.core.accounts import POINTS, Account
from pos.core.acts import Act as ActBody
from pos.core.acts import ActCode
from pos.core.entries import Entry, Moment, Signatures, Unknown
from pos.core.journal import Certificate
from pos.core.transfers import Books, Decision, Transfer
from pos.ledger import enrol, push, records, townships
from pos.ledger import tables as t
from pos.ledger.books import Act
from pos.ledger.enrol import Code
from pos.ledger.service import Ledger, open_ledger
from pos.wire import messages, signing
from pos.wire.messages import BatchHead, Enrolled, EnrolRequest, Limits, PushAnswer
from tests.core.model import START

TOWNSHIP = "990101"
STORES = ("LT01", "XH02")
H1, H2 = "9901011012000001", "9901011012000002"
BY = Signatures("02", "01")


@dataclass
class StillClock:
    """A ledger's clock that stands until somebody moves it."""

    wall: int = START

    def clock(self) -> Clock:
        """What the ledger reads."""
        return Clock(lambda: self.wall, lambda: self.wall - START, lambda: "00000000")


@dataclass
class Device:
    """One installation's life: its key, its certificate, its journal's lines and their hashes."""

    store: str
    name: str
    epoch: int
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    lines: list[bytes] = field(default_factory=list)
    hashes: list[bytes] = field(default_factory=list)
    township: str = TOWNSHIP

    def __post_init__(self) -> None:
        certificate = Certificate(1, self.store, self.name, self.epoch, signing.public_hex(self.key))
        self.certificate, self.signature = signing.self_signed(certificate, self.key)
        self.hashes.append(journal.genesis(self.certificate))
        self.books = Books(self.writer)

    @property
    def writer(self) -> str:
        """Whose accounts it takes from."""
        return accounts.writer(self.name, self.epoch)

    def clone(self) -> "Device":
        """A copy of the disk, as it stands."""
        copy = Device(
            self.store, self.name, self.epoch, self.key, list(self.lines), list(self.hashes[1:]), self.township
        )
        copy.hashes.insert(0, copy.hashes.pop())
        copy.books = Books(self.writer, self.books.balances)
        return copy

    def write(self, decision: Decision[Any], *, check: bool = True, wall: int | None = None) -> int:
        """Write the next entry; unless `check`, one that its own books would refuse. Returns its number."""
        seq = len(self.lines) + 1
        moment = Moment(START + seq if wall is None else wall, seq, "7f3a91c2")
        if check:
            self.books.post(self.writer, decision.transfers)
        self.add(entries.encode(Entry(seq, moment, BY, decision.body, decision.transfers)))
        return seq

    def add(self, line: bytes) -> None:
        """Put bytes on the chain, whatever they say."""
        self.hashes.append(journal.chained(self.hashes[-1], line))
        self.lines.append(line)

    def move(self, *transfers: Transfer, kind: str = "x-test", check: bool = True, **fields: Any) -> int:
        """Write an entry of some kind with these transfers."""
        return self.write(Decision(Unknown(kind, tuple(fields.items())), transfers), check=check)

    def note(self) -> int:
        """Write an entry that moves nothing."""
        return self.write(Decision(ActBody(ActCode.DRAWER), ()))

    def weigh(self, points: int, household: str = H1) -> int:
        """Earn points at the scale."""
        issue, here = Account("issue", "weigh", self.writer), accounts.points(household, self.writer)
        return self.move(Transfer(issue, here, POINTS, points), kind="weigh", household=household)

    def spend(self, points: int, household: str = H1, *, check: bool = True) -> int:
        """Spend points on goods."""
        here, spent = accounts.points(household, self.writer), Account("spent", "goods", self.writer)
        return self.move(Transfer(here, spent, POINTS, points), kind="redeem", household=household, check=check)

    def accept(self, record: records.Record, granted: rights.Grant) -> int:
        """Take a grant over."""
        return self.write(rights.accept(granted, record.digest.hex(), self.books))

    def batch(self, first: int = 1, last: int | None = None, **changed: Any) -> tuple[bytes, str]:
        """Entries `first` to `last` as a signed batch; fields of its header may be `changed` before it is signed."""
        end = len(self.lines) if last is None else last
        head = BatchHead(
            v=1, township=self.township, device=self.name, epoch=self.epoch, first=first, n=end - first + 1,
            prev=self.hashes[first - 1].hex(), last=self.hashes[end].hex(), head=len(self.lines), life=0,
            feed_cursor=0, reference_cursor=0, sent_ms=START, boot="7f3a91c2",
        )  # fmt: skip
        line = codec.dumps({**_fields(head), **changed})
        body = b"".join(each + b"\n" for each in (line, *self.lines[first - 1 : end]))
        return body, signing.sign(signing.REQUEST, line, self.key).hex()

    def request(self, code: str, **changed: Any) -> tuple[bytes, str]:
        """A signed request to enrol."""
        asked = EnrolRequest(1, self.township, code, self.certificate.hex(), self.signature.hex())
        line = codec.dumps({**_fields(asked), **changed})
        return line, signing.sign(signing.REQUEST, line, self.key).hex()


def _fields(message: BatchHead | EnrolRequest) -> dict[str, Any]:
    return {name: getattr(message, name) for name in type(message).__dataclass_fields__}


@dataclass
class Town:
    """A ledger with one township, and its clock."""

    ledger: Ledger
    clock: StillClock
    names: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    township: str = TOWNSHIP

    def code(
        self, store: str = "LT01", *, device: str | None = None, alone: bool = False, limits: Limits | None = None
    ) -> str:
        """A one-time code."""
        return enrol.make_code(self.ledger, self.township, Code(store, device, alone, limits or Limits()), "op")

    def enrol(self, device: Device, code: str | None = None, limits: Limits | None = None) -> Enrolled:
        """Enrol a device, with a code of its own unless one is given."""
        code = code or self.code(device.store, alone=device.epoch == 0, limits=limits)
        answered = enrol.enrol(self.ledger, *device.request(code))
        assert signing.signed(signing.ANSWER, answered.line, bytes.fromhex(answered.signature), self.ledger.public_key)
        return messages.loads(Enrolled, answered.line)

    def device(self, store: str = "LT01", epoch: int = 1, limits: Limits | None = None) -> Device:
        """A device that is enrolled."""
        device = Device(store, f"dev{next(self.names)}", epoch)
        self.enrol(device, limits=limits)
        return device

    def push(self, device: Device, first: int = 1, last: int | None = None, **changed: Any) -> PushAnswer:
        """What the ledger answers to a batch; its signature is checked."""
        return self.send(device, *device.batch(first, last, **changed))

    def send(self, device: Device, body: bytes, signature: str) -> PushAnswer:
        """What the ledger answers to these bytes."""
        answered = push.push(self.ledger, self.township, device.name, device.epoch, body, signature).answer
        assert signing.signed(signing.ANSWER, answered.line, bytes.fromhex(answered.signature), self.ledger.public_key)
        return messages.loads(PushAnswer, answered.line)

    def award(self, household: str, points: int) -> None:
        """Points from the committee."""

        def work(act: Act) -> None:
            books = act.books([(account(household, "L"), POINTS) for account in (accounts.points, accounts.debt)])
            act.write(awards.award(household, "2026-01", Points(points), books))

        self.ledger.act(self.township, work)

    def grant(self, device: Device, household: str, points: int) -> tuple[records.Record, rights.Grant]:
        """Points to a device, and the record that tells it so."""

        def work(act: Act) -> tuple[records.Record, rights.Grant]:
            number = records.head(act.connection, self.township, device.writer).number + 1
            decision = rights.grant(household, device.writer, number, Points(points), Points(points))
            written = act.write(decision)
            return records.append(act, device.writer, written.line), decision.body

        return self.ledger.act(self.township, work)

    def balance(self, account: Account, commodity: str = POINTS) -> int:
        """What an account holds by the rows."""
        return self.balances().get((str(account), commodity), 0)

    def balances(self) -> dict[tuple[str, str], int]:
        """Every balance by the rows."""
        return {(row.account, row.commodity): row.quantity for row in self.rows(t.balances)}

    def rows(self, table: Table) -> list[Any]:
        """All rows of a table."""
        with self.ledger.read() as connection:
            return list(connection.execute(select(table)))

    def set_state(self, device: Device, state: str) -> None:
        """Close or release an epoch, its points left where they are."""
        c = t.epochs.c
        where = (c.township == self.township, c.device == device.name, c.epoch == device.epoch)
        self.ledger.act(
            self.township, lambda act: act.connection.execute(t.epochs.update().where(*where).values(state=state))
        )


def found(folder: Path, address: str = "") -> Town:
    """A township with two stores and two households."""
    clock = StillClock()
    ledger = open_ledger(folder, address, clock.clock())
    townships.create(ledger, TOWNSHIP, "柳塘镇", 480, "op")

    def work(act: Act) -> None:
        for store in STORES:
            townships.add_store(act, store, H1[:12], "积分兑换超市", "op")
        rows = [
            {"township": TOWNSHIP, "household": each, "village": each[:12], "home": "LT01", "state": "normal"}
            for each in (H1, H2)
        ]
        act.connection.execute(insert(t.households), rows)

    ledger.act(TOWNSHIP, work)
    return Town(ledger, clock)
