"""What set-up finds out about one scale beside its protocol: its address, and what fixed zeros mean on its line."""

from dataclasses import replace
from decimal import Decimal

import pytest

from catalog.units import Grams
from drivers.events import Event
from drivers.port import LineSettings
from drivers.scale.candidates import candidates, confirmed, distinct, questions
from drivers.scale.protocol import load
from drivers.scale.reading import DummyZeros
from drivers.scale.scale import Scale
from drivers.scale.weighing import ScaleProfile, Settled
from drivers.simulated.cable import PtyCable
from drivers.simulated.scale import SimulatedScale
from tests.drivers.waiting import until

JAGUAR = bytes.fromhex("02 31 20 20 20 20 20 32 30 30 20 20 20 20 20 20 0D")
"""The published sample: the display says 200 lb, its last zero fixed."""
PROFILE = ScaleProfile("floor", "yaohua_cmd", "kg", Grams(100), Grams(60_000), Grams(5))


@pytest.mark.parametrize(
    ("address", "request_"),
    [
        ("A", "02 41 42 30 33 03"),
        ("C", "02 43 42 30 31 03"),
        ("AR", "02 41 52 31 33 03"),
        ("XR", "02 58 52 30 3A 03"),
    ],
)
def test_an_indicator_is_asked_at_its_address(address: str, request_: str) -> None:
    poll = load("yaohua_cmd").at(address).asks()
    assert poll is not None
    assert poll.request == bytes.fromhex(request_)


def test_an_a22_is_told_in_its_own_letters() -> None:
    commands = load("yaohua_cmd").at("AR").commands
    assert (commands.zero, commands.tare) == (bytes.fromhex("02 41 30 37 31 03"), bytes.fromhex("02 41 54 31 35 03"))
    assert load("yaohua_cmd").at("A").commands.zero is None


@pytest.mark.parametrize("address", ["a", "AA", "1", "R R", "ARR", "Ａ"])
def test_an_address_that_cannot_be(address: str) -> None:
    with pytest.raises(ValueError, match="no address"):
        load("yaohua_cmd").at(address)


def test_where_only_one_scale_is_on_a_line_nothing_has_an_address() -> None:
    assert load("st_gs").at("") == load("st_gs")
    with pytest.raises(ValueError, match="st_gs has no addresses"):
        load("st_gs").at("A")


def test_another_indicators_answer_is_none_of_ours() -> None:
    theirs, ours = b"\x02BB+01250031E\x03", b"\x02AB+01250031D\x03"
    (reading,) = load("yaohua_cmd").at("A").decoder("kg").feed(theirs + ours)
    assert reading.raw == ours
    assert [each.raw for each in load("yaohua_cmd").decoder("kg").feed(theirs + ours)] == [theirs, ours]


def test_an_a22_at_its_address_weighs_and_sets_its_zero() -> None:
    heard: list[Event] = []
    with PtyCable() as cable, SimulatedScale(cable, "yaohua_cmd", maximum=60_000, dialect="XR") as pan:
        scale = Scale(replace(PROFILE, address="XR"), cable.url, LineSettings(), heard.append)

        def shows(grams: int) -> bool:
            state = scale.state()
            return isinstance(state, Settled) and state.grams == Grams(grams)

        scale.start()
        try:
            until(lambda: shows(0), "zero")
            pan.place(10)
            until(lambda: shows(10), "dirt on the pan")
            assert scale.press("zero") is None
            until(lambda: shows(0), "zeroed")
        finally:
            scale.stop()


@pytest.mark.parametrize(("zeros", "pounds"), [("sent", 200), ("omitted", 2000)])
def test_fixed_zeros_are_what_set_up_found(zeros: DummyZeros, pounds: int) -> None:
    (reading,) = load("toledo_continuous").decoder(checksum=False, dummy_zeros=zeros).feed(JAGUAR)
    assert (reading.value, reading.unit) == (Decimal(pounds), "lb")
    assert f"{reading.value:f}" == str(pounds)
    (refused,) = load("toledo_continuous").decoder(checksum=False).feed(JAGUAR)
    assert refused.fault == "resolution"


@pytest.mark.parametrize("zeros", ["sent", "omitted"])
def test_other_figures_do_not_care_about_fixed_zeros(zeros: DummyZeros) -> None:
    frame = bytes.fromhex("02 3D 30 20 20 20 31 32 35 30 20 20 20 20 20 30 0D 0C")
    (reading,) = load("toledo_continuous").decoder(dummy_zeros=zeros).feed(frame)
    assert reading.value == Decimal("1.250")


def test_the_tenfold_resolution_is_refused_whatever_set_up_found() -> None:
    tenfold = JAGUAR[:3] + b"\x30" + JAGUAR[4:]
    (reading,) = load("toledo_continuous").decoder(checksum=False, dummy_zeros="sent").feed(tenfold)
    assert reading.fault == "resolution"


@pytest.mark.parametrize(("shown", "zeros"), [("200", "sent"), ("2000", "omitted")])
def test_a_known_load_tells_what_fixed_zeros_mean(shown: str, zeros: str) -> None:
    data = JAGUAR * 5
    found = [each for each in candidates(data, LineSettings(), ("toledo_continuous",)) if each.accepted]
    assert "decimals" in questions(found)
    (scale,) = distinct(confirmed(found, data, Decimal(shown), "lb"))
    assert (scale.dummy_zeros, scale.unit) == (zeros, "lb")
    assert confirmed(found, data, Decimal("20"), "lb") == ()
