"""What the ledger says, signed: answers to one request each, and checkpoints of a township's log."""

import hashlib
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, select

from pos.ledger import tables as t
from pos.ledger.books import Act
from pos.ledger.log import Growth
from pos.ledger.refusals import NotFound
from pos.ledger.service import Ledger
from pos.wire import messages, signing
from pos.wire.messages import Checkpoint


@dataclass(frozen=True, slots=True)
class Signed:
    """A line and its signature (hex)."""

    line: bytes
    signature: str


def answer(message: object, key: Ed25519PrivateKey) -> Signed:
    """A message as an answer."""
    return _signed(signing.ANSWER, message, key)


def digest(line: bytes) -> str:
    """How an answer names the request it belongs to."""
    return hashlib.sha256(line).hexdigest()


def checkpoint(act: Act) -> tuple[Checkpoint, str]:
    """The log as it stands in this act, and the signature."""
    return _pinned(act.township, act.log, act.now, act.key)


def newest(ledger: Ledger, connection: Connection, township: str) -> tuple[Checkpoint, str]:
    """The log as a snapshot shows it, and the signature. Raises `NotFound`."""
    query = select(t.townships.c.log_size, t.townships.c.log_edge).where(t.townships.c.township == township)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFound("township-unknown", township=township)
    return _pinned(township, Growth(row.log_size, row.log_edge), ledger.clock.wall(), ledger.key)


def _pinned(township: str, log: Growth, now: int, key: Ed25519PrivateKey) -> tuple[Checkpoint, str]:
    found = Checkpoint(messages.VERSION, township, log.size, log.root.hex(), now)
    return found, _signed(signing.CHECKPOINT, found, key).signature


def _signed(domain: bytes, message: object, key: Ed25519PrivateKey) -> Signed:
    line = messages.dumps(message)
    return Signed(line, signing.sign(domain, line, key).hex())
