"""What a keeper does, as rules of a state machine: every entry kind of a terminal that needs no network."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from catalog.goods import Lot, first_out
from catalog.prices import ByWeight
from catalog.units import Fen, Grams, Points
from pos.core import (
    accounts,
    awards,
    bins,
    disputes,
    fund,
    households,
    redemption,
    reversal,
    rights,
    stock,
    take_back,
    vouchers,
    weigh_in,
)
from pos.core.accounts import CASH, OWED, POINTS, Account
from pos.core.acts import Act, ActCode, FileAward, Opening
from pos.core.disputes import Compared, Dispute, Outcome
from pos.core.entries import Entry
from pos.core.households import Merge
from pos.core.redemption import PickedService, Redeem, Shortfall
from pos.core.refusals import NotReversible, Refused
from pos.core.reversal import ReversalReason
from pos.core.rights import Ask
from pos.core.stock import Change, Count, CountLine, LossReason, Origin, Receive, ReceivedLine, VarianceReason
from pos.core.take_back import BackLine, Condition, TakeBack
from pos.core.transfers import Amount, Decision, moved
from pos.core.vouchers import Voucher
from pos.core.weigh_in import Payout, Weigh
from tests.core.model import Device
from tests.core.village import FINE, GOODS, SERVICES, WHOLE, bag, basket, counted, load, redeem_rules, weigh_rules

HOUSEHOLDS = st.sampled_from(["h1", "h2"])
AMOUNTS = st.integers(1, 60_00).map(Points)
MANY = st.integers(50_00, 90_00).map(Points)
TERMS = st.sampled_from([FINE, WHOLE])
PICK = st.integers(0, 10**6)
"""Which of the entries at hand."""
LOADS = st.lists(
    st.one_of(
        st.builds(load, st.just("p01"), st.integers(1_000, 40_000), deduction=st.integers(0, 20)),
        st.builds(counted, st.sampled_from(["h01", "s03"]), st.integers(1, 60)),
    ),
    min_size=1,
    max_size=3,
)
BASKETS = st.dictionaries(st.sampled_from(sorted(GOODS)), st.integers(1, 3), min_size=1, max_size=2)
OWED_AT_HAND_OUT = {"k-02": 150}


class CounterMachine(RuleBasedStateMachine):
    """A store and its device."""

    def __init__(self) -> None:
        super().__init__()
        self.device = self.new_device()

    def new_device(self) -> Device:
        """The device that the machine begins with."""
        return Device(0)

    def attempt(self, decide: Callable[[], Decision[Any]]) -> Entry | None:
        """Write what the rules decide, or nothing when they refuse."""
        before = dict(self.device.books.balances)
        try:
            return self.device.write(decide())
        except Refused:
            assert self.device.books.balances == before
            return None

    def one(self, kind: type[Any], pick: int) -> Entry | None:
        """One of the device's entries of a kind that nothing was done to yet."""
        found = [e for e in self.device.entries if isinstance(e.body, kind) and e.seq not in self.device.done]
        return found[pick % len(found)] if found else None

    def lots(self) -> list[Lot]:
        """What is on the shelf."""
        found = []
        for (account, what), n in self.device.books.balances.items():
            if account.kind == "stock" and account.writer == self.device.writer and n:
                place, owner, name = account.subject.split("/")
                found.append(Lot(place, owner, name, what[2:], None, OWED_AT_HAND_OUT.get(owner, 0), n))
        return first_out(found)

    @initialize(points=st.tuples(MANY, MANY), pieces=st.integers(5, 20), cash=st.integers(0, 100_00))
    def open(self, points: tuple[Points, Points], pieces: int, cash: int) -> None:
        """What was there before the journal began."""
        by = self.device.writer
        held = [
            *moved(Account("issue", "opening", by), accounts.points("h1", by), POINTS, points[0].amount),
            *moved(Account("issue", "opening", by), accounts.points("h2", by), POINTS, points[1].amount),
            *moved(Account("in", "opening", by), accounts.drawer(by), CASH, cash),
        ]
        for good in sorted(GOODS):
            held.extend(moved(Account("in", "opening", by), accounts.stock("village", "0", by), f"g:{good}", pieces))
        self.device.write(Decision(Opening("ab"), tuple(held)))

    @rule(of=HOUSEHOLDS, lines=LOADS, payout=st.sampled_from(Payout), terms=TERMS)
    def weigh(self, of: str, lines: list[Any], payout: Payout, terms: Any) -> None:
        draft = replace(bag(*lines, payout=payout), household=of)
        device = self.device
        self.attempt(lambda: weigh_in.decide(draft, weigh_rules(terms), device.books, device.writer))

    @precondition(lambda self: self.device.epoch == 0)
    @rule(of=HOUSEHOLDS, points=st.integers(-40_00, 40_00).filter(bool).map(Points))
    def award_from_a_file(self, of: str, points: Points) -> None:
        device = self.device
        body = FileAward(of, "b1", points, "ab")
        self.attempt(lambda: awards.from_file(body, device.books, device.writer))

    @rule(of=HOUSEHOLDS, goods=BASKETS, short=st.sampled_from(Shortfall), service=st.booleans(), found=st.booleans())
    def redeem(self, of: str, goods: dict[str, int], short: Shortfall, service: bool, found: bool) -> None:
        device = self.device
        draft = replace(basket(goods, short), household=of, overridden=tuple(goods) if found else ())
        if service:
            draft = replace(draft, services=(PickedService("haircut", f"v{device.epoch}-{device.next}"),))
        rules = redeem_rules(lots=self.lots())
        self.attempt(lambda: redemption.decide(draft, rules, device.books, device.writer))

    @rule(of=HOUSEHOLDS, lines=LOADS, regret=st.booleans())
    def earn_and_spend(self, of: str, lines: list[Any], regret: bool) -> None:
        """A visit that leaves nothing on the card, and perhaps a weigh-in that has to be taken back."""
        self.weigh(of, lines, Payout.POINTS, FINE)
        self.redeem(of, {"oil": 3}, Shortfall.CASH, False, True)
        if regret:
            self.reverse(Weigh, -1)

    @precondition(lambda self: self.device.has(Weigh, Redeem))
    @rule(kind=st.sampled_from([Weigh, Redeem]), pick=PICK)
    def reverse(self, kind: type[Any], pick: int) -> None:
        device = self.device
        if original := self.one(kind, pick):
            body = reversal.reversible(original.body)
            why, moves = ReversalReason.OTHER, original.transfers
            written = self.attempt(lambda: reversal.decide(original.seq, body, moves, why, device.books, device.writer))
            if written:
                device.done.add(original.seq)
                with pytest.raises(NotReversible):
                    reversal.reversible(written.body)

    @precondition(lambda self: self.device.has(Redeem))
    @rule(pick=PICK, pieces=st.integers(1, 3), state=st.sampled_from(Condition))
    def take_back(self, pick: int, pieces: int, state: Condition) -> None:
        device = self.device
        sales = [e for e in device.entries if isinstance(e.body, Redeem) and e.body.lines]
        sales = [sale for sale in sales if sale.seq not in self.reversed()]
        if not sales:
            return
        sale = sales[pick % len(sales)]
        assert isinstance(sale.body, Redeem)
        body = sale.body
        earlier = [e.body for e in device.entries if isinstance(e.body, TakeBack) and e.body.ref == sale.seq]
        lines = (BackLine(body.lines[pick % len(body.lines)].good, pieces, state),)
        if self.attempt(
            lambda: take_back.decide(sale.seq, body, sale.transfers, lines, earlier, device.books, device.writer)
        ):
            device.done.add(sale.seq)

    def reversed(self) -> set[int]:
        """Numbers of the reversed entries."""
        return {e.body.ref for e in self.device.entries if isinstance(e.body, reversal.Reverse)}

    @precondition(lambda self: any(account.kind == "vch" for account, _ in self.device.books.balances))
    @rule(pick=PICK, way=st.sampled_from(["use", "cancel", "expire", "lapse"]))
    def voucher(self, pick: int, way: str) -> None:
        by, books = self.device.writer, self.device.books
        held = [(e.body, line) for e in self.device.entries if isinstance(e.body, Redeem) for line in e.body.services]
        if held:
            body, line = held[pick % len(held)]
            ends: dict[str, Callable[[], Decision[Voucher]]] = {
                "use": lambda: vouchers.use(body.household, line, SERVICES["haircut"], by),
                "cancel": lambda: vouchers.cancel(body.household, line, books, by),
                "expire": lambda: vouchers.expire(body.household, line, by),
                "lapse": lambda: vouchers.lapse(body.household, line, books, by),
            }
            self.attempt(ends[way])

    @precondition(lambda self: self.device.has(Weigh))
    @rule(pick=PICK)
    def confirm(self, pick: int) -> None:
        device = self.device
        past = device.done | device.confirmed
        earned = [(e.seq, e.body) for e in device.entries if isinstance(e.body, Weigh) and e.seq not in past]
        waiting = [(seq, body) for seq, body in earned if body.payout is Payout.PENDING]
        if waiting:
            seq, body = waiting[pick % len(waiting)]
            device.confirmed.add(seq)
            assert self.attempt(
                lambda: rights.confirm(body.household, (seq,), body.points, device.books, device.writer)
            )

    @rule(
        good=st.sampled_from(sorted(GOODS)),
        owner=st.sampled_from(["donated", "village", "k-02"]),
        n=st.integers(1, 9),
        origin=st.sampled_from(Origin),
    )
    def receive(self, good: str, owner: str, n: int, origin: Origin) -> None:
        lines = (ReceivedLine(good, n, owner, None, 150),)
        body = Receive(origin, "s1", "coop" if origin is Origin.PURCHASE else None, "", lines)
        self.attempt(lambda: stock.receive(body, self.device.next, self.device.writer))

    @rule(pick=PICK, n=st.integers(1, 4), away=st.booleans())
    def lose_stock(self, pick: int, n: int, away: bool) -> None:
        if lots := self.lots():
            lot = lots[pick % len(lots)]
            loads = [Amount(accounts.stock(lot.owner, lot.lot, self.device.writer), f"g:{lot.good}", n)]
            if away:
                self.attempt(lambda: stock.ship("s2", "p4x9aa.0", loads))
            else:
                self.attempt(lambda: stock.write_off(LossReason.EXPIRED, loads, self.device.writer))

    @rule(pick=PICK, difference=st.integers(-3, 3))
    def count(self, pick: int, difference: int) -> None:
        if lots := self.lots():
            lot = lots[pick % len(lots)]
            shelf = str(accounts.stock(lot.owner, lot.lot, self.device.writer))
            counted_ = max(0, lot.on_hand + difference)
            line = CountLine(shelf, f"g:{lot.good}", self.device.next - 1, lot.on_hand, counted_)
            self.attempt(lambda: Decision(Count((line,)), ()))

    @precondition(lambda self: self.device.has(Count))
    @rule(pick=PICK)
    def adjust(self, pick: int) -> None:
        if found := self.one(Count, pick):
            assert isinstance(found.body, Count)
            changes = [
                Change(accounts.parse(line.account), line.commodity, line.counted - line.book, VarianceReason.LOST)
                for line in found.body.lines
            ]
            self.attempt(lambda: stock.adjust((found.seq,), changes, self.device.writer))
            self.device.done.add(found.seq)

    @precondition(lambda self: self.device.has(Weigh))
    @rule(own=st.integers(1, 50_000), dealer=st.integers(1, 50_000), into=st.sampled_from(bins.PaidInto))
    def sell(self, own: int, dealer: int, into: bins.PaidInto) -> None:
        device, lines = self.device, (bins.SaleLine("p01", own, dealer, ByWeight(125)),)
        self.attempt(lambda: bins.sell("ab", lines, into, device.books, device.writer))
        self.attempt(lambda: bins.hand_over("cd", [("h01", own % 20 + 1)], device.books, device.writer))

    @rule(amount=st.integers(1, 50_00).map(Fen), pick=PICK)
    def cash(self, amount: Fen, pick: int) -> None:
        by, books = self.device.writer, self.device.books
        village, drawer = accounts.fund("village", by), accounts.drawer(by)
        gift, spent = Account("world", "donor", by), Account("world", "supplier", by)
        ways: list[Callable[[], Decision[Any]]] = [
            lambda: fund.move_cash(fund.CashReason.GIFT, gift, village, amount),
            lambda: fund.move_cash(fund.CashReason.FLOAT, village, drawer, amount),
            lambda: fund.move_cash(fund.CashReason.BANKED, drawer, village, amount),
            lambda: fund.move_cash(fund.CashReason.SPENT, village, spent, amount),
            lambda: fund.count_drawer(amount, books, by),
            lambda: fund.settle("k-02", fund.CostOf.GOODS, Fen(books.of(Account("due", "k-02", by), OWED)), 1, village),
        ]
        self.attempt(ways[pick % len(ways)])

    @rule(of=HOUSEHOLDS, points=AMOUNTS)
    def ask(self, of: str, points: Points) -> None:
        self.attempt(lambda: Decision(Ask(of, points), ()))
        self.attempt(lambda: Decision(Act(ActCode.LOOKUP, of), ()))

    @rule(of=HOUSEHOLDS, own=st.integers(-5, 10**6 + 5), other=st.integers(0, 10**6))
    def dispute(self, of: str, own: int, other: int) -> None:
        case = Dispute(of, None, "p01", "FS-1", Grams(own), Grams(other), Compared.FAIR_SCALE)
        if written := self.attempt(lambda: disputes.opened(case)):
            self.attempt(lambda: disputes.closed(written.seq, Outcome.AGREED))

    @rule(of=HOUSEHOLDS)
    def merge(self, of: str) -> None:
        by, books, into = self.device.writer, self.device.books, {"h1": "h2", "h2": "h1"}[of]

        def decide() -> Decision[Merge]:
            households.check_settled(of, books, by)
            return households.merge(of, into, books, by)

        self.attempt(decide)

    @invariant()
    def the_device_is_sound(self) -> None:
        self.device.check()
        assert not self.device.owing_holders(self.device.writer)
