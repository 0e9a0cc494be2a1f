"""The mechanics of a simulated scale: what lies on the pan, tare, zero, and what the display makes of it.

Masses are integer grams; times are monotonic seconds and come as arguments.
"""

from decimal import ROUND_HALF_UP, Decimal

from drivers.simulated.indication import GRAMS_IN, Indication

ABOVE_MAXIMUM = 9
"""Divisions above its maximum up to which a scale still indicates (OIML R 76 4.2.3)."""
ZERO_RANGE, INITIAL_ZERO_RANGE = 25, 5
"""A scale lets itself be zeroed within 1/25 of its maximum (4 %), and within a fifth (20 %) after power-up."""
SWING = 3
"""Divisions by which a shaken figure jumps up and down."""


class Pan:
    """A weighing head with its keys; a key returns whether the scale obeyed.

    `division` is the displayed one; `lowest` how far below zero the scale still indicates, by default its maximum.
    """

    def __init__(
        self,
        unit: str = "kg",
        decimals: int = 3,
        division: int = 5,
        maximum: int = 150_000,
        lowest: int | None = None,
    ) -> None:
        if unit not in GRAMS_IN:
            raise ValueError(f"no scale shows {unit}")
        self.unit, self.decimals = unit, decimals
        self.division, self.maximum = division, maximum
        self.moves = 0
        self._lowest = maximum if lowest is None else lowest
        self._ramp = (0, 0, 0.0, 0.0)  # from grams, to grams, beginning, end
        self._tare = self._zero = 0
        self._zeroed = True
        self._shaking = False
        self._swing = SWING

    def place(self, grams: int, ramp: float, now: float) -> None:
        """Have `grams` on the pan in all, reached over `ramp` seconds of motion. May be negative, or too much."""
        self._ramp = (self._load(now), grams, now, now + ramp)
        self.moves += 1

    def shake(self, on: bool) -> None:
        """Let the figure jump until it is switched off."""
        self._shaking = on
        self.moves += 1

    def still(self, now: float) -> bool:
        """Whether nothing moves."""
        return not self._shaking and now >= self._ramp[3]

    def tare(self, now: float) -> bool:
        """Take what is on the pan as tare, unless it moves or is out of range; on an empty pan this clears it."""
        gross = self._gross(now)
        if not self.still(now) or gross < 0 or self._over(gross):
            return False
        self._tare = gross
        return True

    def preset_tare(self, grams: int) -> bool:
        """Take a known tare off. Not below zero or above the scale's maximum."""
        if not 0 <= grams <= self.maximum:
            return False
        self._tare = grams
        return True

    def clear_tare(self) -> None:
        """Show gross again."""
        self._tare = 0

    def zero(self, now: float) -> bool:
        """Take what is on the pan as zero, without tare; not in motion, nor outside the zero-setting range."""
        load = self._load(now)
        reach = self.maximum // (ZERO_RANGE if self._zeroed else INITIAL_ZERO_RANGE)
        if not self.still(now) or abs(load) > reach:
            return False
        self._zero, self._tare, self._zeroed = load, 0, True
        return True

    def restart(self, now: float) -> None:
        """Power-up: tare is forgotten; with a load on the pan zero is not captured."""
        self._zero = self._tare = 0
        self._zeroed = self._load(now) == 0

    def indication(self, now: float, tenfold: bool = False) -> Indication:
        """What the display shows; `tenfold` with one digit and ten divisions more, as for service."""
        gross = self._gross(now)
        if self._shaking:
            self._swing = -self._swing
            gross += self._swing * self.division
        weight = self._figure(gross - self._tare, tenfold)
        tare = self._figure(self._tare, tenfold)
        step = max(Decimal(1), (self.division / GRAMS_IN[self.unit]).scaleb(self.decimals))
        return Indication(weight, tare, self.unit, self.still(now), self._over(gross), self._zeroed, int(step))

    def _load(self, now: float) -> int:
        before, after, began, ends = self._ramp
        if now >= ends:
            return after
        return before + round((after - before) * (now - began) / (ends - began))

    def _gross(self, now: float) -> int:
        return self._load(now) - self._zero

    def _over(self, gross: int) -> bool:
        return gross > self.maximum + ABOVE_MAXIMUM * self.division or gross < -self._lowest

    def _figure(self, grams: int, tenfold: bool) -> Decimal:
        division = Decimal(self.division) / (10 if tenfold else 1)
        rounded = (Decimal(grams) / division).quantize(Decimal(1), ROUND_HALF_UP) * division
        last = Decimal(1).scaleb(-self.decimals - tenfold)
        return (rounded / GRAMS_IN[self.unit]).quantize(last, ROUND_HALF_UP)
