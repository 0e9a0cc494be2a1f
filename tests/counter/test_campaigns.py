"""W5 and what else limits a weigh-in: campaigns, daily limits, pauses, points that wait, cash, gifts to the village."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from catalog.materials import Material, ScaleClass
from catalog.prices import EveryPieces, Terms
from catalog.units import Fen, Grams, Points
from pos import i18n
from pos.core import accounts
from pos.core.accounts import CASH, POINTS, Account
from pos.core.acts import Act, ActCode
from pos.core.campaigns import Campaign
from pos.core.cards import ReadAs
from pos.core.entries import Signatures
from pos.core.fund import MoneyShort, Source
from pos.core.limits import CampaignDates, DailyLimit, MaterialPaused, NotPaidInCash, Policy
from pos.core.people import Role
from pos.core.receipts import PooledFact, Receipt, WeighFacts
from pos.core.refusals import ApprovalNeeded, CardUnknown, NotPermitted, ReasonMissing
from pos.core.reversal import ReversalReason
from pos.core.rights import Confirm
from pos.core.weigh_in import Draft, Payout, PooledLine, Weigh
from pos.counter import campaigns, day, fund, materials, people, setup
from pos.counter.journal import number_of
from pos.counter.redeem import redeem
from pos.counter.reverse import reverse
from pos.counter.weigh_in import quote, weigh_in
from pos.printing.preview import preview
from pos.storage import books
from pos.storage.verify import verify
from tests import shop as shops
from tests.shop import AUDITOR, CLERK, KEEPER, Shop, counted, open_shop, typed, weighed

BAGS = Material("h04", "农药袋", ScaleClass.COUNT, Grams(0), True, "", campaign="pest")
PEST = Campaign("pest", "农药包装回收", date(2026, 1, 10), date(2026, 1, 24), Points(20_00))


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A shop that also takes pesticide bags, five for a point, in a campaign of 15 days; its day is open."""
    shop = open_shop(tmp_path / "shop", day_open=False)
    book = replace(shops.BOOK, version=8, materials={**shops.BOOK.materials, "h04": EveryPieces(5)})
    more = replace(
        shops.VILLAGE_DATA,
        households=(),
        members={},
        goods=(),
        materials=(BAGS,),
        tares=(),
        book=book,
        terms=Terms(date(2026, 1, 2), 100, Points(1)),
    )
    setup.load(shop.desk, shop.two, more)
    campaigns.begin(shop.desk, shop.two, PEST, Points(1_000_00))
    day.open_day(shop.desk, shop.by)
    yield shop
    assert verify(shop.folder).wrong is None
    shop.close()


def held(shop: Shop, account: Account, commodity: str = POINTS) -> int:
    with shop.desk.store.read() as connection:
        return books.peek(connection, account.writer, [(account, commodity)]).of(account, commodity)


def pieces(receipt: Receipt) -> PooledFact:
    assert isinstance(receipt.facts, WeighFacts)
    (line,) = receipt.facts.lines
    assert isinstance(line, PooledFact)
    return line


def body(shop: Shop, receipt: Receipt) -> Weigh:
    with shop.desk.store.read() as connection:
        found = books.read_entry(connection, number_of(receipt)).body
    assert isinstance(found, Weigh)
    return found


def writer(shop: Shop) -> str:
    return shop.desk.store.identity.writer


def with_policy(shop: Shop, policy: Policy) -> None:
    shop.desk = replace(shop.desk, weighing=policy)


# W5: 120 at 5 a point is 24 points; the cap pays 20, refuses 4, and all 120 are taken.
def test_w5(shop: Shop) -> None:
    before = shop.points()
    receipt = weigh_in(shop.desk, shop.by, shop.bag(counted("h04", 120)))
    assert pieces(receipt) == PooledFact("农药袋", 120, 5, Points(20_00), 0, Points(4_00))
    assert shop.points() == before + Points(20_00)
    assert held(shop, accounts.bin_(writer(shop)), "m:h04") == 120
    assert held(shop, accounts.budget("pest", writer(shop))) == 980_00
    assert held(shop, accounts.carry(shop.household("0042"), writer(shop)), "n:h04") == 0
    paper = "\n".join(preview(receipt, i18n.load("zh_CN"), 32))
    assert "不计 4.00 分" in paper


def test_the_cap_is_a_household_s_over_all_its_tickets(shop: Shop) -> None:
    weigh_in(shop.desk, shop.by, shop.bag(counted("h04", 93)))
    rest = weigh_in(shop.desk, shop.by, shop.bag(counted("h04", 17)))
    assert pieces(rest) == PooledFact("农药袋", 17, 5, Points(2_00), 0, Points(2_00))
    nothing = weigh_in(shop.desk, shop.by, shop.bag(counted("h04", 5)))
    assert pieces(nothing).refused == Points(1_00)
    another = weigh_in(shop.desk, shop.by, shop.bag(counted("h04", 100), of="0002"))
    assert pieces(another).points == Points(20_00)


def test_what_is_taken_back_may_be_earned_again(shop: Shop) -> None:
    first = weigh_in(shop.desk, shop.by, shop.bag(counted("h04", 100)))
    reverse(shop.desk, shop.by, number_of(first), ReversalReason.WRONG_HOUSEHOLD)
    assert held(shop, accounts.budget("pest", writer(shop))) == 1_000_00
    assert pieces(weigh_in(shop.desk, shop.by, shop.bag(counted("h04", 100)))).points == Points(20_00)


def test_two_lines_of_one_ticket_share_the_cap(shop: Shop) -> None:
    found = quote(shop.desk, shop.bag(counted("h04", 60), counted("h04", 60)))
    paid = [line.points for line in found.lines if isinstance(line, PooledLine)]
    assert paid == [Points(12_00), Points(8_00)]


def test_a_budget_pays_no_more_than_it_holds(shop: Shop) -> None:
    small = replace(PEST, cap=Points(2_000_00))
    campaigns.begin(shop.desk, shop.two, small, Points(0))
    receipt = weigh_in(shop.desk, shop.by, shop.bag(counted("h04", 6_000)))
    assert pieces(receipt).points == Points(1_000_00)
    assert pieces(receipt).refused == Points(200_00)
    assert campaigns.everything(shop.desk)[0].left == Points(0)


@pytest.mark.parametrize(("first", "last", "points"), [(16, 20, 0), (15, 20, 4_00), (10, 15, 4_00), (10, 14, 0)])
def test_out_of_season_it_pays_nothing(shop: Shop, first: int, last: int, points: int) -> None:
    season = replace(PEST, starts=date(2026, 1, first), ends=date(2026, 1, last))
    campaigns.begin(shop.desk, shop.two, season, Points(0))
    assert pieces(weigh_in(shop.desk, shop.by, shop.bag(counted("h04", 20)))).points == Points(points)


def test_a_campaign_takes_two_people_and_an_order_of_days(shop: Shop) -> None:
    with pytest.raises(ApprovalNeeded):
        campaigns.begin(shop.desk, shop.by, PEST, Points(1))
    with pytest.raises(CampaignDates):
        campaigns.begin(shop.desk, shop.two, replace(PEST, ends=date(2026, 1, 9)), Points(1))
    with pytest.raises(CampaignDates):
        campaigns.begin(shop.desk, shop.two, replace(PEST, cap=Points(0)), Points(1))


def test_a_paused_material_is_refused_from_the_next_line_on(shop: Shop) -> None:
    weigh_in(shop.desk, shop.by, shop.bag(weighed("p01", 5_000)))
    materials.pause(shop.desk, shop.by, "p01", paused=True)
    with pytest.raises(MaterialPaused):
        weigh_in(shop.desk, shop.by, shop.bag(weighed("p01", 5_000)))
    weigh_in(shop.desk, shop.by, shop.bag(weighed("m01", 5_000)))
    materials.pause(shop.desk, shop.by, "p01", paused=False)
    weigh_in(shop.desk, shop.by, shop.bag(weighed("p01", 5_000)))


def test_a_household_s_daily_limit(shop: Shop) -> None:
    materials.decide(shop.desk, shop.two, "p01", 30_000, 250, "", metal=False)
    first = weigh_in(shop.desk, shop.by, shop.bag(weighed("p01", 20_000)))
    more = shop.bag(weighed("p01", 6_000), weighed("p01", 6_000))
    with pytest.raises(DailyLimit) as found:
        weigh_in(shop.desk, shop.by, more)
    assert found.value.fields["taken"] == Grams(20_000)
    weigh_in(shop.desk, shop.by, shop.bag(weighed("p01", 6_000), of="0002"))
    let_pass = replace(more, overridden=("p01",), override_reason="other")
    with pytest.raises(ApprovalNeeded):
        weigh_in(shop.desk, shop.by, let_pass)
    with pytest.raises(ReasonMissing):
        weigh_in(shop.desk, shop.two, replace(let_pass, override_reason=""))
    passed = weigh_in(shop.desk, shop.two, let_pass)
    with shop.desk.store.read() as connection:
        act = books.read_entry(connection, number_of(passed) + 1).body
    assert act == Act(ActCode.OVERRIDE, "p01", number_of(passed), reason="other")
    reverse(shop.desk, shop.two, number_of(passed), ReversalReason.OTHER)
    reverse(shop.desk, shop.two, number_of(first), ReversalReason.OTHER)
    weigh_in(shop.desk, shop.by, shop.bag(weighed("p01", 30_000)))


def test_the_limit_is_of_one_business_day(shop: Shop) -> None:
    materials.decide(shop.desk, shop.two, "h01", 10, 250, "", metal=False)
    weigh_in(shop.desk, shop.by, shop.bag(counted("h01", 10)))
    day.close_day(shop.desk, shop.two)
    shop.clock.advance(86_400_000)
    day.open_day(shop.desk, shop.by)
    weigh_in(shop.desk, shop.by, shop.bag(counted("h01", 10)))


def test_points_wait_until_the_clerk_confirms(shop: Shop) -> None:
    with_policy(shop, Policy(wait=True))
    before = shop.points()
    receipt = weigh_in(shop.desk, shop.by, shop.bag())
    weigh_in(shop.desk, shop.by, shop.bag(counted("s03", 70), of="0002"))
    assert shop.points() == before
    assert body(shop, receipt).payout is Payout.PENDING
    assert "待认定积分" in "\n".join(preview(receipt, i18n.load("zh_CN"), 32))
    assert [(each.household[-4:], each.points) for each in campaigns.waiting(shop.desk)] == [
        ("0042", Points(47_82)),
        ("0002", Points(2_00)),
    ]
    with pytest.raises(ApprovalNeeded):
        campaigns.confirm(shop.desk, shop.by, [shop.household("0042")])
    assert campaigns.confirm(shop.desk, shop.two, [shop.household("0042")]) == Points(47_82)
    assert shop.points() == before + Points(47_82)
    assert campaigns.confirm(shop.desk, Signatures(CLERK), [shop.household("0042"), shop.household("0002")]) == Points(
        2_00
    )
    assert campaigns.waiting(shop.desk) == []


def test_only_a_clerk_confirms(shop: Shop) -> None:
    with_policy(shop, Policy(wait=True))
    weigh_in(shop.desk, shop.by, shop.bag())
    people.add_keeper(shop.desk, shop.two, "03", "赵二", Role.KEEPER, "9173")
    for by in (Signatures(KEEPER, "03"), Signatures(AUDITOR, CLERK)):
        with pytest.raises(NotPermitted):
            campaigns.confirm(shop.desk, by, [shop.household("0042")])
    assert len(campaigns.waiting(shop.desk)) == 1


def test_what_was_taken_back_waits_no_longer(shop: Shop) -> None:
    with_policy(shop, Policy(wait=True))
    receipt = weigh_in(shop.desk, shop.by, shop.bag())
    back = reverse(shop.desk, shop.two, number_of(receipt), ReversalReason.WRONG_WEIGHT)
    assert campaigns.waiting(shop.desk) == []
    assert campaigns.confirm(shop.desk, shop.two, [shop.household("0042")]) == Points(0)
    assert "待" not in "\n".join(preview(back, i18n.load("zh_CN"), 32))


def test_a_confirmation_pays_debt_first(shop: Shop) -> None:
    iron = weigh_in(shop.desk, shop.by, shop.bag(weighed("m01", 10_000), of="0006"))
    redeem(shop.desk, shop.by, shop.basket({"g016": 1}, of="0006"))
    reverse(shop.desk, shop.two, number_of(iron), ReversalReason.WRONG_WEIGHT)
    owes = accounts.debt(shop.household("0006"), writer(shop))
    assert held(shop, owes) == -8_01
    with_policy(shop, Policy(wait=True))
    waits = weigh_in(shop.desk, shop.by, shop.bag(counted("s03", 35), of="0006"))
    assert held(shop, owes) == -8_01
    campaigns.confirm(shop.desk, shop.two, [shop.household("0006")])
    assert held(shop, owes) == -7_01
    assert shop.points("0006") == Points(0)
    with shop.desk.store.read() as connection:
        found = books.read_entry(connection, books.newest(connection, 1)[0].seq).body
    assert found == Confirm(shop.household("0006"), (number_of(waits),), Points(1_00))


def test_paid_in_cash_where_the_village_does_so(shop: Shop) -> None:
    in_cash = replace(shop.bag(), payout=Payout.CASH)
    with pytest.raises(NotPaidInCash):
        weigh_in(shop.desk, shop.by, in_cash)
    with_policy(shop, Policy(cash=True))
    with pytest.raises(MoneyShort):
        weigh_in(shop.desk, shop.by, in_cash)
    fund.income(shop.desk, shop.by, Source.VILLAGE, Fen(200_00), "村委会")
    fund.into_drawer(shop.desk, shop.by, Source.VILLAGE, Fen(100_00))
    before = shop.points()
    receipt = weigh_in(shop.desk, shop.by, in_cash)
    assert shop.points() == before
    assert held(shop, accounts.drawer(writer(shop)), CASH) == 100_00 - 47_82
    assert "付现金" in "\n".join(preview(receipt, i18n.load("zh_CN"), 48))
    reverse(shop.desk, shop.two, number_of(receipt), ReversalReason.CHANGED_MIND)
    assert held(shop, accounts.drawer(writer(shop)), CASH) == 100_00


def test_given_to_the_village_by_nobody_in_particular(shop: Shop) -> None:
    gift = Draft("", "", ReadAs.NUMBER, (weighed("p01", 9_000), counted("s03", 70)), Payout.DONATED)
    receipt = weigh_in(shop.desk, shop.by, gift)
    assert body(shop, receipt).points == Points(0)
    assert held(shop, accounts.bin_(writer(shop)), "m:p01") == 9_000
    assert held(shop, accounts.bin_(writer(shop)), "m:s03") == 70
    with shop.desk.store.read() as connection:
        assert books.read_entry(connection, number_of(receipt)).household is None
    assert "捐给村集体" in "\n".join(preview(receipt, i18n.load("zh_CN"), 32))
    reverse(shop.desk, shop.by, number_of(receipt), ReversalReason.WRONG_WEIGHT)
    assert held(shop, accounts.bin_(writer(shop)), "m:p01") == 0


def test_a_household_gives_to_the_village_and_keeps_its_fraction(shop: Shop) -> None:
    before = shop.points()
    weigh_in(shop.desk, shop.by, replace(shop.bag(counted("s03", 36)), payout=Payout.DONATED))
    assert shop.points() == before
    assert held(shop, accounts.carry(shop.household("0042"), writer(shop)), "n:s03") == 0
    with pytest.raises(CardUnknown):
        weigh_in(shop.desk, shop.by, Draft("", "", ReadAs.NUMBER, (counted("s03", 1),)))


def test_a_typed_gift_needs_two(shop: Shop) -> None:
    gift = Draft("", "", ReadAs.NUMBER, (typed("p01", 9_000),), Payout.DONATED)
    with pytest.raises(ApprovalNeeded):
        weigh_in(shop.desk, shop.by, gift)


def test_banned_goods_are_noted(shop: Shop) -> None:
    materials.refuse_banned(shop.desk, shop.by, "m04")
    with shop.desk.store.read() as connection:
        found = books.read_entry(connection, books.newest(connection, 1)[0].seq).body
    assert found == Act(ActCode.BANNED, "m04", reason="not-taken")
