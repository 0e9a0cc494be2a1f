"""A day at the counter with every scale protocol there is, over a pty and over TCP, all at the same time.

The scales at the far end were written from the manuals, not from the decoders.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.units import Grams
from drivers.events import DeviceDown, Event, Weighed
from drivers.port import LineSettings, open_port, read_some
from drivers.scale.line import LineProfile
from drivers.scale.protocol import load, names
from drivers.scale.scale import Scale
from drivers.scale.weighing import Moving, NoSignal, NotTaken, OutOfRange, ScaleProfile, Settled, Weighing
from drivers.simulated import indicator
from drivers.simulated.cable import PtyCable, TcpCable
from drivers.simulated.indication import Indication
from drivers.simulated.scale import SimulatedScale, flip, truncate
from tests.drivers.waiting import until

LOAD, SECOND, TOO_MUCH, TOO_LITTLE = 5_000, 7_250, 70_000, -500
MAXIMUM = 60_000
CABLES = {"pty": PtyCable, "tcp": TcpCable}


@dataclass(frozen=True, slots=True)
class Says:
    """What a protocol can express: by which rule a load settles, and what is heard of one out of range.

    `mute`: nothing is sent then. `zero`: it reads as an empty scale, for which nothing is paid.
    """

    criterion: Literal["flag", "window"] = "flag"
    over: str = "overload"
    under: str = "under-zero"
    checked: bool = False
    """Frames carry a check that finds any turned bit."""
    unit: str = "kg"
    waits: bool = False
    """It says nothing at all while the load moves, and answers when it stands still."""


SAYS = {
    "adam_cpw": Says("window", over="mute"),
    "cas_dc1": Says(checked=True),
    "dahua_s": Says("window", over="mute", under="mute", unit="g"),
    "dibal_98": Says(over="zero", under="zero", waits=True),
    "kern_re_cr": Says(over="device-error"),
    "ohaus": Says(over="mute"),
    "os2_active": Says(over="out-of-range", checked=True),
    "samsung_esp": Says("window", over="mute"),
    "toledo_continuous": Says(over="out-of-range", checked=True),
    "ww_wn": Says("window", over="mute"),
    "yaohua_a12e": Says("window", checked=True),
    "yaohua_cmd": Says("window", over="mute", checked=True),
    "yaohua_eq_forward": Says("window", over="mute"),
    "yaohua_eq_reversed": Says("window", over="mute"),
    "yaohua_stx": Says("window", over="mute", checked=True),
}
"""Protocols that cannot express everything."""
APART = {"custom", "dialog06"}
"""Protocols with a day of their own."""
USUAL = [name for name in names() if name not in APART]


class Day:
    """One scale of the shop with its simulated counterpart, and what it said."""

    def __init__(self, protocol: str, cable: PtyCable | TcpCable) -> None:
        # Max 60 kg, e = 5 g, Min 100 g
        self.says = SAYS.get(protocol, Says())
        profile = ScaleProfile("floor", protocol, self.says.unit, Grams(100), Grams(MAXIMUM), Grams(5))
        self.events: list[Event] = []
        self.cable = cable
        self.pan = SimulatedScale(cable, protocol, maximum=MAXIMUM, interval=0.05)
        self.scale = Scale(profile, cable.url, LineSettings(), self.events.append, silence=4.0, backoff=(0.05,))

    def until(self, condition: Callable[[Weighing], bool], what: str) -> Weighing:
        last: list[Weighing] = []

        def met() -> bool:
            last[:] = [self.scale.state()]
            return condition(last[0])

        try:
            until(met, what)
        except AssertionError:
            raise AssertionError(f"never {what}; it says {last[0]}") from None
        return last[0]

    def settles(self, grams: int) -> Settled:
        state = self.until(lambda state: isinstance(state, Settled) and state.grams == Grams(grams), f"{grams} g")
        assert isinstance(state, Settled)
        return state

    def refuses(self, code: str) -> None:
        """Wait for what the scale says of a load out of range."""
        match code:
            case "mute":
                self.until(lambda state: isinstance(state, NoSignal), "silence")
            case "zero":
                self.until(lambda state: isinstance(state, Settled) and state.is_zero, "zero")
            case _:
                self.until(lambda state: state == OutOfRange(code), code)

    def figures(self) -> set[int]:
        """Every weight that was ever called settled."""
        said = [event.weighing for event in self.events if isinstance(event, Weighed)]
        return {state.grams.amount for state in said if isinstance(state, Settled)}

    def play(self) -> None:
        """From the first load in the morning to a cable that was pulled."""
        self.weighing()
        self.hand_on_the_pan()
        self.out_of_range()
        self.noise()
        self.cable_pulled()
        assert self.figures() <= {0, LOAD, SECOND}

    def weighing(self) -> None:
        assert self.settles(0).is_zero
        self.pan.place(LOAD)
        settled = self.settles(LOAD)
        assert (settled.text, settled.unit) == ("5.000", "kg") if self.says.unit == "kg" else ("5000", "g")
        assert settled.criterion == self.says.criterion
        until(lambda: isinstance(self.scale.take(settled), Settled), "taken")
        until(lambda: self.scale.take(settled) == NotTaken("return-to-zero"), "the same load is not taken twice")

    def hand_on_the_pan(self) -> None:
        self.pan.remove()
        self.settles(0)
        self.pan.shake(True)
        self.until(lambda state: isinstance(state, Moving), "moving")
        self.pan.place(SECOND)
        if not self.says.waits:
            before = self.pan.sent
            until(lambda: self.pan.sent > before + 5, "frames")
        assert not isinstance(self.scale.state(), Settled)
        self.pan.shake(False)
        self.settles(SECOND)

    def out_of_range(self) -> None:
        self.pan.place(TOO_MUCH)
        self.refuses(self.says.over)
        self.pan.place(TOO_LITTLE)
        self.refuses(self.says.under)
        self.pan.remove()
        self.settles(0)

    def noise(self) -> None:
        self.pan.garbage(bytes(range(256)) * 8)
        turned = (9, 27, 45, 81) if self.says.checked else ()
        for bit in turned:
            self.pan.spoil(flip(bit))
        self.pan.spoil(truncate(4), frames=2)
        before = self.pan.sent
        until(lambda: self.pan.sent > before + len(turned) + 3, "frames")
        self.settles(0)
        self.pan.place(LOAD)
        self.settles(LOAD)

    def cable_pulled(self) -> None:
        self.cable.unplug()
        self.until(lambda state: isinstance(state, NoSignal), "no signal")
        if isinstance(self.cable, PtyCable):
            usual = self.cable.url
            self.cable.plug(usual + "-1")
            until(lambda: DeviceDown("floor", "port-missing") in self.events, "the name is gone")
            self.cable.unplug()
            self.cable.plug(usual)
        else:
            self.cable.plug()
        self.until(lambda state: isinstance(state, Moving) and state.reason == "zero-first", "zero first")
        self.pan.remove()
        self.settles(0)


@contextmanager
def opened(protocol: str, kind: str) -> Iterator[Day]:
    """A day that has begun."""
    with CABLES[kind]() as cable:
        day = Day(protocol, cable)
        with day.pan:
            day.scale.start()
            try:
                yield day
            finally:
                day.scale.stop()


def lived(protocol: str, kind: str) -> None:
    """A whole day."""
    with opened(protocol, kind) as day:
        day.play()


def dialog06(kind: str) -> None:
    """This one gives each load once, and never less than its minimum, which stands for an empty pan."""
    with opened("dialog06", kind) as day:
        day.refuses("below-minimum")
        day.pan.place(LOAD)
        settled = day.settles(LOAD)
        assert (settled.text, settled.criterion) == ("5.000", "flag")
        until(lambda: isinstance(day.scale.take(settled), Settled), "taken")
        until(lambda: day.scale.take(settled) == NotTaken("return-to-zero"), "the same load is not taken twice")
        day.pan.shake(True)
        day.until(lambda state: isinstance(state, Moving) and state.value is None, "moving")
        day.pan.shake(False)
        day.until(lambda state: state == Moving(Decimal("5.000"), "kg", "return-to-zero"), "it must come off first")
        day.pan.place(TOO_MUCH)
        day.refuses("overload")
        day.pan.place(TOO_LITTLE)
        day.refuses("under-zero")
        day.pan.remove()
        day.refuses("below-minimum")
        day.pan.place(SECOND)
        assert isinstance(day.scale.read_weight(20_000), Settled)
        assert day.figures() == {LOAD, SECOND}
        day.cable.unplug()
        day.until(lambda state: isinstance(state, NoSignal), "no signal")
        day.cable.plug()
        day.until(lambda state: isinstance(state, Moving | OutOfRange), "what was weighed may have been changed")
        assert day.scale.read_weight(0) in (NotTaken("zero-first"), NotTaken("return-to-zero"), NotTaken("moving"))


@pytest.fixture(scope="module")
def days() -> Iterator[dict[tuple[str, str], Future[None]]]:
    """All days, begun at once."""
    wanted = [(protocol, kind) for protocol in USUAL for kind in CABLES]
    with ThreadPoolExecutor(len(wanted) + len(CABLES)) as pool:
        begun = {each: pool.submit(lived, *each) for each in wanted}
        yield begun | {("dialog06", kind): pool.submit(dialog06, kind) for kind in CABLES}


def test_every_protocol_has_its_day() -> None:
    assert set(SAYS) | APART <= set(names())
    assert indicator.names() == names()


@pytest.mark.parametrize("kind", CABLES)
@pytest.mark.parametrize("protocol", [*USUAL, "dialog06"])
def test_a_day(protocol: str, kind: str, days: dict[tuple[str, str], Future[None]]) -> None:
    days[protocol, kind].result()


def test_a_line_that_its_user_described() -> None:
    line = LineProfile(end="\r\n", length=14, sign=(0, 1), weight=(1, 9), unit=(10, 12))
    decoder = load("custom").decoder("kg", line=line)
    with PtyCable() as cable, SimulatedScale(cable, "custom", interval=0.02) as pan:
        port = open_port(cable.url, LineSettings())
        heard: list[int] = []

        def hears(grams: int) -> bool:
            readings = decoder.feed(read_some(port, cable.url))
            heard.extend(int(reading.grams) for reading in readings if reading.grams is not None)
            return grams in heard

        for grams in (0, LOAD, -LOAD):
            pan.place(grams, ramp=0.0)
            until(lambda grams=grams: hears(grams), f"{grams} g")  # type: ignore[misc]
        pan.garbage(bytes(range(256)))
        pan.place(SECOND, ramp=0.0)
        until(lambda: hears(SECOND), "the line recovers")
        port.close()
    assert set(heard) == {0, LOAD, -LOAD, SECOND}


SIGNLESS = {"dahua_s", "dibal_98", "dialog06"}
"""Frames without a place for a minus."""
ONLY_WHEN_STILL = {"dibal_98", "dialog06", "toledo8217"}
ALWAYS_GROSS = {"adam_cpw", "yaohua_cmd"}


@pytest.mark.parametrize("protocol", [*USUAL, "dialog06"])
@settings(max_examples=40)
@given(grams=st.integers(-9_999, 9_999), stable=st.booleans(), tare=st.sampled_from([0, 500]))
def test_what_a_scale_shows_is_what_is_read(protocol: str, grams: int, stable: bool, tare: int) -> None:
    still = stable or protocol in ONLY_WHEN_STILL
    weight, taken = Decimal(grams).scaleb(-3), Decimal(tare).scaleb(-3)
    frame = indicator.load(protocol).frame(Indication(weight, taken, "kg", still, over=False, zeroed=True))
    # a frame that only the next one ends is read when that has come
    readings = load(protocol).decoder(SAYS.get(protocol, Says()).unit).feed(frame * 2)
    if grams < 0 and protocol in SIGNLESS | {"toledo8217"}:
        assert all(reading.fault or not reading.grams for reading in readings)
        return
    assert readings
    for reading in readings:
        assert reading.fault is None
        assert reading.grams == (grams + tare if protocol in ALWAYS_GROSS else grams)
        assert reading.stable in (None, still)
