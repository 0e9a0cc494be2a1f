"""What every router shares: the ledger at hand, bodies read within bounds, who asks, and how a refusal is answered."""

import hmac
from typing import Annotated, Any

from fastapi import Depends, Header, Path, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from limits import RateLimitItem
from pydantic import BaseModel

from pos.core import accounts
from pos.ledger import keys
from pos.ledger.answers import Signed
from pos.ledger.refusals import Forbidden, LedgerRefused, TooLarge, TooMany
from pos.ledger.service import Ledger
from pos.wire import messages

Township = Annotated[str, Path(pattern="^[A-Za-z0-9-]{1,24}$", description="乡镇编码")]
Device = Annotated[str, Path(pattern="^[a-z0-9-]{1,15}$", description="设备号")]
Epoch = Annotated[int, Path(ge=0, lt=10**9, description="设备启用期次")]
Signature = Annotated[str, Header(alias=messages.SIGNATURE, description="Ed25519, hex", max_length=128)]


class Problem(BaseModel):
    """A refusal: `code` never changes, `fields` are values for its words."""

    code: str
    fields: dict[str, int | str]


REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem} for status in (403, 404, 409, 413, 422, 429, 503)
}
"""What any route may answer beside its own."""


async def ledger_of(request: Request) -> Ledger:
    """The ledger that the application serves."""
    found: Ledger = request.app.state.ledger
    return found


TheLedger = Annotated[Ledger, Depends(ledger_of)]


def limited(name: str) -> Any:
    """A dependency that raises `TooMany` when one client asks more of `name` than the application's rates allow."""

    async def check(request: Request) -> None:
        rate: RateLimitItem = request.app.state.rates[name]
        client = request.client.host if request.client else ""
        if not request.app.state.limiter.hit(rate, name, client, request.url.path):
            raise TooMany("too-many", seconds=rate.get_expiry())

    return Depends(check)


async def body_of(request: Request) -> bytes:
    """The request's body as it was sent. Raises `TooLarge` before more is read than a message may hold."""
    stated = request.headers.get("content-length", "")
    if stated.isdecimal() and int(stated) > messages.MOST_BYTES:
        raise TooLarge("too-large", most=messages.MOST_BYTES)
    found = bytearray()
    async for chunk in request.stream():
        found += chunk
        if len(found) > messages.MOST_BYTES:
            raise TooLarge("too-large", most=messages.MOST_BYTES)
    return bytes(found)


async def known_device(
    ledger: TheLedger, township: Township, device: Device, epoch: Epoch, authorization: Annotated[str, Header()] = ""
) -> str:
    """The writer whose token the request bears. Raises `Forbidden`."""
    writer = accounts.writer(device, epoch)
    wanted = f"Bearer {keys.token(ledger.key, township, writer)}"
    if not hmac.compare_digest(authorization.encode(), wanted.encode()):
        raise Forbidden("token")
    return writer


def signed_answer(found: Signed, status: int = 200) -> Response:
    """A signed line as an answer; its bytes are what the signature covers."""
    headers = {messages.SIGNATURE: found.signature}
    return Response(found.line, status, headers, media_type="application/json")


async def refused(_request: Request, error: Exception) -> JSONResponse:
    """A `LedgerRefused` as an answer."""
    assert isinstance(error, LedgerRefused)
    headers = {"Retry-After": str(error.fields["seconds"])} if isinstance(error, TooMany) else None
    return JSONResponse({"code": error.code, "fields": error.fields}, error.status, headers)


async def malformed(_request: Request, error: Exception) -> JSONResponse:
    """A request that does not fit its route's description, as an answer."""
    assert isinstance(error, RequestValidationError)
    where = ".".join(str(part) for part in error.errors()[0]["loc"])
    return JSONResponse({"code": "malformed", "fields": {"detail": where}}, 422)
