"""A scale of the shop: reader, decoder and weighing machine wired together, safe to ask from any thread."""

import logging
import time
from dataclasses import replace
from threading import Condition

from drivers.errors import DeviceSilent
from drivers.events import DeviceDown, Emit, Event, Weighed
from drivers.port import LineSettings
from drivers.reader import BACKOFF, Heard, Reader
from drivers.scale.machine import FRESH, Button, WeighingMachine
from drivers.scale.protocol import Decoder, load
from drivers.scale.weighing import Moving, NoSignal, NotTaken, OutOfRange, ScaleProfile, Settled, Weighing

SILENCE = 5.0
"""Seconds without a valid frame after which the port is reopened; the figure is gone long before."""

LIVE_INTERVAL = 0.1
"""Shortest time in seconds between two live figures of a moving load."""

log = logging.getLogger(__name__)


class Scale:
    """One scale on its port. Emits `DeviceUp` and `DeviceDown`, and `Weighed` whenever what it says changes.

    `settings` None takes the protocol's usual ones. Raises `UnknownProtocol`, and `ValueError` for a profile that the
    protocol cannot have.
    """

    def __init__(
        self,
        profile: ScaleProfile,
        url: str,
        settings: LineSettings | None,
        emit: Emit,
        *,
        silence: float = SILENCE,
        backoff: tuple[float, ...] = BACKOFF,
    ) -> None:
        self.profile = profile
        self._protocol = load(profile.protocol).at(profile.address)
        self._poll = self._protocol.asks(profile.poll)
        self._decoder = self._new_decoder()
        self._machine = WeighingMachine(profile, one_shot=self._protocol.one_shot, patience=self._protocol.patience)
        self._emit = emit
        self._heard = Condition()
        self._frames = 0
        self._frame = (b"", 0.0)
        self._stopped = False
        self._was_down = False
        self._shown: Weighing | None = None
        self._shown_at = float("-inf")
        self._reader = Reader(
            profile.id,
            url,
            settings or self._protocol.settings,
            self._hear,
            self._report,
            poll=self._poll,
            silence=silence + self._protocol.patience,
            backoff=backoff,
            reset=self._reset,
        )

    def start(self) -> None:
        """Begin listening. A scale starts once."""
        self._reader.start()

    def stop(self) -> None:
        """Stop listening and close the port."""
        with self._heard:
            self._stopped = True
            self._heard.notify_all()
        self._reader.stop()

    def state(self) -> Weighing:
        """What the scale says now."""
        with self._heard:
            return self._machine.state(time.monotonic())

    def heard(self) -> Heard | None:
        """The last whole frame; the last bytes where none of them is one; None while nothing has come."""
        with self._heard:
            raw, at = self._frame
        age = time.monotonic() - at
        return Heard(raw, age) if raw and age < FRESH else self._reader.heard

    def take(self, expected: Settled) -> Settled | NotTaken:
        """The weight that was shown as `expected`, once per load, if it still stands.

        A command scale is asked again first, so this may wait up to a second: call it from a worker.
        """
        with self._heard:
            before = self._frames
            if self._poll and not self._heard.wait_for(lambda: self._frames > before, timeout=FRESH):
                return NotTaken("moving" if self._protocol.patience else DeviceSilent.code)
            return self._machine.take(expected, time.monotonic())

    def read_weight(self, timeout: int) -> Settled | NotTaken:
        """UnifiedPOS `ReadWeight`: wait up to `timeout` ms for a settled weight, and take it; call it from a worker.

        0 tries once, -1 waits until the scale is stopped. A load that is still coming, or a scale that is still
        connecting, is waited for; what only a person can put right (overweight, under zero, same weight, a wrong unit)
        comes back at once.
        """

        with self._heard:
            self._heard.wait_for(
                lambda: self._stopped or _decided(self._machine.state(time.monotonic())),
                None if timeout < 0 else timeout / 1000,
            )
            return self._machine.take(None, time.monotonic())

    def press(self, button: Button) -> str | None:
        """Have the scale zero itself, tare, or clear its tare, where its protocol can.

        Returns the code of why not: that of `WeighingMachine.refusal`, or `press-<button>` for a scale that only obeys
        its own keys. None when it was sent; what the scale made of it, its next readings tell.
        """
        command: bytes | None = getattr(self._protocol.commands, button)
        if command is None:
            return f"press-{button}"
        with self._heard:
            code = self._machine.refusal(button, time.monotonic())
        if code is None and not self._reader.send(command):
            return DeviceSilent.code
        log.warning("scale %s: %s %s", self.profile.id, button, code or "sent")
        return code

    def vouch(self) -> None:
        """Let what stands on the scale count although zero was not seen: two people said so."""
        with self._heard:
            self._machine.vouch()
        log.warning("scale %s: vouched for", self.profile.id)

    def _hear(self, data: bytes) -> bool:
        """Take in what the port gave; runs on the reader's thread, also when nothing came."""
        with self._heard:
            readings = self._decoder.feed(data)
            now = time.monotonic()
            for reading in readings:
                self._machine.feed(reading, now)
            self._frames += len(readings)
            if readings:
                self._frame = (readings[-1].raw, now)
            self._heard.notify_all()
        self._show(now)
        return bool(readings)

    def _reset(self) -> None:
        self._decoder = self._new_decoder()

    def _new_decoder(self) -> Decoder:
        of = self.profile
        return self._protocol.decoder(of.unit, of.checksum, of.line, of.poll, of.dummy_zeros)

    def _report(self, event: Event) -> None:
        self._emit(event)
        if isinstance(event, DeviceDown):
            with self._heard:
                self._machine.lost(event.code)
        self._show(time.monotonic())
        self._was_down |= isinstance(event, DeviceDown)
        # a good day writes no log: that a scale is there goes without saying, that it is back does not
        log.log(logging.WARNING if self._was_down else logging.INFO, "scale %s: %s", self.profile.id, event)

    def _show(self, now: float) -> None:
        """Emit what the scale says if it is news; a moving figure is not news more often than the eye can follow."""
        with self._heard:
            state = self._machine.state(now)
        news = replace(state, raw=b"", at=0.0) if isinstance(state, Settled) else state
        too_soon = now - self._shown_at < LIVE_INTERVAL
        if news == self._shown or (isinstance(news, Moving) and isinstance(self._shown, Moving) and too_soon):
            return
        self._shown, self._shown_at = news, now
        self._emit(Weighed(self.profile.id, state))


def _decided(weighing: Weighing) -> bool:
    """Whether waiting longer changes nothing: there is a weight, or only a person can do something about it."""
    match weighing:
        case Settled(is_zero=is_zero, is_light=is_light):
            return not (is_zero or is_light)
        case Moving(reason=reason):
            return reason != "loading"
        case OutOfRange(code=code):
            return code not in ("no-weight", "below-minimum")
        case NoSignal():
            return False
