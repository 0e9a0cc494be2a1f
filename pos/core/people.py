"""People at the counter: roles, what each may do, and when a second person is needed."""

from enum import StrEnum

from pos.core.refusals import ApprovalNeeded, ApproverSame, NotPermitted


class Role(StrEnum):
    """What a person is here."""

    KEEPER = "keeper"
    CLERK = "clerk"
    AUDITOR = "auditor"
    TECHNICIAN = "technician"


SERVES = frozenset({Role.KEEPER, Role.CLERK})
"""Roles that may serve at the counter, and approve what another of them does."""

FREE_TRIES = 3
"""Wrong PINs in a row before each further one has to wait."""

LONGEST_WAIT_S = 900


def check_serves(role: Role) -> None:
    """Raises `NotPermitted` for a role that does not serve: an auditor reads and notes, a technician sets up."""
    if role not in SERVES:
        raise NotPermitted(role=role.value)


def check_approval(operator: str, approver: str | None, role: Role | None) -> None:
    """Two PINs: raises `ApprovalNeeded`, `ApproverSame`, or `NotPermitted` (an auditor never approves)."""
    if approver is None or role is None:
        raise ApprovalNeeded()
    if approver == operator:
        raise ApproverSame()
    check_serves(role)


def wait_after(failures: int) -> int:
    """Seconds to wait after so many wrong PINs in a row: none at first, then 5, 10, 20 … up to a quarter of an hour."""
    if failures < FREE_TRIES:
        return 0
    doublings = min(failures - FREE_TRIES, 10)
    return min(5 << doublings, LONGEST_WAIT_S)
