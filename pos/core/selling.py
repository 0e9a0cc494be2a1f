"""外卖: an open sale of materials, as the screen holds it, and the lines that it comes to."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from catalog.materials import Material, ScaleClass
from catalog.units import Grams
from pos.core.bins import MOST_LOADS, Basis, Extent, Load, PaidInto, SaleLine, price_of
from pos.core.refusals import MaterialUnknown, TicketRefused, TooManyLines
from pos.core.scales import Standing
from pos.core.weigh_in import MANUAL, WeighedDraft, check_weighed


class BuyerUnknown(TicketRefused):
    """No such buyer, or one who no longer comes."""

    code = "buyer-unknown"


class Unlicensed(TicketRefused):
    """Hazards go to a collector whose licence is on the list."""

    code = "unlicensed"


class ContractDates(TicketRefused):
    """A contract that ends before it begins."""

    code = "contract-dates"


@dataclass(frozen=True, slots=True)
class Offer:
    """One material of a sale: what the dealer says and pays; what the store weighed stands in the loads."""

    material: str
    fen: int
    """What he pays for a kilogram or a piece."""
    dealer: int | None = None
    """His own figure in grams or pieces; None where he takes the store's."""
    pieces: int = 0
    """What the store counted of a material by the piece."""
    extent: Extent = Extent.PART
    price_reason: str = ""
    loss_reason: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """An open sale to one buyer."""

    buyer: str
    plate: str = ""
    offers: tuple[Offer, ...] = ()
    loads: tuple[WeighedDraft, ...] = ()
    paid_into: PaidInto = field(default=PaidInto.FUND)

    @property
    def manual(self) -> bool:
        """Whether any load was typed, so that a second person must agree."""
        return any(load.evidence.criterion == MANUAL for load in self.loads)

    def weighed(self, material: str) -> int:
        """Grams of a material in all its loads."""
        return sum((load.gross - load.tare).amount for load in self.loads if load.material == material)

    def offering(self, offer: Offer) -> "Draft":
        """The sale with this offer in the place of the material's earlier one, or at the end."""
        others = tuple(each for each in self.offers if each.material != offer.material)
        return replace(self, offers=(*others, offer))

    def without(self, material: str) -> "Draft":
        """The sale without a material and its loads."""
        return replace(
            self,
            offers=tuple(each for each in self.offers if each.material != material),
            loads=tuple(each for each in self.loads if each.material != material),
        )


def lines(draft: Draft, materials: Mapping[str, Material], contracts: Mapping[str, int]) -> tuple[SaleLine, ...]:
    """What the sale comes to; `contracts` is fen by material. Raises `MaterialUnknown`.

    A material that is weighed and has no load here stands as the dealer's slip says, and the line says so.
    """
    return tuple(_line(draft, offer, materials, contracts) for offer in draft.offers)


def check_loads(draft: Draft, materials: Mapping[str, Material], scales: Mapping[str, Standing]) -> tuple[Load, ...]:
    """The loads as the journal keeps them. Raises a `WeighingRefused`, or `TooManyLines`.

    On its way out a material may stand on any scale that can carry it.
    """
    if len(draft.loads) > MOST_LOADS:
        raise TooManyLines(most=MOST_LOADS)
    for load in draft.loads:
        material = _known(load.material, materials)
        if material.scale is not ScaleClass.COUNT:
            material = replace(material, scale=ScaleClass.FLOOR, minimum=Grams(0))
        check_weighed(load, material, scales)
    return tuple(Load(load.material, load.gross, load.tare, load.evidence) for load in draft.loads)


def _line(draft: Draft, offer: Offer, materials: Mapping[str, Material], contracts: Mapping[str, int]) -> SaleLine:
    material = _known(offer.material, materials)
    weighed = draft.weighed(offer.material)
    if material.scale is ScaleClass.COUNT:
        own, basis = offer.pieces, Basis.COUNTED
    elif weighed:
        own, basis = weighed, Basis.SCALE
    else:
        own, basis = offer.dealer or 0, Basis.SLIP
    return SaleLine(
        offer.material,
        own,
        own if offer.dealer is None else offer.dealer,
        price_of(material, offer.fen),
        contracts.get(offer.material),
        offer.extent,
        basis,
        offer.price_reason,
        offer.loss_reason,
    )


def _known(code: str, materials: Mapping[str, Material]) -> Material:
    if code not in materials:
        raise MaterialUnknown(material=code)
    return materials[code]
