"""A day's transfers added up say what the transfers themselves say, to every rule about them."""

from hypothesis import given
from hypothesis import strategies as st

from pos.core import closing
from pos.core.accounts import Account
from pos.core.closing import Pool
from pos.core.day_figures import folded
from pos.core.transfers import Transfer

WRITER = "k7q2md.0"
HOUSEHOLDS = ("990101101200" + serial for serial in ("0002", "0042"))
POINTS = st.sampled_from(
    [Account(kind, number, WRITER) for number in HOUSEHOLDS for kind in ("pts", "pend", "debt")]
    + [Account("issue", "weigh", WRITER), Account("spent", "goods", WRITER), Account("pts", "9901011012000042", "L")]
)
GOODS = st.sampled_from(
    [Account("stock", f"shop/{owner}/{lot}", WRITER) for owner in ("village", "k-02") for lot in ("0", "0-7-1")]
    + [Account("out", "handed", WRITER), Account("in", "purchase", WRITER), Account("way", "yd-1", WRITER)]
)
QUANTITY = st.integers(1, 5_000)
MOVES = st.lists(
    st.one_of(
        st.builds(Transfer, POINTS, POINTS, st.just("pt"), QUANTITY),
        st.builds(Transfer, GOODS, GOODS, st.sampled_from(["g:g001", "g:g017"]), QUANTITY),
    ).filter(lambda move: move.source != move.destination),
    max_size=40,
)


@given(moves=MOVES)
def test_nothing_is_lost_but_what_stays_on_one_side(moves: list[Transfer]) -> None:
    for pool in (Pool.POINTS, Pool.STOCK):
        assert closing.flows(folded(moves), pool, WRITER) == closing.flows(moves, pool, WRITER)
    assert closing.equations({}, folded(moves), {}, WRITER) == closing.equations({}, moves, {}, WRITER)


@given(moves=MOVES, at=st.integers(0, 40))
def test_days_add_up(moves: list[Transfer], at: int) -> None:
    assert folded((*folded(moves[:at]), *folded(moves[at:]))) == folded(moves)


@given(moves=MOVES)
def test_no_household_and_no_lot_is_told_from_another(moves: list[Transfer]) -> None:
    named = {str(account) for move in folded(moves) for account in (move.source, move.destination)}
    assert not [name for name in named if "9901" in name or "/0" in name]
