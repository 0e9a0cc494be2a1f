"""Goods, services, materials, price books, terms, policies and recalls; bodies are the canonical JSON that is told."""

from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool

from catalog.goods import Good, Service
from catalog.prices import Terms
from pos.core.codec import CodecError
from pos.ledger import catalogue
from pos.ledger.api.acting import Anybody, Operator
from pos.ledger.api.common import REFUSALS, TheLedger, Township, body_of, limited
from pos.ledger.refusals import Invalid
from pos.wire import messages
from pos.wire.reference import MaterialFacts, PolicyFacts, PricesFacts, Recall

router = APIRouter(
    prefix="/v1/townships/{township}/catalogue", tags=["catalogue"], responses=REFUSALS, dependencies=[limited("read")]
)

Scope = Annotated[str, Query(pattern="^([0-9]{12}|[A-Z0-9]{1,8})?$", description="村、兑换点，或整个乡镇（空）")]
_BODY = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}},
}


class Article(StrEnum):
    """What may be edited."""

    GOOD = "good"
    SERVICE = "service"
    MATERIAL = "material"


class Version(StrEnum):
    """What is published with a date and never changed."""

    PRICES = "prices"
    TERMS = "terms"
    POLICY = "policy"


_ARTICLES: dict[Article, type[catalogue.Article]] = {
    Article.GOOD: Good,
    Article.SERVICE: Service,
    Article.MATERIAL: MaterialFacts,
}
_VERSIONS: dict[Version, type[catalogue.Version]] = {
    Version.PRICES: PricesFacts,
    Version.TERMS: Terms,
    Version.POLICY: PolicyFacts,
}


@router.get("/{kind}")
def newest(
    ledger: TheLedger, township: Township, kind: Article | Version, _by: Anybody, scope: Scope = ""
) -> dict[str, str]:
    """The newest facts of each thing of a kind by its code, as canonical JSON."""
    with ledger.read() as connection:
        return catalogue.newest(connection, township, scope, kind)


@router.put("/articles/{kind}", status_code=204, openapi_extra=_BODY)
async def put_article(
    request: Request, ledger: TheLedger, township: Township, kind: Article, by: Operator, scope: Scope = ""
) -> None:
    """Add an article, or change what is known of it."""
    facts = _loaded(_ARTICLES[kind], await body_of(request))
    await run_in_threadpool(catalogue.put_articles, ledger, township, scope, [facts], by)


@router.post("/versions/{kind}", status_code=204, openapi_extra=_BODY)
async def publish(
    request: Request, ledger: TheLedger, township: Township, kind: Version, by: Operator, scope: Scope = ""
) -> None:
    """Publish a price book, terms or a policy with its effective date."""
    facts = _loaded(_VERSIONS[kind], await body_of(request))
    await run_in_threadpool(catalogue.publish, ledger, township, scope, facts, by)


@router.put("/recall", status_code=204, openapi_extra=_BODY)
async def recall(request: Request, ledger: TheLedger, township: Township, by: Operator, lifted: bool = False) -> None:
    """Have goods refused at every counter, or let them go again."""
    of = _loaded(Recall, await body_of(request))

    def work() -> None:
        catalogue.recall(ledger, township, of, by, lifted=lifted)

    await run_in_threadpool(work)


def _loaded(kind: Any, line: bytes) -> Any:
    try:
        return messages.loads(kind, line)
    except CodecError as error:
        raise Invalid("malformed", detail=str(error)[:80]) from None
