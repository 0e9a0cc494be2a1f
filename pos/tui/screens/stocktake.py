"""盘点: scan what lies on the shelf, blind; count again what differs; say why; somebody else approves."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from catalog.goods import Good
from drivers.scanner.codes import Code, Kind
from pos.core import codec
from pos.core.codec import CodecError
from pos.core.refusals import GoodUnknown, Refused
from pos.core.sheets import Sheet
from pos.core.stock import VarianceReason
from pos.core.stocktake import MOST_COUNTED, Counted, Phase, Session
from pos.counter import new_goods, stocktake
from pos.counter.stocktake import Variance
from pos.tui import goods_part, parts
from pos.tui.base import Tone
from pos.tui.form import FormScreen, Values
from pos.tui.list_screen import ListScreen
from pos.tui.parts import Part
from pos.tui.widgets.cells import left, right
from pos.tui.widgets.ticket import Row

SLOT = "stocktake"
_NAME = 26
_NAMED = 6
"""Goods named in one line of text."""


class StocktakeScreen(ListScreen[Counted | Variance]):
    """The stocktake under way; leaving the screen leaves it as it is, and a restart too."""

    NAME = "stocktake"
    TOPIC = "stocktake"

    def __init__(self) -> None:
        super().__init__()
        self.session: Session | None = None
        self.goods: Mapping[str, Good] = {}
        self._waiting: list[tuple[Good, int, bool]] = []

    @property
    def reviewing(self) -> bool:
        """Whether the counting is over."""
        return self.session is not None and self.session.phase is Phase.REVIEW

    def read_anew(self) -> None:
        """Go on with the stocktake that was left open, or ask what to count; once, for then it is here."""
        if self.session is not None:
            return
        station = self.till.station

        def read() -> tuple[dict[str, Good], Session | None]:
            goods = {good.code: good for good in new_goods.goods(station.desk)}
            return goods, _kept(station.drafts.load(SLOT))

        def show(found: tuple[dict[str, Good], Session | None]) -> None:
            self.goods, session = found
            if session is None:
                self.show()
                self._ask_scope()
            else:
                self._refresh(session)

        self.ask(read, show)

    def row(self, item: Counted | Variance) -> Row:
        """Blind while counting: what was counted and no more. Then the difference, its worth, and why."""
        if isinstance(item, Counted):
            good = self.goods[item.good]
            return Row(f"{left(good.name, _NAME)}", f"{item.pieces} {good.unit}")
        why = self.words(f"sheet.variance-{item.reason}") if item.reason else self.words("stocktake.no-reason")
        figures = self.words("stocktake.variance", book=right(str(item.book), 5), counted=right(str(item.counted), 5))
        text = f"{left(item.name, _NAME)} {figures} {right(f'{item.difference:+d}', 5)}  {why}"
        return Row(text, str(item.points), "" if item.reason else "refused")

    def summary(self) -> str:
        """Where it stands, and what to do."""
        session = self.session
        if session is None:
            return ""
        if session.phase is Phase.REVIEW:
            return self.words("stocktake.review" if self.items else "stocktake.agrees")
        left_ = session.uncounted
        if session.phase is Phase.FIRST:
            return self.words("stocktake.first", counted=len(session.counted))
        names = " ".join(self.goods[good].name for good in left_)
        return self.words("stocktake.second", names=names) if left_ else self.words("stocktake.second-done")

    def scanned(self, code: Code) -> None:
        """One more piece of a good."""
        good = next((each for each in self.goods.values() if code.text in each.barcodes), None)
        if self.session is None or self.reviewing or code.kind is Kind.SIGNED_CARD:
            self.refuse_scan(self.words("scanned.not-here"))
        elif good is None:
            self.refuse(GoodUnknown(text=code.text))
        else:
            self._count(good, 1, more=True)

    def action_enter(self) -> None:
        """Enter: a good and its pieces by hand; a difference's reason once the counting is over."""
        if self.session is None:
            self._ask_scope()
        elif self.reviewing:
            self._ask_reason()
        else:
            goods = {code: self.goods[code] for code in self.session.goods if code in self.goods}
            self.till.push_screen(CountForm(goods, lambda good, pieces: self._count(good, pieces, more=False)))

    def action_left_out(self) -> None:
        """F6: what nobody has counted although the books have some."""
        if (session := self.session) is not None:
            desk = self.till.station.desk
            self.ask(lambda: stocktake.left_out(desk, session), self._say_left_out)

    def action_remove(self) -> None:
        """`-`: the chosen good is counted anew."""
        if self.session is not None and isinstance(self.current, Counted):
            good = self.goods[self.current.good]
            self._keep(self.session.without(good.code))
            self.say(self.words("stocktake.anew", item=good.name))

    def action_give_up(self) -> None:
        """F9: throw the stocktake away, after asking."""
        if self.session is not None:
            self.till.confirm(self.words("stocktake.ask-give-up"), self._given_up)

    def action_finish(self) -> None:
        """`+`: close the round, or approve what was found."""
        desk, session = self.till.station.desk, self.session
        if session is None:
            return
        if session.phase is Phase.REVIEW:
            self.commit(lambda by: stocktake.approve(desk, by, session), self._approved)
        elif session.phase is Phase.SECOND:
            self.commit(lambda by: stocktake.close_round(desk, by, session), self._round_closed)
        else:
            self.ask(lambda: stocktake.left_out(desk, session), self._ask_close)

    def _ask_scope(self) -> None:
        desk = self.till.station.desk
        dear = self.words("stocktake.dear", points=desk.stock_policy.high_value_points)
        choices = [("all", self.words("stocktake.all")), ("dear", dear)]

        def begin(scope: str) -> None:
            self.ask(lambda: stocktake.begin(desk, high_value=scope == "dear"), self._keep)

        self.till.choose(self.words("stocktake.what"), choices, begin)

    def _count(self, good: Good, pieces: int, *, more: bool) -> None:
        """Scans come faster than they are counted: each waits for the one before."""
        self._waiting.append((good, pieces, more))
        if len(self._waiting) == 1:
            self._count_next()

    def _count_next(self) -> None:
        desk, session = self.till.station.desk, self.session
        if session is None or not self._waiting:
            return
        good, pieces, more = self._waiting[0]
        counted = partial(self._counted, good)
        self.ask(lambda: stocktake.count(desk, session, good.code, pieces, more=more), counted, self._not_counted)

    def _counted(self, good: Good, found: tuple[Session, bool]) -> None:
        after, anew = found
        self._keep(after)
        counted = after.of(good.code)
        said = "stocktake.restarted" if anew else "stocktake.counted"
        pieces = counted.pieces if counted else 0
        self.say(self.words(said, item=good.name, pieces=pieces), Tone.WAIT if anew else Tone.GOOD)
        self._waiting.pop(0)
        self._count_next()

    def _not_counted(self, no: Refused) -> None:
        self._waiting.pop(0)
        self.refuse(no)
        self._count_next()

    def _ask_close(self, names: list[str]) -> None:
        desk, session = self.till.station.desk, self.session
        if session is None:
            return

        def close() -> None:
            self.commit(lambda by: stocktake.close_round(desk, by, session), self._round_closed)

        if names:
            self.till.confirm(self.words("stocktake.ask-close", goods=len(names), names=_some(names)), close)
        else:
            close()

    def _round_closed(self, session: Session) -> None:
        self._keep(session)
        said = "stocktake.go-on" if session.phase is Phase.SECOND else "stocktake.counting-over"
        self.say(self.words(said), Tone.GOOD)

    def _ask_reason(self) -> None:
        item, session = self.current, self.session
        if not isinstance(item, Variance) or session is None:
            return
        reasons = [(reason.value, self.words(f"sheet.variance-{reason}")) for reason in VarianceReason]
        self.till.choose(
            self.words("stocktake.why", item=item.name),
            reasons,
            lambda reason: self._keep(session.because(item.good, VarianceReason(reason))),
        )

    def _approved(self, sheet: Sheet) -> None:
        till = self.till
        self.ask(lambda: till.station.drafts.clear(SLOT), lambda _: None)
        self.dismiss()
        till.show_paper(sheet)

    def _given_up(self) -> None:
        drafts, till = self.till.station.drafts, self.till
        till.do(lambda: drafts.clear(SLOT), lambda _: None)
        self.dismiss()

    def _say_left_out(self, names: list[str]) -> None:
        text = self.words("stocktake.left-out", goods=len(names), names=_some(names))
        self.say(text if names else self.words("stocktake.nothing-left-out"))

    def _keep(self, session: Session) -> None:
        """Take over a change, on the screen and in the drafts file."""
        drafts = self.till.station.drafts
        self.ask(lambda: drafts.save(SLOT, codec.dumps(codec.plain(session))), lambda _: None)
        self._refresh(session)

    def _refresh(self, session: Session) -> None:
        """Show the session as it is; the differences are read when the counting is over."""
        self.session = session
        if session.phase is not Phase.REVIEW:
            self.items = session.counted
            self.go(len(self.items) - 1)
            return
        self.items, desk = (), self.till.station.desk
        self.show()

        def show(found: list[Variance]) -> None:
            self.items = found
            self.go(self.chosen)

        self.ask(lambda: stocktake.variances(desk, session), show)


class CountForm(FormScreen):
    """A good and its pieces, counted by hand."""

    TOPIC = "count"

    def __init__(self, goods: Mapping[str, Good], then: Callable[[Good, int], object]) -> None:
        super().__init__()
        self.goods, self.then = goods, then

    def parts(self) -> Sequence[Part[Any]]:
        """Good and pieces."""
        return goods_part.good(self.goods), parts.whole("pieces", 0, MOST_COUNTED)

    def finished(self, values: Values) -> None:
        """Give it back to the stocktake."""
        self.dismiss()
        self.then(values["good"], values["pieces"])


def _some(names: list[str]) -> str:
    return " ".join(names[:_NAMED]) + (" ..." if len(names) > _NAMED else "")


def _kept(line: bytes | None) -> Session | None:
    try:
        return codec.build(Session, codec.loads(line)) if line is not None else None
    except CodecError:
        return None
