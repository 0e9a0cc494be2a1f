"""The real scale driver against the simulated scale: real bytes over a pty or TCP, from another thread."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from unittest.mock import ANY

import pytest

from catalog.units import Grams
from drivers.events import DeviceDown, DeviceUp, Event, Weighed
from drivers.port import LineSettings
from drivers.scale.machine import Button
from drivers.scale.scale import Scale
from drivers.scale.weighing import (
    Moving,
    NoSignal,
    NotTaken,
    OutOfRange,
    ReadError,
    ScaleProfile,
    Settled,
    Status,
    Weighing,
)
from drivers.simulated.cable import PtyCable, TcpCable
from drivers.simulated.scale import SimulatedScale, flip, truncate
from tests.drivers.waiting import DEADLINE, until

PROTOCOLS = ["os2_active", "st_gs", "toledo8217", "toledo_continuous", "yaohua_stx"]
PTY_SETTINGS = LineSettings()


class Shop:
    """A scale of the shop and what it said."""

    def __init__(self, protocol: str, url: str, poll: bool | None = None) -> None:
        # Max 60 kg, e = 5 g, Min 100 g
        profile = ScaleProfile("floor", protocol, "kg", Grams(100), Grams(60_000), Grams(5), poll=poll)
        self.events: list[Event] = []
        self.scale = Scale(profile, url, PTY_SETTINGS, self.events.append, silence=1.2, backoff=(0.05,))
        assert self.scale.state() == NoSignal("device-silent", None), "nothing is shown before anything was heard"

    def until(self, condition: Callable[[Weighing], bool], what: str) -> Weighing:
        last: list[Weighing] = []

        def met() -> bool:
            last[:] = [self.scale.state()]
            return condition(last[0])

        until(met, what)
        return last[0]

    def settled(self, grams: int) -> Settled:
        state = self.until(lambda state: isinstance(state, Settled) and state.grams == Grams(grams), f"{grams} g")
        assert isinstance(state, Settled)
        return state

    def weighed(self, pan: SimulatedScale, grams: int) -> tuple[Settled, Settled | NotTaken]:
        """Put a load on and take its weight; again from zero where a busy machine kept the answer for a second."""
        for _ in range(3):
            pan.remove()
            self.settled(0)
            pan.place(grams)
            settled = self.settled(grams)
            taken = self.scale.take(settled)
            if taken != NotTaken("device-silent"):
                break
        return settled, taken

    def refuses(self, settled: Settled, code: str) -> None:
        until(lambda: self.scale.take(settled) == NotTaken(code), code)

    def is_now(self, *states: Weighing) -> None:
        self.until(lambda state: state in states, str(states))

    def downs(self) -> list[str]:
        return [event.code for event in self.events if isinstance(event, DeviceDown)]


@contextmanager
def station(protocol: str, cable: PtyCable | TcpCable) -> Iterator[tuple[Shop, SimulatedScale]]:
    shop = Shop(protocol, cable.url)
    before = threading.active_count()
    with cable, SimulatedScale(cable, protocol, maximum=60_000, interval=0.04) as pan:
        shop.scale.start()
        yield shop, pan
        shop.scale.stop()
    until(lambda: threading.active_count() <= before, "threads end")


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_load_is_seen_settles_and_is_taken_once(protocol: str) -> None:
    with station(protocol, PtyCable()) as (shop, pan):
        assert shop.settled(0).is_zero
        settled, taken = shop.weighed(pan, 18_650)
        assert settled.text == "18.650"
        assert settled.criterion == ("window" if protocol == "yaohua_stx" else "flag")
        assert isinstance(taken, Settled)
        assert (taken.grams, taken.text) == (settled.grams, settled.text)
        shop.refuses(settled, "return-to-zero")
        pan.place(4_200)
        shop.is_now(Moving(Decimal("4.200"), "kg", "return-to-zero"))
        pan.place(-500)
        shop.is_now(OutOfRange("under-zero"))
        shop.refuses(settled, "under-zero")
    assert DeviceUp("floor") in shop.events
    said = [event.weighing for event in shop.events if isinstance(event, Weighed)]
    assert settled.grams in {state.grams for state in said if isinstance(state, Settled)}
    assert all(before != after for before, after in pairwise(said))


@pytest.mark.parametrize(
    ("protocol", "code"),
    [
        ("st_gs", "overload"),
        ("toledo8217", "overload"),
        ("os2_active", "out-of-range"),
        ("yaohua_stx", "device-silent"),
    ],
)
def test_overload_is_no_weight(protocol: str, code: str) -> None:
    with station(protocol, PtyCable()) as (shop, pan):
        pan.place(70_000)
        shop.until(lambda state: isinstance(state, OutOfRange | NoSignal) and state.code == code, code)
        pan.remove()
        shop.settled(0)


@pytest.mark.parametrize(("protocol", "kind"), [("os2_active", PtyCable), ("toledo8217", TcpCable)])
def test_a_pulled_cable_clears_the_figure_and_weighing_resumes_from_zero(
    protocol: str, kind: type[PtyCable] | type[TcpCable]
) -> None:
    with station(protocol, kind()) as (shop, pan):
        shop.settled(0)
        pan.place(5_000)
        shown = shop.settled(5_000)
        pan.cable.unplug()
        shop.until(lambda state: isinstance(state, NoSignal), "no signal")
        assert isinstance(shop.scale.take(shown), NotTaken)
        until(lambda: shop.downs() == ["device-lost", "port-missing"], "lost, then missing")
        pan.place(7_000)
        pan.cable.plug()
        shop.is_now(Moving(Decimal("7.000"), "kg", "zero-first"))
        assert shop.scale.take(shown) == NotTaken("zero-first")
        pan.remove()
        shop.settled(0)
        pan.place(7_000)
        assert isinstance(shop.scale.take(shop.settled(7_000)), Settled)


def test_a_power_cycled_scale_is_silence_then_a_demand_for_zero(caplog: pytest.LogCaptureFixture) -> None:
    with station("toledo_continuous", TcpCable()) as (shop, pan):
        shop.settled(0)
        pan.place(5_000)
        shown = shop.settled(5_000)
        pan.power_off()
        shop.until(lambda state: isinstance(state, NoSignal) and state.code == "device-silent", "silence")
        assert shop.scale.take(shown) == NotTaken("device-silent")
        until(lambda: shop.downs() == ["device-silent"], "device-silent")
        pan.power_on()
        shop.is_now(OutOfRange("not-zeroed"))
        until(lambda: "device-silent" in caplog.text and "DeviceUp" in caplog.text, "the log of the till has both")
        assert shop.scale.take(shown) == NotTaken("not-zeroed")
        pan.remove(ramp=0.0)
        pan.press_zero()
        shop.until(lambda state: isinstance(state, Settled | Moving), "zeroed")


@pytest.mark.parametrize("protocol", ["toledo_continuous", "os2_active"])
def test_a_spoilt_line_recovers_by_itself(protocol: str) -> None:
    with station(protocol, PtyCable()) as (shop, pan):
        shop.settled(0)
        pan.place(5_000)
        shop.settled(5_000)
        pan.garbage(bytes(range(256)) * 4)
        for bit in range(9, 90, 9):
            pan.spoil(flip(bit))
        pan.spoil(truncate(7), frames=3)
        before = pan.sent
        until(lambda: pan.sent > before + 15, "frames")
        shop.settled(5_000)
    figures = {
        event.weighing.grams
        for event in shop.events
        if isinstance(event, Weighed) and isinstance(event.weighing, Settled)
    }
    assert figures == {Grams(0), Grams(5_000)}


def test_a_hand_on_the_pan_keeps_it_moving() -> None:
    with station("yaohua_stx", PtyCable()) as (shop, pan):
        shop.settled(0)
        pan.shake(True)
        pan.place(5_000)
        before = pan.sent
        until(lambda: pan.sent > before + 25, "frames")
        assert isinstance(shop.scale.state(), Moving)
        pan.shake(False)
        shop.settled(5_000)


def test_tare_taken_by_the_scale_is_net() -> None:
    with station("toledo_continuous", PtyCable()) as (shop, pan):
        shop.settled(0)
        pan.place(1_650)
        shop.settled(1_650)
        pan.press_tare()
        shop.settled(0)
        pan.place(6_650)
        assert shop.settled(5_000).mode == "net"


def test_a_scale_in_another_unit_stops_weighing() -> None:
    with PtyCable() as cable, SimulatedScale(cable, "st_gs", unit="lb", decimals=2, division=50) as pan:
        shop = Shop("st_gs", cable.url)
        shop.scale.start()
        pan.place(5_000)
        shop.is_now(OutOfRange("unit-unconfirmed"))
        shop.scale.stop()


def test_a_command_scale_is_asked_again_before_its_weight_is_taken() -> None:
    with station("toledo8217", PtyCable()) as (shop, pan):
        shop.settled(0)
        pan.place(5_000)
        shown = shop.settled(5_000)
        pan.place(6_000, ramp=0.0)
        assert shop.scale.take(shown) in (NotTaken("moving"), NotTaken("changed"))


def test_a_scale_that_was_never_there_says_so() -> None:
    shop = Shop("st_gs", "/dev/no-such-scale")
    shop.scale.start()
    shop.until(lambda state: state == NoSignal("port-missing", None), "port-missing")
    shop.scale.stop()
    assert shop.events[0] == DeviceDown("floor", "port-missing")


@pytest.mark.parametrize("protocol", ["toledo8217", "yaohua_stx"])
def test_read_weight_waits_for_a_load_and_never_gives_it_twice(protocol: str) -> None:
    with station(protocol, PtyCable()) as (shop, pan), ThreadPoolExecutor(1) as other:
        shop.settled(0)
        assert shop.scale.read_weight(0) == NotTaken("below-minimum")
        waiting = other.submit(shop.scale.read_weight, -1)
        pan.place(5_000)
        read = waiting.result(DEADLINE)
        assert isinstance(read, Settled)
        assert read.grams == Grams(5_000)
        again = shop.scale.read_weight(60_000)
        assert isinstance(again, NotTaken)
        assert again.error is ReadError.SAME_WEIGHT
        shop.scale.vouch()
        assert shop.scale.read_weight(60_000) == replace(read, raw=ANY, at=ANY)


def test_read_weight_says_what_a_person_must_put_right() -> None:
    with station("st_gs", PtyCable()) as (shop, pan):
        shop.settled(0)
        pan.place(70_000)
        over = shop.until(lambda state: isinstance(state, OutOfRange), "overload")
        assert over.status is Status.OVERWEIGHT
        assert shop.scale.read_weight(60_000) == NotTaken("overload")
        pan.place(-500)
        shop.is_now(OutOfRange("under-zero"))
        assert shop.scale.read_weight(60_000) == NotTaken("under-zero")
        pan.place(50)
        assert shop.settled(50).status is Status.UNDERWEIGHT
        assert shop.scale.read_weight(50) == NotTaken("below-minimum")
        pan.shake(True)
        shop.until(lambda state: state.status is Status.UNSTABLE, "motion")
        assert shop.scale.read_weight(50) == NotTaken("moving")


def test_read_weight_for_ever_ends_with_the_scale() -> None:
    with station("st_gs", PtyCable()) as (shop, pan), ThreadPoolExecutor(1) as other:
        shop.settled(0)
        pan.power_off()
        shop.until(lambda state: isinstance(state, NoSignal), "silence")
        waiting = other.submit(shop.scale.read_weight, -1)
        shop.scale.stop()
        assert waiting.result(DEADLINE) == NotTaken("device-silent")


@pytest.mark.parametrize(
    ("protocol", "poll", "dialect", "asked"),
    [("os2_active", True, "", {0x05, 0x11}), ("adam_cpw", False, "asng", set()), ("mtsics", None, "", set(b"SI\r\n"))],
)
@pytest.mark.parametrize("kind", [PtyCable, TcpCable])
def test_a_scale_is_asked_or_listened_to_as_it_was_set_up(
    kind: type[PtyCable] | type[TcpCable], protocol: str, poll: bool | None, dialect: str, asked: set[int]
) -> None:
    """OS2 in passive mode, a CPWplus that sends by itself, and one as usual."""
    with kind() as cable, SimulatedScale(cable, protocol, dialect=dialect, streams=not asked, interval=0.05) as pan:
        shop = Shop(protocol, cable.url, poll)
        shop.scale.start()
        shop.settled(0)
        pan.place(5_000)
        assert isinstance(shop.scale.take(shop.settled(5_000)), Settled)
        shop.scale.stop()
    assert set(pan.received) == asked


def test_a_scale_that_cannot_be_asked_is_not_set_up_to_be() -> None:
    with pytest.raises(ValueError, match="nothing to ask"):
        Shop("yaohua_stx", "/dev/ttyUSB0", poll=True)


def test_a_command_scale_obeys_the_keyboard(caplog: pytest.LogCaptureFixture) -> None:
    with station("toledo8217", PtyCable()) as (shop, pan):
        shop.settled(0)
        pan.place(150)
        shop.settled(150)
        assert shop.scale.press("zero") is None
        assert shop.settled(0).is_zero
        pan.place(1_800)
        shop.settled(1_650)
        assert shop.scale.press("zero") is None, "within 4 % of Max"
        shop.settled(0)
        pan.place(3_450)
        shop.settled(1_650)
        assert shop.scale.press("tare") is None
        assert shop.settled(0).mode == "net"
        assert shop.scale.press("zero") == "tared"
        pan.place(8_450)
        assert shop.settled(5_000).mode == "net"
        assert shop.scale.press("clear") is None
        assert shop.settled(6_650).mode == "gross"
        assert shop.scale.press("zero") == "zero-range"
    assert (b"Z" in pan.received, b"T" in pan.received, b"C" in pan.received) == (True, True, True)
    assert all(said in caplog.text for said in ("zero sent", "tare sent", "zero tared", "clear sent", "zero-range"))


@pytest.mark.parametrize("button", ["zero", "tare", "clear"])
def test_a_scale_that_only_obeys_its_own_keys(button: Button) -> None:
    with station("yaohua_stx", PtyCable()) as (shop, pan):
        shop.settled(0)
        assert shop.scale.press(button) == f"press-{button}"
    assert pan.received == b""


def test_nothing_is_pressed_on_a_scale_that_went() -> None:
    with station("toledo8217", PtyCable()) as (shop, pan):
        shop.settled(0)
        pan.cable.unplug()
        shop.until(lambda state: isinstance(state, NoSignal), "no signal")
        until(lambda: shop.scale.press("zero") in ("device-lost", "port-missing"), "refused")
