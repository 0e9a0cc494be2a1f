"""Townships, their villages and stores, codes to enrol with, and how far each store is heard."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from pos.ledger import enrol, fleet, operators, townships
from pos.ledger.api.acting import Anybody, Founder, Operator
from pos.ledger.api.common import REFUSALS, Asked, Store, TheLedger, Township, Village, limited, text
from pos.ledger.api.sessions import NewName, Password
from pos.ledger.enrol import Code
from pos.ledger.fleet import StoreFound
from pos.wire.messages import Limits

router = APIRouter(tags=["townships"], responses=REFUSALS, dependencies=[limited("read")])

Days = Annotated[int, Field(ge=0, le=366)]
Figure = Annotated[int, Field(ge=0, le=10**9)]


class NewTownship(Asked):
    """A township and its first operator."""

    township: Annotated[str, Field(pattern="^[A-Za-z0-9-]{1,24}$", examples=["990101"])]
    name: Annotated[str, text(40)]
    utc_offset_minutes: Annotated[int, Field(ge=-720, le=840)] = 480
    operator: NewName
    password: Password


class NewStore(Asked):
    """A store of a village."""

    store: Store
    village: Village
    name: Annotated[str, text(40)]


class CodeLimits(Asked):
    """What an installation may do before it is heard again; points are 1/100, nothing is no limit."""

    sale: Figure | None = None
    granted: Figure | None = None
    minted_day: Figure | None = None
    minted_unheard: Figure | None = None
    soft_days: Days | None = None
    hard_days: Days | None = None


class NewCode(Asked):
    """What a one-time code is for."""

    device: Annotated[str, Field(pattern="^[a-z0-9-]{1,15}$")] | None = None
    """The device whose next installation it is."""
    alone: bool = False
    """Whether it is for a store that ran alone, which uploads all it has."""
    limits: CodeLimits = CodeLimits()


class CodeShown(BaseModel):
    """A one-time code, shown this once."""

    code: str


class VillageFound(BaseModel):
    """A village."""

    village: str
    name: str


@router.post("/v1/townships", status_code=204)
def create(ledger: TheLedger, by: Founder, body: NewTownship) -> None:
    """Begin a township's books, with its first operator."""
    operators.check_password(body.password)
    townships.create(ledger, body.township, body.name, body.utc_offset_minutes, by)
    operators.begin(ledger, body.township, body.operator, body.password, by)


@router.get("/v1/townships/{township}/villages")
def villages(ledger: TheLedger, township: Township, _by: Anybody) -> list[VillageFound]:
    """The township's villages by their code."""
    with ledger.read() as connection:
        found = fleet.villages(connection, township)
    return [VillageFound(village=row.village, name=row.name) for row in found]


@router.post("/v1/townships/{township}/stores", status_code=204)
def add_store(ledger: TheLedger, township: Township, by: Operator, body: NewStore) -> None:
    """Add a store."""
    ledger.act(township, lambda act: townships.add_store(act, body.store, body.village, body.name, by.name))


@router.get("/v1/townships/{township}/stores")
def stores(ledger: TheLedger, township: Township, _by: Anybody) -> list[StoreFound]:
    """All stores, their installations, and how far each was heard."""
    with ledger.read() as connection:
        return fleet.stores(connection, township)


@router.post("/v1/townships/{township}/stores/{store}/codes")
def make_code(
    ledger: TheLedger,
    township: Township,
    store: Annotated[str, Path(pattern="^[A-Z0-9]{1,8}$", examples=["LT01"])],
    by: Operator,
    body: NewCode,
) -> CodeShown:
    """A one-time code for a store's installation to enrol with; it is valid for a week."""
    allowed = Code(store, body.device, body.alone, Limits(**body.limits.model_dump()))
    return CodeShown(code=enrol.make_code(ledger, township, allowed, by.name))
