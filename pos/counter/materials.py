"""品类: what is decided of a material beside its price, in force at once: paused, daily limit, tolerance, campaign."""

from dataclasses import dataclass

from catalog.materials import Material
from catalog.prices import MaterialPrice
from catalog.units import Grams
from pos.core.acts import Act, ActCode
from pos.core.entries import Signatures
from pos.core.people import SERVES
from pos.core.refusals import MaterialUnknown
from pos.core.sheets import Fact, Sheet
from pos.core.transfers import Decision
from pos.counter import paper, setup
from pos.counter.desk import Desk, check_signatures
from pos.storage import catalogue, rows
from pos.storage import tables as t
from pos.storage.rows import digest

DECIDES = SERVES
"""Who may pause a material; limits, tolerances and campaigns take two people."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A material with its price today; none where the book has none."""

    material: Material
    price: MaterialPrice | None


def everything(desk: Desk) -> list[Kept]:
    """Every material in the order of the keeper's grid."""
    with desk.store.read() as connection:
        version = catalogue.book_in_force(connection, desk.today())
        prices = catalogue.material_prices(connection, version)
        return [Kept(each, prices.get(code)) for code, each in catalogue.materials(connection).items()]


def pause(desk: Desk, by: Signatures, code: str, *, paused: bool) -> None:
    """Take a material no more for the time being, or again; it holds for the next line."""
    _save(desk, by, code, {"paused": int(paused)}, two=False)


def decide(
    desk: Desk, by: Signatures, code: str, daily_limit: int | None, tolerance: int, campaign: str, *, metal: bool
) -> None:
    """What one household may bring a day (grams or pieces), what may be lost (1/100 %), and which campaign pays."""
    _save(
        desk,
        by,
        code,
        {"daily_limit": daily_limit, "tolerance": tolerance, "campaign": campaign, "metal": int(metal)},
        two=True,
    )


def refuse_banned(desk: Desk, by: Signatures, code: str) -> None:
    """Note that banned goods were brought as this material, and not taken."""
    with desk.store.write() as tx:
        check_signatures(tx.connection, by)
        tx.append(desk.now(), by, Decision(Act(ActCode.BANNED, code, reason="not-taken"), ()))


def notice(desk: Desk, by: Signatures, material: Material) -> Sheet:
    """The paper for the door: this material is not taken for the time being."""
    return paper.report(desk, by, "pause-notice", (Fact("material", material.name),))


def limit_of(material: Material) -> Grams | int | None:
    """What one household may bring a day, as it is measured."""
    return None if material.daily_limit is None else material.quantity(material.daily_limit)


def _save(desk: Desk, by: Signatures, code: str, changed: dict[str, int | str | None], *, two: bool) -> None:
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, two=two, roles=DECIDES)
        materials = catalogue.materials(tx.connection)
        if code not in materials:
            raise MaterialUnknown(material=code)
        position = list(materials).index(code) + 1
        row = setup.material_row(materials[code], position) | changed
        rows.save(tx.connection, t.materials, [row])
        tx.append(desk.now(), by, Decision(Act(ActCode.REFERENCE, "materials", digest=digest([row])), ()))
