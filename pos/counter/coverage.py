"""兑付保障率: what the store could hand out and pay, over what households may still spend."""

from sqlalchemy import Connection

from catalog.goods import OWNERS_FIRST_OUT
from catalog.units import Fen, Points
from pos.core import closing
from pos.core.accounts import CASH, POINTS
from pos.core.closing import Held, Pool
from pos.storage import shelves


def outstanding(held: Held) -> Points:
    """Points that households have here, less what they owe."""
    return Points(held.get((Pool.POINTS, POINTS), 0))


def coverage(connection: Connection, held: Held, fen_per_point: int) -> int | None:
    """Goods at cost, a keeper's own aside, and money over the value of the points; in hundredths of a per cent.

    None while no points are outstanding.
    """
    lots = (each.lot for each in shelves.on_hand(connection))
    goods = sum(lot.cost_fen * lot.on_hand for lot in lots if lot.owner in OWNERS_FIRST_OUT)
    assets = Fen(goods + held.get((Pool.DRAWER, CASH), 0) + held.get((Pool.FUND, CASH), 0))
    return closing.coverage(assets, outstanding(held), fen_per_point)
