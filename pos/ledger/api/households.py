"""Households as operators look at them, and as villagers look at their own by showing the card's QR text."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Security
from fastapi.security import APIKeyHeader
from pydantic import BaseModel

from pos.ledger import holdings
from pos.ledger.api.acting import Anybody, Clerk
from pos.ledger.api.common import (
    REFUSALS,
    Household,
    Limit,
    Page,
    TheLedger,
    Township,
    Village,
    limited,
    paged,
)
from pos.ledger.holdings import Holding, HouseholdFound, StatementLine
from pos.ledger.scopes import VILLAGE

router = APIRouter(prefix="/v1/townships/{township}", tags=["households"], responses=REFUSALS)

_CARD = APIKeyHeader(
    name="X-Card",
    auto_error=False,
    scheme_name="card",
    description="积分卡二维码的内容 · The text of the card's QR code",
)
Days = Annotated[int, Query(ge=1, le=holdings.MOST_DAYS, description="几天以内 · How many days back")]
Cursor = Annotated[str, Query(pattern="^([0-9]{16})?$")]


class HouseholdListed(BaseModel):
    """A household in a list: the head's name is masked."""

    household: str
    village: str
    name: str
    group: str
    state: str
    home: str | None


class Own(BaseModel):
    """What a card shows of its household: nobody's name. Points are 1/100."""

    points: int
    pending: int
    aside: int
    owed: int


def own_household(ledger: TheLedger, township: Township, card: Annotated[str | None, Security(_CARD)]) -> str:
    """The household whose card is shown. Raises `Unidentified` or `Forbidden`."""
    with ledger.read() as connection:
        return holdings.household_of(connection, township, card or "")


OwnHousehold = Annotated[str, Depends(own_household)]


@router.get("/households", dependencies=[limited("read")])
def households(
    ledger: TheLedger,
    township: Township,
    by: Anybody,
    village: Annotated[Village | None, Query()] = None,
    after: Cursor = "",
    limit: Limit = 100,
) -> Page[HouseholdListed]:
    """Households by their number, of all villages or of one; names are masked."""
    if by.village is not None:
        village = village or by.village
        by.within(village)
    with ledger.read() as connection:
        found = holdings.listed(connection, township, village, after, limit + 1)
    return paged(found, limit, lambda row: str(row["household"]), HouseholdListed.model_validate)


@router.get("/households/{household}", dependencies=[limited("read")])
def household(ledger: TheLedger, township: Township, household: Household, by: Clerk) -> HouseholdFound:
    """All that is known of a household, its points and its cards; who looked is noted."""
    return holdings.look_up(ledger, township, household, by.within(household[:VILLAGE]))


@router.get("/households/{household}/statement", dependencies=[limited("read")])
def statement(
    ledger: TheLedger, township: Township, household: Household, by: Clerk, days: Days = 31
) -> list[StatementLine]:
    """What moved a household's points of late, the newest first."""
    by.within(household[:VILLAGE])
    since = ledger.clock.wall() - days * holdings.DAY_MS
    with ledger.read() as connection:
        return holdings.statement(connection, township, household, since)


@router.get("/own/points", dependencies=[limited("card")])
def own_points(ledger: TheLedger, township: Township, household: OwnHousehold) -> Own:
    """The points of the household whose card is shown, as far as its stores were heard."""
    with ledger.read() as connection:
        found: Holding = holdings.holding(connection, township, household)
    return Own(points=found.points, pending=found.pending, aside=found.aside, owed=found.owed)


@router.get("/own/statement", dependencies=[limited("card")])
def own_statement(
    ledger: TheLedger, township: Township, household: OwnHousehold, days: Days = 31
) -> list[StatementLine]:
    """What moved the points of the household whose card is shown, the newest first."""
    since = ledger.clock.wall() - days * holdings.DAY_MS
    with ledger.read() as connection:
        return holdings.statement(connection, township, household, since)
