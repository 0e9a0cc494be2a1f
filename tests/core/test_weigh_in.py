"""称重回收: worked examples as tables, what is refused, and what is never lost whatever comes in."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.prices import Terms
from catalog.units import Fen, Points
from pos.core import accounts, reversal, weigh_in
from pos.core.accounts import FRACTION
from pos.core.refusals import (
    BelowFloor,
    BelowMinimum,
    DeductionOutOfRange,
    MaterialUnknown,
    NotByPiece,
    NotByWeight,
    OverMaximum,
    PriceMissing,
    QuantityOutOfRange,
    Refused,
    TareNotOnDivision,
    TareOverGross,
    TicketEmpty,
    TooManyLines,
    WrongScale,
)
from pos.core.reversal import ReversalReason
from pos.core.weigh_in import MANUAL, LineDraft, Payout, PooledLine, TareFrom
from tests.core.village import FINE, WHOLE, D, H, bag, books, counted, load, shown, weigh_rules

W1 = (load("p01", 18_650, 350), load("l01", 4_200, 200), load("m01", 12_450))


def test_w1_in_whole_points() -> None:
    decision = weigh_in.decide(bag(*W1), weigh_rules(WHOLE), books(), D)
    assert decision.body.amount == Fen(47_82)
    assert decision.body.points == Points(47_00)
    assert decision.body.carried == Fen(82)
    assert shown(decision.transfers) == [
        "brought:weigh > bin:shop m:p01 18300",
        "brought:weigh > bin:shop m:l01 4000",
        "brought:weigh > bin:shop m:m01 12450",
        f"value:weigh > carry:{H} frac 4782",
        f"carry:{H} > paid:points frac 4700",
        f"issue:weigh > pts:{H} pt 4700",
    ]


@pytest.mark.parametrize(
    ("lines", "terms", "carry", "amount", "points", "carried"),
    [
        (W1, FINE, 0, 47_82, 47_82, 0),
        (W1, WHOLE, 20, 47_82, 48_00, 2),
        (W1, WHOLE, -60_00, 47_82, 0, -12_18),
        ((load("p01", 18_300, deduction=5),), FINE, 0, 17_39, 17_39, 0),  # W2
        ((load("m04", 850),), FINE, 0, 38_25, 38_25, 0),  # W3 on the counter scale
        ((counted("h01", 7),), FINE, 0, 70, 70, 0),
    ],
)
def test_what_a_ticket_comes_to(
    lines: tuple[LineDraft, ...], terms: Terms, carry: int, amount: int, points: int, carried: int
) -> None:
    held = books(carry=carry)
    decision = weigh_in.decide(bag(*lines), weigh_rules(terms), held, D)
    body = decision.body
    assert (body.amount, body.points, body.carried) == (Fen(amount), Points(points), Fen(carried))
    held.post(D, decision.transfers)
    assert held.of(accounts.carry(H, D), FRACTION) == carried


def test_w2_the_bin_takes_the_net_weight() -> None:
    decision = weigh_in.decide(bag(load("p01", 18_300, deduction=5)), weigh_rules(), books(), D)
    assert shown(decision.transfers)[0] == "brought:weigh > bin:shop m:p01 18300"


def test_w3_copper_is_refused_on_the_platform() -> None:
    with pytest.raises(WrongScale):
        weigh_in.decide(bag(load("m04", 850, scale="floor")), weigh_rules(), books(), D)
    with pytest.raises(BelowMinimum):
        weigh_in.decide(bag(load("p01", 850)), weigh_rules(), books(), D)


def test_w4_pieces_are_carried_in_pieces() -> None:
    held = books()
    first = weigh_in.decide(bag(counted("s03", 37)), weigh_rules(WHOLE), held, D)
    assert first.body.lines == (PooledLine("s03", 37, 35, Points(100), 2),)
    assert shown(first.transfers) == [
        "brought:weigh > bin:shop m:s03 37",
        f"value:weigh > carry:{H} n:s03 37",
        f"carry:{H} > paid:points n:s03 35",
        f"issue:weigh > pts:{H} pt 100",
    ]
    held.post(D, first.transfers)
    second = weigh_in.decide(bag(counted("s03", 20), counted("s03", 14)), weigh_rules(WHOLE), held, D)
    assert second.body.lines == (
        PooledLine("s03", 20, 35, Points(0), 22),
        PooledLine("s03", 14, 35, Points(100), 1),
    )


def test_debt_is_paid_first() -> None:
    decision = weigh_in.decide(bag(*W1), weigh_rules(), books(debt=-10_00), D)
    assert shown(decision.transfers)[-2:] == [f"issue:weigh > pts:{H} pt 4782", f"pts:{H} > debt:{H} pt 1000"]


def test_points_that_somebody_must_confirm_pay_no_debt_yet() -> None:
    decision = weigh_in.decide(bag(*W1, payout=Payout.PENDING), weigh_rules(), books(debt=-10_00), D)
    assert shown(decision.transfers)[-1] == f"issue:weigh > pend:{H} pt 4782"


def test_paid_in_cash() -> None:
    draft = bag(W1[0], counted("s03", 36), payout=Payout.CASH)
    held = books(carry=30)
    decision = weigh_in.decide(draft, weigh_rules(WHOLE), held, D)
    assert (decision.body.amount, decision.body.points, decision.body.carried) == (Fen(18_30), Points(100), Fen(30))
    assert shown(decision.transfers) == [
        "brought:weigh > bin:shop m:p01 18300",
        "brought:weigh > bin:shop m:s03 36",
        "drawer:shop > world:seller cash 1830",
        f"value:weigh > carry:{H} n:s03 36",
        f"carry:{H} > paid:points n:s03 35",
        f"issue:weigh > pts:{H} pt 100",
    ]


def test_the_drawer_pays_no_more_than_it_holds() -> None:
    held = books()
    decision = weigh_in.decide(bag(load("m04", 30_000), payout=Payout.CASH), weigh_rules(), held, D)
    with pytest.raises(BelowFloor) as refused:
        held.post(D, decision.transfers)
    assert refused.value.fields["account"] == f"drawer:shop@{D}"


@pytest.mark.parametrize(
    ("line", "refused"),
    [
        (replace(counted("s03", 1), material="z99"), MaterialUnknown),
        (counted("p01", 3), NotByPiece),
        (counted("s03", 0), QuantityOutOfRange),
        (counted("s03", 100_000), QuantityOutOfRange),
        (load("s03", 5_000, scale="floor"), NotByWeight),
        (load("p01", 5_000, 5_000), TareOverGross),
        (load("p01", 5_000, 5_001), TareOverGross),
        (load("p01", 5_000, -1), TareOverGross),
        (load("p01", 5_000, deduction=100), DeductionOutOfRange),
        (load("p01", 5_000, deduction=-1), DeductionOutOfRange),
        (replace(load("p01", 5_000), deduction=5), DeductionOutOfRange),
        (load("p01", 999), BelowMinimum),
        (load("p01", 150_001), OverMaximum),
        (load("m04", 5_000, scale="floor"), WrongScale),
        (load("p01", 5_000, scale="sold"), WrongScale),
        (load("p01", 5_000, 120, tare_from=TareFrom.TYPED), TareNotOnDivision),
        (load("p01", 5_000, 120, tare_from=TareFrom.PRESET), TareNotOnDivision),
    ],
)
def test_what_is_refused(line: LineDraft, refused: type[Refused]) -> None:
    with pytest.raises(refused):
        weigh_in.quote(bag(line), weigh_rules(), books(), D)


def test_a_material_without_a_price_is_refused() -> None:
    rules = weigh_rules()
    rules = replace(rules, book=replace(rules.book, materials={}))
    with pytest.raises(PriceMissing):
        weigh_in.quote(bag(*W1), rules, books(), D)


def test_a_material_below_its_own_minimum_is_refused() -> None:
    rules = weigh_rules()
    paper = replace(rules.materials["p01"], minimum=W1[0].gross)
    with pytest.raises(BelowMinimum):
        weigh_in.quote(bag(W1[0]), replace(rules, materials={"p01": paper}), books(), D)


def test_tickets_of_no_line_and_of_too_many() -> None:
    with pytest.raises(TicketEmpty):
        weigh_in.quote(bag(), weigh_rules(), books(), D)
    with pytest.raises(TooManyLines):
        weigh_in.quote(bag(*[counted("s03", 1)] * 17), weigh_rules(), books(), D)


def test_a_typed_weight_stands_without_a_scale() -> None:
    line = load("p01", 850, scale="none", criterion=MANUAL)
    assert bag(line).manual
    assert not bag(W1[0]).manual
    assert weigh_in.quote(bag(line), weigh_rules(), books(), D).amount == Fen(85)


LINES = st.one_of(
    st.builds(
        load,
        st.sampled_from(["p01", "m01"]),
        st.integers(2_000, 150_000),
        st.integers(0, 1_900),
        deduction=st.integers(0, 99),
    ),
    st.builds(counted, st.sampled_from(["h01", "s03"]), st.integers(1, 200)),
)
TICKETS = st.lists(LINES, min_size=1, max_size=8)
TERMS = st.sampled_from(
    [Terms(date(2026, 1, 1), fen, Points(step)) for fen, step in ((100, 1), (100, 100), (50, 2), (120, 25), (7, 100))]
)


@given(st.lists(st.tuples(TICKETS, TERMS), min_size=1, max_size=5))
def test_the_carried_fraction_and_pieces_are_conserved(tickets: list[tuple[list[LineDraft], Terms]]) -> None:
    held = books()
    amounts = worth = pieces = pooled = 0
    for lines, terms in tickets:
        body = (decision := weigh_in.decide(bag(*lines), weigh_rules(terms), held, D)).body
        held.post(D, decision.transfers)
        points = sum(line.points.amount for line in body.lines if isinstance(line, PooledLine))
        amounts += body.amount.amount
        worth += (body.points.amount - points) * terms.fen_per_point
        pieces += sum(line.pieces for line in body.lines if isinstance(line, PooledLine))
        pooled += points // 100 * 35
        assert 0 <= body.carried.amount < terms.fen_per_step
    carry = accounts.carry(H, D)
    assert amounts * 100 == worth + held.of(carry, FRACTION) * 100
    assert pieces == pooled + held.of(carry, "n:s03")
    assert 0 <= held.of(carry, "n:s03") < 35


@given(TICKETS, TERMS)
def test_rounding_never_cheats_by_more_than_one_unit_a_ticket(lines: list[LineDraft], terms: Terms) -> None:
    body = weigh_in.quote(bag(*lines), weigh_rules(terms), books(), D)
    exact, weighed = Fraction(0), 0
    for line in lines:
        if isinstance(line, weigh_in.WeighedDraft):
            price = {"p01": 100, "m01": 160}[line.material]
            exact += Fraction((line.gross.amount - line.tare.amount) * (100 - line.deduction) * price, 100_000)
            weighed += 1
        elif line.material == "h01":
            exact += line.pieces * 10
    assert abs(body.amount.amount - exact) <= Fraction(weighed, 2)
    pooled = sum((line.points for line in body.lines if isinstance(line, PooledLine)), Points(0))
    due = Fraction(body.amount.amount * 100, terms.fen_per_point) - (body.points - pooled).amount
    assert 0 <= due < terms.step.amount


@given(TICKETS, TERMS, st.integers(-50_00, 0), st.integers(0, 99))
def test_a_reversed_weigh_in_leaves_the_books_as_they_were(
    lines: list[LineDraft], terms: Terms, debt: int, carry: int
) -> None:
    held = books(debt=debt, carry=carry)
    before = dict(held.balances)
    decision = weigh_in.decide(bag(*lines), weigh_rules(terms), held, D)
    held.post(D, decision.transfers)
    back = reversal.decide(1, decision.body, decision.transfers, ReversalReason.WRONG_WEIGHT, held, D)
    held.post(D, back.transfers)
    assert {key: amount for key, amount in held.balances.items() if amount} == {k: v for k, v in before.items() if v}
