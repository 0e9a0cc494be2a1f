"""What the tests of goods share: balances by name, a purchase of salt, and how often a thing may be refused."""

from dataclasses import replace
from datetime import date

from catalog.units import Fen
from pos.core import accounts
from pos.core.receiving import Draft, Line
from pos.core.stock import Origin
from pos.counter import receiving
from pos.storage import books
from pos.storage.deliveries import Supplier
from tests.shop import Shop

COOP = Supplier("coop", "供销社", "0000-1111111")
WRITER = "k7q2md.0"


def balance(shop: Shop, name: str, commodity: str) -> int:
    """What an account of this installation holds."""
    account = accounts.parse(f"{name}@{WRITER}")
    with shop.desk.store.read() as connection:
        return books.peek(connection, WRITER, [(account, commodity)]).of(account, commodity)


def salt(**changed: object) -> Line:
    """Two boxes of twenty bags of salt, 32 yuan a box."""
    line = Line("g001", 2, 20, Fen(32_00), date(2027, 1, 1), date(2025, 12, 1), "L2512")
    return replace(line, **changed)  # type: ignore[arg-type]


def bought(*lines: Line, **changed: object) -> Draft:
    """A purchase from the co-op; of salt when nothing is said."""
    draft = Draft(Origin.PURCHASE, "village", "coop", "yd-1001", "", lines or (salt(),))
    return replace(draft, **changed)  # type: ignore[arg-type]


def with_supplier(shop: Shop) -> Shop:
    """The shop once the co-op is on its list."""
    receiving.save_supplier(shop.desk, shop.by, COOP)
    return shop
