"""Every equation of the day close, over random days at the counter: opening + in - out = closing, and nothing else.

The books that they are held against are folded here, transfer by transfer, by a few lines of their own.
"""

import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.units import Fen
from pos.core import closing as rules_of
from pos.core.closing import Closing, Pool
from pos.core.fund import Source
from pos.core.redemption import Shortfall
from pos.core.refusals import Refused
from pos.core.reversal import ReversalReason
from pos.core.stock import LossReason
from pos.core.take_back import BackLine, Condition
from pos.counter import day, fund, receiving, reverse, stock, take_back
from pos.counter import journal as journals
from pos.counter.redeem import redeem
from pos.counter.weigh_in import weigh_in
from pos.storage import closes
from pos.storage.verify import verify
from tests.counter.stockroom import WRITER, balance, bought, salt, with_supplier
from tests.shop import Shop, counted, opened, weighed

WHO = st.sampled_from(["0042", "0002", "0006"])
PIECES = st.integers(1, 6)
ACTS = st.one_of(
    st.tuples(st.just("weigh"), WHO, st.integers(20, 600)),
    st.tuples(st.just("count"), WHO, st.integers(1, 80)),
    st.tuples(st.just("redeem"), WHO, PIECES),
    st.tuples(st.just("reverse"), st.just(""), st.just(0)),
    st.tuples(st.just("take-back"), st.just(""), PIECES),
    st.tuples(st.just("receive"), st.just(""), PIECES),
    st.tuples(st.just("write-off"), st.just(""), PIECES),
    st.tuples(st.just("fund"), st.just(""), st.integers(1, 9_000)),
    st.tuples(st.just("drawer"), st.just(""), st.integers(1, 4_000)),
)
DAYS = st.lists(st.tuples(st.lists(ACTS, max_size=7), st.integers(-300, 300)), min_size=1, max_size=3)


def do(shop: Shop, act: tuple[str, str, int], sold: list[int]) -> None:
    """One thing at the counter, with its own rules: what they refuse does not happen."""
    desk, by, two = shop.desk, shop.by, shop.two
    kind, who, amount = act
    match kind:
        case "weigh":
            weigh_in(desk, by, shop.bag(weighed("p01", amount * 50 + 1_000), of=who))
        case "count":
            weigh_in(desk, by, shop.bag(counted("s03", amount), counted("h01", 2), of=who))
        case "redeem":
            basket = shop.basket({"g001": amount, "g017": amount}, of=who, shortfall=Shortfall.CASH)
            sold.append(journals.number_of(redeem(desk, by, basket)))
        case "reverse" if sold:
            reverse.reverse(desk, two, sold[-1], ReversalReason.WRONG_ITEM)
        case "take-back" if sold:
            take_back.take_back(desk, two, sold[0], (BackLine("g001", amount, Condition.OPENED),))
        case "receive":
            receiving.receive(desk, by, bought(salt(packs=amount), slip=f"yd-{len(sold)}-{amount}"))
        case "write-off":
            stock.write_off(desk, two, stock.on_shelf(desk)[0], amount, LossReason.DAMAGED)
        case "fund":
            fund.income(desk, by, Source.VILLAGE, Fen(amount), "村委会")
        case "drawer":
            fund.into_drawer(desk, by, Source.VILLAGE, Fen(amount))
        case _:
            pass


def folded(shop: Shop) -> Counter[tuple[str, str]]:
    """What kinds of accounts hold, from the first transfer on: the kind of account and the commodity."""
    found: Counter[tuple[str, str]] = Counter()
    with shop.desk.store.read() as connection:
        for move in connection.exec_driver_sql("SELECT * FROM transfers"):
            for name, sign in ((move.source, -1), (move.destination, 1)):
                if name.endswith(f"@{WRITER}"):
                    found[name.partition(":")[0], move.commodity] += sign * move.quantity
    return found


KINDS = {
    Pool.POINTS: ("pts", "pend", "debt"),
    Pool.FRACTION: ("carry",),
    Pool.DRAWER: ("drawer",),
    Pool.FUND: ("fund",),
    Pool.OWED: ("due",),
    Pool.VOUCHERS: ("vch",),
    Pool.STOCK: ("stock",),
    Pool.BIN: ("bin",),
}


@settings(max_examples=25, deadline=None)
@given(days=DAYS)
def test_every_equation_of_random_days(days: list[tuple[list[tuple[str, str, int]], int]]) -> None:
    with tempfile.TemporaryDirectory() as name, opened(Path(name) / "shop") as shop:
        with_supplier(shop)
        for number, (acts, off) in enumerate(days, 1):
            sold: list[int] = []
            for act in acts:
                shop.clock.advance()
                try:
                    do(shop, act, sold)
                except Refused:
                    continue
            close_and_check(shop, number, off)
        assert verify(shop.folder).wrong is None


def close_and_check(shop: Shop, number: int, off: int) -> None:
    """Close with so many fen off in the drawer; then hold the Z's closing against the books folded anew."""
    with shop.desk.store.read() as connection:
        before = closes.last(connection)
    counted_fen = max(0, balance(shop, "drawer:shop", "cash") + off)
    counts = Closing(counted=Fen(counted_fen), cash_reason="unknown")
    sheet = day.close_day(shop.desk, shop.two, counts)
    with shop.desk.store.read() as connection:
        after, moves = closes.last(connection), closes.transfers_after(connection, before.seq)
        head = connection.exec_driver_sql("SELECT max(seq) FROM journal").scalar_one()
    equations = rules_of.equations(before.closing, moves, after.closing, WRITER)
    held = folded(shop)
    assert (after.number, after.seq) == (number, head)
    assert not [each for each in equations if each.difference]
    for each in equations:
        assert each.closing == sum(held[kind, each.commodity] for kind in KINDS[each.pool]), each
        assert each.opening + each.came - each.went == each.closing
    assert {(each.pool, each.commodity) for each in equations if each.closing} == set(after.closing)
    changed = rules_of.touched_households(moves, WRITER)
    of_points = [each for each in equations if each.pool is Pool.POINTS]
    assert sum(changed.values()) == sum(each.came - each.went for each in of_points)
    flows = rules_of.flows(moves, Pool.DRAWER, WRITER)
    of_cash = [each for each in equations if each.pool is Pool.DRAWER]
    assert sum(flow.came - flow.went for flow in flows) == sum(each.came - each.went for each in of_cash)
    assert balance(shop, "drawer:shop", "cash") == counted_fen
    assert not [table for table in sheet.tables if table.title == "z-differences"]
    shop.clock.advance(86_400_000)
    day.open_day(shop.desk, shop.by)
