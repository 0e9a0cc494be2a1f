"""What a scale speaks, found out at set-up on the one port that a person chose: listen first, ask only a silent one.

`listening` and `probing` are the machine: generators that say what to do on the line next and are sent what was heard.
`run` does it on the port, opened exclusively, as 8N1 (see `candidates`) and without flow control.
"""

import contextlib
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass

import serial

from drivers.port import Handshake, LineSettings, in_use, open_port, read_some
from drivers.scale.candidates import FRAMES, Candidate, candidates, framed, shortlist
from drivers.scale.probes import PROBES, ROUNDS, Probe
from drivers.scale.protocol import load, names

BAUDRATES = (9600, 4800, 2400, 19200, 1200, 38400, 115200, 600)
"""In the order in which they are tried."""
LISTEN = 1.2
"""Seconds at each baud rate; three periods of nearly every scale that sends by itself."""
LINGER = 4.0
"""Seconds more where frames come, but slowly."""
ENOUGH = 400
"""Bytes after which there is nothing more to learn."""
ANSWER = 0.4
"""Seconds a scale has to answer."""
LIMIT = 4096
"""Most bytes taken in one step."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do on the line: set it, send, collect for `seconds` or up to `enough` bytes; then always `after`."""

    settings: LineSettings
    seconds: float
    send: bytes = b""
    after: bytes = b""
    answers: tuple[tuple[bytes, bytes], ...] = ()
    enough: int = LIMIT
    flush: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """What may be on the line, the likeliest first; a person's answer decides between several."""

    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Unclear:
    """Something speaks, but nothing known; `sample` is what came."""

    settings: LineSettings
    sample: bytes


@dataclass(frozen=True, slots=True)
class Silent:
    """Nothing came."""


Outcome = Found | Unclear | Silent
"""How a search ends."""

Plan = Generator[Step, bytes, Outcome]


def listening(baudrates: Iterable[int] = BAUDRATES, seconds: float = LISTEN) -> Plan:
    """Phase 1, which sends nothing: every baud rate with DTR and RTS on, then off."""
    rates = tuple(baudrates)
    heard: list[tuple[int, Unclear]] = []
    for lines in (True, False):
        for rate in rates:
            settings = LineSettings(rate, dtr=lines, rts=lines)
            data = yield Step(settings, seconds, enough=ENOUGH)
            scored = candidates(data, settings)
            if scored and scored[0].run < FRAMES:
                data += yield Step(settings, LINGER * seconds / LISTEN, enough=ENOUGH, flush=False)
                scored = candidates(data, settings)
            if found := shortlist(scored):
                return Found(found)
            if data:
                heard.append((scored[0].score if scored else 0, Unclear(settings, data)))
        if heard:
            return max(heard, key=lambda each: each[0])[1]
    return Silent()


def probing(
    *,
    printer: bool = True,
    rounds: Iterable[LineSettings] = ROUNDS,
    seconds: float = ANSWER,
    probes: tuple[Probe, ...] = PROBES,
) -> Plan:
    """Phase 2, only for a silent port: read-only questions, each answer checked by the protocol's own poll.

    `printer`: the port may be a receipt printer's; then nothing is sent that one could take for a command.
    """
    heard: Unclear | None = None
    for settings in rounds:
        for probe in probes:
            if probe.prints and printer:
                continue
            data = yield Step(settings, seconds, probe.request, probe.after, probe.answers)
            plain, _ = framed(data, settings)
            heard = heard or (Unclear(settings, data) if data else None)
            if probe.reply in plain if probe.reply else candidates(data, settings, _known(probe)):
                found = yield from _verified(settings, _known(probe), seconds)
                if found:
                    return Found(found)
    return heard or Silent()


def _known(probe: Probe) -> tuple[str, ...]:
    """What it identifies, of the protocols there are, and only those that can be asked again."""
    return tuple(name for name in probe.identifies if name in names() and load(name).poll)


def _verified(
    settings: LineSettings, protocols: tuple[str, ...], seconds: float
) -> Generator[Step, bytes, tuple[Candidate, ...]]:
    """Those of the protocols whose own poll brings valid answers every time."""
    good = []
    for name in protocols:
        data = b""
        for _ in range(FRAMES):
            data += yield _asking(name, settings, seconds)
        good += [each for each in candidates(data, settings, (name,)) if each.accepted]
    return shortlist(sorted(good, key=lambda each: -each.score))


def _asking(protocol: str, settings: LineSettings, seconds: float) -> Step:
    poll = load(protocol).poll
    return Step(settings, seconds, poll.request, answers=poll.answers) if poll else Step(settings, seconds)


def weighing(candidate: Candidate, seconds: float = LISTEN, *, talks: bool = False) -> Step:
    """What to do to hear once more what a scale says that was found; `talks` if it was found without asking it."""
    if talks:
        return Step(candidate.settings, seconds)
    return _asking(candidate.protocol, candidate.settings, seconds)


def run(url: str, plan: Plan, tell: Callable[[LineSettings], object]) -> Outcome:
    """Carry the plan out on the port at `url`; `tell` is called when the line is set anew. Raises a `PortError`."""
    port = open_port(url, LineSettings())
    try:
        step = next(plan)
        tell(settings := step.settings)
        while True:
            try:
                step = plan.send(perform(port, url, step))
            except StopIteration as end:
                outcome: Outcome = end.value
                return outcome
            if step.settings != settings:
                tell(settings := step.settings)
    finally:
        port.close()


def hear(url: str, step: Step) -> bytes:
    """What came in one step on the port at `url`, opened for it. Raises a `PortError`."""
    port = open_port(url, LineSettings())
    try:
        return perform(port, url, step)
    finally:
        port.close()


def perform(port: serial.SerialBase, url: str, step: Step) -> bytes:
    """Do one step on an open port: what came, as read with 8N1. Raises `DeviceLost`."""
    with in_use(url):
        try:
            port.baudrate = step.settings.baudrate
        except ValueError:
            return b""  # not a rate of this adapter
        # a line without control signals (a pseudo-terminal, some converters) does without them
        with contextlib.suppress(OSError):
            port.dtr, port.rts = step.settings.dtr, step.settings.rts
        if step.flush:
            port.reset_input_buffer()
    try:
        data = _exchange(port, url, step)
    finally:
        _write(port, url, step.after, step.settings)
    return data + (b"".join(_coming(port, url, step.seconds)) if step.after else b"")


def _exchange(port: serial.SerialBase, url: str, step: Step) -> bytes:
    handshake = Handshake(tuple((_parity(word, step.settings), answer) for word, answer in step.answers))
    _write(port, url, step.send, step.settings)
    handshake.asked()
    data = b""
    for more in _coming(port, url, step.seconds):
        data += more
        _write(port, url, handshake.heard(more), step.settings)
        if len(data) >= step.enough:
            break
    return data


def _coming(port: serial.SerialBase, url: str, seconds: float) -> Iterator[bytes]:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        yield read_some(port, url)


def _write(port: serial.SerialBase, url: str, data: bytes, settings: LineSettings) -> None:
    if data:
        with in_use(url):
            port.write(_parity(data, settings))


def _parity(data: bytes, settings: LineSettings) -> bytes:
    """Bytes that an 8N1 line sends as `settings` would: the parity bit in bit 7."""
    if settings.bytesize == 8:
        return data
    odd = settings.parity == "O"
    return bytes(byte | (byte.bit_count() & 1 ^ odd) << 7 for byte in data)
