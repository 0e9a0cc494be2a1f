"""日结: what is to be counted and looked at before a day is closed, and the Z documents that a clerk signs later."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import Connection

from catalog.units import Fen
from pos.core import accounts
from pos.core import closing as rules_of
from pos.core.accounts import CASH
from pos.core.acts import Act, ActCode
from pos.core.closing import CloseSigned, CloseUnknown, Note
from pos.core.day import Day, DayClose, Review
from pos.core.entries import Signatures
from pos.core.local_time import local_time
from pos.core.people import Role, check_approval
from pos.core.transfers import Decision
from pos.counter.desk import Desk, check_signatures
from pos.storage import books, catalogue, closes, shelves
from pos.storage.closes import LastClose, Z

COUNTERSIGNS = frozenset({Role.CLERK})


@dataclass(frozen=True, slots=True)
class SpotGood:
    """A dear good to be counted at the close, and what the books say of it."""

    good: str
    name: str
    book: int


@dataclass(frozen=True, slots=True)
class Ahead:
    """What a close is about before it is done."""

    day: Day
    expected: Fen
    """Cash that should be in the drawer."""
    cash_in_use: bool
    """Whether there is, or was today, any cash to count."""
    spots: tuple[SpotGood, ...]
    notes: tuple[Note, ...]
    counts: dict[str, int]
    """Entries of each kind since the last close."""
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Closed:
    """A Z document of the list: whether a clerk has still to sign it, and who did later."""

    z: Z
    body: DayClose
    signed_by: str
    """Who signed it afterwards; empty where nobody had to, or nobody has yet."""
    time: str

    @property
    def pending(self) -> bool:
        """Whether it stands as 待复核."""
        return self.body.review is Review.PENDING and not self.signed_by


def ahead(desk: Desk) -> Ahead:
    """What there is to count and to look at before the open day is closed. Raises `DayNotOpen`."""
    with desk.store.read() as connection:
        day, before, writer = books.day(connection), closes.last(connection), desk.store.identity.writer
        since = list(closes.entries_after(connection, before.seq))
        drawer = accounts.drawer(writer)
        held = books.peek(connection, writer, [(drawer, CASH)])
        return Ahead(
            day,
            Fen(held.of(drawer, CASH)),
            cash_in_use(connection, before, writer),
            _spots(desk, connection, day),
            rules_of.noted(since),
            dict(Counter(entry.kind for entry in since)),
            before.seq + 1,
            before.seq + len(since),
        )


def cash_in_use(connection: Connection, before: LastClose, by: str) -> bool:
    """Whether the drawer holds cash, or any went through it since the last close."""
    drawer = accounts.drawer(by)
    moved = any(drawer in (move.source, move.destination) for move in closes.transfers_after(connection, before.seq))
    return moved or books.peek(connection, by, [(drawer, CASH)]).of(drawer, CASH) != 0


def documents(desk: Desk, most: int = 60) -> list[Closed]:
    """The newest day closes, the newest first."""
    offset = desk.store.identity.utc_offset_minutes
    with desk.store.read() as connection:
        found = []
        for z in closes.newest(connection, most):
            entry = books.read_entry(connection, z.seq)
            assert isinstance(entry.body, DayClose)
            later = closes.countersigned(connection, z.seq)
            signed_by = later.by.operator if later else ""
            found.append(Closed(z, entry.body, signed_by, local_time(entry.at.wall, offset)[:16]))
        return found


def countersign(desk: Desk, by: Signatures, seq: int) -> None:
    """A clerk signs day close `seq`, which stands as 待复核, and did not close that day alone.

    Raises `CloseUnknown`, `CloseSigned`, or `ApproverSame` for whoever closed it.
    """
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, roles=COUNTERSIGNS)
        entry = books.read_entry(tx.connection, seq)
        if not isinstance(entry.body, DayClose):
            raise CloseUnknown(number=seq)
        if entry.body.review is Review.SIGNED or closes.countersigned(tx.connection, seq):
            raise CloseSigned(number=entry.body.z)
        check_approval(entry.by.operator, by.operator, Role.CLERK)
        act = Act(ActCode.COUNTERSIGNED, str(entry.body.z), seq)
        tx.append(desk.now(), by, Decision(act, ()))


def _spots(desk: Desk, connection: Connection, day: Day) -> tuple[SpotGood, ...]:
    prices = {code: price.points for code, price in catalogue.good_prices(connection, day.book).items()}
    on_hand: Counter[str] = Counter()
    names: dict[str, str] = {}
    for each in shelves.on_hand(connection):
        on_hand[each.lot.good] += each.lot.on_hand
        names[each.lot.good] = each.name
    wanted = rules_of.spot_goods(prices, on_hand, desk.day_policy.spot_goods)
    return tuple(SpotGood(good, names[good], on_hand[good]) for good in wanted)
