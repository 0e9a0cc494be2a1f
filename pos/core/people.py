"""People at the counter: roles, what each may do, and when a second person is needed."""

from enum import StrEnum

from pos.core.refusals import ApprovalNeeded, ApproverSame, NotPermitted, PeopleRefused


class Role(StrEnum):
    """What a person is here."""

    KEEPER = "keeper"
    CLERK = "clerk"
    AUDITOR = "auditor"
    TECHNICIAN = "technician"


class KeeperExists(PeopleRefused):
    """Somebody has, or had, this number."""

    code = "keeper-exists"


class TooFewServe(PeopleRefused):
    """Fewer than two would be left who serve, and nothing could be approved any more."""

    code = "too-few-serve"


class NumberWrong(PeopleRefused):
    """Not two to four digits, or no name."""

    code = "number-wrong"


ANYONE = frozenset(Role)
AUDITS = frozenset({Role.AUDITOR})
SERVES = frozenset({Role.KEEPER, Role.CLERK})
"""Roles that may serve at the counter, and approve what another of them does."""

FREE_TRIES = 3
"""Wrong PINs in a row before each further one has to wait."""

LONGEST_WAIT_S = 900
FEWEST_SERVING = 2
MOST_NAME = 20


def check_role(role: Role, roles: frozenset[Role]) -> None:
    """Raises `NotPermitted` for a role that is none of `roles`."""
    if role not in roles:
        raise NotPermitted(role=role.value)


def check_approval(operator: str, approver: str | None, role: Role | None) -> None:
    """Two PINs: raises `ApprovalNeeded`, `ApproverSame`, or `NotPermitted` (an auditor never approves)."""
    if approver is None or role is None:
        raise ApprovalNeeded()
    if approver == operator:
        raise ApproverSame()
    check_role(role, SERVES)


def wait_after(failures: int) -> int:
    """Seconds to wait after so many wrong PINs in a row: none at first, then 5, 10, 20 … up to a quarter of an hour."""
    if failures < FREE_TRIES:
        return 0
    doublings = min(failures - FREE_TRIES, 10)
    return min(5 << doublings, LONGEST_WAIT_S)


def check_person(number: str, name: str) -> None:
    """Raises `NumberWrong` for a number that is not two to four digits, or a name that is empty or too long."""
    digits = number.isascii() and number.isdecimal() and 2 <= len(number) <= 4
    if not digits or not 1 <= len(name.strip()) <= MOST_NAME:
        raise NumberWrong()


def check_leaves(role: Role, serving: int) -> None:
    """Raises `TooFewServe` when one of `serving` people leaves and too few would be left."""
    if role in SERVES and serving <= FEWEST_SERVING:
        raise TooFewServe(least=FEWEST_SERVING)
