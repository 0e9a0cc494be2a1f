"""Goods, materials and services with their prices, read from the lists that terminals write and read (`pos lists`)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast

from catalog.goods import Good, Service
from catalog.materials import USUAL_TOLERANCE, ScaleClass
from catalog.units import Fen, Grams, Points
from pos.core.lists import Cells, Change, Column, Problem, amount, code, compare, decimal, is_yes, label, whole
from pos.counter import lists_files
from pos.counter.lists_goods import GOODS
from pos.counter.lists_materials import MATERIALS
from pos.counter.new_goods import initials
from pos.wire.reference import GoodPriced, MaterialFacts, MaterialPriced, PricesFacts, ServicePriced

Article = Good | MaterialFacts | Service
Priced = GoodPriced | MaterialPriced | ServicePriced

_SERVICES = (
    Column("code", code),
    Column("name", label()),
    Column("unit", label()),
    Column("provider", code),
    Column("cost-yuan", decimal(2)),
    Column("places", whole(0, 99), needed=False),
    Column("points", decimal(2), needed=False),
)


@dataclass(frozen=True, slots=True)
class Listing:
    """What a file says, or all that is wrong with it."""

    articles: tuple[Article, ...]
    priced: tuple[Priced, ...]
    problems: tuple[Problem, ...]


def read(kind: str, path: Path) -> Listing:
    """A list of `goods`, `materials` or `services`. Raises a `Refused` for a file that cannot be read."""
    columns, article, price, judge = _KINDS[kind]
    rows, wrong = lists_files.load(path, columns, ("code",))
    plan = compare(rows, columns, ("code",), {})
    said = {(each.row, each.column) for each in wrong}
    problems = [*wrong, *(each for each in plan.problems if (each.row, each.column) not in said)]
    bad = {each.row for each in problems}
    problems += judge([change for change in plan.changes if change.row not in bad])
    if problems:
        return Listing((), (), tuple(sorted(problems, key=lambda each: (each.row, each.column))))
    articles = tuple(article(place, change.new) for place, change in enumerate(plan.changes, 1))
    return Listing(articles, tuple(found for change in plan.changes if (found := price(change.new))), ())


def book(before: PricesFacts | None, effective: date, version: int, changed: Iterable[Priced]) -> PricesFacts:
    """The next price book: what held before, with these prices in it."""
    goods = {each.good: each for each in before.goods} if before else {}
    materials = {each.material: each for each in before.materials} if before else {}
    services = {each.service: each for each in before.services} if before else {}
    for each in changed:
        match each:
            case GoodPriced():
                goods[each.good] = each
            case MaterialPriced():
                materials[each.material] = each
            case ServicePriced():
                services[each.service] = each
    return PricesFacts(version, effective, tuple(goods.values()), tuple(materials.values()), tuple(services.values()))


def _good(_place: int, cells: Cells) -> Good:
    limit = int(cells["monthly-limit"]) if cells["monthly-limit"] else None
    name = cells["name"]
    return Good(cells["code"], name, cells["unit"], tuple(cells["barcodes"].split()), initials(name), limit)


def _good_price(cells: Cells) -> GoodPriced | None:
    if not cells["points"]:
        return None
    return GoodPriced(cells["code"], Points(amount(cells["points"])), Fen(amount(cells["shelf-yuan"])))


def _material(place: int, cells: Cells) -> MaterialFacts:
    scale = ScaleClass(cells["scale"])
    unit = 1000 if scale is ScaleClass.COUNT else 1
    return MaterialFacts(
        cells["code"], cells["name"], scale, Grams(amount(cells["minimum-kg"])), int(is_yes(cells["hazardous"])),
        cells["note"], int(is_yes(cells["metal"])),
        daily_limit=amount(cells["daily-limit"]) // unit if cells["daily-limit"] else None,
        tolerance=amount(cells["tolerance"]) if cells["tolerance"] else USUAL_TOLERANCE,
        paused=0, campaign="", position=place,
    )  # fmt: skip


def _material_price(cells: Cells) -> MaterialPriced | None:
    if not cells["price"]:
        return None
    figure, per = amount(cells["price"]), cells["per"]
    return MaterialPriced(cells["code"], per, figure // 100 if per == "every" else figure)


def _service(_place: int, cells: Cells) -> Service:
    name = cells["name"]
    facts = (cells["code"], name, cells["provider"], amount(cells["cost-yuan"]), cells["unit"], initials(name))
    return Service(*facts, int(cells["places"] or "0"))


def _service_price(cells: Cells) -> ServicePriced | None:
    return ServicePriced(cells["code"], Points(amount(cells["points"]))) if cells["points"] else None


def _judged(judge: Callable[..., list[Problem]]) -> Callable[[Sequence[Change]], list[Problem]]:
    """What is wrong between the cells of a row and between rows: no shop is looked at for that."""
    return lambda changes: judge(cast(Any, None), cast(Any, None), changes, {})


def _nothing_wrong(_changes: Sequence[Change]) -> list[Problem]:
    return []


_KINDS: Mapping[str, tuple[Any, Callable[[int, Cells], Article], Callable[[Cells], Priced | None], Any]] = {
    "goods": (GOODS.columns, _good, _good_price, _judged(GOODS.judge)),
    "materials": (MATERIALS.columns, _material, _material_price, _judged(MATERIALS.judge)),
    "services": (_SERVICES, _service, _service_price, _nothing_wrong),
}
