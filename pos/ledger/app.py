"""The ledger over HTTP: an ASGI application for one open ledger."""

import gc
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from sqlalchemy.exc import DataError
from starlette.exceptions import HTTPException

from pos import i18n
from pos.ledger import page
from pos.ledger.api import (
    awards,
    catalogue,
    enrolment,
    entries,
    feeds,
    households,
    log,
    oversight,
    receipts,
    refusing,
    registry,
    rights,
    sessions,
    townships,
)
from pos.ledger.refusals import LedgerRefused
from pos.ledger.service import Ledger

RATES: Mapping[str, str] = {
    "enrol": "20/minute",
    "log-in": "10/minute",
    "card": "30/minute",
    "push": "240/minute",
    "read": "600/minute",
    "refused": "60/minute",
}
"""How often one client may ask for one thing; `refused` is how many of its refusals are written down."""

SWITCH_SECONDS = 0.0002

ROUTERS = (
    page.router,
    receipts.router,
    log.router,
    enrolment.router,
    entries.router,
    feeds.router,
    households.router,
    sessions.router,
    townships.router,
    registry.router,
    catalogue.router,
    awards.router,
    rights.router,
    oversight.router,
)


@asynccontextmanager
async def _settled(_app: FastAPI) -> AsyncIterator[None]:
    # What is there now stays for good: the collector need not go through it again with every batch.
    gc.collect()
    gc.freeze()
    # A thread back from the database holds a township's lock: it must not wait long for one that reads a batch.
    sys.setswitchinterval(SWITCH_SECONDS)
    yield


def create(ledger: Ledger, rates: Mapping[str, str] = RATES) -> FastAPI:
    """The application; the ledger is closed by whoever opened it."""
    app = FastAPI(title="乡镇积分账本 · Village ledger", version="1", docs_url=None, redoc_url=None, lifespan=_settled)
    app.state.ledger = ledger
    app.state.rates = {name: parse(rate) for name, rate in {**RATES, **rates}.items()}
    app.state.limiter = MovingWindowRateLimiter(MemoryStorage())
    app.state.words = {"zh": i18n.load("zh_CN"), "en": i18n.load("en")}
    app.add_middleware(refusing.Bounds)
    app.add_exception_handler(LedgerRefused, refusing.refused)
    app.add_exception_handler(RequestValidationError, refusing.malformed)
    app.add_exception_handler(HTTPException, refusing.unserved)
    app.add_exception_handler(DataError, refusing.unfit)
    for router in ROUTERS:
        app.include_router(router)
    return app
