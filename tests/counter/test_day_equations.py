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
from pos.core.receipts import RedeemFacts
from pos.core.redemption import Shortfall
from pos.core.refusals import Refused
from pos.core.reversal import ReversalReason
from pos.core.selling import Draft as Sale
from pos.core.selling import Offer
from pos.core.stock import LossReason, VarianceReason
from pos.core.stocktake import Session
from pos.core.take_back import BackLine, Condition
from pos.counter import (
    bays,
    buyers,
    day,
    fund,
    receiving,
    recyclables,
    reverse,
    settlements,
    stock,
    stocktake,
    take_back,
    vouchers,
)
from pos.counter import journal as journals
from pos.counter.redeem import redeem
from pos.counter.weigh_in import weigh_in
from pos.storage import closes
from pos.storage.verify import verify
from tests.counter.stockroom import WRITER, balance, bought, salt, with_supplier
from tests.counter.village_policy import village, wanting
from tests.shop import Shop, counted, weighed
from tests.storage.money_cases import DEALER

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
    st.tuples(st.just("serve"), WHO, st.integers(0, 2)),
    st.tuples(st.just("settle"), st.sampled_from(["coop", "k-02", "barber"]), st.just(0)),
    st.tuples(st.just("stocktake"), st.sampled_from(["g001", "g017"]), st.integers(0, 40)),
    st.tuples(st.just("bay"), st.just("p01"), st.integers(0, 40_000)),
    st.tuples(st.just("sell"), st.just("p01"), st.integers(1_000, 20_000)),
    st.tuples(st.just("ship"), st.just("g001"), PIECES),
    st.tuples(st.just("send-back"), st.just(""), st.just(0)),
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
            do_more(shop, act)


def do_more(shop: Shop, act: tuple[str, str, int]) -> None:
    """The same of what is done less often."""
    desk, by, two = shop.desk, shop.by, shop.two
    kind, who, amount = act
    match kind:
        case "serve":
            facts = redeem(desk, by, wanting(shop, "v01", of=who)).facts
            assert isinstance(facts, RedeemFacts)
            if amount:
                end = vouchers.use if amount == 1 else vouchers.cancel
                end(desk, by, facts.vouchers[0].number)
        case "settle":
            settlements.settle(desk, two, who, desk.today(), Source.VILLAGE)
        case "stocktake":
            session, _ = stocktake.count(desk, stocktake.begin(desk), who, amount, more=False)
            refs = stocktake.close_round(desk, by, session).refs
            stocktake.approve(desk, two, Session(0, (), refs=refs).because(who, VarianceReason.MISTAKEN))
        case "bay":
            bays.approve(desk, two, bays.count(desk, by, who, amount).seq, VarianceReason.MISTAKEN)
        case "sell":
            sale = Sale(DEALER.code, "", (Offer(who, 125),), (weighed(who, amount // 50 * 50),))
            recyclables.sell(desk, two, sale)
        case "ship":
            stock.ship(desk, by, stock.Load().adding(who, amount))
        case "send-back":
            with desk.store.read() as connection:
                seq = connection.exec_driver_sql("SELECT max(seq) FROM journal WHERE kind = 'receive'").scalar_one()
            receiving.send_back(desk, two, seq or 1, ReversalReason.SENT_BACK)


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
    with tempfile.TemporaryDirectory() as name, village(Path(name) / "shop", voucher_days=1) as shop:
        buyers.save(with_supplier(shop).desk, shop.by, DEALER)
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


FULL_DAY = [
    ("fund", "", 40_000),
    ("drawer", "", 4_000),
    ("weigh", "0042", 600),
    ("count", "0006", 80),
    ("redeem", "0002", 6),
    ("take-back", "", 1),
    ("redeem", "0006", 3),
    ("reverse", "", 0),
    ("receive", "", 3),
    ("send-back", "", 0),
    ("receive", "", 2),
    ("write-off", "", 2),
    ("serve", "0042", 0),
    ("serve", "0042", 1),
    ("serve", "0042", 2),
    ("stocktake", "g001", 37),
    ("bay", "p01", 30_500),
    ("sell", "p01", 20_000),
    ("ship", "g001", 4),
]


def test_a_day_on_which_everything_happens(tmp_path: Path) -> None:
    with village(tmp_path / "shop", voucher_days=1) as shop:
        buyers.save(with_supplier(shop).desk, shop.by, DEALER)
        sold: list[int] = []
        for act in FULL_DAY:
            shop.clock.advance()
            do(shop, act, sold)
        close_and_check(shop, 1, -50)
        for party in ("coop", "k-02", "barber"):
            stated = settlements.statement(shop.desk, party, shop.desk.today()).amount
            assert stated == Fen(balance(shop, f"due:{party}", "due")) > Fen(0)
            do(shop, ("settle", party, 0), sold)
            assert balance(shop, f"due:{party}", "due") == 0
        close_and_check(shop, 2, 30)
        assert verify(shop.folder).wrong is None
