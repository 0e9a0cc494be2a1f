"""Villages, households and cards: who is served, and where."""

from typing import Annotated

from fastapi import APIRouter, Body, Path, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field

from catalog.units import Points
from pos.core.households import HouseholdState
from pos.ledger import allotments, cards, registry, scopes
from pos.ledger.api import bodies
from pos.ledger.api.acting import Clerk, Operator
from pos.ledger.api.common import (
    REFUSALS,
    Asked,
    Household,
    HouseholdNumber,
    Store,
    TheLedger,
    Township,
    Village,
    body_of,
    limited,
    text,
)
from pos.ledger.operators import Actor
from pos.ledger.registry import Resident
from pos.ledger.scopes import VILLAGE
from pos.ledger.service import Ledger
from pos.ledger.sheets import MOST_ROWS, Problem

router = APIRouter(
    prefix="/v1/townships/{township}", tags=["registry"], responses=REFUSALS, dependencies=[limited("read")]
)

Card = Annotated[str, Path(pattern="^[0-9]{12}$", description="卡号")]
Name = Annotated[str, text(40)]
Reason = Annotated[str, text(60)]


class VillageFacts(Asked):
    """A village."""

    village: Village
    name: Name


class Route(Asked):
    """A village that a store serves beside its own."""

    store: Store
    village: Village


class ResidentFacts(Asked):
    """A household and its people."""

    number: HouseholdNumber
    head: Name
    group: Name
    persons: Annotated[int, Field(ge=1, le=99)]
    home: Store | None = None
    quiet: bool = False

    def resident(self, row: int = 0) -> Resident:
        """As the registry takes it."""
        return Resident(self.number, self.head, self.group, self.persons, self.home, int(self.quiet), row)


class State(Asked):
    """A household's state, and why."""

    state: Annotated[HouseholdState, Field(strict=False)]
    reason: Reason


class Home(Asked):
    """The store that holds a household's points."""

    store: Store


class Merged(Asked):
    """The household that another one is merged into, and why."""

    heir: HouseholdNumber
    reason: Reason


class Part(Asked):
    """A part of a household that becomes one of its own, and the points (1/100) that it takes with it."""

    part: ResidentFacts
    points: Annotated[int, Field(ge=0, le=allotments.MOST)] = 0


class Why(Asked):
    """A reason, kept in the audit."""

    reason: Reason | None = None


class Issued(BaseModel):
    """A new card, and the text of its QR code."""

    card: str
    version: int
    qr: str


Villages = Annotated[list[VillageFacts], Body(max_length=1000)]
Residents = Annotated[list[ResidentFacts], Body(max_length=MOST_ROWS)]


@router.put("/villages", status_code=204)
def add_villages(ledger: TheLedger, township: Township, by: Operator, body: Villages) -> None:
    """Add or rename villages."""
    registry.add_villages(ledger, township, [(each.village, each.name) for each in body], by.name)


@router.post("/village-sheets", openapi_extra=bodies.XLSX)
async def villages_from_sheet(
    request: Request, ledger: TheLedger, township: Township, by: Operator, dry_run: bool = False
) -> list[Problem]:
    """The same from a spreadsheet (XLSX): 编码, 行政村. Nothing is written when anything is wrong with it."""
    data = await body_of(request, bodies.MOST_SHEET)

    def work() -> list[Problem]:
        found, problems = registry.read_villages(data)
        if not problems and not dry_run:
            registry.add_villages(ledger, township, found, by.name)
        return problems

    return await run_in_threadpool(work)


@router.post("/routes", status_code=204)
def add_route(ledger: TheLedger, township: Township, by: Operator, body: Route) -> None:
    """Let a store serve another village, too."""
    registry.add_route(ledger, township, body.store, body.village, by.name)


@router.put("/households")
def put_households(
    ledger: TheLedger, township: Township, by: Clerk, body: Residents, dry_run: bool = False
) -> list[Problem]:
    """Add or change households; the answer is what is wrong, and nothing is written when anything is."""
    residents = [each.resident(row) for row, each in enumerate(body, 1)]
    for each in body:
        by.within(each.number[:VILLAGE])
    return registry.put_households(ledger, township, residents, by.name, dry_run=dry_run)


@router.post("/household-sheets", openapi_extra=bodies.XLSX)
async def households_from_sheet(
    request: Request, ledger: TheLedger, township: Township, by: Operator, dry_run: bool = False
) -> list[Problem]:
    """The same from a spreadsheet (XLSX): 户号, 户主, 村民小组, 人口, 兑换点."""
    data = await body_of(request, bodies.MOST_SHEET)

    def work() -> list[Problem]:
        residents, problems = registry.read(data)
        found = registry.put_households(ledger, township, residents, by.name, dry_run=dry_run or bool(problems))
        return sorted([*problems, *found], key=lambda each: (each.row, each.code))

    return await run_in_threadpool(work)


@router.put("/households/{household}/state", status_code=204)
def set_state(ledger: TheLedger, township: Township, household: Household, by: Clerk, body: State) -> None:
    """Set a household's state."""
    registry.set_state(ledger, township, household, body.state, by.within(household[:VILLAGE]), body.reason)


@router.put("/households/{household}/home", status_code=204)
def set_home(ledger: TheLedger, township: Township, household: Household, by: Clerk, body: Home) -> None:
    """Have another store hold a household's points."""
    registry.set_home(ledger, township, household, body.store, by.within(household[:VILLAGE]))


@router.post("/households/{household}/merge", status_code=204)
def merge(ledger: TheLedger, township: Township, household: Household, by: Operator, body: Merged) -> None:
    """Merge a household into another one."""
    registry.merge(ledger, township, household, body.heir, by.name, body.reason)


@router.post("/households/{household}/split", status_code=204)
def split(ledger: TheLedger, township: Township, household: Household, by: Operator, body: Part) -> None:
    """Make part of a household one of its own."""
    registry.split(ledger, township, household, body.part.resident(), Points(body.points), by.name)


@router.delete("/households/{household}/people", status_code=204)
def erase(ledger: TheLedger, township: Township, household: Household, by: Operator) -> None:
    """Erase who a merged or closed household was."""
    registry.erase(ledger, township, household, by.name)


@router.post("/households/{household}/cards")
def issue(ledger: TheLedger, township: Township, household: Household, by: Clerk, body: Why) -> Issued:
    """Issue a card; earlier ones are replaced."""
    card, qr = cards.issue(ledger, township, household, by.within(household[:VILLAGE]), body.reason or "")
    return Issued(card=card.number, version=card.version, qr=qr)


@router.put("/cards/{card}/lost", status_code=204)
def lost(ledger: TheLedger, township: Township, card: Card, by: Clerk) -> None:
    """Have a card refused everywhere."""
    cards.report_lost(ledger, township, card, _of_card(ledger, township, card, by))


@router.delete("/cards/{card}/lost", status_code=204)
def found(ledger: TheLedger, township: Township, card: Card, by: Clerk) -> None:
    """Take a lost card again."""
    cards.report_found(ledger, township, card, _of_card(ledger, township, card, by))


def _of_card(ledger: Ledger, township: str, card: str, by: Actor) -> str:
    with ledger.read() as connection:
        return by.within(scopes.of_card(connection, township, card))
