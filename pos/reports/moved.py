"""Goods and materials over a period, one line each: what was there, what came, where it went, what is left."""

from collections.abc import Mapping
from dataclasses import dataclass

from catalog.units import round_half_up
from pos.core.closing import Flow, Pool
from pos.reports.figures import Figures


@dataclass(frozen=True, slots=True)
class Moved:
    """One good (pieces) or material (grams or pieces) over a period."""

    code: str
    opening: int
    came: int
    """Bought, given, brought by households; what was sent away or back is taken off."""
    out: int
    """Handed to households, sold to dealers; what came back is taken off."""
    lost: int
    """Written off, short at a count, dried out, handed over as hazardous; what was found is taken off."""
    closing: int

    @property
    def loss_share(self) -> int:
        """The loss in hundredths of a per cent of what left."""
        gone = self.out + self.lost
        return round_half_up(self.lost * 10_000, gone) if gone > 0 and self.lost > 0 else 0

    @property
    def still(self) -> bool:
        """Whether nothing happened to it."""
        return not (self.came or self.out or self.lost)


_CAME = frozenset({"in/purchase", "in/donation", "in/returned", "in/opening", "way", "brought/weigh", "stock", "bin"})
"""Stock and bins on the other side are those of an earlier installation, which the ledger handed over."""
_OUT = frozenset({"out/handed", "out/sold"})


def goods(figures: Figures) -> list[Moved]:
    """Every good that was there or moved, by code."""
    return _all(figures, Pool.STOCK, "g:")


def materials(figures: Figures) -> list[Moved]:
    """Every material that was there or moved, by code."""
    return _all(figures, Pool.BIN, "m:")


def most_wanted(figures: Figures) -> list[Moved]:
    """Goods that were handed out, the most of them first."""
    return sorted((each for each in goods(figures) if each.out > 0), key=lambda each: (-each.out, each.code))


def _all(figures: Figures, pool: Pool, prefix: str) -> list[Moved]:
    held = (what for of in (figures.opening, figures.closing) for (where, what), n in of.items() if where is pool and n)
    moved = (move.commodity for move in figures.moves if move.commodity.startswith(prefix))
    return [_one(figures, pool, what) for what in sorted({*held, *moved})]


def _one(figures: Figures, pool: Pool, commodity: str) -> Moved:
    flows = {flow.counterpart: flow for flow in figures.flows(pool, commodity)}
    came = _sum(flows, _CAME)
    out = -_sum(flows, _OUT)
    everything = _sum(flows, frozenset(flows))
    return Moved(
        commodity.partition(":")[2],
        figures.opening.get((pool, commodity), 0),
        came,
        out,
        came - out - everything,
        figures.closing.get((pool, commodity), 0),
    )


def _sum(flows: Mapping[str, Flow], sides: frozenset[str]) -> int:
    return sum(flow.came - flow.went for side, flow in flows.items() if side in sides)
