"""From when on the exceptions report lists something."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From when on something is listed; shares in per cent."""

    card_uses: int = 2
    """Uses of one card in a day."""
    proxy_households: int = 3
    """Households whose goods a proxy took away, in a day at one keeper."""
    manual_percent: int = 2
    round_percent: int = 30
    """Weights of whole or half kilograms."""
    round_lines: int = 20
    """Weights before the share of round ones means anything."""
    high_points: int = 100
    """Whole points of one line."""
    reversals: int = 3
    reprints: int = 5
    overrides: int = 3
    lookups: int = 10
    coverage_percent: int = 100
