"""专项回收: campaigns for hazards with a cap for each household, and weigh-in points that wait for the clerk."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from catalog.units import Points
from pos.core import accounts, rights
from pos.core import campaigns as rules_of
from pos.core.accounts import POINTS
from pos.core.acts import Act, ActCode
from pos.core.campaigns import Campaign
from pos.core.entries import Signatures
from pos.core.limits import CampaignDates
from pos.core.people import SERVES, Role
from pos.core.redeem_refusals import LedgerBudgets
from pos.core.transfers import Decision
from pos.counter.desk import Desk, check_signatures
from pos.storage import books, campaigns, registry, rows
from pos.storage import people as keepers
from pos.storage import tables as t
from pos.storage.campaigns import Begun, Waiting
from pos.storage.rows import digest

BEGINS = SERVES
"""Who may begin a campaign; two people."""

CONFIRMS = frozenset({Role.CLERK})
"""Who confirms the points of weigh-ins: by their own PIN, logged in or as the second person."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A campaign, and the points that its budget still has."""

    campaign: Campaign
    left: Points


def begin(desk: Desk, by: Signatures, campaign: Campaign, budget: Points) -> None:
    """Begin a campaign, or give more points to one that is there; two people. Raises `CampaignDates`, or
    `LedgerBudgets` at a store that is enrolled.
    """
    if desk.store.identity.epoch:
        raise LedgerBudgets()
    if campaign.ends < campaign.starts or campaign.cap <= Points(0):
        raise CampaignDates()
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, two=True, roles=BEGINS)
        known = [each for each in campaigns.campaigns(tx.connection) if each.campaign.code == campaign.code]
        row: dict[str, str | int] = {
            "code": campaign.code,
            "name": campaign.name,
            "starts": campaign.starts.isoformat(),
            "ends": campaign.ends.isoformat(),
            "cap": campaign.cap.amount,
        }
        decided = digest([row, budget.amount])
        now = desk.now()
        written = tx.append(now, by, rules_of.endow(campaign.code, budget, decided, tx.writer))
        row["since"] = known[0].since if known else written.entry.seq
        rows.save(tx.connection, t.campaigns, [row])
        tx.append(now, by, Decision(Act(ActCode.REFERENCE, "campaigns", digest=decided), ()))


def everything(desk: Desk) -> list[Standing]:
    """Every campaign with what is left of it, the newest first."""
    writer = desk.store.identity.writer
    with desk.store.read() as connection:
        found = campaigns.campaigns(connection)
        keys = [(accounts.budget(each.campaign.code, writer), POINTS) for each in found]
        held = books.peek(connection, writer, keys)
    return [Standing(each.campaign, Points(held.of(*key))) for each, key in zip(found, keys, strict=True)]


def left(connection: Connection, desk: Desk, household: str, codes: Iterable[str]) -> dict[str, Points]:
    """Points that each of these campaigns still pays a household today."""
    wanted = set(codes)
    found = [each for each in campaigns.campaigns(connection) if each.campaign.code in wanted] if wanted else []
    return {each.campaign.code: _left(connection, desk, household, each) for each in found}


def _left(connection: Connection, desk: Desk, household: str, begun: Begun) -> Points:
    writer = desk.store.identity.writer
    budget = accounts.budget(begun.campaign.code, writer)
    held = books.peek(connection, writer, [(budget, POINTS)])
    earned = campaigns.earned(connection, begun, household, writer)
    return begun.campaign.left(desk.today(), earned, Points(held.of(budget, POINTS)))


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """A household with weigh-ins whose points wait."""

    household: str
    name: str
    """Masked."""
    weigh_ins: tuple[Waiting, ...]

    @property
    def points(self) -> Points:
        """All of its points that wait."""
        return sum((each.points for each in self.weigh_ins), Points(0))


def waiting(desk: Desk) -> list[Unconfirmed]:
    """Households whose weigh-ins wait, the one that waits longest first."""
    with desk.store.read() as connection:
        by_household: dict[str, list[Waiting]] = {}
        for each in campaigns.waiting(connection):
            by_household.setdefault(each.household, []).append(each)
        known = {number: registry.household(connection, number) for number in by_household}
    names = {number: found.masked if found else "" for number, found in known.items()}
    return [Unconfirmed(number, names[number], tuple(each)) for number, each in by_household.items()]


def confirm(desk: Desk, by: Signatures, households: Iterable[str]) -> Points:
    """The points of these households' weigh-ins to spend from now on; how many. The clerk's PIN: alone, or as second.

    Raises `NotPermitted` where no clerk is among the two. What a reversal has drawn on meanwhile is not confirmed.
    """
    wanted = set(households)
    total = Points(0)
    with desk.store.write() as tx:
        _check_clerk(tx.connection, by)
        books.day(tx.connection)
        by_household: dict[str, list[Waiting]] = {}
        for each in campaigns.waiting(tx.connection):
            if each.household in wanted:
                by_household.setdefault(each.household, []).append(each)
        for household, found in by_household.items():
            refs = tuple(each.seq for each in found)
            keys = [(account(household, tx.writer), POINTS) for account in _PURSES]
            earned = sum((each.points for each in found), Points(0))
            decision = rights.confirm(household, refs, earned, tx.books(keys), tx.writer)
            tx.append(desk.now(), by, decision)
            campaigns.confirmed(tx.connection, refs)
            total = total + decision.body.points
    return total


_PURSES = (accounts.pending, accounts.points, accounts.debt)


def _check_clerk(connection: Connection, by: Signatures) -> None:
    operator = keepers.keeper(connection, by.operator)
    alone = operator is not None and operator.role in CONFIRMS
    check_signatures(connection, by, two=not alone)
    if not alone:
        check_signatures(connection, Signatures(by.approver or ""), roles=CONFIRMS)
