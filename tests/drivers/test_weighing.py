"""The weighing machine: what settles, what does not, what is taken, and that no load is paid twice."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.units import Grams
from drivers.scale.reading import Fault, Reading, fault, weight
from drivers.scale.weighing import Moving, NoSignal, NotTaken, OutOfRange, Settled
from tests.drivers.weighing_bench import FAULTS, PROFILE, Bench, says


def test_before_the_first_frame_there_is_no_signal() -> None:
    assert Bench().state() == NoSignal("device-silent", None)


def test_a_stable_weight_settles_and_says_what_the_scale_shows() -> None:
    bench = Bench().zero()
    bench.hear(*[says("18.65")] * 4)
    settled = bench.settled
    assert (settled.grams, settled.value, settled.text, settled.unit) == (
        Grams(18_650),
        Decimal("18.65"),
        "18.65",
        "kg",
    )
    assert (settled.criterion, settled.raw, settled.at) == ("flag", b"18.65", bench.now)
    assert not settled.is_zero
    assert bench.take(settled) == settled


def test_an_empty_scale_is_settled_at_zero_and_pays_nothing() -> None:
    bench = Bench().zero()
    assert bench.settled.is_zero
    assert bench.settled.grams == Grams(0)
    assert bench.take(bench.settled) == NotTaken("below-minimum")
    free = Bench(replace(PROFILE, minimum=Grams(0))).zero()
    assert free.take(free.settled) == NotTaken("below-minimum")


class TestFlag:
    def test_one_stable_frame_is_not_enough(self) -> None:
        bench = Bench().zero()
        bench.hear(says("5.00"))
        assert bench.state() == Moving(Decimal("5.00"), "kg")

    def test_equal_frames_must_span_300_ms(self) -> None:
        bench = Bench().zero()
        bench.hear(*[says("5.00")] * 30, every=0.01)
        assert isinstance(bench.state(), Moving)
        bench.hear(*[says("5.00")] * 2, every=0.01)
        assert bench.settled.grams == Grams(5000)

    def test_two_slow_frames_are_enough(self) -> None:
        bench = Bench().zero()
        bench.hear(says("5.00"), says("5.00"), every=0.5)
        assert bench.settled.criterion == "flag"

    @pytest.mark.parametrize("other", [says("5.05"), says("5.00", stable=False), fault("motion", b"?")])
    def test_another_value_or_motion_starts_again(self, other: Reading) -> None:
        bench = Bench().zero()
        bench.hear(*[says("5.00")] * 5, other, says("5.00"), says("5.00"))
        assert isinstance(bench.state(), Moving)
        bench.hear(*[says("5.00")] * 3)
        assert bench.settled.grams == Grams(5000)

    def test_motion_keeps_a_figure_for_the_eye_only(self) -> None:
        bench = Bench().zero()
        bench.hear(*[says("5.00", stable=False)] * 50)
        assert bench.state() == Moving(Decimal("5.00"), "kg", "loading")
        bench.hear(fault("motion", b"?"))
        assert bench.state() == Moving(None, None, "loading")


class TestWindow:
    """Protocols without a stability flag are judged over a whole second."""

    def bench(self) -> Bench:
        bench = Bench()
        bench.hear(*[says("0.00", stable=None)] * 15)
        return bench

    def test_a_second_within_one_division_settles(self) -> None:
        bench = self.bench()
        bench.hear(*[says(value, stable=None) for value in ["5.00", "5.05"] * 6], says("5.05", stable=None))
        assert (bench.settled.grams, bench.settled.criterion) == (Grams(5050), "window")

    def test_less_than_a_second_does_not(self) -> None:
        bench = self.bench()
        bench.hear(*[says("5.00", stable=None)] * 9)
        assert isinstance(bench.state(), Moving)

    def test_many_frames_in_a_short_time_do_not(self) -> None:
        bench = self.bench()
        bench.hear(*[says("5.00", stable=None)] * 80, every=0.012)
        assert isinstance(bench.state(), Moving)
        bench.hear(*[says("5.00", stable=None)] * 10, every=0.012)
        assert bench.settled.grams == Grams(5000)

    def test_three_frames_in_a_second_are_too_few(self) -> None:
        bench = self.bench()
        bench.hear(*[says("5.00", stable=None)] * 20, every=0.5)
        assert isinstance(bench.state(), Moving)

    def test_two_divisions_are_movement(self) -> None:
        bench = self.bench()
        bench.hear(*[says(value, stable=None) for value in ["5.00", "5.10"] * 10], says("5.10", stable=None))
        assert isinstance(bench.state(), Moving)

    def test_creep_within_a_division_per_frame_is_movement(self) -> None:
        bench = self.bench()
        bench.hear(*[says(str(Decimal("5.00") + step * Decimal("0.01")), stable=None) for step in range(40)])
        assert isinstance(bench.state(), Moving)

    def test_the_last_two_frames_must_agree(self) -> None:
        bench = self.bench()
        bench.hear(*[says("5.00", stable=None)] * 12, says("5.05", stable=None))
        assert isinstance(bench.state(), Moving)

    def test_a_fault_empties_the_window(self) -> None:
        bench = self.bench()
        bench.hear(*[says("5.00", stable=None)] * 12, fault("no-weight", b""), *[says("5.00", stable=None)] * 9)
        assert isinstance(bench.state(), Moving)


class TestFaults:
    @pytest.mark.parametrize("code", FAULTS)
    def test_a_fault_clears_the_figure_at_once(self, code: Fault) -> None:
        bench = Bench().zero()
        bench.hear(*[says("5.00")] * 5)
        shown = bench.settled
        bench.hear(fault(code, b""))
        assert bench.state() == OutOfRange(code)
        assert bench.take(shown) == NotTaken(code)

    def test_a_figure_above_max_and_nine_divisions_is_overload(self) -> None:
        bench = Bench().zero()
        bench.hear(*[says("150.45")] * 5)
        assert bench.settled.grams == Grams(150_450)
        bench.hear(*[says("150.50")] * 5)
        assert bench.state() == OutOfRange("overload")

    def test_tare_counts_towards_max(self) -> None:
        bench = Bench().zero()
        net = weight(Decimal("140.00"), "kg", b"", stable=True, mode="net", tare=Decimal("20.00"))
        bench.hear(*[net] * 5)
        assert bench.state() == OutOfRange("overload")

    def test_below_zero_is_never_a_weight(self) -> None:
        bench = Bench().zero()
        bench.hear(*[says("-0.50")] * 5)
        assert bench.state() == OutOfRange("under-zero")

    @pytest.mark.parametrize("unit", ["lb", "jin", "g"])
    def test_a_unit_changed_on_the_way_stops_weighing(self, unit: str) -> None:
        bench = Bench().zero()
        bench.hear(*[says("5.00")] * 5)
        shown = bench.settled
        bench.hear(*[says("5.00", unit=unit)] * 5)
        assert bench.state() == OutOfRange("unit-unconfirmed")
        assert bench.take(shown) == NotTaken("unit-unconfirmed")
        bench.hear(says("5.00"))
        assert isinstance(bench.state(), Moving)

    def test_an_unconfirmed_unit_never_counts_as_zero(self) -> None:
        bench = Bench()
        bench.hear(*[says("0.00", unit="lb")] * 5, *[says("5.00")] * 5)
        assert bench.state() == Moving(Decimal("5.00"), "kg", "zero-first")

    def test_a_fraction_of_a_gram_is_refused(self) -> None:
        bench = Bench(replace(PROFILE, unit="g")).zero()
        bench.hear(*[says("0.0", unit="g")] * 5, *[says("1234.5", unit="g")] * 5)
        assert bench.state() == OutOfRange("fraction")

    def test_a_scale_switched_on_with_a_load_must_be_zeroed(self) -> None:
        bench = Bench().zero()
        bench.hear(*[fault("not-zeroed", b"")] * 3, *[says("5.00")] * 5)
        assert bench.state() == Moving(Decimal("5.00"), "kg", "zero-first")


class TestFreshness:
    def test_a_second_of_silence_clears_the_figure(self) -> None:
        bench = Bench().zero()
        bench.hear(*[says("5.00")] * 5)
        shown, heard = bench.settled, bench.now
        bench.wait(1.5)
        assert bench.state() == NoSignal("device-silent", heard)
        assert bench.take(shown) == NotTaken("device-silent")

    def test_after_silence_weighing_resumes_from_zero(self) -> None:
        bench = Bench().zero()
        bench.hear(*[says("5.00")] * 5)
        bench.wait(3)
        bench.hear(*[says("7.00")] * 5)
        assert bench.state() == Moving(Decimal("7.00"), "kg", "zero-first")
        bench.hear(*[says("0.00")] * 3, *[says("7.00")] * 5)
        assert bench.settled.grams == Grams(7000)

    def test_a_slow_scale_stays_fresh_for_four_periods(self) -> None:
        bench = Bench()
        bench.hear(*[says("0.00")] * 10, *[says("5.00")] * 10, every=0.8)
        bench.wait(2.0)
        assert bench.settled.grams == Grams(5000)
        bench.wait(3.0)
        assert isinstance(bench.state(), NoSignal)

    def test_a_lost_line_says_why_and_forgets(self) -> None:
        bench = Bench().zero()
        bench.hear(*[says("5.00")] * 5)
        shown = bench.settled
        bench.machine.lost("device-lost")
        assert bench.state() == NoSignal("device-lost", bench.now)
        assert bench.take(shown) == NotTaken("device-lost")
        bench.hear(*[says("5.00")] * 5)
        assert bench.take(shown) == NotTaken("zero-first")


class TestTake:
    def test_a_load_is_taken_once(self) -> None:
        bench = Bench().zero()
        bench.hear(*[says("5.00")] * 5)
        shown = bench.settled
        assert bench.take(shown) == shown
        assert bench.take(shown) == NotTaken("return-to-zero")
        assert bench.state() == Moving(Decimal("5.00"), "kg", "return-to-zero")
        bench.hear(*[says("5.00")] * 50)
        assert bench.take(shown) == NotTaken("return-to-zero")

    def test_another_load_without_emptying_is_not_taken(self) -> None:
        bench = Bench().zero()
        bench.hear(*[says("5.00")] * 5)
        shown = bench.settled
        bench.take(shown)
        bench.hear(*[says("6.00", stable=False)] * 5, *[says("3.00")] * 10)
        assert bench.take(shown) == NotTaken("return-to-zero")

    @pytest.mark.parametrize("rest", [says("0.00"), says("0.95"), says("-0.50"), says("0.10", zero=True)])
    def test_a_rest_below_the_minimum_load_counts_as_emptied(self, rest: Reading) -> None:
        bench = Bench().zero()
        bench.hear(*[says("5.00")] * 5)
        bench.take(bench.settled)
        bench.hear(rest, *[says("3.00")] * 5)
        assert bench.settled.grams == Grams(3000)

    @pytest.mark.parametrize("rest", [says("1.00"), says("0.00", stable=False), says("5.00", zero=True)])
    def test_a_passing_dip_or_a_false_zero_mark_does_not(self, rest: Reading) -> None:
        bench = Bench().zero()
        bench.hear(*[says("5.00")] * 5)
        bench.take(bench.settled)
        bench.hear(rest, *[says("3.00")] * 5)
        assert bench.state() == Moving(Decimal("3.00"), "kg", "return-to-zero")

    def test_below_the_minimum_load_nothing_is_taken(self) -> None:
        bench = Bench().zero()
        bench.hear(*[says("0.95")] * 5)
        assert bench.take(bench.settled) == NotTaken("below-minimum")
        bench.hear(*[says("1.00")] * 5)
        assert isinstance(bench.take(bench.settled), Settled)

    def test_what_is_taken_is_what_was_shown(self) -> None:
        bench = Bench().zero()
        bench.hear(*[says("5.00")] * 5)
        shown = bench.settled
        bench.hear(*[says("5.05")] * 5)
        assert bench.take(shown) == NotTaken("changed")
        assert isinstance(bench.take(bench.settled), Settled)

    def test_a_moving_load_is_not_taken(self) -> None:
        bench = Bench().zero()
        bench.hear(*[says("5.00")] * 5)
        shown = bench.settled
        bench.hear(says("5.00", stable=False))
        assert bench.take(shown) == NotTaken("moving")

    def test_the_first_weighing_starts_from_zero(self) -> None:
        bench = Bench()
        bench.hear(*[says("5.00")] * 20)
        assert bench.state() == Moving(Decimal("5.00"), "kg", "zero-first")
        bench.hear(*[says("0.50")] * 20)
        assert bench.state() == Moving(Decimal("0.50"), "kg", "zero-first")


def readings() -> st.SearchStrategy[Reading]:
    figures = st.integers(-20, 4000).map(lambda steps: says(str(Decimal(steps).scaleb(-2) * 5)))
    doubtful = st.builds(
        lambda reading, stable: replace(reading, stable=stable), figures, st.sampled_from([None, False])
    )
    foreign = st.builds(lambda reading: replace(reading, unit="lb"), figures)
    return figures | doubtful | foreign | st.sampled_from([fault(code, b"") for code in FAULTS])


@given(
    script=st.lists(
        st.tuples(readings(), st.integers(1, 15), st.sampled_from([0.05, 0.1, 0.4, 2.0]), st.booleans()), max_size=30
    )
)
def test_whatever_a_scale_does_no_load_is_paid_twice(
    script: list[tuple[Reading, int, float, bool]],
) -> None:
    """Between two takes, and before the first, the scale was seen empty; what is taken is shown, whole and in range."""
    bench = Bench()
    emptied = False
    for reading, times, every, lost in script:
        if lost:
            bench.machine.lost("device-lost")
            emptied = False
        for _ in range(times):
            bench.hear(reading, every=every)
            if reading.grams is not None and reading.unit == "kg" and reading.grams < 1000:
                emptied = True
            state = bench.state()
            if isinstance(state, Settled):
                assert state.grams.amount == reading.grams
                taken = bench.take(state)
                if isinstance(taken, Settled):
                    assert emptied
                    assert 1000 <= taken.grams.amount <= 150_450
                    emptied = False
