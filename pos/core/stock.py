"""The shelf: goods come in, go to another store, are written off, are counted and put right.

Bins are counted and put right by the same entries as the shelf. Who gave or carried something stands in an erasable
row; the journal holds its salted hash.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, NamedTuple

from catalog.goods import OWNERS_FIRST_OUT, Lot
from catalog.units import Fen
from pos.core import accounts
from pos.core.accounts import OWED, Account
from pos.core.transfers import Amount, Decision, Transfer, moved


class Origin(StrEnum):
    """Where goods come from."""

    PURCHASE = "purchase"
    DONATION = "donation"
    RETURNED = "returned"
    """Handed out by another store or an earlier installation, and brought back here."""
    SHIPPED = "shipped"
    """Sent by another store, under the number of its slip."""


class LossReason(StrEnum):
    """Why goods leave the books without being handed out."""

    EXPIRED = "expired"
    DAMAGED = "damaged"
    OPENED = "opened"


class VarianceReason(StrEnum):
    """Why a stocktake found another number than the books: 损耗, 过期, 丢失, 错发, 盘盈."""

    DAMAGED = "damaged"
    EXPIRED = "expired"
    LOST = "lost"
    MISTAKEN = "mistaken"
    FOUND = "found"


@dataclass(frozen=True, slots=True)
class ReceivedLine:
    """One lot: `owner` as in `catalog.goods.Lot`; `cost_fen` is what one piece is owed for."""

    good: str
    quantity: int
    owner: str
    expiry: date | None
    cost_fen: int


@dataclass(frozen=True, slots=True)
class Receive:
    """The body of goods received; `slip` numbers the paper they came with."""

    KIND: ClassVar[str] = "receive"
    origin: Origin
    slip: str
    supplier: str | None
    """The party that is owed for what the village bought."""
    giver: str
    """Salted SHA-256 (hex) of who gave them; empty when nobody is to be remembered."""
    lines: tuple[ReceivedLine, ...]
    funding: str = ""
    """Which source of the fund is to pay for what the village bought; empty where nobody said."""


@dataclass(frozen=True, slots=True)
class Ship:
    """The body of goods sent to `receiver` (a writer) under the number `slip`."""

    KIND: ClassVar[str] = "ship"
    slip: str
    receiver: str


@dataclass(frozen=True, slots=True)
class WriteOff:
    """The body of goods or materials that are of no use any more."""

    KIND: ClassVar[str] = "write-off"
    reason: LossReason


@dataclass(frozen=True, slots=True)
class CountLine:
    """What lay in one account when it was counted, and what the books said right after entry number `at`."""

    account: str
    commodity: str
    at: int
    book: int
    counted: int


@dataclass(frozen=True, slots=True)
class Count:
    """The body of a count; it moves nothing until an `adjust` approves it."""

    KIND: ClassVar[str] = "count"
    lines: tuple[CountLine, ...]


class Change(NamedTuple):
    """An approved difference in one account: so much more (or less, below zero) than the books say, and why."""

    account: Account
    commodity: str
    difference: int
    reason: VarianceReason


@dataclass(frozen=True, slots=True)
class Adjust:
    """The body of approved stocktake differences, found by the counts `refs`; a reason for each transfer."""

    KIND: ClassVar[str] = "adjust"
    refs: tuple[int, ...]
    reasons: tuple[VarianceReason, ...]


def lot_name(seq: int, line: int, by: str) -> str:
    """Name of the lot that line number `line` (from 1) of entry `seq` brings; the epoch keeps it apart for ever."""
    return f"{by.rpartition('.')[2]}-{seq}-{line}"


def receive(body: Receive, seq: int, by: str) -> Decision[Receive]:
    """Goods onto the shelf, each line a lot of entry `seq`, and what the supplier is owed for the village's own."""
    shipped = body.origin is Origin.SHIPPED
    source = Account("way", body.slip, by) if shipped else Account("in", body.origin.value, by)
    moves: list[Transfer] = []
    owed = 0
    for place, line in enumerate(body.lines, 1):
        shelf = accounts.stock(line.owner, lot_name(seq, place, by), by)
        moves.extend(moved(source, shelf, f"g:{line.good}", line.quantity))
        owed += line.cost_fen * line.quantity if line.owner in OWNERS_FIRST_OUT else 0
    if body.supplier is not None:
        moves.extend(moved(Account("cost", "goods", by), Account("due", body.supplier, by), OWED, owed))
    return Decision(body, tuple(moves))


def ship(slip: str, receiver: str, load: Iterable[Amount]) -> Decision[Ship]:
    """Goods off the shelf and on their way. Raises `BelowFloor` at posting when they are not there."""
    way = Account("way", slip, receiver)
    return Decision(Ship(slip, receiver), tuple(Transfer(shelf, way, good, pieces) for shelf, good, pieces in load))


def write_off(reason: LossReason, load: Iterable[Amount], by: str) -> Decision[WriteOff]:
    """Goods or materials out of the books. Raises `BelowFloor` at posting when they are not there."""
    lost = Account("out", "written-off", by)
    return Decision(WriteOff(reason), tuple(Transfer(held, lost, what, quantity) for held, what, quantity in load))


def adjust(refs: tuple[int, ...], changes: Iterable[Change], by: str) -> Decision[Adjust]:
    """Approved differences. Raises `BelowFloor` at posting when less is there by now than is to be taken off."""
    short, found = Account("out", "short", by), Account("in", "found", by)
    moves: list[Transfer] = []
    reasons: list[VarianceReason] = []
    for account, commodity, difference, reason in changes:
        if difference:
            moves.extend(moved(account, short, commodity, max(0, -difference)))
            moves.extend(moved(found, account, commodity, max(0, difference)))
            reasons.append(reason)
    return Decision(Adjust(refs, tuple(reasons)), tuple(moves))


def priced(good: str, pieces: int, total: Fen, owner: str, expiry: date | None) -> tuple[ReceivedLine, ...]:
    """Pieces that cost `total` together: one lot, or two a fen apart where it does not divide, so that none is lost."""
    each, rest = divmod(total.amount, pieces)
    parts = ((pieces - rest, each), (rest, each + 1))
    return tuple(ReceivedLine(good, quantity, owner, expiry, cost) for quantity, cost in parts if quantity)


def taken_out(lots: Iterable[Lot], pieces: int) -> Iterator[tuple[Lot, int]]:
    """`pieces` of one good from these lots, in their order; fewer when they hold fewer."""
    left = pieces
    for lot in lots:
        part = min(left, lot.on_hand)
        left -= part
        if part:
            yield lot, part


def spread(good: str, difference: int, lots: Sequence[Lot], by: str) -> Iterator[tuple[Account, int]]:
    """A good's difference on its lots: what is short is taken as if handed out, what is over lies with the last lot.

    Where there is no lot, or not enough in them, the rest falls to the village's lot `0`.
    """
    left = difference
    if difference < 0:
        for lot, pieces in taken_out(lots, -difference):
            left += pieces
            yield accounts.stock(lot.owner, lot.lot, by, lot.place), -pieces
    elif difference and lots:
        last = lots[-1]
        left = 0
        yield accounts.stock(last.owner, last.lot, by, last.place), difference
    if left:
        yield accounts.stock("village", "0", by), left
