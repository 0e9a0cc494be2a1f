"""What the supervision group looks at: differences, evidence, and the audit."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from pos.ledger import audit, oversight
from pos.ledger.api.acting import Anybody, Supervisor
from pos.ledger.api.common import MOST_NUMBER, REFUSALS, Limit, Page, TheLedger, Township, limited, paged

router = APIRouter(
    prefix="/v1/townships/{township}", tags=["oversight"], responses=REFUSALS, dependencies=[limited("read")]
)

DifferenceCursor = Annotated[str, Query(pattern="^([a-z0-9.-]{1,26} [0-9]{1,18} [a-z-]{1,24})?$")]
LineCursor = Annotated[str, Query(pattern="^([0-9]{1,18} [0-9a-f]{16})?$")]
EvidenceCursor = Annotated[str, Query(pattern="^([0-9a-f]{64})?$")]


class DifferenceFound(BaseModel):
    """Something about a posted entry that somebody has to look at; times are the ledger's clock, ms."""

    writer: str
    seq: int
    code: str
    detail: str
    found: int
    settled: int | None
    settled_by: str | None


class AuditLine(BaseModel):
    """Who did what, or what was refused to whom."""

    ms: int
    actor: str
    act: str
    subject: str
    detail: str


class EvidenceFound(BaseModel):
    """A batch that was kept although it was refused; `digest` is SHA-256 of its bytes."""

    digest: str
    writer: str
    reason: str
    found: int


@router.get("/findings")
def differences(
    ledger: TheLedger,
    township: Township,
    _by: Anybody,
    settled: bool = False,
    after: DifferenceCursor = "",
    limit: Limit = 100,
) -> Page[DifferenceFound]:
    """Differences by installation and entry: those nobody has put aside yet, or the others."""
    writer, seq, code = after.split(" ") if after else ("", "0", "")
    with ledger.read() as connection:
        key = (writer, int(seq), code)
        found = oversight.differences(connection, township, key, limit + 1, settled=settled)
    return paged(
        found,
        limit,
        lambda row: f"{row.writer} {row.seq} {row.code}",
        lambda row: DifferenceFound.model_validate(row._mapping),
    )


@router.get("/evidence")
def evidence(
    ledger: TheLedger, township: Township, _by: Supervisor, after: EvidenceCursor = "", limit: Limit = 100
) -> Page[EvidenceFound]:
    """Batches that were kept although they were refused, by their digests."""
    with ledger.read() as connection:
        found = oversight.evidence(connection, township, bytes.fromhex(after), limit + 1)
    return paged(
        found,
        limit,
        lambda row: row.digest.hex(),
        lambda row: EvidenceFound.model_validate({**row._mapping, "digest": row.digest.hex()}),
    )


@router.get("/audit")
def audit_lines(
    ledger: TheLedger, township: Township, _by: Supervisor, after: LineCursor = "", limit: Limit = 100
) -> Page[AuditLine]:
    """The audit, the newest line first."""
    ms, nonce = after.split(" ") if after else (str(MOST_NUMBER), "")
    with ledger.read() as connection:
        found = audit.lines(connection, township, (int(ms), nonce), limit + 1)
    return paged(found, limit, lambda row: f"{row.ms} {row.nonce}", lambda row: AuditLine.model_validate(row._mapping))
