"""Villages, households and cards: who is served, and where."""

from typing import Annotated

from fastapi import APIRouter, Body, Path, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field

from catalog.units import Points
from pos.core.households import HouseholdState
from pos.ledger import allotments, cards, registry
from pos.ledger.api.acting import Clerk, Operator
from pos.ledger.api.common import REFUSALS, TheLedger, Township, body_of, limited
from pos.ledger.registry import Resident
from pos.ledger.sheets import MOST_ROWS, Problem

router = APIRouter(
    prefix="/v1/townships/{township}", tags=["registry"], responses=REFUSALS, dependencies=[limited("read")]
)

Household = Annotated[str, Path(pattern="^[0-9]{16}$", description="户号")]
Card = Annotated[str, Path(pattern="^[0-9]{12}$", description="卡号")]
Number = Annotated[str, Field(pattern="^[0-9]{16}$")]
Name = Annotated[str, Field(min_length=1, max_length=40)]
Store = Annotated[str, Field(pattern="^[A-Z0-9]{1,8}$")]
Reason = Annotated[str, Field(min_length=1, max_length=60)]
_XLSX = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class VillageFacts(BaseModel):
    """A village."""

    village: Annotated[str, Field(pattern="^[0-9]{12}$")]
    name: Name


class Route(BaseModel):
    """A village that a store serves beside its own."""

    store: Store
    village: Annotated[str, Field(pattern="^[0-9]{12}$")]


class ResidentFacts(BaseModel):
    """A household and its people."""

    number: Number
    head: Name
    group: Name
    persons: Annotated[int, Field(ge=1, le=99)]
    home: Store | None = None
    quiet: bool = False

    def resident(self, row: int = 0) -> Resident:
        """As the registry takes it."""
        return Resident(self.number, self.head, self.group, self.persons, self.home, int(self.quiet), row)


class State(BaseModel):
    """A household's state, and why."""

    state: HouseholdState
    reason: Reason


class Home(BaseModel):
    """The store that holds a household's points."""

    store: Store


class Merged(BaseModel):
    """The household that another one is merged into, and why."""

    heir: Number
    reason: Reason


class Part(BaseModel):
    """A part of a household that becomes one of its own, and the points (1/100) that it takes with it."""

    part: ResidentFacts
    points: Annotated[int, Field(ge=0, le=allotments.MOST)] = 0


class Why(BaseModel):
    """A reason, kept in the audit."""

    reason: Annotated[str, Field(max_length=60)] = ""


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
    registry.add_villages(ledger, township, [(each.village, each.name) for each in body], by)


@router.post("/routes", status_code=204)
def add_route(ledger: TheLedger, township: Township, by: Operator, body: Route) -> None:
    """Let a store serve another village, too."""
    registry.add_route(ledger, township, body.store, body.village, by)


@router.put("/households")
def put_households(
    ledger: TheLedger, township: Township, by: Clerk, body: Residents, dry_run: bool = False
) -> list[Problem]:
    """Add or change households; the answer is what is wrong, and nothing is written when anything is."""
    residents = [each.resident(row) for row, each in enumerate(body, 1)]
    return registry.put_households(ledger, township, residents, by, dry_run=dry_run)


@router.post("/household-sheets", openapi_extra=_XLSX)
async def households_from_sheet(
    request: Request, ledger: TheLedger, township: Township, by: Operator, dry_run: bool = False
) -> list[Problem]:
    """The same from a spreadsheet (XLSX): 户号, 户主, 村民小组, 人口, 兑换点."""
    data = await body_of(request)

    def work() -> list[Problem]:
        residents, problems = registry.read(data)
        found = registry.put_households(ledger, township, residents, by, dry_run=dry_run or bool(problems))
        return sorted([*problems, *found], key=lambda each: (each.row, each.code))

    return await run_in_threadpool(work)


@router.put("/households/{household}/state", status_code=204)
def set_state(ledger: TheLedger, township: Township, household: Household, by: Clerk, body: State) -> None:
    """Set a household's state."""
    registry.set_state(ledger, township, household, body.state, by, body.reason)


@router.put("/households/{household}/home", status_code=204)
def set_home(ledger: TheLedger, township: Township, household: Household, by: Clerk, body: Home) -> None:
    """Have another store hold a household's points."""
    registry.set_home(ledger, township, household, body.store, by)


@router.post("/households/{household}/merge", status_code=204)
def merge(ledger: TheLedger, township: Township, household: Household, by: Operator, body: Merged) -> None:
    """Merge a household into another one."""
    registry.merge(ledger, township, household, body.heir, by, body.reason)


@router.post("/households/{household}/split", status_code=204)
def split(ledger: TheLedger, township: Township, household: Household, by: Operator, body: Part) -> None:
    """Make part of a household one of its own."""
    registry.split(ledger, township, household, body.part.resident(), Points(body.points), by)


@router.delete("/households/{household}/people", status_code=204)
def erase(ledger: TheLedger, township: Township, household: Household, by: Operator) -> None:
    """Erase who a merged or closed household was."""
    registry.erase(ledger, township, household, by)


@router.post("/households/{household}/cards")
def issue(ledger: TheLedger, township: Township, household: Household, by: Clerk, body: Why) -> Issued:
    """Issue a card; earlier ones are replaced."""
    card, qr = cards.issue(ledger, township, household, by, body.reason)
    return Issued(card=card.number, version=card.version, qr=qr)


@router.put("/cards/{card}/lost", status_code=204)
def lost(ledger: TheLedger, township: Township, card: Card, by: Clerk) -> None:
    """Have a card refused everywhere."""
    cards.report_lost(ledger, township, card, by)


@router.delete("/cards/{card}/lost", status_code=204)
def found(ledger: TheLedger, township: Township, card: Card, by: Clerk) -> None:
    """Take a lost card again."""
    cards.report_found(ledger, township, card, by)
