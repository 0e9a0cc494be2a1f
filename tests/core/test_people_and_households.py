"""Who may do what, how long a wrong PIN waits, how names are shown, which household is served."""

import pytest

from pos.core import households, people
from pos.core.households import Household, HouseholdState
from pos.core.local_time import local_date, local_time
from pos.core.people import Role
from pos.core.refusals import (
    ApprovalNeeded,
    ApproverSame,
    HouseholdClosed,
    HouseholdFrozen,
    NotPermitted,
    Refused,
)


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, 0), (1, 0), (2, 0), (3, 5), (4, 10), (5, 20), (9, 320), (10, 640), (11, 900), (12, 900), (10**6, 900)],
)
def test_wait_after_wrong_pins(failures: int, seconds: int) -> None:
    assert people.wait_after(failures) == seconds


@pytest.mark.parametrize(
    ("approver", "role", "refused"),
    [
        (None, None, ApprovalNeeded),
        ("01", None, ApprovalNeeded),
        ("02", Role.KEEPER, ApproverSame),
        ("09", Role.AUDITOR, NotPermitted),
        ("08", Role.TECHNICIAN, NotPermitted),
    ],
)
def test_who_does_not_approve(approver: str | None, role: Role | None, refused: type[Refused]) -> None:
    with pytest.raises(refused):
        people.check_approval("02", approver, role)


def test_a_clerk_or_another_keeper_approves() -> None:
    people.check_approval("02", "01", Role.CLERK)
    people.check_approval("02", "03", Role.KEEPER)


def test_who_serves() -> None:
    for role in Role:
        if role in (Role.KEEPER, Role.CLERK):
            people.check_role(role, people.SERVES)
        else:
            with pytest.raises(NotPermitted):
                people.check_role(role, people.SERVES)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张秀英", "张*英"),
        ("胡春", "胡*"),
        ("阿依古丽", "阿*丽"),
        ("欧阳建国", "欧*国"),
        ("𠮷野家", "𠮷*家"),
        ("王", "*"),
        ("", "*"),
    ],
)
def test_names_are_masked(name: str, shown: str) -> None:
    assert households.mask(name) == shown


def test_which_household_is_served() -> None:
    def household(state: HouseholdState) -> Household:
        return Household("9901011012000042", "张秀英", "第3村民小组", 4, state, "LT01")

    for state in (HouseholdState.NORMAL, HouseholdState.AWAY):
        served = households.admit(household(state))
        assert (served.short, served.masked) == ("0042", "张*英")
    with pytest.raises(HouseholdFrozen):
        households.admit(household(HouseholdState.FROZEN))
    for state in (HouseholdState.MERGED, HouseholdState.CLOSED):
        with pytest.raises(HouseholdClosed):
            households.admit(household(state))


@pytest.mark.parametrize(
    ("wall", "offset", "text"),
    [
        (0, 0, "1970-01-01 00:00:00"),
        (1_768_430_520_000, 480, "2026-01-15 06:42:00"),
        (1_768_406_400_000 - 1, 480, "2026-01-14 23:59:59"),
        (1_768_406_400_000, 480, "2026-01-15 00:00:00"),
        (1_768_430_520_999, -210, "2026-01-14 19:12:00"),
    ],
)
def test_local_time_is_at_a_fixed_offset(wall: int, offset: int, text: str) -> None:
    assert local_time(wall, offset) == text
    assert local_date(wall, offset).isoformat() == text[:10]
