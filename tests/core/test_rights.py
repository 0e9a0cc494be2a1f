"""Points on their way between ledger and device, and what the ledger does with a household's points: tables."""

import pytest

from catalog.units import Points
from pos.core import accounts, awards, epochs, holds, households, rights
from pos.core.accounts import CASH, LEDGER, OWED, POINTS, Account
from pos.core.awards import Undo
from pos.core.refusals import BelowFloor
from pos.core.transfers import Books, Decision, Key
from tests.core.village import D, H, books, shown

NEXT = "k7q2md.1"
H2 = "9901011012000002"


def ledger(household: str = H, **held: int) -> Books:
    """The ledger's books, where a household holds so many `pts`, `hold` and `debt`."""
    return Books(LEDGER, {(Account(kind, household, LEDGER), POINTS): amount for kind, amount in held.items()})


def legs(decision: Decision[object]) -> list[str]:
    """A ledger entry's transfers as lines."""
    return shown(decision.transfers, LEDGER)


def test_a_grant_is_two_hops() -> None:
    granted = rights.grant(H, D, 7, Points(20_00), Points(50_00))
    assert legs(granted) == [f"pts:{H} > move:{H}@{D} pt 2000"]
    accepted = rights.accept(granted.body, "ab", books(debt=-3_00))
    assert (accepted.body.feed, accepted.body.digest, accepted.body.target) == (7, "ab", Points(50_00))
    assert shown(accepted.transfers) == [f"move:{H} > pts:{H} pt 2000", f"pts:{H} > debt:{H} pt 300"]
    with pytest.raises(BelowFloor):
        ledger(pts=19_99).post(LEDGER, granted.transfers)


def test_a_target_alone_moves_nothing() -> None:
    granted = rights.grant(H, D, 8, Points(0), Points(0))
    assert granted.transfers == ()
    assert rights.accept(granted.body, "ab", books(pts=5_00)).transfers == ()


@pytest.mark.parametrize(("target", "excess"), [(0, 47_82), (40_00, 7_82), (47_82, 0), (100_00, 0)])
def test_the_excess_over_the_target_goes_back(target: int, excess: int) -> None:
    decision = rights.give_back(H, Points(target), books(pts=47_82), D)
    assert decision.body.points == Points(excess)
    assert shown(decision.transfers) == ([f"pts:{H} > pts:{H}@L pt {excess}"] if excess else [])


def test_pending_points_are_confirmed_and_pay_debt() -> None:
    decision = rights.confirm(H, (4, 9), Points(10_00), books(pend=12_00, debt=-4_00), D)
    assert shown(decision.transfers) == [f"pend:{H} > pts:{H} pt 1000", f"pts:{H} > debt:{H} pt 400"]
    drawn = rights.confirm(H, (4,), Points(10_00), books(pend=6_00), D, feed=3)
    assert (drawn.body.points, drawn.body.feed) == (Points(6_00), 3)


@pytest.mark.parametrize(
    ("points", "held", "expected"),
    [
        (12_00, {}, [f"issue:award > pts:{H} pt 1200"]),
        (12_00, {"debt": -5_00}, [f"issue:award > pts:{H} pt 1200", f"pts:{H} > debt:{H} pt 500"]),
        (12_00, {"debt": -15_00}, [f"issue:award > pts:{H} pt 1200", f"pts:{H} > debt:{H} pt 1200"]),
        (-12_00, {"pts": 20_00}, [f"pts:{H} > issue:award pt 1200"]),
        (-12_00, {"pts": 5_00}, [f"pts:{H} > issue:award pt 500", f"debt:{H} > issue:award pt 700"]),
        (-12_00, {}, [f"debt:{H} > issue:award pt 1200"]),
        (0, {}, []),
    ],
)
def test_awards(points: int, held: dict[str, int], expected: list[str]) -> None:
    assert legs(awards.award(H, "2026-01", Points(points), ledger(H, **held))) == expected
    alone = books(D, **held)
    assert shown(awards.posted(H, Points(points), alone, D)) == expected


def test_the_ledger_corrects() -> None:
    assert legs(awards.sweep(H, ledger(pts=10_00, debt=-4_00))) == [f"pts:{H} > debt:{H} pt 400"]
    assert legs(awards.forgive(H, Points(4_00), LEDGER)) == [f"gone:forgiven > debt:{H} pt 400"]
    assert legs(awards.remedy(H, "LT01-K7Q2MD.0-9", Points(3_00), ledger(debt=-1_00))) == [
        f"issue:award > pts:{H} pt 300",
        f"pts:{H} > debt:{H} pt 100",
    ]
    assert legs(epochs.shortage("k7q2md", "LT01-K7Q2MD.0-9", Points(3_00))) == [
        "issue:shortage > gone:shortage-k7q2md pt 300"
    ]


def test_an_undo_of_an_open_and_of_a_closed_epoch() -> None:
    body = Undo(H, "LT01-K7Q2MD.0-14", (1, 2), Points(22_00))
    assert legs(awards.undo(body, ledger(debt=-2_00))) == [
        f"issue:award > pts:{H} pt 2200",
        f"pts:{H} > debt:{H} pt 200",
    ]
    assert shown(awards.undo(body, ledger(), D).transfers) == [f"spent:goods > pts:{H}@L pt 2200"]


def test_points_laid_aside() -> None:
    assert legs(holds.hold(H, Points(5_00))) == [f"pts:{H} > hold:{H} pt 500"]
    assert legs(holds.cash_out(H, Points(5_00))) == [f"hold:{H} > gone:bank pt 500"]
    assert legs(holds.unhold(H, Points(5_00), ledger(hold=5_00, debt=-1_00))) == [
        f"hold:{H} > pts:{H} pt 500",
        f"pts:{H} > debt:{H} pt 100",
    ]
    with pytest.raises(BelowFloor):
        ledger().post(LEDGER, holds.cash_out(H, Points(5_00)).transfers)


def test_households_merged_and_split() -> None:
    held = ledger(H2, pts=8_00)
    held.balances[accounts.debt(H, LEDGER), POINTS] = -3_00
    merged = households.merge(H2, H, held, LEDGER)
    assert merged.body.points == Points(8_00)
    assert legs(merged) == [f"pts:{H2} > pts:{H} pt 800", f"pts:{H} > debt:{H} pt 300"]
    assert legs(households.split(H, H2, Points(2_00), ledger(pts=5_00))) == [f"pts:{H} > pts:{H2} pt 200"]
    with pytest.raises(BelowFloor):
        ledger(pts=1_00).post(LEDGER, households.split(H, H2, Points(2_00), ledger(pts=1_00)).transfers)


def test_a_closed_epoch_hands_on_all_but_points_and_debt() -> None:
    held: dict[Key, int] = {
        (accounts.stock("village", "0", D), "g:salt"): 4,
        (accounts.bin_(D), "m:p01"): 18_300,
        (accounts.drawer(D), CASH): 900,
        (accounts.fund("village", D), CASH): 5_000,
        (Account("due", "k-02", D), OWED): 300,
        (Account("due", "coop", D), OWED): -325,
        (accounts.voucher("v1", D), "v:haircut"): 1,
        (Account("way", "s17", D), "g:soap"): 6,
        (accounts.points(H, D), POINTS): 10_00,
        (accounts.pending(H, D), POINTS): 2_00,
        (accounts.debt(H2, D), POINTS): -2_00,
        (accounts.carry(H, D), "frac"): 82,
        (Account("out", "handed", D), "g:salt"): 9,
    }
    (decision,) = epochs.close(D, NEXT, Books(LEDGER, held))
    assert shown(decision.transfers) == [
        f"bin:shop > bin:shop@{NEXT} m:p01 18300",
        f"drawer:shop > drawer:shop@{NEXT} cash 900",
        f"due:k-02 > due:k-02@{NEXT} due 300",
        f"fund:village > fund:village@{NEXT} cash 5000",
        f"stock:shop/village/0 > stock:shop/village/0@{NEXT} g:salt 4",
        f"vch:v1 > vch:v1@{NEXT} v:haircut 1",
        f"way:s17 > way:s17@{NEXT} g:soap 6",
    ]


def test_a_close_takes_as_many_entries_as_it_needs() -> None:
    held = {(accounts.stock("village", "0", D), f"g:g{n:03d}"): 1 for n in range(150)}
    decisions = epochs.close(D, NEXT, Books(LEDGER, held))
    assert [len(decision.transfers) for decision in decisions] == [64, 64, 22]


def test_a_release_pays_the_closed_epochs_debt_first() -> None:
    held = Books(LEDGER, dict(books(pts=10_00, pend=2_00, debt=-11_00).balances))
    held.balances[accounts.moving(H, D), POINTS] = 4_00
    assert shown(epochs.release(D, H, held).transfers) == [
        f"pts:{H} > debt:{H} pt 1000",
        f"pend:{H} > debt:{H} pt 100",
        f"pend:{H} > pts:{H}@L pt 100",
        f"move:{H} > pts:{H}@L pt 400",
    ]
