"""Cables for simulated devices: a pty or a TCP port whose far end the shop opens by URL like the real thing.

A cable is plugged in when made. `unplug` makes the shop's open port fail as a pulled cable does; `plug` brings the same
URL back. `read` and `write` belong to the device's thread; `unplug`, `plug` and `close` may come from any thread.
Writing never waits: with nobody listening, bytes are lost, as on a wire.
"""

import contextlib
import os
import select
import socket
import sys
import tempfile
import time
from pathlib import Path
from threading import Lock
from typing import Protocol, Self

if sys.platform != "win32":
    import tty


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

    def plug(self) -> None:
        """Put it back under the same URL; a new line, nothing of the old one is left in it."""

    def close(self) -> None:
        """Pull it and leave nothing behind."""


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
        """See `Cable.unplug`."""
        with self._lock:
            self._link.unlink(missing_ok=True)
            for end in (self._master, self._slave):
                with contextlib.suppress(OSError):
                    os.close(end)
            self._master = self._slave = -1

    def plug(self) -> None:
        """See `Cable.plug`."""
        with self._lock:
            if self._master != -1:
                return
            # the slave stays open here too, or the line would hang up each time the shop closes its port
            self._master, self._slave = os.openpty()
            tty.setraw(self._slave)
            os.set_blocking(self._master, False)
            fresh = self._link.with_name(self._link.name + ".new")
            fresh.unlink(missing_ok=True)
            fresh.symlink_to(os.ttyname(self._slave))
            fresh.replace(self._link)

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

    def plug(self) -> None:
        """See `Cable.plug`."""
        with self._lock:
            if self._listener is None:
                self._listener = socket.create_server(self._address)
                self._address = self._listener.getsockname()[:2]

    def close(self) -> None:
        """See `Cable.close`."""
        self.unplug()

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
