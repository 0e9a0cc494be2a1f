"""Installations ask to be known."""

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from pos.ledger import enrol
from pos.ledger.api import bodies
from pos.ledger.api.common import REFUSALS, Signature, TheLedger, body_of, limited, signed_answer
from pos.wire.messages import Enrolled, EnrolRequest

router = APIRouter(tags=["devices"], responses=REFUSALS)


@router.post(
    "/v1/enrolments", response_model=Enrolled, openapi_extra=bodies.body(EnrolRequest), dependencies=[limited("enrol")]
)
async def enrol_device(request: Request, ledger: TheLedger, signature: Signature = "") -> Response:
    """Countersign an installation that shows a one-time code; the line is signed with its key."""
    line = await body_of(request)
    return signed_answer(await run_in_threadpool(enrol.enrol, ledger, line, signature))
