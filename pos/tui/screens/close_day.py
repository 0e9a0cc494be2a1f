"""日结: tickets, cash and the dearest goods, one line each; what was counted is kept, and the close gone on with."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from catalog.units import Fen
from pos.core import codec
from pos.core.closing import Closing, Note, Spot
from pos.core.entries import Signatures
from pos.core.refusals import DayNotOpen, Refused
from pos.core.sheets import Sheet
from pos.counter import closing, day
from pos.counter.closing import Ahead, SpotGood
from pos.storage.drafts import Drafts
from pos.tui import counts, open_tickets
from pos.tui.base import Tone
from pos.tui.list_screen import ListScreen
from pos.tui.open_tickets import REDEEM, WEIGH_IN, OpenTickets
from pos.tui.widgets.ticket import Row

SLOT = "close"


class What(StrEnum):
    """What a line is about."""

    WEIGH_IN = WEIGH_IN
    REDEEM = REDEEM
    CASH = "cash"
    SPOT = "spot"
    NUMBERS = "numbers"
    NOTED = "noted"


@dataclass(frozen=True, slots=True)
class Step:
    """One line: whether it is done, and the good where it is about one."""

    what: What
    done: bool
    good: SpotGood | None = None


class CloseScreen(ListScreen[Step]):
    """Enter does the step, `+` closes the day when all of them are done."""

    NAME = "close-day"
    TOPIC = "close-day"

    def __init__(self) -> None:
        super().__init__()
        self.draft = Closing()
        self.ahead: Ahead | None = None
        self.tickets = OpenTickets()
        self.over = False

    def read(self) -> Sequence[Step]:
        """What is to be done before the open day is closed. Raises `DayNotOpen`."""
        drafts, desk = self.till.station.drafts, self.till.station.desk
        ahead = closing.ahead(desk)
        draft = _kept(drafts)
        if draft.opened != ahead.day.opened:
            draft = Closing(ahead.day.opened)
        self.ahead, self.draft, self.tickets = ahead, draft, open_tickets.load(drafts)
        return self._steps(ahead)

    def _steps(self, ahead: Ahead) -> list[Step]:
        left = [Step(what, False) for what in (What.WEIGH_IN, What.REDEEM) if self.tickets.of(what.value) is not None]
        cash = Step(What.CASH, self.draft.counted is not None or not ahead.cash_in_use)
        spots = [Step(What.SPOT, self.draft.spot(good.good) is not None, good) for good in ahead.spots]
        return [*left, cash, *spots, Step(What.NUMBERS, True), Step(What.NOTED, True)]

    def read_anew(self) -> None:
        """Read the steps again; where no day is open, open one."""

        def show(steps: Sequence[Step]) -> None:
            self.items = steps
            self.go(next((place for place, step in enumerate(steps) if not step.done), self.chosen))

        self.ask(self.read, show, self._cannot)

    def _cannot(self, refused: Refused) -> None:
        if isinstance(refused, DayNotOpen):
            if not self.over:
                self.till.show_opening()
        else:
            self.refuse(refused)

    def row(self, item: Step) -> Row:
        """What it is, and what was found."""
        sign = "●" if item.done else "○"
        return Row(f"{sign} {self._text(item)}", self._figure(item))

    def _text(self, item: Step) -> str:
        words, ahead = self.words, self.ahead
        assert ahead is not None
        match item.what:
            case What.WEIGH_IN | What.REDEEM:
                ticket = self.tickets.of(item.what.value)
                assert ticket is not None
                return words(f"close.{item.what}", household=ticket.household[-4:], lines=len(ticket.lines))
            case What.CASH:
                return words("close.cash") if ahead.cash_in_use else words("close.no-cash")
            case What.SPOT:
                return words("close.spot", item=item.good.name if item.good else "")
            case What.NUMBERS:
                return words("close.numbers", first=ahead.first, last=ahead.last)
            case What.NOTED:
                return words("close.noted", notes=len(ahead.notes))

    def _figure(self, item: Step) -> str:
        words = self.words
        if item.what is What.CASH and self.draft.counted is not None and self.ahead is not None:
            return words(
                "close.counted", counted=self.draft.counted, difference=self.draft.counted - self.ahead.expected
            )
        spot = self.draft.spot(item.good.good) if item.good else None
        return words("close.pieces", counted=spot.counted, difference=spot.counted - spot.book) if spot else ""

    def summary(self) -> str:
        """What the day came to, and what is left to do."""
        if self.ahead is None:
            return ""
        kinds = self.ahead.counts
        counted = self.words(
            "home.counts",
            redeemed=kinds.get("redeem", 0),
            weighed=kinds.get("weigh", 0),
            reversed=kinds.get("reverse", 0),
        )
        left = sum(not step.done for step in self.items)
        state = self.words("close.left", steps=left) if left else self.words("close.ready")
        return f"{self.ahead.day.business_date.isoformat()}   {counted}\n{state}"

    def opened(self, item: Step) -> None:
        """Enter: do it."""
        assert self.ahead is not None
        match item.what:
            case What.WEIGH_IN | What.REDEEM:
                self._resolve(item.what.value)
            case What.CASH:
                counts.ask_cash(self, self.ahead.expected, self._cash)
            case What.SPOT if item.good is not None:
                good = item.good
                counts.ask_pieces(self, good.name, good.book, lambda pieces, reason: self._spot(good, pieces, reason))
            case What.NUMBERS:
                self.till.show_journal()
            case _:
                self.say(_listed(self, self.ahead.notes))

    def _resolve(self, slot: str) -> None:
        """A ticket left open is finished, or given up."""
        choices = [("resume", self.words("close.resume")), ("drop", self.words("close.drop"))]

        def chosen(value: str) -> None:
            if value == "resume":
                self.till.resume_ticket(slot)
            else:
                self.ask(lambda: self._give_up(slot), lambda _: self.read_anew())

        self.till.choose(self.words("close.ticket"), choices, chosen)

    def _give_up(self, slot: str) -> None:
        ticket = self.tickets.of(slot)
        if ticket is not None:
            open_tickets.cancelled(self.till.station.desk, self.till.by, ticket)
        self.till.station.drafts.clear(slot)

    def _cash(self, counted: Fen, reason: str) -> None:
        self._keep(replace(self.draft, counted=counted, cash_reason=reason))

    def _spot(self, good: SpotGood, pieces: int, reason: str) -> None:
        self._keep(self.draft.with_spot(Spot(good.good, good.book, pieces, reason)))

    def _keep(self, draft: Closing) -> None:
        """Keep what was counted: after a power cut the close goes on from here."""
        drafts, line = self.till.station.drafts, codec.dumps(codec.plain(draft))
        self.ask(lambda: drafts.save(SLOT, line), lambda _: self.read_anew())

    def action_finish(self) -> None:
        """`+`: close the day, signed by two, or by one and looked at later."""
        left = sum(not step.done for step in self.items)
        if left or not self.items:
            self.say(self.words("close.left", steps=left), Tone.REFUSED)
            return
        choices = [("two", self.words("close.with-clerk")), ("one", self.words("close.alone"))]
        self.till.choose(self.words("close.who-signs"), choices, self._sign)

    def _sign(self, value: str) -> None:
        if value == "two":
            self.till.approve(self._close)
        else:
            self._close(None)

    def _close(self, two: Signatures | None) -> None:
        desk, drafts, draft = self.till.station.desk, self.till.station.drafts, self.draft

        def close(by: Signatures) -> Sheet:
            sheet = day.close_day(desk, two or by, draft)
            drafts.clear(SLOT)
            return sheet

        self.commit(close, self._day_closed)

    def _day_closed(self, sheet: Sheet) -> None:
        self.over = True
        self.till.go_home()
        self.till.back_up()
        self.till.call_later(self.till.show_paper, sheet)

    def action_back(self) -> None:
        """Esc: home; what was counted is kept."""
        self.till.go_home()


def _listed(screen: CloseScreen, notes: tuple[Note, ...]) -> str:
    found = Counter(note.what for note in notes)
    parts = [f"{screen.words(f'sheet.noted-{what}')} {count}" for what, count in found.items()]
    return "  ".join(parts) or screen.words("close.nothing-noted")


def _kept(drafts: Drafts) -> Closing:
    """The close that was left; a new one where there is none that this release can read."""
    line = drafts.load(SLOT)
    try:
        return codec.build(Closing, codec.loads(line)) if line is not None else Closing()
    except codec.CodecError:
        return Closing()
