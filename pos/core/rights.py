"""Points that may be spent at one place without asking anybody, and the debt that new points pay first."""

from collections.abc import Iterable

from pos.core import accounts
from pos.core.accounts import POINTS
from pos.core.transfers import Books, Transfer, moved


def pay_debt(household: str, arriving: int, books: Books, by: str) -> Iterable[Transfer]:
    """What of a household's points, `arriving` ones (1/100 point) included, goes to its debt at `by`."""
    points, debt = accounts.points(household, by), accounts.debt(household, by)
    available = books.of(points, POINTS) + arriving
    yield from moved(points, debt, POINTS, min(available, -books.of(debt, POINTS)))
