"""期初: what there was before the books began: points, goods, materials, cash; opened once, and never after its use."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection

from catalog.materials import ScaleClass
from pos.core import accounts
from pos.core.accounts import CASH, POINTS, Account
from pos.core.acts import Opening
from pos.core.entries import Signatures
from pos.core.households import HouseholdState
from pos.core.lists import Cells, Change, Column, Flaw, Problem, amount, choice, code, day, decimal
from pos.core.people import SERVES
from pos.core.transfers import MOST_AN_ENTRY, Decision, Key, Transfer
from pos.counter.desk import Desk
from pos.counter.lists_parts import Known, ListOf
from pos.storage import catalogue, listed, people, registry, rows
from pos.storage import tables as t
from pos.storage.books import Transaction
from pos.storage.rows import digest

_LOT = "0"
_OWNERS = ("village", "donated")
_CLOSED = (HouseholdState.MERGED, HouseholdState.CLOSED)
_PLACES = {"points": 2, "stock": 0, "bin": 3, "drawer": 2, "fund": 2}
"""Decimals of a quantity, which is written with three."""


def _known(desk: Desk, connection: Connection) -> Known:
    writer = desk.store.identity.writer
    materials = catalogue.materials(connection)
    lots = listed.opening_lots(connection)
    found: dict[tuple[str, ...], Cells] = {}
    for (account, commodity), quantity in sorted(listed.opened(connection, writer).items()):
        what, item, owner = _named(account, commodity)
        counted = what == "bin" and item in materials and materials[item].scale is ScaleClass.COUNT
        places = 0 if counted else _PLACES[what]
        cost, expiry = lots.get((item, owner), (0, None)) if what == "stock" else (0, None)
        found[what, item, owner] = {
            "what": what,
            "item": item,
            "owner": owner,
            "quantity": _thousandths(quantity * 10 ** (3 - places)),
            "cost-yuan": f"{cost // 100}.{cost % 100:02}" if what == "stock" else "",
            "expiry": expiry or "",
        }
    return found


def _named(account: Account, commodity: str) -> tuple[str, str, str]:
    match account.kind:
        case "pts":
            return "points", account.subject, ""
        case "stock":
            return "stock", commodity.partition(":")[2], account.subject.split("/")[1]
        case "bin":
            return "bin", commodity.partition(":")[2], ""
        case "drawer":
            return "drawer", "", ""
        case _:
            return "fund", account.subject, ""


def _judge(desk: Desk, connection: Connection, changes: Sequence[Change], known: Known) -> list[Problem]:
    del known
    moved = listed.moved(connection)
    found = []
    for change in changes:
        new = change.new
        if change.old is not None:
            found.append(Problem(change.row, "quantity", Flaw.OPENED, new["quantity"]))
        elif flaw := _flaw(connection, new):
            found.append(Problem(change.row, *flaw))
        elif _key(desk.store.identity.writer, new) in moved:
            found.append(Problem(change.row, "quantity", Flaw.OPENED, new["quantity"]))
        elif amount(new["quantity"]) % _step(connection, new) or not amount(new["quantity"]):
            found.append(Problem(change.row, "quantity", Flaw.FIGURE, new["quantity"]))
    return found


def _flaw(connection: Connection, cells: Cells) -> tuple[str, Flaw, str] | None:
    item, owner = cells["item"], cells["owner"]
    match cells["what"]:
        case "points":
            whose = registry.household(connection, item)
            fits = whose is not None and whose.state not in _CLOSED
        case "stock":
            fits = bool(catalogue.goods(connection, [item], 0)[0])
            if not _owns(connection, owner):
                return "owner", Flaw.OWNER, owner
        case "bin":
            fits = item in catalogue.materials(connection)
        case "drawer":
            fits = not item
        case _:
            fits = bool(item)
    if not fits:
        return "item", Flaw.UNKNOWN, item
    if cells["what"] != "stock" and owner:
        return "owner", Flaw.OWNER, owner
    return None


def _owns(connection: Connection, owner: str) -> bool:
    keeper = people.keeper(connection, owner.removeprefix("k-")) if owner.startswith("k-") else None
    return owner in _OWNERS or (keeper is not None and keeper.role in SERVES)


def _take(desk: Desk, by: Signatures, tx: Transaction, changes: Sequence[Change]) -> None:
    moves = list(_moves(tx, changes))
    source = digest([dict(change.new) for change in changes])
    for start in range(0, len(moves), MOST_AN_ENTRY):
        tx.append(desk.now(), by, Decision(Opening(source), tuple(moves[start : start + MOST_AN_ENTRY])))
    rows.save(tx.connection, t.lots, [_lot(tx.writer, c.new) for c in changes if c.new["what"] == "stock"])


def _moves(tx: Transaction, changes: Sequence[Change]) -> Iterator[Transfer]:
    for change in changes:
        account, commodity = _key(tx.writer, change.new)
        source = Account("issue" if commodity == POINTS else "in", "opening", tx.writer)
        quantity = amount(change.new["quantity"]) // _step(tx.connection, change.new)
        yield Transfer(source, account, commodity, quantity)


def _key(writer: str, cells: Cells) -> Key:
    item = cells["item"]
    match cells["what"]:
        case "points":
            return accounts.points(item, writer), POINTS
        case "stock":
            return accounts.stock(cells["owner"], _LOT, writer), f"g:{item}"
        case "bin":
            return accounts.bin_(writer), f"m:{item}"
        case "drawer":
            return accounts.drawer(writer), CASH
        case _:
            return accounts.fund(item, writer), CASH


def _step(connection: Connection, cells: Cells) -> int:
    """Thousandths of the unit that the books count this by."""
    if cells["what"] != "bin":
        return int(10 ** (3 - _PLACES[cells["what"]]))
    return 1000 if catalogue.materials(connection)[cells["item"]].scale is ScaleClass.COUNT else 1


def _lot(writer: str, cells: Cells) -> dict[str, Any]:
    return {
        "good": cells["item"],
        "place": accounts.PLACE,
        "owner": cells["owner"],
        "lot": _LOT,
        "account": str(accounts.stock(cells["owner"], _LOT, writer)),
        "expiry": cells["expiry"] or None,
        "cost_fen": amount(cells["cost-yuan"] or "0"),
    }


def _thousandths(figure: int) -> str:
    return f"{figure // 1000}.{figure % 1000:03}"


OPENING = ListOf(
    (
        choice("what", *_PLACES),
        Column("item", code, needed=False),
        Column("owner", code, needed=False),
        Column("quantity", decimal(3)),
        Column("cost-yuan", decimal(2), needed=False),
        Column("expiry", day, needed=False),
    ),
    ("what", "item", "owner"),
    _known,
    _judge,
    _take,
)
