"""The one thread loop that listens to a device: open, ask, read, hand over, reopen with back-off.

Scales and serial scanners share it. What the bytes mean is the business of the `hear` callable; the loop only needs to
know from it whether something valid came, so that a line that has gone quiet counts as lost (some USB adapters give no
error at all when they are pulled, and a scale that was switched off leaves its adapter alive).
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, Full, Queue
from threading import Event, Thread

import serial

from drivers.errors import DeviceSilent, DriverError
from drivers.events import DeviceDown, DeviceUp, Emit
from drivers.port import PORT_ERRORS, Handshake, LineSettings, Poll, in_use, open_port, read_some

BACKOFF = (0.5, 1.0, 2.0, 4.0, 5.0)
"""Seconds before each further attempt to open the port; the last one repeats."""

WAITING = 8
"""Most commands that may wait to be sent."""

TAIL = 32
"""Bytes kept of what came last, for a person to look at."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Heard:
    """What came last, and how many seconds ago."""

    raw: bytes
    age: float


class Reader:
    """A daemon thread that keeps the port at `url` open and calls `hear` with what comes.

    `hear(data)` runs on the thread, with b"" each time nothing came for a moment, and returns whether something valid
    came. `reset()` runs on it each time the port was opened, before anything is heard: what was half received belongs
    to the line's last life. `silence` is the number of seconds without anything valid after which the port is reopened,
    None for a device that may be quiet (a scanner). `DeviceUp` is emitted when the port is open or, with `silence`,
    when the device was first heard; `DeviceDown` with the code of the `DriverError`, once per change. A URL that names
    an adapter is looked up each time the port is opened.
    """

    def __init__(
        self,
        device: str,
        url: str,
        settings: LineSettings,
        hear: Callable[[bytes], bool],
        emit: Emit,
        *,
        poll: Poll | None = None,
        silence: float | None = None,
        backoff: tuple[float, ...] = BACKOFF,
        opening: Callable[[str, LineSettings], serial.SerialBase] = open_port,
        reset: Callable[[], object] | None = None,
    ) -> None:
        """`opening` opens what is no serial port but is read like one; it raises a `PortError` as `open_port` does."""
        self._device = device
        self._url = url
        self._settings = settings
        self._hear = hear
        self._emit = emit
        self._poll = poll
        self._silence = silence
        self._backoff = backoff
        self._opening = opening
        self._reset = reset
        self._commands: Queue[bytes] = Queue(WAITING)
        self._open = False
        self._tail = (b"", 0.0)
        self._attempts = 0
        self._last_said: DeviceUp | DeviceDown | None = None
        self._stop = Event()
        self._thread = Thread(target=self._run, name=f"reader-{device}", daemon=True)

    def start(self) -> None:
        """Begin. A reader runs once."""
        self._thread.start()

    def stop(self) -> None:
        """End and close the port; returns within a moment even if the system keeps the thread in an open call."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=1.0)

    @property
    def heard(self) -> Heard | None:
        """The last bytes that came, understood or not, since the port was opened; None while nothing has come."""
        raw, at = self._tail
        return Heard(raw, time.monotonic() - at) if raw else None

    def send(self, data: bytes) -> bool:
        """Have the thread write `data`, on a polled line instead of the next poll; from any thread, without waiting.

        False if the port is not open or `WAITING` commands are already due: nothing will be sent. What was not sent
        when the port went is never sent later. True promises no effect: only what the device then says does.
        """
        if not self._open:
            return False
        try:
            self._commands.put_nowait(data)
        except Full:
            return False
        return True

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._visit()
            except DriverError as error:
                self._say(DeviceDown(self._device, error.code))
            except Exception:
                log.exception("reader %s", self._device)
                self._say(DeviceDown(self._device, DriverError.code))
            self._rest()

    def _rest(self) -> None:
        delay = self._backoff[min(self._attempts, len(self._backoff) - 1)]
        self._attempts += 1
        self._stop.wait(delay)

    def _visit(self) -> None:
        """One life of an open port. Raises a `PortError` where it does not open."""
        port = self._opening(self._url, self._settings)
        try:
            while self._next_command():
                pass
            if self._reset:
                self._reset()
            self._tail = (b"", 0.0)
            self._open = True
            if self._silence is None:
                self._up()
            self._listen(port)
        except DriverError as error:
            # said first: some drivers never come back from closing what has gone
            self._say(DeviceDown(self._device, error.code))
        finally:
            self._open = False
            try:
                port.close()
            except PORT_ERRORS:
                log.info("reader %s: port did not close cleanly", self._device)

    def _listen(self, port: serial.SerialBase) -> None:
        handshake = Handshake(self._poll.answers if self._poll else ())
        heard_at = time.monotonic()
        asked_at = float("-inf")
        while not self._stop.is_set():
            now = time.monotonic()
            if self._poll is None or now - asked_at >= self._poll.interval:
                asked_at = now
                self._ask(port, handshake)
            data = read_some(port, self._url)
            if data:
                self._tail = ((self._tail[0] + data)[-TAIL:], time.monotonic())
            self._write(port, handshake.heard(data))
            if self._hear(data):
                heard_at = time.monotonic()
                self._up()
            elif self._silence is not None and time.monotonic() - heard_at > self._silence:
                raise DeviceSilent(self._url, f"nothing valid for {self._silence} s")

    def _ask(self, port: serial.SerialBase, handshake: Handshake) -> None:
        """Write the next command or, with none waiting, the poll: the answers to two questions would run together."""
        if command := self._next_command():
            self._write(port, command)
        elif self._poll:
            self._write(port, self._poll.request)
            handshake.asked()

    def _write(self, port: serial.SerialBase, data: bytes) -> None:
        if data:
            with in_use(self._url):
                port.write(data)

    def _next_command(self) -> bytes:
        try:
            return self._commands.get_nowait()
        except Empty:
            return b""

    def _up(self) -> None:
        self._attempts = 0
        self._say(DeviceUp(self._device))

    def _say(self, event: DeviceUp | DeviceDown) -> None:
        if event != self._last_said:
            self._last_said = event
            self._emit(event)
