"""Whose frame is it: each is claimed by its own protocol and no other, but for the families that share a form."""

import json
from pathlib import Path
from typing import Any

import pytest

from drivers.scale.protocol import load, names

Vector = dict[str, Any]
VECTORS: list[Vector] = json.loads(Path(__file__).with_name("scale_vectors.json").read_text("utf-8"))
DECODERS = {name: protocol for name in names() if not (protocol := load(name)).described}

FAMILIES = (
    {"and_std", "cas22", "st_gs"},
    {"cas_dc1", "os2_active"},
    {"yaohua_eq_forward", "yaohua_eq_reversed"},
)
"""The comma lines, one tolerant grammar; the frame of CAS with and without flags; and the two `=` lines, of which only
a known load tells one from the other."""

COVERED = 0.9
"""Share of the bytes that a decoder must take for commissioning to believe it."""


def kin(name: str) -> set[str]:
    return next((family for family in FAMILIES if name in family), {name})


VAGUE = {"unreadable", "not-a-mass", "no-weight"}
"""Faults that a decoder without a form of its own, such as bare figures, has for another's frame as well."""


def claims(name: str, frame: bytes) -> bool:
    """Whether the decoder takes the frame, and knows what it says."""
    readings = DECODERS[name].decoder().feed(frame)
    covered = sum(len(reading.raw) for reading in readings) / len(frame)
    return covered >= COVERED and any(reading.fault not in VAGUE for reading in readings)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"{vector['protocol']}:{vector['hex'].replace(' ', '')}")
def test_a_frame_belongs_to_one_protocol(vector: Vector) -> None:
    frame, owner = bytes.fromhex(vector["hex"]), vector["protocol"]
    claimed = {name for name in DECODERS if claims(name, frame)}
    assert claimed <= kin(owner)
    assert owner in claimed or "value" not in vector["expect"]


def test_frames_of_the_families_are_claimed_by_all_of_them() -> None:
    assert claims("yaohua_eq_forward", b"=000.3000")
    assert claims("yaohua_eq_reversed", b"=000.3000")
    assert all(claims(name, b"ST,GS,+   1.230kg\r\n") for name in FAMILIES[0])
