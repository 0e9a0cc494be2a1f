"""What lists ask of the store: opening balances, what has moved since the books began, and barcodes taken off."""

from collections.abc import Iterable

from sqlalchemy import Connection, delete, select
from sqlalchemy.sql import text

from pos.core import accounts
from pos.core.transfers import Key
from pos.storage import tables as t

_OPENED = text(
    "SELECT t.destination, t.commodity, sum(t.quantity) FROM transfers t JOIN journal j ON j.seq = t.seq"
    " WHERE j.kind = 'opening' AND t.source IN (:points, :things) GROUP BY t.destination, t.commodity"
)
_SHOWN = ("pts", "stock", "bin", "drawer", "fund")


def opened(connection: Connection, writer: str) -> dict[Key, int]:
    """What each account was opened with."""
    names = {"points": f"issue:opening@{writer}", "things": f"in:opening@{writer}"}
    found = {(accounts.parse(row[0]), row[1]): int(row[2]) for row in connection.execute(_OPENED, names)}
    return {key: quantity for key, quantity in found.items() if key[0].kind in _SHOWN and _first_lot(key[0])}


def _first_lot(account: accounts.Account) -> bool:
    """Whether it is no lot of the books before: those were opened when the store was restored."""
    return account.kind != "stock" or account.subject.endswith("/0")


def opening_lots(connection: Connection) -> dict[tuple[str, str], tuple[int, str | None]]:
    """Cost of a piece (fen) and last day of each opening lot, by good and owner."""
    query = select(t.lots).where(t.lots.c.lot == "0", t.lots.c.place == accounts.PLACE)
    return {(row.good, row.owner): (row.cost_fen, row.expiry) for row in connection.execute(query)}


def moved(connection: Connection) -> set[Key]:
    """Every balance that an entry has ever changed."""
    query = select(t.balances.c.account, t.balances.c.commodity)
    return {(accounts.parse(account), what) for account, what in connection.execute(query)}


def drop_barcodes(connection: Connection, goods: Iterable[str]) -> None:
    """These goods carry none any more."""
    connection.execute(delete(t.barcodes).where(t.barcodes.c.good.in_(list(goods))))
