"""Operators: their log-ins, and who they are."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from pos.ledger import operators
from pos.ledger.api.acting import Anybody, Operator, Token
from pos.ledger.api.common import REFUSALS, Asked, TheLedger, Township, Village, limited
from pos.ledger.operators import Actor, Role

router = APIRouter(prefix="/v1/townships/{township}", tags=["operators"], responses=REFUSALS)

Name = Annotated[str, Path(pattern="^[a-z][a-z0-9-]{1,15}$", examples=["clerk-01"])]
NewName = Annotated[str, Field(pattern="^[a-z][a-z0-9-]{1,15}$", examples=["clerk-01"])]
Password = Annotated[
    str,
    Field(
        min_length=operators.FEWEST_CHARACTERS,
        max_length=operators.MOST_CHARACTERS,
        pattern="^[ -~\u4e00-\u9fff]+$",
        examples=["谷雨那天村口种的三棵柿子树"],
    ),
]


class LogIn(Asked):
    """Name and password."""

    name: NewName
    password: Annotated[str, Field(max_length=operators.MOST_CHARACTERS)]


class SessionFacts(BaseModel):
    """A log-in: `token` goes into every request's `Authorization: Bearer`, until `expires` (ledger's clock, ms)."""

    token: str
    expires: int
    name: str
    role: Role
    village: str | None


class OperatorFacts(BaseModel):
    """An operator; without a village, of the whole township."""

    name: str
    role: Role
    village: str | None
    active: bool


class NewOperator(Asked):
    """An operator to be; a clerk needs a village."""

    name: NewName
    role: Annotated[Role, Field(strict=False)]
    village: Village | None = None
    password: Password


class NewPassword(Asked):
    """Another password."""

    password: Password


@router.post("/sessions", dependencies=[limited("log-in")])
def log_in(ledger: TheLedger, township: Township, body: LogIn) -> SessionFacts:
    """Log in for a working day; wrong passwords make the next try wait."""
    found = operators.log_in(ledger, township, body.name, body.password)
    who = found.actor
    return SessionFacts(token=found.token, expires=found.expires, name=who.name, role=who.role, village=who.village)


@router.delete("/sessions", status_code=204, dependencies=[limited("read")])
def log_out(ledger: TheLedger, township: Township, token: Token) -> None:
    """End the token that the request bears."""
    operators.log_out(ledger, township, token)


@router.get("/operators", dependencies=[limited("read")])
def everybody(ledger: TheLedger, township: Township, _by: Operator) -> list[OperatorFacts]:
    """All who act or acted."""
    with ledger.read() as connection:
        rows = operators.everybody(connection, township)
    return [OperatorFacts(name=row.operator, role=row.role, village=row.village, active=row.active) for row in rows]


@router.post("/operators", status_code=204, dependencies=[limited("read")])
def add_operator(ledger: TheLedger, township: Township, by: Operator, body: NewOperator) -> None:
    """Make an operator; names are never used again."""
    operators.add(ledger, township, Actor(body.name, body.role, body.village), body.password, by.name)


@router.put("/operators/{name}/password", status_code=204, dependencies=[limited("log-in")])
def set_password(ledger: TheLedger, township: Township, name: Name, by: Operator, body: NewPassword) -> None:
    """Give an operator another password; all their tokens end."""
    operators.set_password(ledger, township, name, body.password, by.name)


@router.put("/password", status_code=204, dependencies=[limited("log-in")])
def set_own_password(ledger: TheLedger, township: Township, by: Anybody, body: NewPassword) -> None:
    """Change one's own password; all one's tokens end."""
    operators.set_password(ledger, township, by.name, body.password, by.name)


@router.delete("/operators/{name}", status_code=204, dependencies=[limited("read")])
def dismiss(ledger: TheLedger, township: Township, name: Name, by: Operator) -> None:
    """Let an operator act no more."""
    operators.dismiss(ledger, township, name, by.name)
