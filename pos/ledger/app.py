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

from pos.ledger.api import awards, catalogue, common, enrolment, entries, feeds, log, registry, rights
from pos.ledger.refusals import LedgerRefused
from pos.ledger.service import Ledger

RATES: Mapping[str, str] = {"enrol": "20/minute", "push": "240/minute", "read": "600/minute"}
"""How often one client may ask for one thing."""

SWITCH_SECONDS = 0.0002

ROUTERS = (
    enrolment.router,
    entries.router,
    feeds.router,
    log.router,
    registry.router,
    catalogue.router,
    awards.router,
    rights.router,
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
    app.add_exception_handler(LedgerRefused, common.refused)
    app.add_exception_handler(RequestValidationError, common.malformed)
    for router in ROUTERS:
        app.include_router(router)
    return app
