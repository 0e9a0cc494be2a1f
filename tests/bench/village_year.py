"""A year at a counter: 483 households, a market day a week, awards every month, and everything else a keeper does.

Visits are those of an ordinary village: 5 to 20 weigh-ins and 5 to 15 redemptions a day, 55 visits on market days, 97
redemptions on the two days after awards. Everything goes through the use cases that the screens call.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from catalog.materials import ScaleClass
from catalog.units import Fen, Points
from pos.core import award_file, cards, redemption, weigh_in
from pos.core.bins import Extent
from pos.core.cards import ReadAs
from pos.core.closing import Closing
from pos.core.entries import Signatures
from pos.core.fund import Source, Use
from pos.core.households import HouseholdState
from pos.core.receiving import Draft, Line
from pos.core.redemption import Shortfall
from pos.core.refusals import Refused
from pos.core.reversal import ReversalReason
from pos.core.selling import Draft as Sale
from pos.core.selling import Offer
from pos.core.stock import LossReason, Origin, VarianceReason
from pos.core.stocktake import Phase, Session
from pos.core.take_back import BackLine, Condition
from pos.counter import (
    award_files,
    buyers,
    closing,
    day,
    dues,
    fund,
    journal,
    receiving,
    recyclables,
    reverse,
    settlements,
    statements,
    stock,
    stocktake,
    take_back,
)
from pos.counter import redeem as redeeming
from pos.counter import weigh_in as weighing
from pos.counter.desk import Desk
from pos.counter.founding import found
from pos.counter.village_files import read
from pos.demo.stage import CLERK, KEEPER, LISTS
from pos.storage import catalogue
from pos.storage.buyers import FOREVER, Buyer, Contract
from pos.storage.deliveries import Supplier
from pos.storage.store import open_store
from tests.shop import COUNTER, FLOOR, ManualClock, counted, weighed

HOUSEHOLDS = 483
FIRST = date(2025, 1, 1)
BY, TWO = Signatures(KEEPER.number), Signatures(KEEPER.number, CLERK.number)
MARKET_DAY = 5
"""Saturday."""
MORNING = 7 * 3_600_000 + 30 * 60_000
SHELF = 60
"""Pieces of a good up to which it is filled again every Monday."""
REFILL = 20


@dataclass
class Village:
    """The store on some day of its year, and what has been done in it."""

    folder: Path
    clock: ManualClock
    desk: Desk
    cards: dict[str, str]
    """Each household's card number."""
    chance: Random = field(default_factory=lambda: Random(483))
    done: Counter[str] = field(default_factory=Counter)
    today: date = FIRST

    def __post_init__(self) -> None:
        with self.desk.store.read() as connection:
            self.book = catalogue.book(connection, 7)
            self.materials = catalogue.materials(connection)
        self.goods = sorted(self.book.goods)
        self.cheap = [good for good in self.goods if self.book.goods[good].points <= Points(12_00)]
        # Collectors take what a dealer does not.
        self.brought = sorted(code for code, material in self.materials.items() if not material.hazardous)

    def reopen(self) -> None:
        """Open the store again once it was closed."""
        self.desk = replace(self.desk, store=open_store(self.folder))

    def live(self, days: int) -> None:
        """So many days, each opened and closed."""
        for _ in range(days):
            self._day()
            self.today += timedelta(days=1)

    def _day(self) -> None:
        midnight = datetime(self.today.year, self.today.month, self.today.day, tzinfo=UTC).timestamp()
        morning = int(midnight) * 1000 - 8 * 3_600_000 + MORNING
        self.clock.advance(morning - self.clock.wall)
        day.open_day(self.desk, BY)
        if self.today.day == 1:
            self._month()
        if self.today.weekday() == 0:
            self._monday()
        redeems, weighs = self.chance.randint(5, 15), self.chance.randint(5, 20)
        if self.today.weekday() == MARKET_DAY:
            redeems, weighs = 55, 40
        elif self.today.day in (2, 3):
            redeems = 97
        for kind in self.chance.sample(["redeem"] * redeems + ["weigh"] * weighs, redeems + weighs):
            self.clock.advance(self.chance.randint(60, 200) * 1000)
            self._try(kind, self._redeem if kind == "redeem" else self._weigh)
        self._close()

    def _try(self, what: str, do: Callable[..., object], *given: object) -> None:
        try:
            do(*given)
        except Refused as refused:
            self.done[f"refused {refused.code}"] += 1
        else:
            self.done[what] += 1

    def _household(self) -> str:
        return self.chance.choice(list(self.cards))

    def _weigh(self) -> None:
        household, chance = self._household(), self.chance
        lines: list[weigh_in.LineDraft] = []
        for code in chance.sample(self.brought, chance.randint(1, 4)):
            material = self.materials[code]
            if material.scale is ScaleClass.COUNT:
                lines.append(counted(code, chance.randint(1, 60)))
            else:
                division, least = (10, 20) if material.scale is ScaleClass.COUNTER else (50, 20)
                scale = "CT-1" if material.scale is ScaleClass.COUNTER else "FS-1"
                lines.append(weighed(code, division * chance.randint(least + 5, least * 6), scale=scale))
        draft = weigh_in.Draft(household, self.cards[household], ReadAs.SIGNED, tuple(lines))
        number = journal.number_of(weighing.weigh_in(self.desk, BY, draft))
        if chance.random() < 0.01:
            self._try("reversal", reverse.reverse, self.desk, TWO, number, ReversalReason.WRONG_ITEM)

    def _redeem(self) -> None:
        household, chance = self._household(), self.chance
        shortfall = Shortfall.CASH if chance.random() < 0.7 else Shortfall.REFUSE
        draft = redemption.Draft(household, self.cards[household], ReadAs.SIGNED, shortfall=shortfall)
        dear = chance.random() < 0.2
        goods = chance.sample(self.goods if dear else self.cheap, chance.choice((1, 1, 1, 2, 2, 3)))
        for good in goods:
            draft = draft.adding(good, 1)
        number = journal.number_of(redeeming.redeem(self.desk, TWO, draft))
        if chance.random() < 0.02:
            self._try("reprint", reverse.reprint, self.desk, BY, number)
        if chance.random() < 0.02:
            back = (BackLine(goods[0], 1, chance.choice(list(Condition))),)
            self._try("take-back", take_back.take_back, self.desk, TWO, number, back)
        elif chance.random() < 0.01:
            self._try("reversal", reverse.reverse, self.desk, TWO, number, ReversalReason.WRONG_ITEM)

    def _monday(self) -> None:
        lying = {each.good.code: each.pieces for each in stock.stocked(self.desk)}
        low = [good for good in self.goods if lying.get(good, 0) < REFILL]
        for first in range(0, len(low), 10):
            self._try("receiving", self._receive, low[first : first + 10])
        self._try("sale to the dealer", self._sell)
        shelf = stock.on_shelf(self.desk)
        broken = self.chance.choice(shelf)
        self._try("write-off", stock.write_off, self.desk, TWO, broken, 1, LossReason.DAMAGED)

    def _receive(self, goods: Sequence[str]) -> None:
        expiry = self.today + timedelta(days=400)
        lines = tuple(Line(good, 3, 20, self.book.goods[good].shelf * 16, expiry) for good in goods)
        slip = f"yd-{self.today:%m%d}-{goods[0]}"
        receiving.receive(self.desk, TWO, Draft(Origin.PURCHASE, "village", "coop", slip, "", lines=lines))

    def _sell(self) -> None:
        yard = recyclables.open_yard(self.desk)
        offers = tuple(
            Offer(material, 125, held * 99 // 100, extent=Extent.ALL)
            for material in ("p01", "l01", "m01")
            if (held := yard.book(material)) > 10_000
        )
        recyclables.sell(self.desk, BY, Sale("b1", "", offers))

    def _month(self) -> None:
        month = (self.today - timedelta(days=1)).strftime("%Y-%m")
        self._try("fund income", fund.income, self.desk, BY, Source.VILLAGE, Fen(20_000_00), "村委会")
        self._try("rent", fund.spend, self.desk, TWO, Source.VILLAGE, Use.RENT, Fen(300_00), "房东")
        lines = tuple(
            award_file.Line(row, household, Points(self.chance.randint(2, 20) * 100))
            for row, household in enumerate(self.cards, 1)
        )
        file = award_file.AwardFile(f"{month}-a", month, "本月考评", lines, ())
        self._try("award batch", award_files.post, self.desk, TWO, file)
        last = self.today - timedelta(days=1)
        for each in dues.owed(self.desk):
            self._try("settlement", settlements.settle, self.desk, TWO, each.party, last, Source.VILLAGE)
        self._try("stocktake", self._stocktake)
        self._try("statement", statements.statement, self.desk, BY, self._household(), last)

    def _stocktake(self) -> None:
        session = stocktake.begin(self.desk)
        lying = {each.good.code: each.pieces for each in stock.stocked(self.desk)}
        off = set(self.chance.sample(self.goods, 2))
        session = self._count(session, lying, off)
        if session.phase is Phase.SECOND:
            session = self._count(session, lying, off)
        for variance in stocktake.variances(self.desk, session):
            session = session.because(variance.good, VarianceReason.LOST)
        stocktake.approve(self.desk, TWO, session)

    def _count(self, session: Session, lying: dict[str, int], off: set[str]) -> Session:
        for good in session.goods:
            found = max(0, lying.get(good, 0) - (good in off))
            session, _ = stocktake.count(self.desk, session, good, found, more=False)
        return stocktake.close_round(self.desk, BY, session)

    def _close(self) -> None:
        self.clock.advance(600_000)
        drawer = closing.ahead(self.desk).expected
        day.close_day(self.desk, TWO, Closing(counted=drawer))
        self.done["day close"] += 1


def founded(folder: Path) -> Village:
    """The demo's village with so many households, its own dealer and supplier, on the eve of its year."""
    lists = read(LISTS)
    small = lists.village.households
    households = tuple(
        replace(small[place % len(small)], number=f"{lists.village_code}{place:04d}", state=HouseholdState.NORMAL)
        for place in range(1, HOUSEHOLDS + 1)
    )
    clock = ManualClock(wall=int(datetime(2024, 12, 31, tzinfo=UTC).timestamp()) * 1000)
    village = replace(lists.village, households=households, members={})
    points = {household.number: Points(20_00) for household in households}
    qr = found(folder, replace(lists, village=village, points=points), (KEEPER, CLERK), 480, clock.clock())
    desk = Desk(open_store(folder), clock.clock(), scales={"FS-1": FLOOR, "CT-1": COUNTER})
    receiving.save_supplier(desk, BY, Supplier("coop", "供销社", "0000-1111111"))
    buyers.save(desk, TWO, Buyer("b1", "柳河再生资源站", "黑A12345", "0000-22222222", "", buyers.DEALER))
    for material in ("p01", "l01", "m01"):
        buyers.agree(desk, TWO, Contract("b1", material, FIRST, FOREVER, 125))
    return Village(folder, clock, desk, {number: cards.read(text).number for number, text in qr.items()})
