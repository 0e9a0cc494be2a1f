"""Which protocols could have sent what was heard on a line: each one's decoder tried and scored, pure.

The line is read as 8N1 whatever the scale is set to: a 7-bit sender's parity (or second stop bit) then stands in bit 7,
where it tells its setting.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain
from typing import Literal, get_args

from drivers.port import LineSettings
from drivers.scale.framing import seven_bits
from drivers.scale.protocol import load, names
from drivers.scale.reading import GRAMS, DummyZeros, Reading

Question = Literal["direction", "unit", "decimals", "status"]
"""What the frames leave open: digits forward or reversed, the unit, the point, or that they are numbers and no more."""

FRAMES = 3
"""Valid frames in a row that make a candidate."""
COVERAGE = 900
"""Thousandths of the bytes that they must cover."""
AHEAD = 100
"""Thousandths by which a score must be lower to be out of the question."""
SEPARATOR = 4
"""Most bytes between two frames in a row: an address, an acknowledgement."""

CHECKED = frozenset({"cas_dc1", "dibal_98", "os2_active", "yaohua_a12e", "yaohua_cmd", "yaohua_stx"})
"""Frames with a checksum."""
BARE = frozenset({"ohaus", "samsung_esp"})
"""Little more than a number in free text."""
LAMPS = frozenset({"cas22"})
"""What tells their lines from the rest of their family's is a byte with bit 7 set."""
DIRECTIONS = frozenset({"yaohua_eq_forward", "yaohua_eq_reversed"})

_CHECKED, _FIXED, _BARE = 10, 8, 3
"""Tenths that a covered byte counts."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A protocol that may have sent what was heard. `score` and `coverage` are thousandths.

    `unit` is None until somebody read it off the display, where the frames name none.
    """

    protocol: str
    settings: LineSettings
    score: int
    coverage: int
    run: int
    readings: tuple[Reading, ...]
    checksum: bool | None = None
    unit: str | None = None
    dummy_zeros: DummyZeros | None = None

    @property
    def accepted(self) -> bool:
        """Enough valid frames in a row, hardly anything else on the line, and a figure in them."""
        tells = any(reading.value is not None or reading.fault == "resolution" for reading in self.readings)
        return tells and self.run >= FRAMES and self.coverage >= COVERAGE

    @property
    def polled(self) -> bool:
        """Its scales speak only when asked."""
        return load(self.protocol).poll is not None

    def readings_in(self, data: bytes, unit: str | None = None) -> tuple[Reading, ...]:
        """What this protocol reads in bytes that came as 8N1, with `unit` confirmed or as it is known so far."""
        plain = seven_bits(data) if self.settings.bytesize == 7 else data
        decoder = load(self.protocol).decoder(unit or self.unit, self.checksum, dummy_zeros=self.dummy_zeros)
        return tuple(decoder.feed(plain))


def framed(data: bytes, settings: LineSettings) -> tuple[bytes, LineSettings]:
    """What was sent, of bytes read as 8N1, and the sender's setting: `settings` with its bits, parity and stop bits."""
    high = sum(byte >> 7 for byte in data)
    even = sum(not byte.bit_count() & 1 for byte in data)
    found = replace(settings, bytesize=8, parity="N", stopbits=1)
    if not high:
        return data, found
    if even * 10 > len(data) * 9:
        found = replace(found, bytesize=7, parity="E")
    elif even * 10 < len(data):
        found = replace(found, bytesize=7, parity="O")
    elif high == len(data):
        found = replace(found, bytesize=7, stopbits=2)
    else:
        return data, found
    return seven_bits(data), found


def candidates(data: bytes, settings: LineSettings, among: Iterable[str] | None = None) -> list[Candidate]:
    """Every protocol (of `among`, or of all) with a valid frame in `data`, read as 8N1; the best first.

    Eight data bits may look like seven and a parity by chance, so that both are tried.
    """
    plain, found = framed(data, settings)
    lines = {found: plain, replace(found, bytesize=8, parity="N", stopbits=1): data}
    tried: list[Candidate] = []
    for name in names() if among is None else among:
        if not load(name).described:
            as_read = [best for line, sent in lines.items() if (best := _tried(name, sent, line))]
            tried += [max(as_read, key=lambda each: each.score)] if as_read else []
    return sorted(tried, key=lambda each: (-each.score, each.polled, each.protocol))


def _tried(name: str, data: bytes, settings: LineSettings) -> Candidate | None:
    """The protocol with the checksum option that fits better, None for it where the option changes nothing."""
    without, with_one = (_valid(name, data, checksum) for checksum in (False, True))
    if without == with_one:
        return _scored(name, data, settings, without, None)
    both = [
        _scored(name, data, settings, readings, checksum) for checksum, readings in ((False, without), (True, with_one))
    ]
    return max((each for each in both if each), key=lambda each: each.score, default=None)


def _valid(name: str, data: bytes, checksum: bool) -> tuple[Reading, ...]:
    readings = load(name).decoder(checksum=checksum).feed(data)
    return tuple(
        reading
        for reading in readings
        if reading.fault not in ("unreadable", "not-a-mass") and (name not in LAMPS or max(reading.raw) >> 7)
    )


def _scored(
    name: str, data: bytes, settings: LineSettings, readings: tuple[Reading, ...], checksum: bool | None
) -> Candidate | None:
    coverage, run = _coverage(data, [reading.raw for reading in readings])
    tenths = _BARE if name in BARE else _CHECKED if name in CHECKED or checksum else _FIXED
    score = coverage * tenths // 10
    return Candidate(name, settings, score, coverage, run, readings, checksum) if run else None


def _coverage(data: bytes, frames: Sequence[bytes]) -> tuple[int, int]:
    """Thousandths of `data` that the frames cover, and the most frames in a row.

    The frames cut off at either end of what was heard do not count against them.
    """
    first = end = covered = run = longest = 0
    for number, frame in enumerate(frames):
        at = data.find(frame, end)
        if at < 0:
            continue
        if not covered:
            first = at
        run = run + 1 if number and at - end <= SEPARATOR else 1
        longest = max(longest, run)
        end = at + len(frame)
        covered += len(frame)
    if not covered:
        return 0, 0
    cut = max(len(frame) for frame in frames) + SEPARATOR
    heard = end - first + max(0, first - cut) + max(0, len(data) - end - cut)
    return covered * 1000 // heard, longest


def shortlist(found: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Of candidates, best first, those to choose from: accepted, close to the best, and not reading the same from it.

    Frames that came unasked are a talking scale's if any protocol of such has them.
    """
    near = [each for each in found if each.accepted and each.score > found[0].score - AHEAD]
    if not found or not found[0].accepted:
        return ()
    return distinct([each for each in near if not each.polled] or near)


def distinct(found: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Without those that read the same as one before them.

    An empty scale, and digits that are the same from both ends, tell nothing about the direction of the digits.
    """
    kept: list[Candidate] = []
    for each in found:
        if all(_differ(each, other) for other in kept):
            kept.append(each)
    return tuple(kept)


def _differ(one: Candidate, other: Candidate) -> bool:
    said, also = ([(r.value, r.unit, r.fault) for r in each.readings] for each in (one, other))
    return said != also or not any(r.value for r in one.readings) or {one.protocol, other.protocol} == DIRECTIONS


def questions(found: Sequence[Candidate]) -> tuple[Question, ...]:
    """What a person has to settle about these candidates."""
    asked: list[Question] = []
    if {each.protocol for each in found} >= DIRECTIONS:
        asked.append("direction")
    if any(_names_no_unit(each) for each in found):
        asked.append("unit")
    if any(reading.fault == "resolution" for each in found for reading in each.readings):
        asked.append("decimals")
    if any(each.protocol in BARE and all(reading.stable is None for reading in each.readings) for each in found):
        asked.append("status")
    return tuple(asked)


def _names_no_unit(candidate: Candidate) -> bool:
    """Whether its readings take whatever unit the decoder was told."""
    raw = b"".join(reading.raw for reading in candidate.readings)
    return any(reading.unit == "liang" for reading in candidate.readings_in(raw, "liang"))


def confirmed(found: Iterable[Candidate], data: bytes, shown: Decimal, unit: str) -> tuple[Candidate, ...]:
    """Those that read in `data` what the display shows (`shown` in `unit`, a key of `GRAMS`), their unit settled.

    A scale may name another unit on the wire than on its display: the mass must be the same, and the wire's unit stays.
    """
    fitting = []
    for each in chain.from_iterable(map(_with_zeros, found)):
        for readings in (each.readings_in(data, unit), each.readings_in(data)):
            same = [reading.unit for reading in readings if reading.grams == shown * GRAMS[unit]]
            if same:
                fitting.append(replace(each, readings=readings, unit=same[-1]))
                break
    return tuple(fitting)


def _with_zeros(candidate: Candidate) -> Iterable[Candidate]:
    """The candidate, or each way of taking fixed zeros where it has figures with such."""
    if all(reading.fault != "resolution" for reading in candidate.readings):
        return (candidate,)
    return [replace(candidate, dummy_zeros=zeros) for zeros in get_args(DummyZeros)]
