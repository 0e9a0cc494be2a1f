"""The township's transparency log: anybody may ask for its checkpoint and its proofs."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from pos.ledger import answers, proofs
from pos.ledger.api.common import MOST_NUMBER, REFUSALS, TheLedger, Township, limited
from pos.wire.messages import Checkpoint, Consistency, Inclusion

router = APIRouter(tags=["log"], responses=REFUSALS, dependencies=[limited("read")])

Size = Annotated[int, Query(ge=0, lt=MOST_NUMBER)]


class Pinned(BaseModel):
    """A checkpoint and the ledger's signature of it."""

    checkpoint: Checkpoint
    signature: str


class Identity(BaseModel):
    """Who answers: the ledger's public key, to be pinned at enrolment."""

    v: int
    key: str


@router.get("/v1/ledger")
def identity(ledger: TheLedger) -> Identity:
    """The ledger's public key (Ed25519, hex)."""
    return Identity(v=1, key=ledger.public_key)


@router.get("/v1/townships/{township}/checkpoint")
def checkpoint(ledger: TheLedger, township: Township) -> Pinned:
    """The log as it stands, signed."""
    with ledger.read() as connection:
        found, signature = answers.newest(ledger, connection, township)
    return Pinned(checkpoint=found, signature=signature)


@router.get("/v1/townships/{township}/log/consistency")
def consistency(ledger: TheLedger, township: Township, first: Size, second: Size) -> Consistency:
    """Proof that the log of size `second` only added to the one of `first`."""
    return proofs.consistency(ledger, township, first, second)


@router.get("/v1/townships/{township}/log/inclusion")
def inclusion(
    ledger: TheLedger,
    township: Township,
    device: Annotated[str, Query(pattern="^[a-z0-9-]{1,15}$")],
    epoch: Annotated[int, Query(ge=0, lt=10**9)],
    seq: Annotated[int, Query(ge=1, lt=MOST_NUMBER)],
    size: Size,
) -> Inclusion:
    """Proof that an entry is in the log of `size`."""
    return proofs.inclusion(ledger, township, device, epoch, seq, size)
