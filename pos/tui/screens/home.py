"""等待刷卡: the card, the scales live, the day so far, and what waits to be done."""

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from drivers.scale.weighing import Weighing
from drivers.scanner.codes import Code, Kind
from pos.core.refusals import NotPermitted
from pos.core.scales import Standing
from pos.counter import scales
from pos.counter.desk import Desk
from pos.counter.today import Today, today
from pos.printing.state import explain
from pos.tui import open_tickets
from pos.tui.base import CounterScreen, Tone
from pos.tui.concerns import concerns
from pos.tui.lamps import sync_lines
from pos.tui.open_tickets import REDEEM, WEIGH_IN, OpenTickets
from pos.tui.widgets.field import Field
from pos.tui.widgets.scale_line import scale_line


class Home(CounterScreen):
    """Waits for a card. Always there, under everything else."""

    NAME = "home"
    CSS_PATH = "home.tcss"

    def __init__(self) -> None:
        super().__init__()
        self.weighings: dict[str, Weighing] = {}
        self.tickets = OpenTickets()
        self.today: Today | None = None
        self.standings: dict[str, Standing] = {}
        self.near = 0

    def body(self) -> ComposeResult:
        """The card on the left; scales and the day's figures on the right; below, what waits."""
        with Horizontal(id="top"):
            with Vertical(id="card-box"):
                yield Static(self.words("home.card"), id="invitation", markup=False)
                yield Static(self.words("home.typed"), classes="label", markup=False)
                yield Field(id="card", most=12)
            with Vertical(id="side"):
                yield Static(id="scales", markup=False)
                yield Static(id="counts", markup=False)
        yield Static(id="to-do", markup=False)

    def on_screen_resume(self) -> None:
        """Bring everything up to date: anything may have happened meanwhile. Behind the log-in nobody reads it."""
        station = self.till.station
        if self.till.keeper is None:
            return
        self.show_keys()
        self.query_one("#card", Field).value = ""
        self.weighings = {name: scale.state() for name, scale in station.devices.scales.items()}
        self._show_scales()
        desk = station.desk
        self.ask(lambda: (today(desk), open_tickets.load(station.drafts), scales.standings(desk)), self._show_today)
        self.ask(lambda: _near(desk), self._show_near)

    def weighed(self, name: str, weighing: Weighing) -> None:
        """Show what the scale says."""
        self.weighings[name] = weighing
        self._show_scales()

    def paper_changed(self) -> None:
        """Show what has not been printed."""
        self._show_to_do()

    def sync_changed(self) -> None:
        """Show what the ledger says."""
        self._show_to_do()

    def on_screen_suspend(self) -> None:
        """What is said here is about this moment; the next customer must not read it."""
        self.query_one("#message", Static).update("")

    def scanned(self, code: Code) -> None:
        """A card opens its household; a good has to wait for one."""
        if code.kind in (Kind.CARD, Kind.SIGNED_CARD):
            self.till.open_card(code.text)
        elif code.kind is Kind.RECEIPT:
            self.till.open_receipt(code.text)
        else:
            self.refuse_scan(self.words("home.card-first"))

    def action_enter(self) -> None:
        """Enter: the card whose number was typed."""
        card = self.query_one("#card", Field)
        if card.value:
            self.till.open_card(card.value, typed=True)
            card.value = ""

    def action_redeem(self) -> None:
        """F2: go on with the redemption that was left open."""
        self._resume(REDEEM)

    def action_weigh_in(self) -> None:
        """F3: go on with the weigh-in that was left open."""
        self._resume(WEIGH_IN)

    def _resume(self, slot: str) -> None:
        if self.tickets.of(slot) is None:
            self.say(self.words("home.card-first"), Tone.WAIT)
        else:
            self.till.resume_ticket(slot)

    def action_camera(self) -> None:
        """F4: hold a card in front of the camera."""
        self.till.show_camera()

    def action_journal(self) -> None:
        """F8: everything that happened."""
        self.till.show_journal()

    def action_receive(self) -> None:
        """F5: goods come in."""
        self._go("receive")

    def action_stocktake(self) -> None:
        """F6: count what is on the shelf."""
        self._go("stocktake")

    def _go(self, name: str) -> None:
        from pos.tui import menu

        if self.till.keeper is not None:
            try:
                menu.go(self.till, name, self.till.keeper.role)
            except NotPermitted as no:
                self.refuse(no)

    def action_sync(self) -> None:
        """`*`: how things stand with the village ledger."""
        self._go("sync")

    def action_menu(self) -> None:
        """F11: everything else the store does."""
        from pos.tui import menu

        if self.till.keeper is not None:
            menu.ask(self.till, self.till.keeper.role)

    def action_close_day(self) -> None:
        """F7: close the day; open one where none is open."""
        from pos.counter import day

        keeper = self.till.keeper
        if keeper is not None and keeper.role in day.CLOSES:
            self.till.show_closing()
        elif keeper is not None:
            self.refuse(NotPermitted(role=keeper.role.value))

    def action_back(self) -> None:
        """Esc: nothing is behind this screen."""

    def _show_scales(self) -> None:
        lines = [scale_line(self.words, name, weighing) for name, weighing in self.weighings.items()]
        self.query_one("#scales", Static).update(Content("\n").join(lines) if lines else self.words("home.no-scale"))

    def _show_today(self, found: tuple[Today, OpenTickets, dict[str, Standing]]) -> None:
        self.today, self.tickets, self.standings = found
        date = self.today.day.business_date.isoformat() if self.today.day else self.words("home.closed")
        counts = self.words("home.counts", **_counts(self.today))
        self.query_one("#counts", Static).update(f"{self.words('home.day', date=date)}\n{counts}")
        self._show_to_do()

    def _show_near(self, goods: int) -> None:
        self.near = goods
        self._show_to_do()

    def _show_to_do(self) -> None:
        to_do = [Content.assemble(("! ", "$waiting"), line) for line in self._to_do()]
        heading = Content.styled(self.words("home.to-do" if to_do else "home.nothing-to-do"), "$muted")
        self.query_one("#to-do", Static).update(Content("\n").join([heading, *to_do]))

    def _to_do(self) -> list[str]:
        words, paper, lines = self.words, self.till.paper, []
        for ticket, text in ((self.tickets.weigh_in, "home.open-weigh-in"), (self.tickets.redeem, "home.open-redeem")):
            if ticket is not None:
                lines.append(words(text, household=ticket.household[-4:], lines=len(ticket.lines)))
        if self.today is not None and self.today.clock_back_s:
            lines.append(words("home.clock-back", seconds=self.today.clock_back_s))
        if self.today is not None and self.today.old:
            lines.append(words("home.old-day"))
        if self.today is not None and self.today.day is None:
            lines.append(words("home.day-closed"))
        lines += [f"{name} {text}" for name, each in self.standings.items() for text in concerns(words, each)]
        if paper is not None and paper.doubtful:
            lines.append(words("home.doubtful", papers=paper.doubtful))
        if paper is not None and paper.cause:
            lines.append(f"{explain(paper.cause, words)} {words('home.waiting', papers=paper.waiting)}")
        if paper is not None and paper.paper_low:
            lines.append(words("home.paper-low"))
        if self.near:
            lines.append(words("home.near-expiry", goods=self.near))
        return [*lines, *sync_lines(words, self.till.sync, self.till.clock.wall())]


def _near(desk: Desk) -> int:
    # Asked for last, and loaded when the card is waited for already.
    from pos.counter import stock

    return stock.near(desk)


def _counts(today: Today) -> dict[str, int]:
    counts = today.counts
    return {
        "redeemed": counts.get("redeem", 0),
        "weighed": counts.get("weigh", 0),
        "reversed": counts.get("reverse", 0),
    }
