"""Journals coming in."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response
from fastapi.concurrency import run_in_threadpool

from pos.core import accounts
from pos.ledger import push
from pos.ledger.api.common import (
    REFUSALS,
    Device,
    Epoch,
    Problem,
    Signature,
    TheLedger,
    Township,
    body_of,
    limited,
    signed_answer,
)
from pos.ledger.refusals import TooLarge
from pos.wire.messages import PushAnswer, Status

router = APIRouter(tags=["devices"], responses=REFUSALS)

_STATUS = {Status.OK: 200, Status.GAP: 409, Status.FORK: 409, Status.REJECTED: 422}
_ANSWERS: dict[int | str, dict[str, Any]] = {
    409: {"model": PushAnswer, "description": "gap or fork"},
    422: {"model": PushAnswer | Problem, "description": "rejected, or not a batch at all"},
}
_BODY = {
    "requestBody": {
        "required": True,
        "description": "A header's line, then the entries' bytes, each ended by a line feed; optionally compressed.",
        "content": {"application/x-ndjson": {"schema": {"type": "string"}}},
    }
}


@router.post(
    "/v1/townships/{township}/devices/{device}/epochs/{epoch}/entries",
    response_model=PushAnswer,
    responses=_ANSWERS,
    openapi_extra=_BODY,
    dependencies=[limited("push")],
)
async def push_entries(
    request: Request,
    ledger: TheLedger,
    township: Township,
    device: Device,
    epoch: Epoch,
    signature: Signature = "",
    content_encoding: Annotated[str, Header(description="zstd, gzip or nothing")] = "",
) -> Response:
    """Take in the next entries of an installation's journal; the header's line is signed with its key."""
    # From here on the push itself writes down what it refuses.
    request.state.noted = True
    try:
        body = await body_of(request)
    except TooLarge as refused:
        await run_in_threadpool(push.note_refused, ledger, township, accounts.writer(device, epoch), refused)
        raise
    encoding = content_encoding.strip().lower()
    answered = await run_in_threadpool(push.push, ledger, township, device, epoch, body, signature, encoding)
    return signed_answer(answered.answer, _STATUS[answered.status])
