"""Goods, services, materials, price books, terms, policies and recalls; bodies are JSON of what terminals are told."""

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool

from catalog.goods import Good, Service
from catalog.prices import Terms
from pos.ledger import catalogue
from pos.ledger.api import bodies
from pos.ledger.api.acting import Anybody, Operator
from pos.ledger.api.common import REFUSALS, TheLedger, Township, body_of, limited
from pos.wire.reference import MaterialFacts, PolicyFacts, PricesFacts, Recall

router = APIRouter(
    prefix="/v1/townships/{township}/catalogue", tags=["catalogue"], responses=REFUSALS, dependencies=[limited("read")]
)

Scope = Annotated[str, Query(pattern="^([0-9]{12}|[A-Z0-9]{1,8})?$", description="村、兑换点，或整个乡镇（空）")]


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


@router.get("/newest/{kind}")
def newest(
    ledger: TheLedger, township: Township, kind: Article | Version, _by: Anybody, scope: Scope = ""
) -> dict[str, str]:
    """The newest facts of each thing of a kind by its code, as canonical JSON."""
    with ledger.read() as connection:
        return catalogue.newest(connection, township, scope, kind)


def _articles(kind: Article, facts: type[catalogue.Article]) -> None:
    extra = bodies.body(facts)

    @router.put(f"/articles/{kind.value}", status_code=204, openapi_extra=extra, operation_id=f"put_{kind.value}")
    async def put(request: Request, ledger: TheLedger, township: Township, by: Operator, scope: Scope = "") -> None:
        """Add one, or change what is known of it."""
        found = bodies.load(facts, await body_of(request))
        await run_in_threadpool(catalogue.put_articles, ledger, township, scope, [found], by.name)


def _versions(kind: Version, facts: type[catalogue.Version]) -> None:
    extra = bodies.body(facts)

    @router.post(f"/versions/{kind.value}", status_code=204, openapi_extra=extra, operation_id=f"publish_{kind.value}")
    async def publish(request: Request, ledger: TheLedger, township: Township, by: Operator, scope: Scope = "") -> None:
        """Publish one with its effective date; it is never changed."""
        found = bodies.load(facts, await body_of(request))
        await run_in_threadpool(catalogue.publish, ledger, township, scope, found, by.name)


for _kind, _facts in _ARTICLES.items():
    _articles(_kind, _facts)
for _version, _dated in _VERSIONS.items():
    _versions(_version, _dated)


@router.put("/recall", status_code=204, openapi_extra=bodies.body(Recall))
async def recall(request: Request, ledger: TheLedger, township: Township, by: Operator, lifted: bool = False) -> None:
    """Have goods refused at every counter, or let them go again."""
    of = bodies.load(Recall, await body_of(request))

    def work() -> None:
        catalogue.recall(ledger, township, of, by.name, lifted=lifted)

    await run_in_threadpool(work)
