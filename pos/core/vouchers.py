"""Vouchers for services: issued by a redemption, then used, cancelled or expired, once."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from catalog.goods import Service
from pos.core import accounts
from pos.core.accounts import OWED, Account
from pos.core.redemption import ServiceLine
from pos.core.rights import credit
from pos.core.transfers import Books, Decision, Transfer, moved


class Outcome(StrEnum):
    """What became of a voucher."""

    USED = "used"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Voucher:
    """The body of a voucher's end."""

    KIND: ClassVar[str] = "voucher"
    household: str
    service: str
    voucher: str
    outcome: Outcome


def use(household: str, line: ServiceLine, service: Service, by: str) -> Decision[Voucher]:
    """The service was given: its provider is owed. Raises `BelowFloor` at posting for a burnt voucher."""
    owed = moved(Account("cost", "service", by), Account("due", service.provider, by), OWED, service.cost_fen)
    return Decision(_body(household, line, Outcome.USED), (_burnt(line, Outcome.USED, by), *owed))


def cancel(household: str, line: ServiceLine, books: Books, by: str) -> Decision[Voucher]:
    """Not used: its points come back, debt paid first. Raises `BelowFloor` at posting for a burnt voucher."""
    back = credit(Account("spent", "service", by), household, line.points, books, by)
    return Decision(_body(household, line, Outcome.CANCELLED), (_burnt(line, Outcome.CANCELLED, by), *back))


def expire(household: str, line: ServiceLine, by: str) -> Decision[Voucher]:
    """Not used in time. Raises `BelowFloor` at posting for a burnt voucher."""
    return Decision(_body(household, line, Outcome.EXPIRED), (_burnt(line, Outcome.EXPIRED, by),))


def lapse(household: str, line: ServiceLine, books: Books, by: str) -> Decision[Voucher]:
    """Not used in time, in a village that gives its points back then, debt paid first. Raises `BelowFloor` likewise."""
    back = credit(Account("spent", "service", by), household, line.points, books, by)
    return Decision(_body(household, line, Outcome.EXPIRED), (_burnt(line, Outcome.EXPIRED, by), *back))


def _body(household: str, line: ServiceLine, outcome: Outcome) -> Voucher:
    return Voucher(household, line.service, line.voucher, outcome)


def _burnt(line: ServiceLine, outcome: Outcome, by: str) -> Transfer:
    return Transfer(accounts.voucher(line.voucher, by), Account("vout", outcome.value, by), f"v:{line.service}", 1)
