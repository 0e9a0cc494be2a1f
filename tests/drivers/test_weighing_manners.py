"""Scales with manners of their own: weights given once, silence while a load moves, and noise between the frames."""

from dataclasses import replace
from decimal import Decimal

import pytest

from drivers.scale.protocol import load, names
from drivers.scale.reading import fault
from drivers.scale.weighing import Moving, NoSignal, NotTaken, OutOfRange, Settled, Status
from drivers.simulated import indicator
from drivers.simulated.indication import Indication
from tests.drivers.weighing_bench import Bench, says

EMPTY, UNMOVED, MOTION = (fault(code, b"") for code in ("below-minimum", "return-to-zero", "motion"))


class TestOneShot:
    """Dialog 06: a still load's weight once, then that it has not moved; a minimum instead of zero."""

    def bench(self) -> Bench:
        bench = Bench(one_shot=True)
        bench.hear(EMPTY, every=0.5)
        return bench

    def test_one_weighing_is_enough_and_stays_while_the_load_does(self) -> None:
        bench = self.bench()
        bench.hear(MOTION, says("5.00"), every=0.5)
        assert bench.settled.criterion == "flag"
        shown = bench.settled
        bench.hear(*[UNMOVED] * 20, every=0.5)
        assert bench.take(shown) == shown
        assert bench.take(shown) == NotTaken("return-to-zero")

    @pytest.mark.parametrize("heard", [MOTION, fault("overload", b""), fault("no-weight", b"")])
    def test_it_goes_with_the_first_other_word(self, heard: object) -> None:
        bench = self.bench()
        bench.hear(says("5.00"), heard, UNMOVED, every=0.5)  # type: ignore[arg-type]
        assert bench.state() == OutOfRange("return-to-zero")
        assert bench.machine.take(None, bench.now) == NotTaken("return-to-zero")

    def test_silence_takes_it_too(self) -> None:
        bench = self.bench()
        bench.hear(says("5.00"), every=0.5)
        bench.wait(5.0)
        assert bench.state() == NoSignal("device-silent", bench.now - 5.0)
        bench.hear(UNMOVED)
        assert bench.state() == OutOfRange("return-to-zero")

    def test_below_the_minimum_the_pan_is_empty(self) -> None:
        bench = self.bench()
        assert bench.state() == OutOfRange("below-minimum")
        assert bench.state().status is Status.UNDERWEIGHT
        bench.hear(says("5.00"), every=0.5)
        assert isinstance(bench.take(bench.settled), Settled)
        bench.hear(says("5.00"), says("7.00"), every=0.5)
        assert bench.state() == Moving(Decimal("7.00"), "kg", "return-to-zero")
        bench.hear(EMPTY, says("7.00"), every=0.5)
        assert bench.settled.text == "7.00"

    def test_what_lay_on_it_at_the_start_must_come_off(self) -> None:
        bench = Bench(one_shot=True)
        bench.hear(says("5.00"), *[UNMOVED] * 3, every=0.5)
        assert bench.state() == Moving(Decimal("5.00"), "kg", "zero-first")

    def test_a_usual_scale_gives_no_weight_once(self) -> None:
        bench = Bench().zero()
        bench.hear(says("5.00"))
        assert isinstance(bench.state(), Moving)
        bench.hear(UNMOVED)
        assert bench.state() == OutOfRange("return-to-zero")


class TestPatience:
    """Dibal: silent while the load moves, for seven seconds at most; the figure from before is gone at once."""

    def test_silence_is_motion(self) -> None:
        bench = Bench(patience=7.0)
        bench.hear(*[says("0.00")] * 3, every=0.5)
        bench.wait(1.6)
        assert bench.state() == Moving(None, None)
        assert bench.machine.take(None, bench.now) == NotTaken("moving")
        assert bench.machine.refusal("zero", bench.now) == "moving"
        bench.wait(5.3)
        assert bench.state() == Moving(None, None)
        bench.hear(says("5.00"))
        assert bench.state() == Moving(Decimal("5.00"), "kg"), "one answer is not enough"
        bench.hear(says("5.00"), every=0.5)
        assert bench.settled.text == "5.00"

    def test_longer_silence_is_loss(self) -> None:
        bench = Bench(patience=7.0)
        bench.hear(*[says("0.00")] * 3, every=0.5)
        bench.wait(7.1)
        assert isinstance(bench.state(), NoSignal)
        bench.hear(*[says("5.00")] * 2, every=0.5)
        assert bench.state() == Moving(Decimal("5.00"), "kg", "zero-first")

    def test_the_load_that_was_taken_still_has_to_come_off(self) -> None:
        bench = Bench(patience=7.0)
        bench.hear(*[says("0.00")] * 3, *[says("5.00")] * 3, every=0.5)
        bench.take(bench.settled)
        bench.wait(3.0)
        assert bench.state() == Moving(None, None, "return-to-zero")


class TestNoise:
    """A decode error starts the judgement of stillness anew."""

    def test_the_window_starts_again_behind_it(self) -> None:
        bench = Bench()
        bench.hear(*[says("0.00", stable=None)] * 15)
        assert bench.settled.is_zero
        bench.hear(replace(says("0.00", stable=None), discarded=3))
        assert isinstance(bench.state(), Moving)
        bench.hear(*[says("0.00", stable=None)] * 11)
        assert bench.settled.is_zero

    def test_so_do_stable_frames(self) -> None:
        bench = Bench().zero()
        bench.hear(*[says("5.00")] * 5, replace(says("5.00"), discarded=1))
        assert isinstance(bench.state(), Moving)


FRAME = bytes.fromhex("022b3030313235303331450 3".replace(" ", ""))
"""Yaohua: 1.250, with a checksum."""


def discarded(data: bytes, name: str = "yaohua_stx", cut: int | None = None) -> list[int]:
    """How many bytes were noise in front of each reading; fed in pieces of `cut` bytes."""
    decoder = load(name).decoder()
    size = cut or len(data)
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    return [reading.discarded for piece in pieces for reading in decoder.feed(piece)]


@pytest.mark.parametrize("cut", [None, 1, 5])
def test_noise_is_counted_at_the_frame_behind_it(cut: int | None) -> None:
    broken = FRAME[:6] + b"9" + FRAME[7:]
    assert discarded(FRAME + broken + FRAME + b"\x80\xff" + FRAME * 2, cut=cut) == [0, 12, 2, 0]


@pytest.mark.parametrize("between", [b"\r\n", b"\0\0\0 ", b"\x06", b"ST,TR,+ 0.500kg\r\n"])
def test_what_always_stands_between_frames_is_no_noise(between: bytes) -> None:
    assert discarded((FRAME + between) * 5)[2:] == [0, 0, 0]


def test_the_words_of_a_handshake_come_and_go() -> None:
    weight = b"\x0202\x1b3\x1b01250\x1b000000\x1b000000\x03"
    unmoved = b"\x0209\x1b21\x03"
    heard = b"\x06" + weight + (b"\x06\x15" + unmoved) * 2 + b"\x06" + weight
    assert discarded(heard, "dialog06") == [0, 0, 0, 0]
    assert discarded(heard.replace(b"\x06\x15", b"\x06?\x15", 1), "dialog06") == [0, 1, 0, 0]


@pytest.mark.parametrize("protocol", [name for name in names() if not load(name).described])
def test_a_clean_line_has_no_noise(protocol: str) -> None:
    shown = Indication(Decimal("1.250"), Decimal(0), "kg", stable=True, over=False, zeroed=True)
    frame = indicator.load(protocol).frame(shown)
    for cut in (None, 1, 7):
        readings = discarded(frame * 6, protocol, cut)
        assert len(readings) >= 5
        # Toledo's checksum byte, cut off its frame, is known from its second time on
        assert sum(map(bool, readings)) <= (protocol == "toledo_continuous")


class TestPoll:
    """Whether a scale is asked can be a setting of the scale."""

    def test_as_is_usual_or_as_it_was_set_up(self) -> None:
        usual = load("adam_cpw")
        assert usual.asks() == usual.asks(True) == usual.poll is not None
        assert usual.asks(False) is None
        passive = load("os2_active")
        assert passive.asks() is None
        assert passive.asks(True) == load("cas_dc1").poll

    @pytest.mark.parametrize("name", ["st_gs", "yaohua_stx", "custom"])
    def test_some_cannot_be_asked(self, name: str) -> None:
        with pytest.raises(ValueError, match="nothing to ask"):
            load(name).asks(True)

    def test_a_passive_frame_ends_without_flags(self) -> None:
        frame = bytes.fromhex("01025320 30312e323530 6b67 67 0304".replace(" ", ""))
        (reading,) = load("os2_active").decoder(poll=True).feed(frame)
        assert (str(reading.value), reading.stable) == ("1.250", True)
        assert load("os2_active").decoder().feed(frame) == []
