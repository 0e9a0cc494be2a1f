"""Award items and batches: drafted, reviewed, published, objected to, made effective, granted. Points are 1/100."""

from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field

from catalog.units import Points
from pos.core.award_file import MOST_TITLE
from pos.ledger import award_items, award_sheets, awards, scopes
from pos.ledger.api import bodies
from pos.ledger.api.acting import Anybody, Assessor, Clerk, Operator
from pos.ledger.api.common import (
    LINE,
    REFUSALS,
    Asked,
    HouseholdNumber,
    Limit,
    Page,
    TheLedger,
    Township,
    Village,
    body_of,
    limited,
    paged,
    text,
)
from pos.ledger.awards import Draft, DraftLine
from pos.ledger.operators import Actor
from pos.ledger.service import Ledger
from pos.ledger.sheets import Problem

router = APIRouter(
    prefix="/v1/townships/{township}", tags=["awards"], responses=REFUSALS, dependencies=[limited("read")]
)

Batch = Annotated[str, Path(pattern="^[a-z0-9-]{1,24}$")]
BatchCursor = Annotated[str | None, Query(pattern="^[a-z0-9-]{1,24}$")]
LineCursor = Annotated[int, Query(ge=0, le=awards.MOST_LINES)]
Number = Annotated[int, Path(ge=1, le=awards.MOST_LINES)]
Title = Annotated[str, text(MOST_TITLE)]
Meeting = Annotated[str, text(60)]
Period = Annotated[str, Field(pattern="^[0-9]{4}-(0[1-9]|1[0-2]|Q[1-4]|W[0-5][0-9])$", examples=["2026-01"])]
Scheme = Annotated[str, Field(pattern="^[a-z0-9-]{1,24}$", examples=["three"])]
ItemCode = Annotated[str, Field(pattern="^[A-Z0-9-]{1,12}$", examples=["Z01"])]
BatchName = Annotated[str, Field(pattern="^[a-z0-9-]{1,24}$")]
Figure = Annotated[int, Field(ge=-(10**7), le=10**7)]


class ItemFacts(Asked):
    """What points are awarded for."""

    code: ItemCode
    scheme: Scheme
    category: Annotated[str, Field(pattern="^[a-z0-9-]{1,24}$")]
    name: Annotated[str, text(40)]
    low: Figure
    high: Figure
    most_times: Annotated[int, Field(ge=1, le=award_items.MOST_TIMES)] = 1
    private: bool = False
    village: Village | None = None
    meeting: Annotated[str, Field(max_length=60, pattern=LINE)] = ""
    active: bool = True


class LineFacts(Asked):
    """A household's award."""

    household: HouseholdNumber
    item: ItemCode
    points: Figure | None = None
    times: Annotated[int, Field(ge=0, le=99)] = 1


class DraftFacts(Asked):
    """A batch as the committee hands it in."""

    batch: BatchName
    village: Village
    period: Period
    title: Title
    meeting: Meeting
    corrects: BatchName | None = None
    lines: Annotated[list[LineFacts], Field(max_length=awards.MOST_LINES)]


class BatchFacts(BaseModel):
    """Where a batch is; times are the ledger's clock, ms."""

    batch: str
    village: str
    period: str
    title: str
    meeting: str
    corrects: str | None
    state: str
    objection_days: int
    drafted: int
    published: int | None
    granted: int | None


class LineFound(BaseModel):
    """A line of a batch; `objection` and `outcome` are codes."""

    line: int
    household: str
    item: str
    points: int
    times: int
    total: int
    objection: str | None
    outcome: str | None


class BoardLine(BaseModel):
    """A line as it is hung up."""

    household: str
    name: str
    item: str
    points: int


class Objection(Asked):
    """Why somebody objects; a code."""

    reason: Annotated[str, Field(pattern="^[a-z0-9-]{1,24}$")]


class Decided(Asked):
    """Whether an objection takes its line out."""

    upheld: bool


class Step(StrEnum):
    """A batch's steps that need nothing but somebody's word."""

    REVIEW = "review"
    EFFECTIVE = "effective"
    WITHDRAW = "withdraw"


_STEPS = {Step.REVIEW: awards.review, Step.EFFECTIVE: awards.make_effective, Step.WITHDRAW: awards.withdraw}


@router.get("/award-items")
def items(ledger: TheLedger, township: Township, _by: Anybody, village: Village | None = None) -> list[ItemFacts]:
    """The township's items, or those that may be awarded in a village."""
    with ledger.read() as connection:
        found = award_items.items(connection, township, village).values()
    return [
        ItemFacts(
            code=item.code, scheme=item.scheme, category=item.category, name=item.name, low=item.low.amount,
            high=item.high.amount, most_times=item.most_times, private=item.private, village=item.village,
            meeting=item.meeting, active=item.active,
        )
        for item in found
    ]  # fmt: skip


@router.post("/award-items", status_code=204)
def add_item(ledger: TheLedger, township: Township, by: Clerk, body: ItemFacts) -> None:
    """Add a village's own item."""
    facts: dict[str, Any] = body.model_dump() | {"low": Points(body.low), "high": Points(body.high)}
    award_items.add(ledger, township, award_items.Item(**facts), by.within(body.village or ""))


@router.post("/award-schemes/{scheme}")
def adopt(ledger: TheLedger, township: Township, scheme: Scheme, by: Operator) -> int:
    """Take over a scheme's categories and items; the answer is how many items are new."""
    return award_items.adopt(ledger, township, scheme, by.name)


@router.delete("/award-items/{code}", status_code=204)
def retire(ledger: TheLedger, township: Township, code: ItemCode, by: Clerk) -> None:
    """Award nothing more for an item."""
    award_items.retire(ledger, township, code, _of_item(ledger, township, code, by))


@router.get("/award-batches")
def batches(
    ledger: TheLedger, township: Township, _by: Anybody, after: BatchCursor = None, limit: Limit = 100
) -> Page[BatchFacts]:
    """All batches, newest first."""
    with ledger.read() as connection:
        found = awards.batches(connection, township)
    start = next((place for place, row in enumerate(found, 1) if row.batch == after), 0)
    return paged(
        found[start : start + limit + 1],
        limit,
        lambda row: str(row.batch),
        lambda row: BatchFacts.model_validate(row._mapping),
    )


@router.get("/award-batches/{batch}/lines")
def batch_lines(
    ledger: TheLedger, township: Township, batch: Batch, _by: Anybody, after: LineCursor = 0, limit: Limit = 100
) -> Page[LineFound]:
    """The lines of a batch in their order, with what was objected and decided."""
    with ledger.read() as connection:
        scopes.of_batch(connection, township, batch)
        found = awards.lines(connection, township, batch)[after:]
    return paged(
        found[: limit + 1], limit, lambda row: str(row.line), lambda row: LineFound.model_validate(row._mapping)
    )


@router.post("/award-batches")
def draft(
    ledger: TheLedger, township: Township, by: Assessor, body: DraftFacts, dry_run: bool = False
) -> list[Problem]:
    """Hand a batch in; the answer is what is wrong with it, and nothing is written when anything is."""
    lines = tuple(
        DraftLine(line.household, line.item, None if line.points is None else Points(line.points), line.times, row)
        for row, line in enumerate(body.lines, 1)
    )
    new = Draft(body.batch, body.village, body.period, body.title, body.meeting, lines, body.corrects)
    return awards.draft(ledger, township, new, by.within(body.village), dry_run=dry_run)


@router.post("/award-sheets", openapi_extra=bodies.XLSX)
async def draft_from_sheet(
    request: Request,
    ledger: TheLedger,
    township: Township,
    by: Assessor,
    batch: BatchName,
    village: Village,
    period: Period,
    title: Title,
    meeting: Meeting,
    corrects: BatchName | None = None,
    dry_run: bool = False,
) -> list[Problem]:
    """The same from a spreadsheet (XLSX): 户号, 事项, 分值, 倍数."""
    data = await body_of(request, bodies.MOST_SHEET)

    def work() -> list[Problem]:
        lines, problems = award_sheets.read(data)
        new = Draft(batch, village, period, title, meeting, lines, corrects)
        found = awards.draft(ledger, township, new, by.within(village), dry_run=dry_run or bool(problems))
        return sorted([*problems, *found], key=lambda each: (each.row, each.code))

    return await run_in_threadpool(work)


@router.get("/award-batches/{batch}/board")
def board(ledger: TheLedger, township: Township, batch: Batch, _by: Anybody) -> list[BoardLine]:
    """What is hung up: masked names, no deduction named."""
    with ledger.read() as connection:
        found = award_sheets.board(connection, township, batch)
    return [BoardLine(household=of, name=name, item=item, points=points.amount) for of, name, item, points in found]


@router.post("/award-batches/{batch}/publish", status_code=204)
def publish(
    ledger: TheLedger,
    township: Township,
    batch: Batch,
    by: Clerk,
    days: Annotated[int, Query(ge=0, le=awards.MOST_DAYS)] = 3,
) -> None:
    """Hang a reviewed batch up for so many days."""
    awards.publish(ledger, township, batch, days, _of_batch(ledger, township, batch, by))


@router.post("/award-batches/{batch}/grant")
def grant(ledger: TheLedger, township: Township, batch: Batch, by: Operator) -> int:
    """Post an effective batch; the answer is how many households it is for."""
    return awards.grant(ledger, township, batch, by.name)


@router.post("/award-batches/{batch}/steps/{step}", status_code=204)
def step(ledger: TheLedger, township: Township, batch: Batch, step: Step, by: Clerk) -> None:
    """Review a batch, make it effective, or withdraw it."""
    _STEPS[step](ledger, township, batch, _of_batch(ledger, township, batch, by))


@router.post("/award-batches/{batch}/lines/{line}/objection", status_code=204)
def object_to(ledger: TheLedger, township: Township, batch: Batch, line: Number, by: Clerk, body: Objection) -> None:
    """Note an objection to a line of a published batch."""
    awards.object_to(ledger, township, batch, line, body.reason, _of_batch(ledger, township, batch, by))


@router.put("/award-batches/{batch}/lines/{line}/objection", status_code=204)
def decide_objection(
    ledger: TheLedger, township: Township, batch: Batch, line: Number, by: Assessor, body: Decided
) -> None:
    """Settle an objection."""
    awards.decide_objection(ledger, township, batch, line, _of_batch(ledger, township, batch, by), upheld=body.upheld)


def _of_batch(ledger: Ledger, township: str, batch: str, by: Actor) -> str:
    with ledger.read() as connection:
        return by.within(scopes.of_batch(connection, township, batch))


def _of_item(ledger: Ledger, township: str, item: str, by: Actor) -> str:
    with ledger.read() as connection:
        return by.within(scopes.of_item(connection, township, item))
