"""What terminals pull: their grants, the township's reference data; and what they remind a restored ledger of."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import TypeAdapter

from pos.ledger import cards, feed, heal
from pos.ledger.api.common import (
    REFUSALS,
    Device,
    Epoch,
    Signature,
    TheLedger,
    Township,
    body_of,
    known_device,
    limited,
    signed_answer,
)
from pos.ledger.cards import Visitor
from pos.wire.feeds import GrantsPage, Place, ReferencePage, Reminded, Reminder

router = APIRouter(
    prefix="/v1/townships/{township}/devices/{device}/epochs/{epoch}", tags=["devices"], responses=REFUSALS
)

Number = Annotated[int, Query(ge=0, lt=2**62)]
Limit = Annotated[int, Query(ge=1, le=feed.MOST_RECORDS)]
Known = Annotated[str, Depends(known_device)]

_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": TypeAdapter(Reminder).json_schema()}},
    }
}


@router.get("/grants", response_model=GrantsPage, dependencies=[limited("read")])
def grants(
    ledger: TheLedger,
    township: Township,
    device: Device,
    epoch: Epoch,
    _known: Known,
    life: Number = 1,
    after: Number = 0,
    limit: Limit = feed.MOST_RECORDS,
) -> Response:
    """Records of the installation's grants feed after a number, signed one by one and as a page."""
    return signed_answer(feed.grants(ledger, township, device, epoch, life, after, limit))


@router.get("/reference", response_model=ReferencePage, dependencies=[limited("read")])
def reference(
    ledger: TheLedger,
    township: Township,
    device: Device,
    epoch: Epoch,
    _known: Known,
    life: Number = 1,
    after: Number = 0,
    upto: Number = 0,
    priority: Number = 0,
    number: Number = 0,
    limit: Limit = feed.MOST_RECORDS,
) -> Response:
    """Reference rows that changed after a position, the most urgent first; from position 0 all there is."""
    begin = Place(priority, number)
    return signed_answer(feed.reference(ledger, township, device, epoch, life, after, upto, begin, limit))


@router.post(
    "/reminder", response_model=Reminded, openapi_extra=_BODY, dependencies=[limited("push"), Depends(known_device)]
)
async def remind(
    request: Request, ledger: TheLedger, township: Township, device: Device, epoch: Epoch, signature: Signature = ""
) -> Response:
    """Show a ledger that comes from its backup the grants it has forgotten; signed with the device's key."""
    line = await body_of(request)
    return signed_answer(await run_in_threadpool(heal.remind, ledger, township, device, epoch, line, signature))


@router.get("/visitors/{card}", dependencies=[limited("read")])
def visitor(
    ledger: TheLedger,
    township: Township,
    device: Device,
    epoch: Epoch,
    known: Known,
    card: str,
) -> Visitor:
    """Whose card it is, for a store that does not serve its village: household, masked name, states."""
    return cards.look_up(ledger, township, card, known)
