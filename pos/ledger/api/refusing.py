"""How requests are refused: a code, its fields and its words; one line in the audit; and bounds on what is read.

A client that is refused more often than `refused` allows is still answered, and written down no more: the audit must
not be filled by whoever likes.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy import Connection
from sqlalchemy.exc import DataError
from starlette.exceptions import HTTPException
from starlette.routing import compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pos.ledger import audit
from pos.ledger.api.common import client_of
from pos.ledger.refusals import LedgerRefused, TooMany, Unavailable, Unidentified
from pos.ledger.service import Ledger

MOST_BYTES = 8 << 20
"""Of any request's body; what devices and strangers send is bounded more narrowly where it is read."""

_BY_STATUS = {400: "unreadable", 404: "not-found", 405: "method", 413: "too-large", 422: "malformed"}
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
)


class Bounds:
    """ASGI around the application: no body is larger than `MOST_BYTES`, and no answer is kept or guessed at."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request within bounds."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        left = MOST_BYTES

        async def bounded() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise HTTPException(413)
            return message

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *_HEADERS]
            await send(message)

        await self._app(scope, bounded, guarded)


async def refused(request: Request, error: Exception) -> JSONResponse:
    """A `LedgerRefused` as an answer."""
    assert isinstance(error, LedgerRefused)
    headers = {}
    if isinstance(error, TooMany):
        headers["Retry-After"] = str(error.fields["seconds"])
    if isinstance(error, Unidentified):
        headers["WWW-Authenticate"] = "Bearer"
    return await _answered(request, error.status, error.code, error.fields, headers)


async def malformed(request: Request, error: Exception) -> JSONResponse:
    """A request that does not fit its route's description, as an answer."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return await _answered(request, 400, _BY_STATUS[400], {})
    where = ".".join(str(part) for part in first["loc"])
    return await _answered(request, 422, _BY_STATUS[422], {"detail": where[:80]})


async def unfit(request: Request, error: Exception) -> JSONResponse:
    """A value that fits its route's description and no column, as an answer."""
    assert isinstance(error, DataError)
    return await _answered(request, 422, _BY_STATUS[422], {"detail": "value"})


async def unserved(request: Request, error: Exception) -> JSONResponse:
    """What the web framework refuses by itself, as an answer."""
    assert isinstance(error, HTTPException)
    headers = {"Allow": _allowed(request)} if error.status_code == 405 else error.headers
    return await _answered(request, error.status_code, _BY_STATUS[error.status_code], {}, headers)


def _allowed(request: Request) -> str:
    """What may be done with an address, by the API's description: routes may share it."""
    found: set[str] = set()
    for path, described in request.app.openapi()["paths"].items():
        if compile_path(path)[0].fullmatch(request.scope["path"]):
            found |= {method.upper() for method in described}
    return ", ".join(sorted(found or {"GET"}))


async def _answered(
    request: Request,
    status: int,
    code: str,
    fields: Mapping[str, int | str],
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    if status != Unavailable.status and not getattr(request.state, "noted", False):
        await run_in_threadpool(_note, request, code)
    words = request.app.state.words
    shown = {name: audit.fit(value) if isinstance(value, str) else value for name, value in fields.items()}
    message = {language: found(f"ledger.{code}") for language, found in words.items()}
    content: dict[str, Any] = {"code": code, "fields": shown, "message": message}
    return JSONResponse(content, status, headers)


def _note(request: Request, code: str) -> None:
    client, state = client_of(request), request.app.state
    if not state.limiter.hit(state.rates["refused"], "refused", client):
        return
    ledger: Ledger = state.ledger
    township = request.path_params.get("township", "")
    # What a route was asked for, not what was asked: paths carry receipts' and cards' numbers.
    route = request.scope.get("route")
    subject = f"{request.method} {getattr(route, 'path', '')}"

    def work(connection: Connection) -> None:
        audit.note(connection, township, ledger.clock.wall(), client, audit.REFUSED, subject, code)

    with suppress(Unavailable):
        ledger.database.write(township, work)
