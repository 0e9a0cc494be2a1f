"""Cables for simulated devices: a pty or a TCP port whose far end the shop opens by URL like the real thing.

A cable is plugged in when made. `unplug` makes the shop's open port fail as a pulled cable does; `plug` brings the same
URL back. `read` and `write` belong to the device's thread; `unplug`, `plug` and `close` may come from any thread.
Writing never waits: with nobody listening, bytes are lost, as on a wire.
"""

import contextlib
import errno
import os
import select
import shutil
import socket
import sys
import tempfile
import time
from pathlib import Path
from threading import Lock
from typing import Protocol, Self

from drivers.port import LineSettings

if sys.platform != "win32":
    import termios
    import tty

    RATES = {getattr(termios, f"B{rate}"): rate for rate in (600, 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)}


class Cable(Protocol):
    """The device's end of a cable."""

    @property
    def url(self) -> str:
        """What the shop opens."""

    def read(self, timeout: float) -> bytes:
        """What the shop sent, or b"" after at most `timeout` seconds."""

    def write(self, data: bytes) -> None:
        """Send to the shop; lost if nobody has the port open."""

    def unplug(self) -> None:
        """Pull the cable: the shop's port fails."""

    def plug(self, name: str | None = None) -> None:
        """Put it back, under the same URL or another; a new line, nothing of the old one is left in it.

        `name` is the link of a pty or the port of a TCP line. Raises `OSError` where that cannot be had.
        """

    @property
    def shop_settings(self) -> LineSettings | None:
        """How the shop has set its end, where the cable can tell."""

    def close(self) -> None:
        """Pull it and leave nothing behind."""


def _is_taken(link: Path) -> bool:
    """Whether there is something that is not the link of a pseudo-terminal."""
    if link.is_symlink():
        return not os.readlink(link).startswith("/dev/pts/")
    return link.exists()


def _link_to(target: str, link: Path) -> None:
    """Make or turn a link in one step, so that a shop never finds it missing."""
    folder = Path(tempfile.mkdtemp(prefix=".cable-", dir=link.parent))
    try:
        fresh = folder / link.name
        fresh.symlink_to(target)
        fresh.replace(link)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class PtyCable:
    """A pseudo-terminal behind a symbolic link, so that a replugged line keeps its name. Always 8N1; POSIX only."""

    def __init__(self, link: Path | None = None) -> None:
        """`link` is where the shop finds the port; by default a name in a new temporary folder."""
        self._folder = None if link else Path(tempfile.mkdtemp(prefix="cable-"))
        self._link = link or Path(str(self._folder)) / "tty"
        self._lock = Lock()
        self._master = self._slave = -1
        self.plug()

    @property
    def url(self) -> str:
        """The path of the link."""
        return str(self._link)

    def read(self, timeout: float) -> bytes:
        """See `Cable.read`."""
        master = self._master
        if master == -1:
            time.sleep(timeout)
            return b""
        # a pulled cable may close or reuse the number while select waits: only what the lock confirms is read
        with contextlib.suppress(OSError, ValueError):
            if select.select([master], [], [], timeout)[0]:
                with self._lock:
                    if master == self._master:
                        return os.read(master, 4096)
        return b""

    def write(self, data: bytes) -> None:
        """See `Cable.write`."""
        with self._lock, contextlib.suppress(OSError):
            os.write(self._master, data)

    def unplug(self) -> None:
        """See `Cable.unplug`. Of the file system only the link that was made here goes."""
        with self._lock:
            if self._master == -1:
                return
            if self._link.is_symlink() and os.readlink(self._link) == os.ttyname(self._slave):
                self._link.unlink()
            self._hang_up()

    def plug(self, name: str | None = None) -> None:
        """See `Cable.plug`. Whatever is there and is not the link of a pseudo-terminal stays: `FileExistsError`."""
        with self._lock:
            if self._master != -1:
                return
            link = Path(name) if name else self._link
            if _is_taken(link):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(link))
            # the slave stays open here too, or the line would hang up each time the shop closes its port
            self._master, self._slave = os.openpty()
            tty.setraw(self._slave)
            os.set_blocking(self._master, False)
            try:
                _link_to(os.ttyname(self._slave), link)
            except OSError:
                self._hang_up()
                raise
            self._link = link

    def _hang_up(self) -> None:
        for end in (self._master, self._slave):
            with contextlib.suppress(OSError):
                os.close(end)
        self._master = self._slave = -1

    @property
    def shop_settings(self) -> LineSettings | None:
        """The rate the shop has set; a pseudo-terminal knows nothing but 8N1."""
        with self._lock, contextlib.suppress(termios.error):
            if self._master != -1 and (rate := RATES.get(termios.tcgetattr(self._master)[4])):
                return LineSettings(rate)
        return None

    def close(self) -> None:
        """See `Cable.close`."""
        self.unplug()
        if self._folder:
            with contextlib.suppress(OSError):
                self._folder.rmdir()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class TcpCable:
    """A listening TCP port on `host`; one shop at a time, a newcomer takes the line over."""

    def __init__(self, port: int = 0, host: str = "127.0.0.1") -> None:
        """`port` 0 takes a free one, which it then keeps."""
        self._address = (host, port)
        self._lock = Lock()
        self._listener: socket.socket | None = None
        self._peer: socket.socket | None = None
        self.plug()

    @property
    def url(self) -> str:
        """`socket://host:port`."""
        return f"socket://{self._address[0]}:{self._address[1]}"

    @property
    def address(self) -> tuple[str, int]:
        """Host and port, for clients that are not pyserial."""
        return self._address

    def read(self, timeout: float) -> bytes:
        """See `Cable.read`."""
        with self._lock:
            ends = [end for end in (self._listener, self._peer) if end]
        if not ends:
            time.sleep(timeout)
            return b""
        # a pulled cable closes sockets while select waits: only what the lock confirms is used
        with contextlib.suppress(OSError, ValueError):
            ready = select.select(ends, [], [], timeout)[0]
            with self._lock:
                if self._listener and self._listener in ready:
                    self._accept()
                elif self._peer and self._peer in ready:
                    return self._receive()
        return b""

    def write(self, data: bytes) -> None:
        """See `Cable.write`."""
        with self._lock:
            if self._peer:
                try:
                    self._peer.send(data)
                except BlockingIOError:
                    return
                except OSError:
                    self._drop_peer()

    def unplug(self) -> None:
        """See `Cable.unplug`."""
        with self._lock:
            self._drop_peer()
            if self._listener:
                self._listener.close()
                self._listener = None

    def plug(self, name: str | None = None) -> None:
        """See `Cable.plug`."""
        with self._lock:
            if self._listener is None:
                self._address = (self._address[0], int(name)) if name else self._address
                self._listener = socket.create_server(self._address)
                self._address = self._listener.getsockname()[:2]

    def close(self) -> None:
        """See `Cable.close`."""
        self.unplug()

    @property
    def shop_settings(self) -> None:
        """TCP carries bytes, not bits."""
        return None

    def _accept(self) -> None:
        assert self._listener is not None
        self._drop_peer()
        self._peer, _ = self._listener.accept()
        self._peer.setblocking(False)
        self._peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _receive(self) -> bytes:
        assert self._peer is not None
        try:
            data = self._peer.recv(4096)
        except OSError:
            data = b""
        if not data:
            self._drop_peer()
        return data

    def _drop_peer(self) -> None:
        if self._peer:
            self._peer.close()
            self._peer = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def listen(where: str) -> PtyCable | TcpCable:
    """The cable for `tcp:PORT`, `tcp:HOST:PORT`, `pty:LINK` or `pty`; without HOST nobody outside can connect.

    Raises `ValueError` for anything else, and `OSError` where the port or the link cannot be had.
    """
    kind, _, rest = where.partition(":")
    if kind == "pty" and sys.platform != "win32":
        return PtyCable(Path(rest) if rest else None)
    host, _, port = rest.rpartition(":")
    if kind != "tcp" or not (port.isascii() and port.isdigit() and int(port) < 1 << 16):
        raise ValueError(where)
    return TcpCable(int(port), host or "127.0.0.1")
