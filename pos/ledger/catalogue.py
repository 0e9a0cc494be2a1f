"""What is traded and for how much: goods, services, materials, price books, terms, policies and recalls, with dates.

`scope` is a village, a store, or empty for the whole township. What was published is never changed: a price book or a
policy gets a new version, and terminals switch at the first opening on or after its date. What is raised is a
`LedgerRefused`.
"""

import re
from collections.abc import Sequence
from typing import assert_never

from sqlalchemy import Connection, insert, select

from catalog.goods import Good, Service
from catalog.prices import Terms
from pos.ledger import audit, feed
from pos.ledger import tables as t
from pos.ledger.books import Act
from pos.ledger.refusals import Conflict, Invalid, NotFound
from pos.ledger.service import Ledger
from pos.wire import messages, reference
from pos.wire.reference import MaterialFacts, PolicyFacts, PricesFacts, Recall

Article = Good | Service | MaterialFacts
"""What may be edited: the newest facts count."""
Version = PricesFacts | PolicyFacts | Terms
"""What holds from a date on, and is never changed."""

MOST_ARTICLES = 2_000
RECALL_REASONS = frozenset({"unsafe", "expired", "maker"})
_CODE = re.compile(r"[a-z0-9-]{1,24}")


def put_articles(ledger: Ledger, township: str, scope: str, articles: Sequence[Article], by: str) -> None:
    """Add goods, services and materials, or change what is known of them."""
    if not 0 < len(articles) <= MOST_ARTICLES:
        raise Invalid("articles", most=MOST_ARTICLES)
    for each in articles:
        if not _CODE.fullmatch(each.code) or not each.name:
            raise Invalid("article", article=each.code[:24])

    def work(act: Act) -> None:
        _check_scope(act, scope)
        for each in articles:
            _publish(act, scope, _kind(each), each.code, each, by)

    ledger.act(township, work)


def publish(ledger: Ledger, township: str, scope: str, version: Version, by: str) -> None:
    """Publish a price book, a policy or terms with its effective date; the same again changes nothing.

    A book names known goods, services and materials only, and its number is above every earlier one of the scope.
    """

    def work(act: Act) -> None:
        _check_scope(act, scope)
        kind, code = _kind(version), _code(version)
        there = newest(act.connection, township, scope, kind)
        if code in there:
            if there[code] != messages.dumps(version).decode():
                raise Conflict("version-taken", version=code)
            return
        if not isinstance(version, Terms) and there and int(code) <= max(map(int, there)):
            raise Conflict("version-old", version=code)
        if isinstance(version, PricesFacts):
            _check_prices(act, scope, version)
        _publish(act, scope, kind, code, version, by)

    ledger.act(township, work)


def recall(ledger: Ledger, township: str, of: Recall, by: str, *, lifted: bool = False) -> None:
    """Have goods of a maker's batch refused at every counter, or let them go again."""
    if of.reason not in RECALL_REASONS or not re.fullmatch(r"[!-~]{0,24}", of.batch):
        raise Invalid("recall")

    def work(act: Act) -> None:
        code = f"{of.good}/{of.batch}"
        there = code in newest(act.connection, township, "", reference.RECALL)
        if lifted and not there:
            raise NotFound("recall-unknown", article=code)
        _publish(act, "", reference.RECALL, code, None if lifted else of, by)

    ledger.act(township, work)


def newest(connection: Connection, township: str, scope: str, kind: str) -> dict[str, str]:
    """The newest value (canonical JSON) of each thing of a kind in a scope, by its code."""
    c = t.reference.c
    query = select(c.code, c.value).where(c.township == township, c.scope == scope, c.kind == kind)
    return {row.code: row.value for row in connection.execute(query) if row.value is not None}


def _publish(act: Act, scope: str, kind: str, code: str, facts: Article | Version | Recall | None, by: str) -> None:
    number = feed.put(act, scope, kind, [(code, facts)])
    value = None if facts is None else messages.dumps(facts).decode()
    row = {"number": number, "scope": scope, "kind": kind, "code": code, "by_whom": by, "ms": act.now, "value": value}
    act.connection.execute(insert(t.published).values(township=act.township, **row))
    audit.note(act.connection, act.township, act.now, by, "publish", f"{kind} {scope} {code}")


def _check_prices(act: Act, scope: str, book: PricesFacts) -> None:
    for kind, codes in (
        (reference.GOOD, [each.good for each in book.goods]),
        (reference.MATERIAL, [each.material for each in book.materials]),
        (reference.SERVICE, [each.service for each in book.services]),
    ):
        known = {*newest(act.connection, act.township, scope, kind), *newest(act.connection, act.township, "", kind)}
        if len(set(codes)) != len(codes):
            raise Invalid("article-twice", kind=kind)
        if unknown := sorted(set(codes) - known):
            raise NotFound("article-unknown", article=unknown[0])
    figures = [(each.points.amount, each.shelf.amount) for each in book.goods]
    prices = [*(n for pair in figures for n in pair), *(each.points.amount for each in book.services)]
    if any(price < 0 for price in prices) or any(each.amount <= 0 for each in book.materials):
        raise Invalid("price")
    if any(each.per not in ("kg", "piece", "every") for each in book.materials) or book.version < 1:
        raise Invalid("price")


def _check_scope(act: Act, scope: str) -> None:
    if scope and not any(
        act.connection.execute(select(table).filter_by(township=act.township, **{column: scope})).first()
        for table, column in ((t.villages, "village"), (t.stores, "store"))
    ):
        raise NotFound("scope-unknown", scope=scope)


def _kind(facts: Article | Version) -> str:
    match facts:
        case Good():
            return reference.GOOD
        case Service():
            return reference.SERVICE
        case MaterialFacts():
            return reference.MATERIAL
        case PricesFacts():
            return reference.PRICES
        case PolicyFacts():
            return reference.POLICY
        case Terms():
            return reference.TERMS
        case _:
            assert_never(facts)


def _code(version: Version) -> str:
    return version.effective.isoformat() if isinstance(version, Terms) else str(version.version)
