"""A ledger on loopback, over real HTTP."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from pos.ledger import app
from pos.ledger.service import Ledger

PATIENCE = 20.0


@contextmanager
def served(ledger: Ledger) -> Iterator[str]:
    """The address of a ledger while it is served."""
    made = app.create(ledger, dict.fromkeys(app.RATES, "6000/minute"))
    server = uvicorn.Server(uvicorn.Config(made, log_config=None, lifespan="off"))
    listening = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
        listening.close()
