"""兑换 from ticket to books: worked tickets R1 and R2, stock, limits, cash, and every way it is refused."""

from dataclasses import replace

import pytest

from catalog.units import Fen, Points
from pos.core import accounts
from pos.core.acts import Act, ActCode
from pos.core.entries import Signatures
from pos.core.receipts import GoodFact, RedeemFacts
from pos.core.redeem_refusals import ServiceUnknown
from pos.core.redemption import Draft, OverrideReason, PickedService, Shortfall
from pos.core.refusals import (
    ApprovalNeeded,
    CardLost,
    DayNotOpen,
    GoodUnknown,
    HouseholdFrozen,
    NotPermitted,
    OutOfStock,
    OverLimit,
    PointsShort,
    QuantityOutOfRange,
    ReasonMissing,
    Refused,
    TicketEmpty,
    TooManyLines,
)
from pos.core.reversal import ReversalReason
from pos.counter import cards, day, setup
from pos.counter.redeem import quote, redeem
from pos.counter.reverse import reverse
from pos.counter.weigh_in import weigh_in
from pos.storage import books, jobs
from pos.storage.jobs import Purpose
from pos.storage.verify import verify
from tests.shop import AUDITOR, KEEPER, KEEPERS_OWN, STOCK, Shop
from tests.storage.busy import seq_of
from tests.storage.contents import contents

MONTH_MS = 31 * 86_400_000


def balance(shop: Shop, name: str, commodity: str) -> int:
    with shop.desk.store.read() as connection:
        account = accounts.parse(f"{name}@k7q2md.0")
        return books.peek(connection, "k7q2md.0", [(account, commodity)]).of(account, commodity)


def refused(shop: Shop, ticket: Draft, by: Signatures | None = None) -> Refused:
    before = contents(shop.desk.store)
    with pytest.raises(Refused) as found:
        redeem(shop.desk, by or shop.by, ticket)
    assert contents(shop.desk.store) == before
    return found.value


def test_r1(shop: Shop) -> None:
    weigh_in(shop.desk, shop.by, shop.bag())
    receipt = redeem(shop.desk, shop.by, shop.basket())
    facts = receipt.facts
    assert isinstance(facts, RedeemFacts)
    assert facts.lines == (
        GoodFact("食盐 400g", 2, "包", Points(200), Points(400)),
        GoodFact("洗衣液 2kg", 1, "瓶", Points(2000), Points(2000)),
        GoodFact("抽纸 3包", 1, "提", Points(1000), Points(1000)),
    )
    assert (facts.pieces, facts.price, facts.points, facts.cash) == (4, Points(3400), Points(3400), Fen(0))
    assert (receipt.slip.before, receipt.slip.after) == (Points(5982), Points(2582))
    assert shop.points() == Points(2582)
    assert balance(shop, "stock:shop/village/0", "g:g001") == STOCK - 2
    assert balance(shop, "out:handed", "g:g001") == 2
    assert balance(shop, "spent:goods", "pt") == 3400


def test_r2_cash_for_the_rest(shop: Shop) -> None:
    setup.open_points(shop.desk, shop.two, {shop.household("0042"): Points(4782 - 1200)})
    ticket = shop.basket({"g006": 1})
    short = refused(shop, ticket)
    assert isinstance(short, PointsShort)
    assert short.fields == {"short": Points(1718), "available": Points(4782), "cash": Fen(1718)}
    receipt = redeem(shop.desk, shop.by, replace(ticket, shortfall=Shortfall.CASH))
    facts = receipt.facts
    assert isinstance(facts, RedeemFacts)
    assert (facts.points, facts.cash) == (Points(4782), Fen(1718))
    assert balance(shop, "drawer:shop", "cash") == 1718


def test_cash_opens_the_drawer_once_with_an_act_of_its_own(shop: Shop) -> None:
    sold = seq_of(redeem(shop.desk, shop.by, shop.basket({"g016": 1}, shortfall=Shortfall.CASH)).slip.number)
    with shop.desk.store.read() as connection:
        assert books.read_entry(connection, sold + 1).body == Act(ActCode.DRAWER, ref=sold)
        paper, drawer = jobs.waiting(connection)
    assert (paper.purpose, paper.seq) == (Purpose.RECEIPT, sold)
    assert (drawer.purpose, drawer.seq, drawer.paper) == (Purpose.DRAWER, sold + 1, None)


def test_no_cash_no_drawer(shop: Shop) -> None:
    sold = seq_of(redeem(shop.desk, shop.by, shop.basket({"g001": 1}, shortfall=Shortfall.CASH)).slip.number)
    with shop.desk.store.read() as connection:
        assert books.head(connection, shop.desk.store.installation).seq == sold
        assert [job.purpose for job in jobs.waiting(connection)] == [Purpose.RECEIPT]


def test_not_enough_points(shop: Shop) -> None:
    found = refused(shop, shop.basket())
    assert isinstance(found, PointsShort)
    assert found.fields["short"] == Points(2200)
    redeem(shop.desk, shop.by, shop.basket({"g001": 6}))
    assert shop.points() == Points(0)
    assert isinstance(refused(shop, shop.basket({"g001": 1})), PointsShort)


def test_out_of_stock(shop: Shop) -> None:
    found = refused(shop, shop.basket({"g001": STOCK + 1}, of="0002"))
    assert isinstance(found, OutOfStock)
    assert found.fields == {"item": "食盐 400g", "on_hand": STOCK}
    redeem(shop.desk, shop.by, shop.basket({"g001": STOCK}, of="0002"))
    assert isinstance(refused(shop, shop.basket({"g001": 1})), OutOfStock)


def test_expired_goods_stay_on_the_shelf(shop: Shop) -> None:
    assert isinstance(refused(shop, shop.basket({"g005": 1}, of="0002")), OutOfStock)


def test_the_keepers_own_goods_are_owed_to_them(shop: Shop) -> None:
    redeem(shop.desk, shop.by, shop.basket({KEEPERS_OWN: 2}))
    assert balance(shop, "due:k-02", "due") == 460
    assert balance(shop, "stock:shop/k-02/0", f"g:{KEEPERS_OWN}") == STOCK - 2


def test_donated_goods_leave_first(shop: Shop) -> None:
    setup.open_stock(shop.desk, shop.two, [setup.OpeningLot("g013", 1, "donated", 0)])
    redeem(shop.desk, shop.by, shop.basket({"g013": 2}, of="0002"))
    assert balance(shop, "stock:shop/donated/0", "g:g013") == 0
    assert balance(shop, "stock:shop/village/0", "g:g013") == STOCK - 1


def test_household_limit(shop: Shop) -> None:
    assert isinstance(refused(shop, shop.basket({"g016": 3}, of="0002")), OverLimit)
    sold = seq_of(redeem(shop.desk, shop.by, shop.basket({"g016": 2}, of="0002")).slip.number)
    found = refused(shop, shop.basket({"g016": 1}, of="0002"))
    assert isinstance(found, OverLimit)
    assert found.fields == {"item": "洗衣液 2kg", "limit": 2, "taken": 2}
    reverse(shop.desk, shop.by, sold, ReversalReason.CHANGED_MIND)
    redeem(shop.desk, shop.by, shop.basket({"g016": 2}, of="0002"))
    assert isinstance(refused(shop, shop.basket({"g016": 1}, of="0002")), OverLimit)
    redeem(shop.desk, shop.by, shop.basket({"g016": 1}, of="0015"))
    assert verify(shop.folder).wrong is None


def test_a_new_month_starts_anew(shop: Shop) -> None:
    redeem(shop.desk, shop.by, shop.basket({"g016": 2}, of="0002"))
    shop.clock.advance(MONTH_MS)
    redeem(shop.desk, shop.by, shop.basket({"g016": 2}, of="0002"))


def test_a_reversal_gives_back_to_the_month_it_was_taken_in(shop: Shop) -> None:
    sold = seq_of(redeem(shop.desk, shop.by, shop.basket({"g016": 1}, of="0002")).slip.number)
    shop.clock.advance(MONTH_MS)
    redeem(shop.desk, shop.by, shop.basket({"g016": 2}, of="0002"))
    reverse(shop.desk, shop.by, sold, ReversalReason.CHANGED_MIND)
    assert isinstance(refused(shop, shop.basket({"g016": 1}, of="0002")), OverLimit)
    assert verify(shop.folder).wrong is None


def test_a_limit_set_in_mid_month_knows_what_was_taken_before(shop: Shop) -> None:
    redeem(shop.desk, shop.by, shop.basket({"g001": 2}))
    with shop.desk.store.write() as tx:
        tx.connection.exec_driver_sql("UPDATE goods SET monthly_limit = 2 WHERE code = 'g001'")
    assert isinstance(refused(shop, shop.basket({"g001": 1})), OverLimit)


@pytest.mark.parametrize(
    ("goods", "refusal"),
    [
        ({"g999": 1}, GoodUnknown),
        ({"g001": 0}, QuantityOutOfRange),
        ({"g001": -1}, QuantityOutOfRange),
        ({"g001": 1000}, QuantityOutOfRange),
        ({f"g{n:03d}": 1 for n in range(21)}, TooManyLines),
    ],
)
def test_refused(shop: Shop, goods: dict[str, int], refusal: type[Refused]) -> None:
    assert type(refused(shop, shop.basket(goods))) is refusal
    with pytest.raises(refusal):
        quote(shop.desk, shop.basket(goods))


def test_empty_ticket(shop: Shop) -> None:
    assert isinstance(refused(shop, replace(shop.basket(), lines=())), TicketEmpty)


def test_a_service_that_is_not_on_the_list(shop: Shop) -> None:
    ticket = replace(shop.basket({"g001": 1}), services=(PickedService("v01"),))
    assert isinstance(refused(shop, ticket), ServiceUnknown)


def test_what_the_books_do_not_have_takes_two_people(shop: Shop) -> None:
    ticket = replace(shop.basket({"g001": STOCK + 2}, of="0002"), overridden=("g001",))
    assert isinstance(refused(shop, ticket), ApprovalNeeded)
    assert isinstance(refused(shop, ticket, shop.two), ReasonMissing)
    ticket = replace(ticket, override_reason=OverrideReason.NOT_BOOKED)
    redeem(shop.desk, shop.two, ticket)
    assert balance(shop, "in:found", "g:g001") == -2
    assert balance(shop, "stock:shop/village/0", "g:g001") == 0


def test_who_is_served_and_who_serves(shop: Shop) -> None:
    assert isinstance(refused(shop, shop.basket({"g001": 1}, of="0033")), HouseholdFrozen)
    assert isinstance(refused(shop, shop.basket({"g001": 1}), Signatures(AUDITOR)), NotPermitted)
    cards.report_lost(shop.desk, shop.by, shop.cards["0042"].number)
    assert isinstance(refused(shop, shop.basket({"g001": 1})), CardLost)


def test_no_day_open(shop: Shop) -> None:
    day.close_day(shop.desk, shop.by)
    assert isinstance(refused(shop, shop.basket({"g001": 1})), DayNotOpen)


def test_quotation_is_what_is_written(shop: Shop) -> None:
    quoted = quote(shop.desk, shop.basket({"g001": 3}))
    sold = seq_of(redeem(shop.desk, shop.by, shop.basket({"g001": 3})).slip.number)
    with shop.desk.store.read() as connection:
        entry = books.read_entry(connection, sold)
    assert entry.body == quoted
    assert entry.by == Signatures(KEEPER)


def test_movements_as_the_counter_shows_them(shop: Shop) -> None:
    weigh_in(shop.desk, shop.by, shop.bag())
    redeem(shop.desk, shop.by, shop.basket())
    view = cards.open_household(shop.desk, shop.cards["0042"].number)
    assert [(movement.kind, movement.points) for movement in view.movements] == [("redeem", -3400), ("weigh", 4782)]
