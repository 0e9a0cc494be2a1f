"""Receipts and the notice board: what anybody may check who holds a paper."""

from typing import Annotated

from fastapi import APIRouter, Path

from pos.ledger import notices, receipts
from pos.ledger.api.common import REFUSALS, TheLedger, Township, limited
from pos.ledger.notices import Notice
from pos.ledger.receipts import Checked

router = APIRouter(tags=["receipts"], responses=REFUSALS, dependencies=[limited("read")])

Number = Annotated[str, Path(pattern=r"^[A-Z0-9.-]{1,60}$", description="小票单号", examples=["LT01-K7Q2MD.1-38"])]
CheckCode = Annotated[str, Path(pattern="^[0-9A-Z-]{10,16}$", description="校验码", examples=["K7QM-2D4X-9A"])]


@router.get("/v1/receipts/{number}/{code}")
def check(ledger: TheLedger, number: Number, code: CheckCode) -> Checked:
    """Whether a receipt is genuine: its amounts without any name, and the proof that the township's log has it."""
    return receipts.check(ledger, number, code)


@router.get("/v1/townships/{township}/notice")
def notice(ledger: TheLedger, township: Township) -> Notice:
    """The newest checkpoint as it is hung up on the notice board."""
    return notices.notice(ledger, township)
