"""称重回收: recyclables come in, their value is carried to the household, whole steps of it become points.

`net = gross - tare`; a line's amount is `net x (100 - deduction %) x fen/kg / 100,000` rounded half-up once; points are
worked out once a ticket and the rest is carried (domain reference 3.4). The bin takes the net grams.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from catalog.materials import Material, ScaleClass
from catalog.prices import POINT, ByPiece, ByWeight, EveryPieces, PriceBook, Terms, weight_amount
from catalog.units import Fen, Grams, Points
from pos.core import accounts
from pos.core.accounts import CASH, FRACTION, Account
from pos.core.accounts import POINTS as PT
from pos.core.campaigns import Pool
from pos.core.cards import ReadAs
from pos.core.limits import DailyLimit, MaterialPaused, NotPaidInCash, Policy
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
from pos.core.scales import Evidence, Standing
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
    DONATED = "donated"
    """Nothing: it is given to the village, by a household or by nobody in particular."""


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
    overridden: tuple[str, ...] = ()
    """Materials of which more than the daily limit is taken; only with a second person's approval."""
    override_reason: str = ""

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
    refused: Points = Points(0)  # noqa: RUF009 - frozen
    """What the campaign's cap does not pay any more; the pieces are taken all the same."""


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
class Rules:
    """What a weigh-in is judged by."""

    materials: Mapping[str, Material]
    scales: Mapping[str, Standing]
    """How each scale of the register stands today."""
    book: PriceBook
    terms: Terms
    policy: Policy = field(default_factory=Policy)
    today: Mapping[str, int] = field(default_factory=dict)
    """Grams or pieces of each material that the household brought on this business day."""
    left: Mapping[str, Points] = field(default_factory=dict)
    """Points that each running campaign may still pay this household."""


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
    if material.paused:
        raise MaterialPaused(item=material.name)
    match line:
        case CountedDraft():
            _check_counted(line, material)
        case WeighedDraft():
            check_weighed(line, material, rules.scales)
    return material


def _check_counted(line: CountedDraft, material: Material) -> None:
    if material.scale is not ScaleClass.COUNT:
        raise NotByPiece(item=material.name)
    if not 1 <= line.pieces <= MOST_PIECES:
        raise QuantityOutOfRange(most=MOST_PIECES)


def check_weighed(line: WeighedDraft, material: Material, scales: Mapping[str, Standing]) -> None:
    """Raises a `WeighingRefused` when the scales did not say this, or may not say it for this material."""
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
    standing = scales.get(line.evidence.scale)
    if standing is None or not standing.scale.takes(material.scale):
        raise WrongScale(item=material.name, scale=line.evidence.scale)
    standing.admit()
    scale = standing.scale
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
    payout = Payout.PENDING if rules.policy.wait and draft.payout is Payout.POINTS else draft.payout
    if payout is Payout.CASH and not rules.policy.cash:
        raise NotPaidInCash()
    carry = accounts.carry(draft.household, by)
    pool = None if payout is Payout.DONATED else Pool(rules.left)
    lines = tuple(_price(line, rules, books, carry, pool) for line in draft.lines)
    amount = sum((line.amount for line in lines if not isinstance(line, PooledLine)), Fen(0))
    before = Fen(books.of(carry, FRACTION))
    carried = before + amount if _credits(payout) else before
    paid, used = rules.terms.whole_steps(carried) if _credits(payout) else (Points(0), Fen(0))
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
        payout,
    )


def _credits(payout: Payout) -> bool:
    """Whether the value of a ticket goes to the household's carry, and its whole steps become points."""
    return payout in (Payout.POINTS, Payout.PENDING)


def _price(line: LineDraft, rules: Rules, books: Books, carry: Account, pool: Pool | None) -> Line:
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
            before = books.of(carry, f"n:{line.material}")
            paid = pool.take(material, line.pieces, price, before) if pool else (Points(0), before, Points(0))
            return PooledLine(line.material, line.pieces, price.pieces, *paid)
        case _:
            raise PriceMissing(item=material.name)


def decide(draft: Draft, rules: Rules, books: Books, by: str) -> Decision[Weigh]:
    """The entry and its transfers as `books.md` prescribes `weigh`. Raises `Refused` when a rule forbids it."""
    body = quote(draft, rules, books, by)
    check_limits(draft, rules)
    return Decision(body, (*_materials(body, by), *_value(body, books, by), *_credit(body, rules, books, by)))


def check_limits(draft: Draft, rules: Rules) -> None:
    """Raises `DailyLimit` for a material of which the household brings more than it may on one day."""
    for material, brought in _by_material(draft.lines).items():
        known, before = rules.materials[material], rules.today.get(material, 0)
        most = known.daily_limit
        if draft.household and most is not None and before + brought > most and material not in draft.overridden:
            limit, taken = known.quantity(most), known.quantity(before)
            raise DailyLimit(item=known.name, limit=limit, taken=taken, material=material)


def _by_material(lines: Iterable[LineDraft | Line]) -> dict[str, int]:
    brought: dict[str, int] = {}
    for line in lines:
        quantity = (line.gross - line.tare).amount if isinstance(line, WeighedDraft | WeighedLine) else line.pieces
        brought[line.material] = brought.get(line.material, 0) + quantity
    return brought


def _materials(body: Weigh, by: str) -> Iterable[Transfer]:
    for material, quantity in _by_material(body.lines).items():
        yield from moved(Account("brought", "weigh", by), accounts.bin_(by), f"m:{material}", quantity)


def _value(body: Weigh, books: Books, by: str) -> Iterable[Transfer]:
    value, paid = Account("value", "weigh", by), Account("paid", "points", by)
    carry = accounts.carry(body.household, by)
    if body.payout is Payout.DONATED:
        return
    if body.payout is Payout.CASH:
        yield from moved(accounts.drawer(by), Account("world", "seller", by), CASH, body.amount.amount)
    else:
        used = books.of(carry, FRACTION) + body.amount.amount - body.carried.amount
        yield from moved(value, carry, FRACTION, body.amount.amount)
        yield from moved(carry, paid, FRACTION, used)
    for line in body.lines:
        if isinstance(line, PooledLine):
            yield from moved(value, carry, f"n:{line.material}", line.pieces)
            used = (line.points + line.refused).amount // POINT.amount * line.every
            yield from moved(carry, paid, f"n:{line.material}", used)


def _credit(body: Weigh, rules: Rules, books: Books, by: str) -> Iterable[Transfer]:
    pending = body.payout is Payout.PENDING
    credited = (accounts.pending if pending else accounts.points)(body.household, by)
    campaigns: dict[str, int] = {}
    for line in body.lines:
        if isinstance(line, PooledLine) and (campaign := rules.materials[line.material].campaign):
            campaigns[campaign] = campaigns.get(campaign, 0) + line.points.amount
    for campaign, points in campaigns.items():
        yield from moved(accounts.budget(campaign, by), credited, PT, points)
    yield from moved(Account("issue", "weigh", by), credited, PT, body.points.amount - sum(campaigns.values()))
    yield from pay_debt(body.household, 0 if pending else body.points.amount, books, by)
