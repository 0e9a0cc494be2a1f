"""称重回收: recyclables come in, their value is carried to the household, whole steps of it become points.

`net = gross - tare`; a line's amount is `net x (100 - deduction %) x fen/kg / 100,000` rounded half-up once; points are
worked out once a ticket and the rest is carried (domain reference 3.4). The bin takes the net grams.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from catalog.materials import Material, ScaleClass
from catalog.prices import ByPiece, ByWeight, EveryPieces, PriceBook, Terms, piece_points, weight_amount
from catalog.units import Fen, Grams, Points
from pos.core import accounts
from pos.core.accounts import CASH, FRACTION, Account
from pos.core.accounts import POINTS as PT
from pos.core.cards import ReadAs
from pos.core.refusals import (
    BelowMinimum,
    DeductionOutOfRange,
    MaterialUnknown,
    NotByPiece,
    NotByWeight,
    OverMaximum,
    PriceMissing,
    QuantityOutOfRange,
    TareNotOnDivision,
    TareOverGross,
    TicketEmpty,
    TooManyLines,
    WrongScale,
)
from pos.core.rights import pay_debt
from pos.core.transfers import Books, Decision, Key, Transfer, moved

MOST_LINES = 16
MOST_PIECES = 99_999
MANUAL = "manual"
"""The criterion of a weight that a person typed."""


class TareFrom(StrEnum):
    """Where a tare came from."""

    NONE = "none"
    SCALE = "scale"
    PRESET = "preset"
    TYPED = "typed"


class Payout(StrEnum):
    """What the household gets for the value of a ticket; pieces of "every N one point" always become points."""

    POINTS = "points"
    PENDING = "pending"
    """Points that somebody must still confirm."""
    CASH = "cash"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a weight is believed: which scale, by which criterion, its last frame (hex) and when (wall clock, ms)."""

    scale: str
    criterion: str
    frame: str
    at: int
    reason: str = ""
    """Why it was typed; only when the criterion is `manual`."""


@dataclass(frozen=True, slots=True)
class WeighedDraft:
    """A load as the keeper put it on the ticket."""

    material: str
    gross: Grams
    tare: Grams
    tare_from: TareFrom
    deduction: int
    deduction_reason: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class CountedDraft:
    """Pieces as the keeper counted them."""

    material: str
    pieces: int


LineDraft = WeighedDraft | CountedDraft


@dataclass(frozen=True, slots=True)
class Draft:
    """An open weigh-in ticket: a value that the screen holds and the drafts file keeps."""

    household: str
    card: str
    read_as: ReadAs
    lines: tuple[LineDraft, ...] = ()
    payout: Payout = Payout.POINTS

    @property
    def manual(self) -> bool:
        """Whether any weight was typed, so that a second person must approve."""
        return any(isinstance(line, WeighedDraft) and line.evidence.criterion == MANUAL for line in self.lines)


@dataclass(frozen=True, slots=True)
class WeighedLine:
    """A weighed line as the journal keeps it."""

    material: str
    gross: Grams
    tare: Grams
    tare_from: TareFrom
    deduction: int
    deduction_reason: str
    fen_per_kg: int
    amount: Fen
    evidence: Evidence

    @property
    def net(self) -> Grams:
        """What was taken in."""
        return self.gross - self.tare


@dataclass(frozen=True, slots=True)
class CountedLine:
    """A line paid by the piece."""

    material: str
    pieces: int
    fen_per_piece: int
    amount: Fen


@dataclass(frozen=True, slots=True)
class PooledLine:
    """A line of "every N pieces one point": what this ticket's pieces and the carried ones paid, and what stays."""

    material: str
    pieces: int
    every: int
    points: Points
    carried: int


Line = WeighedLine | CountedLine | PooledLine


@dataclass(frozen=True, slots=True)
class Weigh:
    """The body of a weigh-in entry: `amount` is paid as `payout` says, and `carried` is what the household has left."""

    KIND: ClassVar[str] = "weigh"
    household: str
    card: str
    read_as: ReadAs
    book: int
    fen_per_point: int
    step: Points
    lines: tuple[Line, ...]
    amount: Fen
    points: Points
    carried: Fen
    payout: Payout = Payout.POINTS


@dataclass(frozen=True, slots=True)
class ScaleFacts:
    """What the scale register says of one scale."""

    name: str
    scale_class: ScaleClass
    minimum: Grams
    maximum: Grams
    division: Grams
    verified_until: str = ""
    """Date of the verification sticker, as paper shows it."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a weigh-in is judged by."""

    materials: Mapping[str, Material]
    scales: Mapping[str, ScaleFacts]
    book: PriceBook
    terms: Terms


def needs(draft: Draft, rules: Rules, by: str) -> set[Key]:
    """The balances a decision depends on."""
    carry = accounts.carry(draft.household, by)
    pooled = {
        (carry, f"n:{line.material}")
        for line in draft.lines
        if isinstance(rules.book.materials.get(line.material), EveryPieces)
    }
    return {
        (carry, FRACTION),
        (accounts.points(draft.household, by), PT),
        (accounts.debt(draft.household, by), PT),
        *pooled,
    }


def check_line(line: LineDraft, rules: Rules) -> Material:
    """The line's material, when the line may stand on a ticket. Raises a `WeighingRefused` or `TicketRefused`."""
    material = rules.materials.get(line.material)
    if material is None:
        raise MaterialUnknown(material=line.material)
    if line.material not in rules.book.materials:
        raise PriceMissing(item=material.name)
    match line:
        case CountedDraft():
            _check_counted(line, material)
        case WeighedDraft():
            _check_weighed(line, material, rules.scales)
    return material


def _check_counted(line: CountedDraft, material: Material) -> None:
    if material.scale is not ScaleClass.COUNT:
        raise NotByPiece(item=material.name)
    if not 1 <= line.pieces <= MOST_PIECES:
        raise QuantityOutOfRange(most=MOST_PIECES)


def _check_weighed(line: WeighedDraft, material: Material, scales: Mapping[str, ScaleFacts]) -> None:
    if material.scale is ScaleClass.COUNT:
        raise NotByWeight(item=material.name)
    if not 0 <= line.deduction <= 99 or (line.deduction and not line.deduction_reason):
        raise DeductionOutOfRange()
    net = line.gross - line.tare
    if line.tare < Grams(0) or net <= Grams(0):
        raise TareOverGross(tare=line.tare, gross=line.gross)
    if net < material.minimum:
        raise BelowMinimum(item=material.name, minimum=material.minimum)
    if line.evidence.criterion == MANUAL:
        return
    scale = scales.get(line.evidence.scale)
    if scale is None or (scale.scale_class is not material.scale and material.scale is ScaleClass.COUNTER):
        raise WrongScale(item=material.name, scale=line.evidence.scale)
    if line.gross < scale.minimum:
        raise BelowMinimum(item=scale.name, minimum=scale.minimum)
    if line.gross > scale.maximum:
        raise OverMaximum(scale=scale.name, maximum=scale.maximum)
    if line.tare_from in (TareFrom.PRESET, TareFrom.TYPED) and line.tare.amount % scale.division.amount:
        raise TareNotOnDivision(division=scale.division)


def quote(draft: Draft, rules: Rules, books: Books, by: str) -> Weigh:
    """What the ticket comes to now; the screen shows it live and the entry keeps it. Raises `Refused`."""
    if not draft.lines:
        raise TicketEmpty()
    if len(draft.lines) > MOST_LINES:
        raise TooManyLines(most=MOST_LINES)
    carry = accounts.carry(draft.household, by)
    carried_pieces: dict[str, int] = {}
    lines = tuple(_price(line, rules, books, carry, carried_pieces) for line in draft.lines)
    amount = sum((line.amount for line in lines if not isinstance(line, PooledLine)), Fen(0))
    before = Fen(books.of(carry, FRACTION))
    carried = before if draft.payout is Payout.CASH else before + amount
    paid, used = (Points(0), Fen(0)) if draft.payout is Payout.CASH else rules.terms.whole_steps(carried)
    pooled = sum((line.points for line in lines if isinstance(line, PooledLine)), Points(0))
    return Weigh(
        draft.household,
        draft.card,
        draft.read_as,
        rules.book.version,
        rules.terms.fen_per_point,
        rules.terms.step,
        lines,
        amount,
        paid + pooled,
        carried - used,
        draft.payout,
    )


def _price(line: LineDraft, rules: Rules, books: Books, carry: Account, carried: dict[str, int]) -> Line:
    material = check_line(line, rules)
    price = rules.book.materials[line.material]
    match line, price:
        case WeighedDraft(), ByWeight():
            return WeighedLine(
                line.material,
                line.gross,
                line.tare,
                line.tare_from,
                line.deduction,
                line.deduction_reason,
                price.fen_per_kg,
                weight_amount(line.gross - line.tare, line.deduction, price),
                line.evidence,
            )
        case CountedDraft(), ByPiece():
            return CountedLine(line.material, line.pieces, price.fen_per_piece, Fen(price.fen_per_piece * line.pieces))
        case CountedDraft(), EveryPieces():
            before = carried.get(line.material, books.of(carry, f"n:{line.material}"))
            points, used = piece_points(before + line.pieces, price)
            carried[line.material] = before + line.pieces - used
            return PooledLine(line.material, line.pieces, price.pieces, points, carried[line.material])
        case _:
            raise PriceMissing(item=material.name)


def decide(draft: Draft, rules: Rules, books: Books, by: str) -> Decision[Weigh]:
    """The entry and its transfers as `books.md` prescribes `weigh`. Raises `Refused` when a rule forbids it."""
    body = quote(draft, rules, books, by)
    return Decision(body, (*_materials(body, by), *_value(body, books, by), *_credit(body, books, by)))


def _materials(body: Weigh, by: str) -> Iterable[Transfer]:
    taken: dict[str, int] = {}
    for line in body.lines:
        quantity = line.net.amount if isinstance(line, WeighedLine) else line.pieces
        taken[line.material] = taken.get(line.material, 0) + quantity
    for material, quantity in taken.items():
        yield from moved(Account("brought", "weigh", by), accounts.bin_(by), f"m:{material}", quantity)


def _value(body: Weigh, books: Books, by: str) -> Iterable[Transfer]:
    value, paid = Account("value", "weigh", by), Account("paid", "points", by)
    carry = accounts.carry(body.household, by)
    if body.payout is Payout.CASH:
        yield from moved(accounts.drawer(by), Account("world", "seller", by), CASH, body.amount.amount)
    else:
        used = books.of(carry, FRACTION) + body.amount.amount - body.carried.amount
        yield from moved(value, carry, FRACTION, body.amount.amount)
        yield from moved(carry, paid, FRACTION, used)
    for line in body.lines:
        if isinstance(line, PooledLine):
            yield from moved(value, carry, f"n:{line.material}", line.pieces)
            yield from moved(carry, paid, f"n:{line.material}", line.points.amount // 100 * line.every)


def _credit(body: Weigh, books: Books, by: str) -> Iterable[Transfer]:
    pending = body.payout is Payout.PENDING
    credited = (accounts.pending if pending else accounts.points)(body.household, by)
    yield from moved(Account("issue", "weigh", by), credited, PT, body.points.amount)
    yield from pay_debt(body.household, 0 if pending else body.points.amount, books, by)
