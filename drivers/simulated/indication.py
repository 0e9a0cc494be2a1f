"""What a scale's display shows at one moment, which is all that its serial line may tell."""

from dataclasses import dataclass
from decimal import Decimal

GRAMS_IN = {
    "kg": Decimal(1000),
    "g": Decimal(1),
    "t": Decimal(1_000_000),
    "lb": Decimal("453.59237"),
    "oz": Decimal("28.349523125"),
    "jin": Decimal(500),
    "liang": Decimal(50),
}
"""Units a simulated scale may be set to, in grams."""


@dataclass(frozen=True, slots=True)
class Indication:
    """What the scale shows: weight and tare in `unit` with its decimals; `over`: above or below its range.

    `step` is the displayed division in units of the last digit.
    """

    weight: Decimal
    tare: Decimal
    unit: str
    stable: bool
    over: bool
    zeroed: bool
    step: int = 1

    @property
    def decimals(self) -> int:
        """Digits after the point."""
        return -int(self.weight.as_tuple().exponent)

    @property
    def negative(self) -> bool:
        """Below zero."""
        return self.weight < 0

    @property
    def above(self) -> bool:
        """Overload."""
        return self.over and not self.negative

    @property
    def below(self) -> bool:
        """Under its range."""
        return self.over and self.negative

    @property
    def net(self) -> bool:
        """A tare is taken off."""
        return bool(self.tare)

    @property
    def at_zero(self) -> bool:
        """The lamp for zero is lit."""
        return not self.weight and not self.over and self.zeroed

    @property
    def sign(self) -> str:
        """`+` or `-`."""
        return "-" if self.negative else "+"

    @property
    def minus(self) -> str:
        """`-`, or a space."""
        return "-" if self.negative else " "

    @property
    def text(self) -> str:
        """The weight without its sign, with exactly its decimals."""
        return f"{abs(self.weight):f}"

    @property
    def symbol(self) -> str:
        """The unit as frames have it (SJ for 斤: Gram ZFOC manual p.42). Raises `ValueError` for 两, which has none."""
        if self.unit == "liang":
            raise ValueError("frames of this protocol have no code for 两")
        return "SJ" if self.unit == "jin" else self.unit

    def digits(self, value: Decimal, fill: str = "0") -> str:
        """Six digits of the magnitude without the point, filled on the left."""
        return f"{int(abs(value).scaleb(self.decimals)):{fill}>6}"

    def grams(self, value: Decimal) -> int:
        """A weight of this display in whole grams, a half up."""
        return int(value * GRAMS_IN[self.unit] + Decimal("0.5"))
