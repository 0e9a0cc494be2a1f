"""Books: what may be posted, and that all of an entry is or nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.core import accounts
from pos.core.accounts import CASH, LEDGER, POINTS, Account
from pos.core.refusals import BelowFloor
from pos.core.transfers import BALANCE_LIMIT, MOST, Books, BooksError, Transfer, moved, touched
from tests.core.village import D, H

ISSUE, POINTS_HERE, SPENT = Account("issue", "weigh", D), accounts.points(H, D), Account("spent", "goods", D)
EARN = Transfer(ISSUE, POINTS_HERE, POINTS, 100)
SPEND = Transfer(POINTS_HERE, SPENT, POINTS, 100)


def test_what_leaves_the_one_enters_the_other() -> None:
    held = Books(D)
    assert held.post(D, [EARN]) == {(ISSUE, POINTS): -100, (POINTS_HERE, POINTS): 100}
    assert EARN.turned_round() == Transfer(POINTS_HERE, ISSUE, POINTS, 100)
    assert touched([EARN, SPEND]) == {(ISSUE, POINTS), (POINTS_HERE, POINTS), (SPENT, POINTS)}
    assert moved(ISSUE, POINTS_HERE, POINTS, 0) == ()


def test_the_floor_holds_at_every_prefix_and_nothing_is_half_posted() -> None:
    held = Books(D)
    held.post(D, [EARN, SPEND])
    before = dict(held.balances)
    with pytest.raises(BelowFloor) as refused:
        held.post(D, [EARN, SPEND, SPEND, EARN])
    assert refused.value.fields == {"account": str(POINTS_HERE), "commodity": POINTS, "balance": -100}
    assert held.balances == before


@pytest.mark.parametrize(
    ("author", "transfer"),
    [
        (LEDGER, EARN),
        ("k7q2md.1", EARN),
        (D, EARN._replace(commodity=CASH)),
        (D, EARN._replace(commodity="g:salt")),
        (D, EARN._replace(commodity="zz")),
        (D, EARN._replace(quantity=0)),
        (D, EARN._replace(quantity=-1)),
        (D, EARN._replace(quantity=MOST + 1)),
        (D, EARN._replace(quantity=True)),
        (D, EARN._replace(quantity=1.0)),  # type: ignore[arg-type]
        (D, EARN._replace(destination=ISSUE)),
        (D, Transfer(ISSUE, accounts.debt(H, D), POINTS, 1)),
    ],
)
def test_what_no_correct_program_writes(author: str, transfer: Transfer) -> None:
    held = Books(D)
    with pytest.raises(BooksError):
        held.post(author, [transfer])
    assert not held.balances


def test_limits_of_a_balance_and_of_an_entry() -> None:
    held = Books(D, {(SPENT, POINTS): BALANCE_LIMIT, (POINTS_HERE, POINTS): 100})
    with pytest.raises(BooksError):
        held.post(D, [SPEND])
    Books(D).post(D, [EARN] * 64)
    with pytest.raises(BooksError):
        Books(D).post(D, [EARN] * 65)


FLOORS = {
    # books.md, table of accounts: kind and commodity to (at the device that writes it, at the ledger).
    ("pts", "pt"): (True, True),
    ("pend", "pt"): (True, True),
    ("hold", "pt"): (True, True),
    ("budget", "pt"): (True, True),
    ("vch", "v:haircut"): (True, True),
    ("move", "pt"): (False, True),
    ("stock", "g:salt"): (True, False),
    ("bin", "m:p01"): (True, False),
    ("drawer", "cash"): (True, False),
    ("fund", "cash"): (True, False),
    ("debt", "pt"): (False, False),
    ("carry", "frac"): (False, False),
    ("carry", "n:s03"): (False, False),
    ("value", "frac"): (False, False),
    ("issue", "pt"): (False, False),
    ("in", "g:salt"): (False, False),
    ("way", "g:salt"): (False, False),
    ("brought", "m:p01"): (False, False),
    ("world", "cash"): (False, False),
    ("cost", "due"): (False, False),
    ("due", "due"): (False, False),
    ("vout", "v:haircut"): (False, False),
}
SINKS = {"pt": "gone", "v": "vout", "g": "out", "m": "out", "cash": "world", "frac": "paid", "n": "paid", "due": "cost"}


@pytest.mark.parametrize(("kind", "commodity"), FLOORS)
def test_floors_of_the_chart(kind: str, commodity: str) -> None:
    sink = Account(SINKS[commodity.partition(":")[0]], "x", D)
    take = Transfer(Account(kind, "y", D), sink, commodity, 1)
    for keeper, floor in zip((D, LEDGER), FLOORS[kind, commodity], strict=True):
        if floor:
            with pytest.raises(BelowFloor):
                Books(keeper).post(D, [take])
        else:
            Books(keeper).post(D, [take])


def test_a_device_knows_no_floor_of_other_writers() -> None:
    taken = [Transfer(accounts.voucher("v1", D), accounts.voucher("v1", "k7q2md.1"), "v:haircut", 1)]
    Books("k7q2md.1").post(D, taken)
    with pytest.raises(BelowFloor):
        Books(LEDGER).post(D, taken)


def test_a_debt_is_never_above_zero() -> None:
    owing = Books(D, {(accounts.debt(H, D), POINTS): -5})
    pay = Transfer(ISSUE, accounts.debt(H, D), POINTS, 5)
    owing.post(D, [pay])
    with pytest.raises(BooksError):
        owing.post(D, [pay])


@given(st.lists(st.tuples(st.sampled_from([EARN, SPEND]), st.integers(1, 1_000)), max_size=20))
def test_balances_of_a_commodity_sum_to_zero(moves: list[tuple[Transfer, int]]) -> None:
    held = Books(D)
    for transfer, quantity in moves:
        try:
            held.post(D, [transfer._replace(quantity=quantity)])
        except BelowFloor:
            assert held.of(POINTS_HERE, POINTS) < quantity
        assert sum(held.balances.values()) == 0
        assert held.of(POINTS_HERE, POINTS) >= 0
