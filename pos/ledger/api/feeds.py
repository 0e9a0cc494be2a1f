"""What terminals pull: their grants, the township's reference data; and what they remind a restored ledger of."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from pos.ledger import cards, feed, heal, issued
from pos.ledger.api import bodies
from pos.ledger.api.common import (
    MOST_NUMBER,
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
from pos.wire.cards import CardsTaken, CardsTold, Visitor
from pos.wire.feeds import GrantsPage, Place, ReferencePage, Reminded, Reminder

router = APIRouter(
    prefix="/v1/townships/{township}/devices/{device}/epochs/{epoch}", tags=["devices"], responses=REFUSALS
)

Number = Annotated[int, Query(ge=0, lt=MOST_NUMBER)]
Life = Annotated[int, Query(ge=1, lt=MOST_NUMBER)]
Limit = Annotated[int, Query(ge=1, le=feed.MOST_RECORDS)]
Known = Annotated[str, Depends(known_device)]


@router.get("/grants", response_model=GrantsPage, dependencies=[limited("read")])
def grants(
    ledger: TheLedger,
    township: Township,
    device: Device,
    epoch: Epoch,
    _known: Known,
    life: Life = 1,
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
    life: Life = 1,
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
    "/reminder",
    response_model=Reminded,
    openapi_extra=bodies.body(Reminder),
    dependencies=[limited("push"), Depends(known_device)],
)
async def remind(
    request: Request, ledger: TheLedger, township: Township, device: Device, epoch: Epoch, signature: Signature = ""
) -> Response:
    """Show a ledger that comes from its backup the grants it has forgotten; signed with the device's key."""
    line = await body_of(request)
    return signed_answer(await run_in_threadpool(heal.remind, ledger, township, device, epoch, line, signature))


@router.post(
    "/cards",
    response_model=CardsTaken,
    openapi_extra=bodies.body(CardsTold),
    dependencies=[limited("push"), Depends(known_device)],
)
async def tell_cards(
    request: Request, ledger: TheLedger, township: Township, device: Device, epoch: Epoch, signature: Signature = ""
) -> Response:
    """Cards that the installation's store has issued, sealed for the ledger; signed with the device's key."""
    line = await body_of(request)
    return signed_answer(await run_in_threadpool(issued.take, ledger, township, device, epoch, line, signature))


@router.get("/visitors/{card}", dependencies=[limited("read")])
def visitor(
    ledger: TheLedger,
    township: Township,
    device: Device,
    epoch: Epoch,
    known: Known,
    card: Annotated[str, Path(pattern="^([0-9]{12}|H[1-9][0-9]{12}[0-9A-Z]{20})$", description="卡号或积分卡二维码")],
) -> Visitor:
    """Whose card it is, for a store that does not serve its village: household, masked name, states."""
    return cards.look_up(ledger, township, card, known)
