"""政策: what the village decided about redemptions, published from a date on by two people, each version an act."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from pos.core.acts import Act, ActCode
from pos.core.entries import Signatures
from pos.core.people import SERVES
from pos.core.redeem_refusals import PolicyTooEarly, PolicyWrong
from pos.core.refusals import DayNotOpen
from pos.core.store_policy import StorePolicy
from pos.core.transfers import Decision
from pos.counter.desk import Desk, check_signatures
from pos.storage import books, dues, policies, published

DECIDES = SERVES
"""Who may enter what the village decided; two people always."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What holds today, and what the newest version says, which may hold from a later day."""

    in_force: StorePolicy
    version: int
    newest: StorePolicy
    newest_from: date | None
    """None before anything was decided."""
    earliest: date
    """First day from which a new version may hold."""
    parties: Mapping[str, str]
    """Suppliers and providers by code: who may bear a reduction."""


def decided(desk: Desk) -> Decided:
    """What was decided so far."""
    today = desk.today()
    with desk.store.read() as connection:
        try:
            earliest = books.day(connection).business_date + timedelta(days=1)
        except DayNotOpen:
            earliest = today
        version, policy = policies.in_force(connection, today)
        _, newest = policies.in_force(connection, date.max)
        parties = dues.names(connection)
        dates = [effective for _, effective in policies.versions(connection)]
    return Decided(policy, version, newest, max(dates, default=None), earliest, parties)


def changed(policy: StorePolicy, **changes: Any) -> StorePolicy:
    """A policy with other figures. Raises `PolicyWrong` when they make no sense."""
    try:
        return replace(policy, **changes)
    except ValueError:
        raise PolicyWrong() from None


def publish(desk: Desk, by: Signatures, effective: date, policy: StorePolicy) -> int:
    """Let `policy` hold from a business day that is not open yet; the version's number. Raises `PolicyTooEarly`."""
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, two=True, roles=DECIDES)
        earliest = decided(desk).earliest
        if effective < earliest:
            raise PolicyTooEarly(earliest=earliest)
        version = policies.publish(tx.connection, effective, policy)
        act = Act(ActCode.REFERENCE, published.POLICY, digest=published.policy(tx.connection, version))
        tx.append(desk.now(), by, Decision(act, ()))
    return version
