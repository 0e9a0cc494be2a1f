"""The ledger's application on a real socket of this machine: beside the test, or in a process that can be killed."""

import http.client
import multiprocessing
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from pos.cli.ledger import authority
from pos.ledger.service import open_ledger

_PATIENCE = 20.0

_AT_HAND = ["pos.ledger.app", "pos.ledger.service", "alembic.command", "psycopg", "uvicorn", "zstandard"]
"""Imported once, so that a new process is there at once."""


@contextmanager
def serving(application: FastAPI, tls: Path | None = None, host: str = "127.0.0.1") -> Iterator[str]:
    """The address of an application that a thread serves; what is asked before it is ready waits on the socket.

    With a folder `tls` it shows the certificate there.
    """
    files = (tls / authority.SERVER, tls / authority.SERVER_KEY) if tls else (None, None)
    settings = uvicorn.Config(application, log_config=None, lifespan="off", ssl_certfile=files[0], ssl_keyfile=files[1])
    server = uvicorn.Server(settings)
    listening = socket.create_server((host, 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield f"http{'s' if tls else ''}://{host}:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(_PATIENCE)
        listening.close()


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
    from pos.ledger.app import create

    if most_file is not None and os.name == "posix":
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (most_file, resource.RLIM_INFINITY))
    app = create(open_ledger(folder, address), {"push": "100000/second", "read": "100000/second"})
    uvicorn.Server(uvicorn.Config(app, log_level="critical")).run(sockets=[listener])
