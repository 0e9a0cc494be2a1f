"""The counter as it is set up: what every use case needs beside its own draft."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection

from catalog.units import Points
from pos.clock import Clock
from pos.core import cards, day, households, limits, people
from pos.core.entries import Moment, Signatures
from pos.core.households import Household
from pos.core.local_time import local_date
from pos.core.people import SERVES, Role
from pos.core.refusals import CardUnknown, KeeperUnknown
from pos.core.scales import Policy, ScaleFacts
from pos.core.stock_policy import StockPolicy
from pos.core.thresholds import Thresholds
from pos.storage import people as keepers
from pos.storage import registry
from pos.storage.store import Store


@dataclass(frozen=True, slots=True)
class Desk:
    """A counter: its store, its clock, the language of its paper and the register of its scales."""

    store: Store
    clock: Clock = field(default_factory=Clock)
    language: str = "zh_CN"
    scales: Mapping[str, ScaleFacts] = field(default_factory=dict)
    void_limit: Points = field(default=Points(50_00))
    """Reversals of more than this need a second person."""
    scale_policy: Policy = field(default_factory=Policy)
    stock_policy: StockPolicy = field(default_factory=StockPolicy)
    weighing: limits.Policy = field(default_factory=limits.Policy)
    day_policy: day.Policy = field(default_factory=day.Policy)
    thresholds: Thresholds = field(default_factory=Thresholds)
    page: str = ""
    """Public host where a phone is shown a receipt whose QR code it read; empty where there is none."""
    last_sync: Callable[[], int | None] = lambda: None
    """When this store last synced (wall clock, ms); None while it runs alone."""

    def now(self) -> Moment:
        """This moment by the counter's clocks."""
        return Moment(self.clock.wall(), self.clock.mono(), self.clock.boot())

    def today(self) -> date:
        """The date at the store."""
        return local_date(self.clock.wall(), self.store.identity.utc_offset_minutes)


def check_signatures(
    connection: Connection, by: Signatures, *, two: bool = False, roles: frozenset[Role] = SERVES
) -> None:
    """The operator is one of those who may do this, and the approver serves, when `two` are needed or one is named.

    Raises a `PeopleRefused`.
    """
    people.check_role(_role(connection, by.operator), roles)
    if two or by.approver:
        role = _role(connection, by.approver) if by.approver else None
        people.check_approval(by.operator, by.approver, role)


def _role(connection: Connection, number: str) -> Role:
    found = keepers.keeper(connection, number)
    if found is None or not found.active:
        raise KeeperUnknown(number=number)
    return found.role


def serve(connection: Connection, household: str, card: str) -> Household:
    """The household of an open ticket, when its card may still be used. Raises `CardRefused` or `HouseholdRefused`."""
    held = registry.card(connection, card)
    cards.check_state(held)
    found = registry.household(connection, household)
    if found is None or held is None or held.household != household:
        raise CardUnknown()
    return households.admit(found)
