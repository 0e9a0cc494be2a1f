"""The weighing machine and the keys of a scale: tare, return to zero, what two people vouch for, UnifiedPOS numbers."""

from decimal import Decimal

import pytest

from catalog.units import Grams
from drivers.scale.machine import Button
from drivers.scale.reading import Reading, fault
from drivers.scale.weighing import Moving, NotTaken, ReadError, Settled, Status
from tests.drivers.weighing_bench import Bench, net, says


class TestTareAndReturn:
    """A tare key shows zero with the load still on: that is no return to zero."""

    @pytest.mark.parametrize("tare", ["5.00", None])
    def test_a_load_tared_away_and_cleared_is_not_taken_twice(self, tare: str | None) -> None:
        bench = Bench().zero()
        bench.hear(*[says("5.00")] * 5)
        shown = bench.settled
        bench.take(shown)
        bench.hear(*[net("0.00", tare)] * 20, *[says("5.00")] * 5)
        assert bench.take(shown) == NotTaken("return-to-zero")

    @pytest.mark.parametrize("tare", ["5.00", None])
    def test_nor_while_the_line_was_down(self, tare: str | None) -> None:
        bench = Bench().zero()
        bench.machine.lost("device-lost")
        bench.hear(*[net("0.00", tare)] * 20, *[says("5.00")] * 5)
        assert bench.state() == Moving(Decimal("5.00"), "kg", "zero-first")

    @pytest.mark.parametrize("tare", ["2.00", None])
    def test_load_after_load_in_a_tared_crate(self, tare: str | None) -> None:
        bench = Bench().zero()
        bench.hear(*[net("5.00", tare)] * 5)
        assert isinstance(bench.take(bench.settled), Settled)
        bench.hear(*[net("0.00", tare)] * 5, *[net("3.00", tare)] * 5)
        assert bench.settled.grams == Grams(3000)

    def test_crate_and_load_lifted_together(self) -> None:
        bench = Bench().zero()
        bench.hear(*[net("5.00", "2.00")] * 5)
        bench.take(bench.settled)
        bench.hear(net("-2.00", "2.00"), *[says("3.00")] * 5)
        assert bench.settled.grams == Grams(3000)


class TestVouched:
    """Two people who have looked may let a load count without zero; only this once."""

    def test_a_load_that_cannot_come_off(self) -> None:
        bench = Bench().zero()
        bench.hear(*[says("5.00")] * 5)
        bench.take(bench.settled)
        bench.machine.vouch()
        assert isinstance(bench.take(bench.settled), Settled)
        assert bench.state() == Moving(Decimal("5.00"), "kg", "return-to-zero")

    def test_the_next_loss_asks_for_zero_again(self) -> None:
        bench = Bench()
        bench.hear(*[says("5.00")] * 5)
        bench.machine.vouch()
        assert bench.settled.grams == Grams(5000)
        bench.machine.lost("device-lost")
        bench.hear(*[says("5.00")] * 5)
        assert bench.state() == Moving(Decimal("5.00"), "kg", "zero-first")


class TestButtons:
    """Zero and tare by command: only where a person at the scale would be let, and zero within 4 % of Max (6 kg)."""

    @pytest.mark.parametrize(
        ("button", "heard", "code"),
        [
            ("zero", says("0.00"), None),
            ("zero", says("0.30"), None),
            ("zero", says("-0.30"), None),
            ("zero", says("6.00"), None),
            ("zero", says("6.05"), "zero-range"),
            ("zero", says("-6.05"), "zero-range"),
            ("zero", net("0.10", "1.65"), "tared"),
            ("zero", net("0.10", None), "tared"),
            ("zero", says("0.30", stable=False), "moving"),
            ("zero", says("0.30", unit="lb"), "unit-unconfirmed"),
            ("zero", fault("motion", b""), "moving"),
            ("zero", fault("under-zero", b""), "under-zero"),
            ("zero", fault("not-zeroed", b""), "not-zeroed"),
            ("zero", fault("overload", b""), "overload"),
            ("tare", says("1.65"), None),
            ("tare", says("0.00"), "nothing-to-tare"),
            ("tare", says("-0.30"), "nothing-to-tare"),
            ("tare", net("5.00", "1.65"), "tared"),
            ("tare", says("1.65", stable=False), "moving"),
            ("tare", fault("overload", b""), "overload"),
            ("clear", net("5.00", "1.65"), None),
            ("clear", net("5.00", None), None),
            ("clear", says("5.00"), None),
            ("clear", says("5.00", stable=False), "moving"),
        ],
    )
    def test_when_it_may_be_pressed(self, button: Button, heard: Reading, code: str | None) -> None:
        bench = Bench().zero()
        bench.hear(*[heard] * 5)
        assert bench.machine.refusal(button, bench.now) == code

    @pytest.mark.parametrize("button", ["zero", "tare"])
    def test_not_while_a_load_that_was_taken_is_on(self, button: Button) -> None:
        bench = Bench().zero()
        bench.hear(*[says("5.00")] * 5)
        bench.take(bench.settled)
        assert bench.machine.refusal(button, bench.now) == "return-to-zero"
        bench.hear(*[says("0.30")] * 5)
        assert bench.machine.refusal(button, bench.now) is None

    def test_zero_is_what_a_dirty_scale_needs_after_a_loss(self) -> None:
        bench = Bench()
        bench.hear(*[says("0.30")] * 5)
        assert bench.state() == Moving(Decimal("0.30"), "kg", "zero-first")
        assert bench.machine.refusal("zero", bench.now) is None

    def test_nothing_without_a_signal(self) -> None:
        bench = Bench()
        assert bench.machine.refusal("zero", bench.now) == "device-silent"
        bench.zero().wait(1.5)
        assert bench.machine.refusal("clear", bench.now) == "device-silent"
        bench.machine.lost("device-lost")
        assert bench.machine.refusal("tare", bench.now) == "device-lost"


@pytest.mark.parametrize(
    ("heard", "status", "number", "error"),
    [
        (says("5.00"), Status.STABLE, 11, None),
        (says("5.00", stable=False), Status.UNSTABLE, 12, None),
        (fault("motion", b""), Status.UNSTABLE, 12, None),
        (says("0.00"), Status.ZERO, 13, None),
        (fault("overload", b""), Status.OVERWEIGHT, 14, ReadError.OVERWEIGHT),
        (says("150.50"), Status.OVERWEIGHT, 14, ReadError.OVERWEIGHT),
        (fault("not-zeroed", b""), Status.NOT_READY, 15, None),
        (fault("unreadable", b""), Status.NOT_READY, 15, None),
        (says("5.00", unit="lb"), Status.NOT_READY, 15, None),
        (fault("under-zero", b""), Status.UNDER_ZERO, 16, ReadError.UNDER_ZERO),
        (says("-0.50"), Status.UNDER_ZERO, 16, ReadError.UNDER_ZERO),
        (says("0.95"), Status.UNDERWEIGHT, 17, None),
    ],
)
def test_unified_pos_numbers(heard: Reading, status: Status, number: int, error: ReadError | None) -> None:
    bench = Bench().zero()
    bench.hear(*[heard] * 5)
    assert bench.state().status is status
    assert status == number
    taken = bench.machine.take(None, bench.now)
    assert isinstance(taken, Settled) if status is Status.STABLE else isinstance(taken, NotTaken)
    assert isinstance(taken, Settled) or taken.error is error


def test_unified_pos_numbers_of_what_is_no_reading() -> None:
    bench = Bench()
    assert bench.state().status is Status.NOT_READY
    bench.zero().hear(*[says("5.00")] * 5)
    bench.machine.take(None, bench.now)
    again = bench.machine.take(None, bench.now)
    assert isinstance(again, NotTaken)
    assert again.error is ReadError.SAME_WEIGHT
    assert bench.state().status is Status.NOT_READY
    assert [int(error) for error in ReadError] == [201, 202, 203]
