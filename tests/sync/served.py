"""A ledger on loopback, over real HTTP."""

from contextlib import AbstractContextManager
from pathlib import Path

from pos.ledger import app
from pos.ledger.service import Ledger
from tests.ledger.served import serving

PATIENCE = 20.0


def served(ledger: Ledger, tls: Path | None = None, host: str = "127.0.0.1") -> AbstractContextManager[str]:
    """The address of a ledger while it is served; over TLS with the certificate in the folder `tls`."""
    return serving(app.create(ledger, dict.fromkeys(app.RATES, "6000/minute")), tls, host)
