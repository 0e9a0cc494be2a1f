"""收进 - 卖出 - 结存: what each material cost and brought in between two days, and whether its bin adds up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from catalog.materials import Material
from catalog.units import Fen, round_half_up
from pos.core import accounts
from pos.core.bins import SellMaterial
from pos.core.entries import Signatures
from pos.core.reversal import Reverse
from pos.core.sheets import Cell, Day, Fact, Money, Share, Sheet, Table
from pos.core.weigh_in import Payout, PooledLine, Weigh
from pos.counter import paper
from pos.counter.desk import Desk
from pos.counter.recyclables import figure
from pos.storage import books, catalogue, flows, periods
from pos.storage.flows import Flow


@dataclass(frozen=True, slots=True)
class Margin:
    """One material between two days; grams or pieces, and fen."""

    material: Material
    before: int
    """In the bin at the beginning."""
    brought: int
    found: int
    """Taken up without having been brought: openings, surpluses."""
    sold: int
    lost: int
    """Moisture, differences at the dealer's, shortages and write-offs."""
    hazard: int
    left: int
    """In the bin at the end."""
    paid: Fen
    """What households got for it, points at what they are worth."""
    earned: Fen

    @property
    def margin(self) -> Fen:
        """What it brought in beyond what it cost."""
        return self.earned - self.paid

    @property
    def loss_share(self) -> int:
        """The loss in hundredths of a per cent of what left the bin for the dealer."""
        gone = self.sold + self.lost
        return round_half_up(self.lost * 10_000, gone) if gone else 0

    @property
    def beyond(self) -> bool:
        """Whether more was lost than the material's tolerance."""
        return self.loss_share > self.material.tolerance


def read(desk: Desk, first: date, last: date) -> list[Margin]:
    """Every material that was in the bins between these days, in the order of the keeper's grid."""
    writer = desk.store.identity.writer
    with desk.store.read() as connection:
        span = periods.span(connection, first, last)
        materials = catalogue.materials(connection)
        moved = flows.flows(connection, span, writer)
        later = flows.flows(connection, range(span.stop, 2**62), writer)
        keys = [(accounts.bin_(writer), f"m:{code}") for code in materials]
        held = books.peek(connection, writer, keys)
        paid, earned = _money(connection, span)
    left = {code: held.of(*key) - _sum(later, code) for code, key in zip(materials, keys, strict=True)}
    rows = (_margin(each, moved, left[code], paid, earned) for code, each in materials.items())
    return [row for row in rows if row.before or row.left or row.brought or row.sold or row.lost or row.hazard]


def sheet(desk: Desk, by: Signatures, first: date, last: date, rows: Iterable[Margin]) -> Sheet:
    """The same as a paper."""
    found = tuple(rows)
    quantities = Table(
        ("material", "opening", "brought", "found", "sold", "lost", "hazard", "left"), tuple(map(_quantities, found))
    )
    money: tuple[tuple[Cell, ...], ...] = tuple(
        (each.material.name, Money(each.paid), Money(each.earned), Money(each.margin), Share(each.loss_share))
        for each in found
    )
    sums = (sum((each.paid for each in found), Fen(0)), sum((each.earned for each in found), Fen(0)))
    total: tuple[Cell, ...] = ("", Money(sums[0]), Money(sums[1]), Money(sums[1] - sums[0]), "")
    table = Table(("material", "paid", "earned", "margin", "loss-share"), money, total)
    return paper.report(
        desk, by, "margins", (Fact("first-day", Day(first)), Fact("last-day", Day(last))), (quantities, table)
    )


def _quantities(each: Margin) -> tuple[Cell, ...]:
    moved = (each.before, each.brought, each.found, each.sold, each.lost, each.hazard, each.left)
    return (each.material.name, *(figure(each.material, quantity) for quantity in moved))


def _sum(moved: Iterable[Flow], material: str, *others: tuple[str, str]) -> int:
    """What came into a bin less what left it; to and from `others` (kind, subject) alone where they are named."""
    return sum(
        flow.quantity
        for flow in moved
        if flow.material == material and (not others or (flow.other.kind, flow.other.subject) in others)
    )


def _margin(
    material: Material, moved: list[Flow], left: int, paid: Mapping[str, Fen], earned: Mapping[str, Fen]
) -> Margin:
    code = material.code
    brought, sold = _sum(moved, code, ("brought", "weigh")), -_sum(moved, code, ("out", "sold"))
    lost = -_sum(moved, code, ("out", "loss"), ("out", "short"), ("out", "written-off"))
    hazard, all_of_it = -_sum(moved, code, ("out", "hazard")), _sum(moved, code)
    found = all_of_it - brought + sold + lost + hazard
    return Margin(
        material,
        left - all_of_it,
        brought,
        found,
        sold,
        lost,
        hazard,
        left,
        paid.get(code, Fen(0)),
        earned.get(code, Fen(0)),
    )


def _money(connection: Connection, span: range) -> tuple[dict[str, Fen], dict[str, Fen]]:
    """Fen paid to households and got from dealers by material, reversals taken off."""
    paid: dict[str, Fen] = {}
    earned: dict[str, Fen] = {}
    for seq in flows.money_entries(connection, span):
        body, sign = books.read_entry(connection, seq).body, 1
        if isinstance(body, Reverse):
            body, sign = books.read_entry(connection, body.ref).body, -1
        if isinstance(body, Weigh) and body.payout is not Payout.DONATED:
            for code, fen in _paid(body):
                paid[code] = paid.get(code, Fen(0)) + fen * sign
        if isinstance(body, SellMaterial):
            for line in body.lines:
                earned[line.material] = earned.get(line.material, Fen(0)) + line.amount
    return paid, earned


def _paid(body: Weigh) -> list[tuple[str, Fen]]:
    return [
        (
            line.material,
            Fen(round_half_up(line.points.amount * body.fen_per_point, 100))
            if isinstance(line, PooledLine)
            else line.amount,
        )
        for line in body.lines
    ]
