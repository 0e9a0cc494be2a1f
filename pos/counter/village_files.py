"""A village's lists as files in one folder: `village.toml`; `households`, `goods`, `materials`, `tares` as CSV; and
`members`, where the village wants to know who of a household collects; `services` and `providers`, where it has any.

All of them are read and checked before anything is written; the first bad row is refused with its file, row and column.
"""

import csv
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from catalog.goods import Good, Service
from catalog.materials import Material, ScaleClass
from catalog.prices import ByPiece, ByWeight, EveryPieces, GoodPrice, MaterialPrice, PriceBook, Terms
from catalog.units import Fen, Grams, Points
from pos.core.households import MOST_MEMBERS, Household, HouseholdState, Member
from pos.core.refusals import BadRow
from pos.counter.new_goods import initials
from pos.counter.setup import OpeningLot, Tare, Village
from pos.storage.services import Provider

MOST_ROWS = 20_000
_DECIMAL = re.compile(r"(\d{1,9})(?:\.(\d{1,3}))?")


def _fixed(places: int) -> BeforeValidator:
    """Plain decimal text as an integer of 10^-`places`; anything else is refused, nothing is rounded."""

    def parse(text: object) -> int:
        found = _DECIMAL.fullmatch(text) if isinstance(text, str) else None
        digits = (found[2] or "") if found else ""
        if found is None or len(digits) > places:
            raise ValueError(f"a number with at most {places} decimals")
        whole: int = int(found[1]) * 10**places
        return whole + int(digits.ljust(places, "0"))

    return BeforeValidator(parse)


Hundredths = Annotated[int, _fixed(2)]
Thousandths = Annotated[int, _fixed(3)]
Code = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,24}$")]
Label = Annotated[str, Field(min_length=1, max_length=40)]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class _Store(_Row):
    code: Annotated[str, Field(pattern=r"^[A-Z0-9]{1,8}$")]
    name: Label
    village: Annotated[str, Field(pattern=r"^[0-9]{12}$")]
    telephone: Annotated[str, Field(max_length=20)]


class _Terms(_Row):
    effective: date
    fen_per_point: Annotated[int, Field(gt=0, le=100_000)]
    step: Hundredths


class _Prices(_Row):
    version: Annotated[int, Field(gt=0)]
    effective: date


class _Head(_Row):
    store: _Store
    terms: _Terms
    prices: _Prices


class _Household(_Row):
    number: Annotated[str, Field(pattern=r"^[0-9]{16}$")]
    head: Label
    group: Label
    persons: Annotated[int, Field(ge=1, le=99)]
    state: HouseholdState
    opening_points: Hundredths


class _Member(_Row):
    household: Annotated[str, Field(pattern=r"^[0-9]{16}$")]
    place: Annotated[int, Field(ge=1, le=MOST_MEMBERS)]
    name: Label


class _Good(_Row):
    code: Code
    barcode: Annotated[str, Field(pattern=r"^([0-9]{8}|[0-9]{12,13})?$")]
    name: Label
    unit: Label
    points: Hundredths
    shelf_yuan: Hundredths
    cost_yuan: Hundredths
    monthly_limit: Annotated[Annotated[int, Field(ge=1, le=999)] | None, BeforeValidator(lambda text: text or None)]
    opening_stock: Annotated[int, Field(ge=0, le=1_000_000)]
    owner: Code


class _Material(_Row):
    code: Code
    name: Label
    per: Literal["kg", "piece", "every"]
    price: Hundredths
    scale: ScaleClass
    minimum_kg: Thousandths
    hazardous: Annotated[int, Field(ge=0, le=1)]
    note: Annotated[str, Field(max_length=60)]
    metal: Annotated[int, Field(ge=0, le=1)] = 0
    campaign: Annotated[str, Field(pattern=r"^[a-z0-9-]{0,24}$")] = ""

    def agreed(self) -> MaterialPrice:
        """Its price; "every N pieces" takes a whole number."""
        match self.per:
            case "kg":
                return ByWeight(self.price)
            case "piece":
                return ByPiece(self.price)
            case "every":
                return EveryPieces(self.price // 100)


class _Tare(_Row):
    code: Code
    name: Label
    kg: Thousandths


class _Provider(_Row):
    code: Code
    name: Label
    telephone: Annotated[str, Field(max_length=20)]


class _Service(_Row):
    code: Code
    name: Label
    unit: Label
    points: Hundredths
    provider: Code
    cost_yuan: Hundredths
    places: Annotated[int, Field(ge=0, le=99)]


R = TypeVar("R", bound=_Row)


@dataclass(frozen=True, slots=True)
class VillageFiles:
    """What a folder says: the store's name, its lists, and what households and shelves held at the start."""

    code: str
    name: str
    village_code: str
    telephone: str
    village: Village
    points: dict[str, Points]
    stock: tuple[OpeningLot, ...]


def read(folder: Path) -> VillageFiles:
    """Read and check a village's folder. Raises `BadRow` for the first thing that does not fit."""
    head = _head(folder / "village.toml")
    households = list(_rows(folder / "households.csv", _Household))
    members = _members(folder / "members.csv", {household.number for household in households})
    goods = list(_rows(folder / "goods.csv", _Good))
    materials = list(_rows(folder / "materials.csv", _Material))
    tares = list(_rows(folder / "tares.csv", _Tare))
    providers, services = _services(folder)
    book = PriceBook(
        head.prices.version,
        head.prices.effective,
        {good.code: GoodPrice(Points(good.points), Fen(good.shelf_yuan)) for good in goods},
        {material.code: material.agreed() for material in materials},
        {service.code: Points(service.points) for service in services},
    )
    village = Village(
        tuple(Household(h.number, h.head, h.group, h.persons, h.state, head.store.code) for h in households),
        members,
        tuple(_good(good) for good in goods),
        tuple(
            Material(
                m.code,
                m.name,
                m.scale,
                Grams(m.minimum_kg),
                bool(m.hazardous),
                m.note,
                bool(m.metal),
                campaign=m.campaign,
            )
            for m in materials
        ),
        tuple(Tare(tare.code, tare.name, Grams(tare.kg)) for tare in tares),
        book,
        _terms(head.terms),
        tuple(Provider(each.code, each.name, each.telephone) for each in providers),
        tuple(Service(e.code, e.name, e.provider, e.cost_yuan, e.unit, initials(e.name), e.places) for e in services),
    )
    return VillageFiles(
        head.store.code,
        head.store.name,
        head.store.village,
        head.store.telephone,
        village,
        {h.number: Points(h.opening_points) for h in households if h.opening_points},
        tuple(OpeningLot(g.code, g.opening_stock, g.owner, g.cost_yuan) for g in goods if g.opening_stock),
    )


def _services(folder: Path) -> tuple[list[_Provider], list[_Service]]:
    """Who gives services, and which, where the village has any."""
    path = folder / "services.csv"
    if not path.exists():
        return [], []
    providers, services = list(_rows(folder / "providers.csv", _Provider)), []
    known = {provider.code for provider in providers}
    for row, service in enumerate(_rows(path, _Service), 2):
        if service.provider not in known:
            raise BadRow(file=path.name, row=row, column="provider", problem=f"{service.provider}?")
        services.append(service)
    return providers, services


def _members(path: Path, households: set[str]) -> dict[str, tuple[Member, ...]]:
    members: dict[str, tuple[Member, ...]] = {}
    if path.exists():
        for row, member in enumerate(_rows(path, _Member, 2), 2):
            if member.household not in households:
                raise BadRow(file=path.name, row=row, column="household", problem=f"{member.household}?")
            members[member.household] = (*members.get(member.household, ()), Member(member.place, member.name))
    return members


def _terms(terms: _Terms) -> Terms:
    try:
        return Terms(terms.effective, terms.fen_per_point, Points(terms.step))
    except ValueError as error:
        raise BadRow(file="village.toml", row=0, column="terms", problem=str(error)) from None


def _good(row: _Good) -> Good:
    barcodes = (row.barcode,) if row.barcode else ()
    return Good(row.code, row.name, row.unit, barcodes, initials(row.name), row.monthly_limit)


def _head(path: Path) -> _Head:
    try:
        return _Head.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        raise _refusal(path, 0, error) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadRow(file=path.name, row=0, column="", problem=str(error)) from None


def _rows(path: Path, kind: type[R], named_by: int = 1) -> Iterator[R]:
    """The rows of a list; none may repeat what its first `named_by` columns say."""
    row = 1
    seen: set[str] = set()
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row, fields in enumerate(csv.DictReader(file), 2):
                if row > MOST_ROWS:
                    raise BadRow(file=path.name, row=row, column="", problem=f"> {MOST_ROWS}")
                parsed = kind.model_validate(fields)
                identity = " ".join([*fields.values()][:named_by])
                if identity in seen:
                    raise BadRow(file=path.name, row=row, column=next(iter(fields)), problem=f"{identity} again")
                seen.add(identity)
                yield parsed
    except ValidationError as error:
        raise _refusal(path, row, error) from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadRow(file=path.name, row=row, column="", problem=str(error)) from None


def _refusal(path: Path, row: int, error: ValidationError) -> BadRow:
    first = error.errors()[0]
    column = ".".join(str(part) for part in first["loc"])
    return BadRow(file=path.name, row=row, column=column, problem=first["msg"])
