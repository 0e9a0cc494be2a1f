"""The ledger's application on a real socket, in a process of its own that can be killed at any moment."""

import http.client
import multiprocessing
import os
import socket
from pathlib import Path

from pos.ledger.service import open_ledger

_AT_HAND = ["pos.ledger.app", "pos.ledger.service", "alembic.command", "psycopg", "uvicorn", "zstandard"]
"""Imported once, so that a new process is there at once."""


class Served:
    """A ledger that is served; what is asked while nobody serves it waits on the socket."""

    def __init__(self, folder: Path, address: str = "") -> None:
        self.folder, self.address = folder, address
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(_AT_HAND)
        self.start()

    @property
    def port(self) -> int:
        """Where it listens."""
        port: int = self._listener.getsockname()[1]
        return port

    @property
    def pid(self) -> int:
        """The process that serves."""
        assert self._process.pid
        return self._process.pid

    @property
    def url(self) -> str:
        """Where it listens, as an address."""
        return f"http://127.0.0.1:{self.port}"

    def start(self, most_file: int | None = None) -> None:
        """Serve; no file may grow beyond `most_file` bytes."""
        arguments = (self._listener, self.folder, self.address, most_file)
        self._process = self._context.Process(target=_serve, args=arguments, daemon=True)
        self._process.start()
        while not self._answers():
            assert self._process.is_alive()

    def _answers(self) -> bool:
        """Whether somebody serves; waits for it a while."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/v1")
            return connection.getresponse().status == http.HTTPStatus.NOT_FOUND
        except TimeoutError:
            return False
        finally:
            connection.close()

    def kill(self) -> None:
        """Kill it as a power cut would."""
        self._process.kill()
        self._process.join()

    def close(self) -> None:
        """Kill it and give the socket back."""
        self.kill()
        self._listener.close()


def _serve(listener: socket.socket, folder: Path, address: str, most_file: int | None) -> None:
    import uvicorn

    from pos.ledger.app import create

    if most_file is not None and os.name == "posix":
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (most_file, resource.RLIM_INFINITY))
    app = create(open_ledger(folder, address), {"push": "100000/second", "read": "100000/second"})
    uvicorn.Server(uvicorn.Config(app, log_level="critical")).run(sockets=[listener])
