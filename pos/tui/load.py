"""The load about to be weighed: what the keeper chose for it, and the line that a settled weight makes of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from catalog.materials import Material, ScaleClass
from catalog.units import Grams
from drivers.scale.reading import GRAMS
from drivers.scale.weighing import Settled
from pos.core.scales import Evidence, Standing
from pos.core.weigh_in import MANUAL, TareFrom, WeighedDraft
from pos.devices import evidence

_KILOGRAMS = re.compile(r"([0-9]{1,5})(?:\.([0-9]{1,3}))?")

DEDUCTION_REASONS = ("wet", "dirty", "mixed")
"""Why a load is paid for less than it weighs, as the journal keeps it."""
MANUAL_REASONS = ("scale-broken", "scale-offline", "too-large", "other")
"""Why a weight was typed, as the journal keeps it."""


@dataclass(frozen=True, slots=True)
class Load:
    """Everything about the next line but its weight."""

    material: str
    tare: Grams = Grams(0)  # noqa: RUF009 - frozen
    tare_from: TareFrom = TareFrom.NONE
    deduction: int = 0
    deduction_reason: str = ""

    def weighed(self, scale: str, settled: Settled, wall: int) -> WeighedDraft:
        """The line of a settled weight; what the scale itself has taken off counts as its tare."""
        own = own_tare(settled)
        tare = own + self.tare
        tare_from = self.tare_from if self.tare or not own else TareFrom.SCALE
        return self._line(settled.grams + own, tare, tare_from, evidence(scale, settled, wall))

    def typed(self, gross: Grams, reason: str, wall: int) -> WeighedDraft:
        """The line of a weight that a person typed."""
        return self._line(gross, self.tare, self.tare_from, Evidence("", MANUAL, "", wall, reason))

    def _line(self, gross: Grams, tare: Grams, tare_from: TareFrom, why: Evidence) -> WeighedDraft:
        return WeighedDraft(self.material, gross, tare, tare_from, self.deduction, self.deduction_reason, why)


def own_tare(settled: Settled) -> Grams:
    """What the scale says that it has taken off, in whole grams; nothing where it does not say."""
    if settled.mode != "net" or settled.tare is None:
        return Grams(0)
    return Grams(int(settled.tare * GRAMS[settled.unit]))


def scale_for(material: Material | None, scales: Mapping[str, Standing]) -> str | None:
    """The scale that this material goes on: one of the class it needs, else a finer one; None where there is none."""
    wanted = ScaleClass.COUNTER if material and material.scale is ScaleClass.COUNTER else ScaleClass.FLOOR
    fitting = [name for name, standing in scales.items() if standing.scale.takes(wanted)]
    return min(fitting, key=lambda name: scales[name].scale.scale_class is not wanted, default=None)


def parse_kilograms(text: str) -> Grams | None:
    """What a keeper typed as kilograms; None for anything but a plain decimal of at most three places."""
    found = _KILOGRAMS.fullmatch(text)
    return Grams(int(found[1]) * 1000 + int((found[2] or "").ljust(3, "0"))) if found else None
