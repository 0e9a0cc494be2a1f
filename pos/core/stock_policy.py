"""How a village keeps its goods: from when a good is near expiry, dear, or counted twice."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StockPolicy:
    """How a village keeps its goods."""

    near_days: int = 30
    """Days before its last day from which a good is near expiry."""
    markup_percent: int = 0
    """Added to what a new good cost, for the price proposed for it."""
    high_value_points: int = 20
    """Goods of at least so many points are dear: they can be counted by themselves."""
    recount_points: int = 0
    """A stocktake difference worth more than so many points is counted a second time; 0: every one."""
