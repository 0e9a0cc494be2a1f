"""Spending rights, ends of installations, and corrections of single households: operators' acts. Points are 1/100."""

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field

from catalog.units import Points
from pos.ledger import allotments, closing, heal, remedies
from pos.ledger.api.acting import Operator, Supervisor
from pos.ledger.api.common import (
    MOST_NUMBER,
    REFUSALS,
    Asked,
    Device,
    Epoch,
    Household,
    HouseholdNumber,
    TheLedger,
    Township,
    limited,
    text,
)

router = APIRouter(
    prefix="/v1/townships/{township}", tags=["rights"], responses=REFUSALS, dependencies=[limited("read")]
)

Amount = Annotated[int, Field(ge=0, le=allotments.MOST, description="积分，百分之一分")]
Reason = Annotated[str, text(60)]


class Cap(Asked):
    """Points of one household."""

    points: Amount


class Why(Asked):
    """A reason, kept in the audit."""

    reason: Reason


class Corrected(Why):
    """Points, and why."""

    points: Annotated[int, Field(ge=1, le=allotments.MOST, description="积分，百分之一分")]


class Remedied(Corrected):
    """Points that a paper shows."""

    paper: Annotated[str, Field(pattern="^[A-Z0-9.-]{1,60}$")]


class Undone(Why):
    """Lines of a redemption, from 1."""

    lines: Annotated[list[Annotated[int, Field(ge=1, le=64)]], Field(min_length=1, max_length=64)]


class Share(Asked):
    """Points of one household."""

    household: HouseholdNumber
    points: Amount


class Allotted(Asked):
    """Points of households, until when (ledger's clock, ms)."""

    until: Annotated[int, Field(ge=0, lt=MOST_NUMBER)]
    households: Annotated[list[Share], Field(min_length=1, max_length=1000)]


class StandIn(Asked):
    """A number that a store which ran alone gave a household, and the household's own."""

    local: Annotated[str, Field(pattern="^[a-z0-9-]{1,24}$")]
    household: HouseholdNumber


class StandIns(Asked):
    """Which household each number of a store that ran alone stands for."""

    households: Annotated[list[StandIn], Field(max_length=10_000, default_factory=list)]


class Laid(StrEnum):
    """What is done with points laid aside."""

    HOLD = "hold"
    CASH_OUT = "cash-out"
    UNHOLD = "unhold"


_LAYING = {Laid.HOLD: remedies.hold, Laid.CASH_OUT: remedies.cash_out, Laid.UNHOLD: remedies.unhold}


@router.put("/rights/cap", status_code=204)
def set_cap(ledger: TheLedger, township: Township, by: Operator, body: Cap) -> None:
    """Most points of one household that its home store may hold."""
    allotments.set_cap(ledger, township, Points(body.points), by.name)


@router.put("/households/{household}/kept", status_code=204)
def keep(ledger: TheLedger, township: Township, household: Household, by: Operator, body: Cap) -> None:
    """Have points of a household at the ledger, to be laid aside or split."""
    allotments.keep(ledger, township, household, Points(body.points), by.name)


@router.post("/devices/{device}/epochs/{epoch}/allotments", status_code=204)
def allot(ledger: TheLedger, township: Township, device: Device, epoch: Epoch, by: Operator, body: Allotted) -> None:
    """Let a van hold points of households until its day is over."""
    of = {each.household: Points(each.points) for each in body.households}
    allotments.to_van(ledger, township, device, epoch, of, body.until, by.name)


@router.post("/devices/{device}/epochs/{epoch}/resume", status_code=204)
def resume(ledger: TheLedger, township: Township, device: Device, epoch: Epoch, by: Operator, body: Why) -> None:
    """Grant again to an installation that was stopped."""
    allotments.resume(ledger, township, device, epoch, by.name, body.reason)


@router.post("/devices/{device}/epochs/{epoch}/close")
def close(ledger: TheLedger, township: Township, device: Device, epoch: Epoch, by: Operator, body: Why) -> str:
    """End an epoch: goods and cash go to its successor, which is answered; points stay frozen."""
    return closing.close(ledger, township, device, epoch, by.name, body.reason)


@router.post("/devices/{device}/epochs/{epoch}/release")
def release(ledger: TheLedger, township: Township, device: Device, epoch: Epoch, by: Operator, body: Why) -> int:
    """Free a closed epoch's points; the answer is of how many households."""
    return closing.release(ledger, township, device, epoch, by.name, body.reason)


@router.post("/devices/{device}/approval", status_code=204)
def approve(ledger: TheLedger, township: Township, device: Device, by: Operator, body: StandIns) -> None:
    """Approve a store that ran alone: it gives back everything for its next epoch."""
    stand_ins = {each.local: each.household for each in body.households}
    closing.approve_alone(ledger, township, device, stand_ins, by.name)


@router.post("/devices/{device}/epochs/{epoch}/entries/{seq}/undo")
def undo(
    ledger: TheLedger,
    township: Township,
    device: Device,
    epoch: Epoch,
    seq: Annotated[int, Path(ge=1, lt=MOST_NUMBER)],
    by: Operator,
    body: Undone,
) -> int:
    """Take lines of a redemption back elsewhere; the answer is the points given back."""
    return remedies.undo(ledger, township, device, epoch, seq, body.lines, by.name, body.reason).amount


@router.post("/households/{household}/remedies", status_code=204)
def remedy(ledger: TheLedger, township: Township, household: Household, by: Operator, body: Remedied) -> None:
    """Make points good that a paper shows."""
    remedies.remedy(ledger, township, household, body.paper, Points(body.points), by.name, body.reason)


@router.post("/households/{household}/forgiveness", status_code=204)
def forgive(ledger: TheLedger, township: Township, household: Household, by: Operator, body: Corrected) -> None:
    """Forgive what a household owes."""
    remedies.forgive(ledger, township, household, Points(body.points), by.name, body.reason)


@router.post("/households/{household}/points/{laid}", status_code=204)
def lay(ledger: TheLedger, township: Township, household: Household, laid: Laid, by: Operator, body: Corrected) -> None:
    """Lay points aside, note that the bank paid for them, or give them back."""
    _LAYING[laid](ledger, township, household, Points(body.points), by.name, body.reason)


@router.post("/findings/{writer}/{seq}/{code}", status_code=204)
def settle_finding(
    ledger: TheLedger,
    township: Township,
    writer: Annotated[str, Path(pattern="^([a-z0-9-]{1,15}[.][0-9]{1,9}|L)$", examples=["k7q2md.1"])],
    seq: Annotated[int, Path(ge=0, lt=MOST_NUMBER)],
    code: Annotated[str, Path(pattern="^[a-z-]{1,24}$")],
    by: Supervisor,
    body: Why,
) -> None:
    """Put a difference aside: somebody has looked at it."""
    remedies.settle_finding(ledger, township, writer, seq, code, by.name, body.reason)


@router.post("/restored", status_code=204)
def restored(ledger: TheLedger, township: Township, by: Operator) -> None:
    """Say that the ledger comes from its backup, before anything else is done with it."""
    heal.restored(ledger, township, by.name)
