"""A weighing machine on the bench: readings as a scale of Max 150 kg, e = 50 g, Min 1 kg gives them, and a clock."""

from decimal import Decimal

from catalog.units import Grams
from drivers.scale.machine import WeighingMachine
from drivers.scale.reading import Fault, Reading, weight
from drivers.scale.weighing import Moving, NoSignal, NotTaken, OutOfRange, ScaleProfile, Settled

PROFILE = ScaleProfile("floor", "st_gs", "kg", Grams(1000), Grams(150_000), Grams(50))
FAULTS: list[Fault] = [
    "overload",
    "under-zero",
    "out-of-range",
    "not-zeroed",
    "no-weight",
    "not-a-mass",
    "resolution",
    "unreadable",
]


def says(value: str, *, stable: bool | None = True, unit: str = "kg", zero: bool | None = None) -> Reading:
    return weight(Decimal(value), unit, value.encode(), stable=stable, mode="gross", zero=zero)


def net(value: str, tare: str | None) -> Reading:
    return weight(Decimal(value), "kg", b"", stable=True, mode="net", tare=None if tare is None else Decimal(tare))


class Bench:
    """A machine and a clock: ten frames a second unless told otherwise."""

    def __init__(self, profile: ScaleProfile = PROFILE, *, one_shot: bool = False, patience: float = 0.0) -> None:
        self.machine = WeighingMachine(profile, one_shot=one_shot, patience=patience)
        self.now = 1000.0

    def hear(self, *readings: Reading, every: float = 0.1) -> None:
        for reading in readings:
            self.now += every
            self.machine.feed(reading, self.now)

    def wait(self, seconds: float) -> None:
        self.now += seconds

    def state(self) -> Settled | Moving | OutOfRange | NoSignal:
        return self.machine.state(self.now)

    @property
    def settled(self) -> Settled:
        state = self.state()
        assert isinstance(state, Settled), state
        return state

    def take(self, expected: Settled) -> Settled | NotTaken:
        return self.machine.take(expected, self.now)

    def zero(self) -> "Bench":
        self.hear(*[says("0.00")] * 5)
        return self
