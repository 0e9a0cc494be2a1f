"""A ledger's application answered in this process, without a socket: the same requests, rules and audit lines."""

import asyncio

import httpx
from fastapi import FastAPI

COMMAND = ("command", 0)
"""What the audit calls the client."""


class InProcess(httpx.BaseTransport):
    """A transport for `httpx.Client` whose requests the application answers here."""

    def __init__(self, app: FastAPI) -> None:
        self._transport = httpx.ASGITransport(app, raise_app_exceptions=True, client=COMMAND)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The application's answer, read to its end."""
        return asyncio.run(self._answer(request))

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        answer = await self._transport.handle_async_request(request)
        return httpx.Response(answer.status_code, headers=answer.headers, content=await answer.aread())
