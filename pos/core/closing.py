"""日结: what the books did since the last day close, equation by equation, and what has to be looked at.

Every equation is `opening + in - out = closing` of one pool of accounts in one commodity: the opening is what the Z
document before it closed with, in and out are the transfers since, the closing is what the balances say now.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from catalog.units import Fen, Points, round_half_up
from pos.core.accounts import POINTS as PT
from pos.core.accounts import Account
from pos.core.acts import Act, ActCode
from pos.core.disputes import Dispute
from pos.core.entries import Entry
from pos.core.refusals import JournalRefused
from pos.core.reversal import Reverse
from pos.core.take_back import TakeBack
from pos.core.transfers import Transfer
from pos.core.weigh_in import MANUAL, Weigh, WeighedLine

MOST_SPOTS = 10


class CloseUnknown(JournalRefused):
    """No day close with that number."""

    code = "close-unknown"


class CloseSigned(JournalRefused):
    """A clerk has signed this day close."""

    code = "close-signed"


class Pool(StrEnum):
    """Accounts that one equation is about."""

    POINTS = "points"
    """What households have, less what they owe, pending points among it."""
    FRACTION = "fraction"
    """Value and pieces of weigh-ins not yet paid in points."""
    DRAWER = "drawer"
    FUND = "fund"
    OWED = "owed"
    VOUCHERS = "vouchers"
    STOCK = "stock"
    BIN = "bin"


_POOLS = {
    "pts": Pool.POINTS,
    "pend": Pool.POINTS,
    "debt": Pool.POINTS,
    "carry": Pool.FRACTION,
    "drawer": Pool.DRAWER,
    "fund": Pool.FUND,
    "due": Pool.OWED,
    "vch": Pool.VOUCHERS,
    "stock": Pool.STOCK,
    "bin": Pool.BIN,
}

Held = Mapping[tuple[Pool, str], int]
"""What each pool holds of each commodity."""


@dataclass(frozen=True, slots=True)
class Equation:
    """One pool in one commodity over one day, in the commodity's own unit."""

    pool: Pool
    commodity: str
    opening: int
    came: int
    went: int
    closing: int

    @property
    def difference(self) -> int:
        """What is there beyond what should be; not 0 in books that something else than the counter has touched."""
        return self.closing - (self.opening + self.came - self.went)


@dataclass(frozen=True, slots=True)
class Flow:
    """What came into a pool from one side, and went to it: `issue/weigh`, `world/customer`."""

    counterpart: str
    came: int
    went: int


def pool_of(account: Account, by: str) -> Pool | None:
    """The pool of an account that `by` writes; None where no equation is about it."""
    return _POOLS.get(account.kind) if account.writer == by else None


def equations(opening: Held, transfers: Iterable[Transfer], closing: Held, by: str) -> tuple[Equation, ...]:
    """Every equation in which anything was, moved or is there now, by pool and commodity."""
    came: Counter[tuple[Pool, str]] = Counter()
    went: Counter[tuple[Pool, str]] = Counter()
    for move in transfers:
        source, destination = pool_of(move.source, by), pool_of(move.destination, by)
        if source is not destination:
            if source is not None:
                went[source, move.commodity] += move.quantity
            if destination is not None:
                came[destination, move.commodity] += move.quantity
    keys = {key for held in (opening, closing) for key, quantity in held.items() if quantity} | {*came, *went}
    order = list(Pool)
    return tuple(
        Equation(*key, opening.get(key, 0), came[key], went[key], closing.get(key, 0))
        for key in sorted(keys, key=lambda key: (order.index(key[0]), key[1]))
    )


def flows(transfers: Iterable[Transfer], pool: Pool, by: str) -> tuple[Flow, ...]:
    """Where a pool's commodity came from and went to; what moves inside the pool is left out."""
    came: Counter[str] = Counter()
    went: Counter[str] = Counter()
    for move in transfers:
        inside = pool_of(move.source, by) is pool, pool_of(move.destination, by) is pool
        if inside == (False, True):
            came[_side(move.source)] += move.quantity
        elif inside == (True, False):
            went[_side(move.destination)] += move.quantity
    return tuple(Flow(side, came[side], went[side]) for side in sorted({*came, *went}))


def _side(account: Account) -> str:
    """The other side of a flow; households are no sides: what moves to their accounts elsewhere is one."""
    subject = "" if account.kind in ("pts", "move", "hold", "vch", "stock", "bin", "way") else account.subject
    return f"{account.kind}/{subject}".rstrip("/")


def touched_households(transfers: Iterable[Transfer], by: str) -> dict[str, int]:
    """What each household's points changed by (1/100 point, signed), of those that anything moved for."""
    changed: Counter[str] = Counter()
    for move in transfers:
        if move.commodity == PT:
            for account, delta in ((move.source, -move.quantity), (move.destination, move.quantity)):
                if pool_of(account, by) is Pool.POINTS:
                    changed[account.subject] += delta
    return dict(sorted(changed.items()))


class Noted(StrEnum):
    """What is listed one by one on a Z document, because somebody should look at it."""

    MANUAL = "manual"
    REVERSE = "reverse"
    TAKE_BACK = "take-back"
    REPRINT = "reprint"
    OVERRIDE = "override"
    DRAWER = "drawer"
    LOOKUP = "lookup"
    CLOCK = "clock"
    DISPUTE = "dispute"
    FROZEN = "frozen"
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class Note:
    """One entry to be looked at: its number, what it is, what it is about, and by whom."""

    seq: int
    what: Noted
    subject: str
    operator: str
    approver: str


def noted(entries: Iterable[Entry]) -> tuple[Note, ...]:
    """Those of these entries that are to be looked at, in their order."""
    found = []
    for entry in entries:
        what = _what(entry)
        if what is not None:
            found.append(Note(entry.seq, what, _about(entry), entry.by.operator, entry.by.approver or ""))
    return tuple(found)


_ACTS = {
    ActCode.REPRINT: Noted.REPRINT,
    ActCode.OVERRIDE: Noted.OVERRIDE,
    ActCode.DRAWER: Noted.DRAWER,
    ActCode.LOOKUP: Noted.LOOKUP,
    ActCode.CLOCK: Noted.CLOCK,
    ActCode.MANUAL: Noted.MANUAL,
    ActCode.FROZEN: Noted.FROZEN,
    ActCode.RELEASED: Noted.RELEASED,
}


def _what(entry: Entry) -> Noted | None:
    match entry.body:
        case Weigh(lines=lines):
            return Noted.MANUAL if any(is_manual(line) for line in lines) else None
        case Reverse():
            return Noted.REVERSE
        case TakeBack():
            return Noted.TAKE_BACK
        case Dispute():
            return Noted.DISPUTE
        case Act(code=code):
            return _ACTS.get(code)
        case _:
            return None


def is_manual(line: object) -> bool:
    """Whether this is a line whose weight a person typed."""
    return isinstance(line, WeighedLine) and line.evidence.criterion == MANUAL


def _about(entry: Entry) -> str:
    ref = getattr(entry.body, "ref", None)
    subject = getattr(entry.body, "subject", "") or (entry.household or "")[-4:]
    return f"#{ref}" if ref is not None else str(subject)


class DifferenceReason(StrEnum):
    """Why cash or goods are not what the books say, as far as anybody knows."""

    CHANGE = "change-given"
    FORGOTTEN = "forgotten"
    MISCOUNTED = "miscounted"
    UNKNOWN = "unknown"


CASH_REASONS = (DifferenceReason.CHANGE, DifferenceReason.FORGOTTEN, DifferenceReason.UNKNOWN)
GOODS_REASONS = (DifferenceReason.FORGOTTEN, DifferenceReason.MISCOUNTED, DifferenceReason.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Spot:
    """A dear good as it was counted on the shelf at the close, and what the books said then."""

    good: str
    book: int
    counted: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Closing:
    """A day close under way: a value that the drafts file keeps. Nothing of it is written before the day is closed."""

    opened: int = 0
    """The entry that opened the day which it closes."""
    counted: Fen | None = None
    """What lay in the drawer; None while nobody has counted it."""
    cash_reason: str = ""
    spots: tuple[Spot, ...] = ()

    def with_spot(self, spot: Spot) -> "Closing":
        """The close with this good counted, instead of any earlier count of it."""
        others = tuple(each for each in self.spots if each.good != spot.good)
        return Closing(self.opened, self.counted, self.cash_reason, (*others, spot))

    def spot(self, good: str) -> Spot | None:
        """What was counted of a good."""
        return next((each for each in self.spots if each.good == good), None)


def spot_goods(prices: Mapping[str, Points], on_hand: Mapping[str, int], most: int) -> tuple[str, ...]:
    """The dearest goods on the shelf, `most` of them: those that are counted at each close."""
    there = [good for good, pieces in on_hand.items() if pieces > 0 and good in prices]
    return tuple(sorted(there, key=lambda good: (-prices[good].amount, good))[: min(most, MOST_SPOTS)])


def coverage(assets: Fen, outstanding: Points, fen_per_point: int) -> int | None:
    """兑付保障率: goods at cost and money over the value of the points outstanding, in hundredths of a per cent.

    None while no points are outstanding.
    """
    value = outstanding.amount * fen_per_point
    return round_half_up(assets.amount * 100 * 10_000, value) if value > 0 else None
