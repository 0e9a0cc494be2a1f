"""Facts that a township's terminals take over from its ledger: the values of reference rows, by kind.

Households, cards and card keys go to the stores that serve their village, what a store must know of its own papers to
that store, the rest to all. Points are 1/100 point, money fen, weights grams.
"""

from dataclasses import dataclass
from datetime import date

from catalog.goods import Good, Service
from catalog.materials import ScaleClass
from catalog.prices import Terms
from catalog.units import Fen, Grams, Points
from pos.core.cards import Card
from pos.core.households import HouseholdState
from pos.core.store_policy import StorePolicy

CARD, HOUSEHOLD, CARD_KEY, RECALL, UNDONE, VOUCHER = "card", "household", "card-key", "recall", "undone", "voucher"
AWARDS = "awards"
PRICES, TERMS, POLICY, GOOD, SERVICE, MATERIAL = "prices", "terms", "policy", "good", "service", "material"
KINDS = (CARD, HOUSEHOLD, CARD_KEY, RECALL, UNDONE, VOUCHER, AWARDS, PRICES, TERMS, POLICY, GOOD, SERVICE, MATERIAL)
"""Most urgent first: the place is the priority of the rows."""


@dataclass(frozen=True, slots=True)
class HouseholdFacts:
    """A household; `successor` when it was merged."""

    number: str
    head: str
    group: str
    persons: int
    state: HouseholdState
    home: str
    quiet: int
    successor: str | None


@dataclass(frozen=True, slots=True)
class CardKey:
    """A village's key for the tags of its cards, hex; secret."""

    name: str
    key: str


@dataclass(frozen=True, slots=True)
class Recall:
    """Goods that must not be handed out: of one `batch` of the maker, or all of them when it is empty."""

    good: str
    batch: str
    reason: str
    """A code: `unsafe`, `expired`, `maker`."""


@dataclass(frozen=True, slots=True)
class Undone:
    """A line of this store's paper that was taken back elsewhere, and may not be taken back here again."""

    paper: str
    line: int


@dataclass(frozen=True, slots=True)
class VoucherFacts:
    """An unused voucher that an earlier epoch of this store issued (`issued`: wall clock ms), and what was paid."""

    number: str
    household: str
    service: str
    points: Points
    issued: int
    until: date
    slot: date | None


@dataclass(frozen=True, slots=True)
class AwardTold:
    """What a household was awarded (or deducted) by a batch, and for which items."""

    household: str
    points: Points
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AwardsNotice:
    """A batch that was granted: for the next receipt. The points come by grants, not by this."""

    batch: str
    period: str
    village: str
    title: str
    lines: tuple[AwardTold, ...]


@dataclass(frozen=True, slots=True)
class GoodPriced:
    """Price of a good."""

    good: str
    points: Points
    shelf: Fen


@dataclass(frozen=True, slots=True)
class MaterialPriced:
    """Price of a material: fen a `kg`, fen a `piece`, or one point for `every` so many pieces."""

    material: str
    per: str
    amount: int


@dataclass(frozen=True, slots=True)
class ServicePriced:
    """Price of a service."""

    service: str
    points: Points


@dataclass(frozen=True, slots=True)
class PricesFacts:
    """One version of the price book."""

    version: int
    effective: date
    goods: tuple[GoodPriced, ...]
    materials: tuple[MaterialPriced, ...]
    services: tuple[ServicePriced, ...]


@dataclass(frozen=True, slots=True)
class PolicyFacts:
    """One version of what the village decided of redemptions."""

    version: int
    effective: date
    policy: StorePolicy


@dataclass(frozen=True, slots=True)
class MaterialFacts:
    """A recyclable as `catalog.materials.Material` has it; 1 stands for true. `position` is its place in the grid."""

    code: str
    name: str
    scale: ScaleClass
    minimum: Grams
    hazardous: int
    note: str
    metal: int
    daily_limit: int | None
    tolerance: int
    paused: int
    campaign: str
    position: int


Facts = (
    Card
    | HouseholdFacts
    | CardKey
    | Recall
    | Undone
    | VoucherFacts
    | AwardsNotice
    | PricesFacts
    | Terms
    | PolicyFacts
    | Good
    | Service
    | MaterialFacts
)
