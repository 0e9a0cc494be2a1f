"""称重回收: choose a material, weigh or count it, line by line; the ticket is confirmed with one key."""

from dataclasses import replace
from pathlib import Path

from textual.app import ComposeResult
from textual.events import Key
from textual.widgets import Static

from catalog.materials import Material, ScaleClass
from catalog.prices import ByWeight, MaterialPrice, weight_amount
from catalog.units import Fen, Grams, Points
from drivers.scale.weighing import Settled, Weighing
from drivers.scanner.codes import Code, Kind
from pos.core.cards import ReadAs
from pos.core.limits import DailyLimit
from pos.core.refusals import NotByWeight, Refused, TicketEmpty, TooManyLines
from pos.core.weigh_in import MOST_LINES, CountedDraft, Draft, LineDraft, Payout, Weigh, check_line
from pos.counter import shelf
from pos.counter import weigh_in as counter
from pos.counter.cards import HouseholdView
from pos.counter.shelf import Bench
from pos.tui import open_tickets
from pos.tui.base import Tone
from pos.tui.concerns import concerns
from pos.tui.lines import key_price, unit_price, weigh_row
from pos.tui.load import Load, scale_for
from pos.tui.load_dialogs import ask_banned, ask_deduction, ask_limit, ask_manual, ask_payout, ask_pieces, ask_tare
from pos.tui.open_tickets import DONATION, WEIGH_IN
from pos.tui.scale_jobs import ask_scale
from pos.tui.taking import UNHEARD, take, unfit
from pos.tui.ticket_screen import TicketScreen
from pos.tui.typed import plain
from pos.tui.weight_words import code_of, why_not
from pos.tui.widgets.cells import spread
from pos.tui.widgets.grid import Cell, KeyGrid
from pos.tui.widgets.readout import Readout
from pos.tui.widgets.ticket import Row, Ticket


class WeighInScreen(TicketScreen[Draft]):
    """One household's open weigh-in ticket."""

    NAME = "weigh-in"
    CSS_PATH = Path(__file__).parent.parent / "scale_screen.tcss"
    DEFAULT_CLASSES = "weighs"
    SLOT = WEIGH_IN

    def __init__(self, view: HouseholdView, draft: Draft | None = None) -> None:
        fresh = Draft(view.household.number, view.card.number, view.read.read_as)
        super().__init__(view, draft or fresh, resumed=draft is not None)
        self.bench: Bench | None = None
        self.load = Load("")
        self.taking = False

    def body(self) -> ComposeResult:
        """Household, figures, keys of the materials, lines, sums."""
        yield Static(id="household", markup=False)
        yield Readout(id="readout")
        yield KeyGrid(id="grid")
        yield Ticket(id="lines")
        yield Static(id="sums", markup=False)

    def on_mount(self) -> None:
        """Read what tickets are judged by."""
        desk = self.till.station.desk
        self.ask(lambda: shelf.open_bench(desk, self.draft.household), self._opened)

    def on_resize(self) -> None:
        """Lines are laid out by the width there is."""
        self.call_after_refresh(self._show)

    def on_screen_resume(self) -> None:
        """What the scales say may have changed behind a dialog."""
        self._show_weight()

    def weighed(self, name: str, weighing: Weighing) -> None:
        """Show it when it is the scale in use."""
        if name == self.scale:
            self._show_weight()

    @property
    def material(self) -> Material | None:
        """The material chosen for the next line."""
        return self.bench.rules.materials.get(self.load.material) if self.bench else None

    @property
    def scale(self) -> str | None:
        """The scale that the next line is weighed on."""
        return scale_for(self.material, self.bench.rules.scales) if self.bench else None

    @property
    def settled(self) -> Settled | None:
        """The weight that may be taken now."""
        weighing = self.till.weighings.get(self.scale or "")
        return weighing if isinstance(weighing, Settled) else None

    # What is on screen

    def _opened(self, bench: Bench) -> None:
        self.bench = bench
        cells = tuple(
            Cell(code, material.name, self._price(material, bench.rules.book.materials.get(code)))
            for code, material in bench.rules.materials.items()
        )
        self.query_one(KeyGrid).show(cells, self.words("weigh.more"))
        self._show()
        for refused in filter(None, map(self._refusal, self.draft.lines)):
            self.refuse(refused)

    def _price(self, material: Material, cost: MaterialPrice | None) -> str:
        return self.words("weigh.paused") if material.paused else key_price(self.words, cost)

    def _show(self) -> None:
        self._show_ticket()
        self._show_weight()

    def _show_weight(self) -> None:
        if self.bench is None:
            return
        readout = self.query_one(Readout)
        if (scale := self.scale) is None:
            readout.refuse(self.words, self._no_scale())
        else:
            standing = self.bench.rules.scales[scale]
            name = f"{scale} {self.words(f'scale-class.{standing.scale.scale_class}')}"
            note = next((f"! {text}" for text in concerns(self.words, standing)), "")
            readout.show(self.words, name, self.till.weighings.get(scale, UNHEARD), self.load, note)
        price = unit_price(self.words, self.bench.rules.book.materials.get(self.load.material))
        readout.explain(self.words, self.material, price, self.load, self._worth())

    def _no_scale(self) -> str:
        """Why there is no scale for the material chosen."""
        if self.material is None or self.bench is None or not self.bench.rules.scales:
            return self.words("weigh.no-scale")
        return self.words("weigh.no-counter-scale", item=self.material.name)

    def _worth(self) -> Fen | None:
        """What the load on the scale would come to; nothing while it may not stand on the ticket."""
        if self.bench is None or self.settled is None or self.material is None:
            return None
        cost = self.bench.rules.book.materials.get(self.material.code)
        net = self.settled.grams - self.load.tare
        if not isinstance(cost, ByWeight) or net < Grams(0):
            return None
        return weight_amount(net, self.load.deduction, cost)

    def _show_ticket(self) -> None:
        lines = self.draft.lines
        self.chosen = min(self.chosen, len(lines) - 1) if self.chosen is not None and lines else None
        body = self._quote()
        if body is not None:
            rows = tuple(weigh_row(self.words, self._called(line.material), line) for line in body.lines)
        else:
            rows = tuple(self._unpriced(line) for line in lines)
        self.query_one(Ticket).show(rows, self._place() if lines else None)
        self._show_sums(body)

    def _place(self) -> int:
        return len(self.draft.lines) - 1 if self.chosen is None else self.chosen

    def _quote(self) -> Weigh | None:
        """What the ticket comes to; nothing while it is empty, or came back with a line that may no longer stand."""
        try:
            return self.bench.quote(self.draft) if self.bench else None
        except Refused:
            return None

    def _unpriced(self, line: LineDraft) -> Row:
        return Row(self._called(line.material), "", "refused" if self._refusal(line) else "")

    def _refusal(self, line: LineDraft) -> Refused | None:
        try:
            if self.bench is not None:
                check_line(line, self.bench.rules)
        except Refused as refused:
            return refused
        return None

    def _show_sums(self, body: Weigh | None) -> None:
        points = body.points if body else Points(0)
        head, sums = self.query_one("#household", Static), self.query_one("#sums", Static)
        available = self.bench.available if self.bench else self.view.points
        held = self.held(available, f"+{points}")
        head.update(spread(self._who(), held if self.draft.household else "", head.size.width))
        if self.bench is None or body is None:
            sums.update(self.words("weigh.no-lines") if not self.draft.lines else "")
            return
        paid_off = min(self.bench.debt, available + points) if self.bench.debt else Points(0)
        total = self.words("weigh.total", amount=body.amount, points=points, carried=body.carried)
        left = available + points - paid_off
        after = self.after(left) if body.payout is Payout.POINTS else self.words(f"payout.{body.payout}")
        sums.update(spread(total, after, sums.size.width))

    def _who(self) -> str:
        household = self.view.household
        return self.words("ticket.household", short=household.short, name=household.masked, group=household.group)

    def _called(self, code: str) -> str:
        material = self.bench.rules.materials.get(code) if self.bench else None
        return material.name if material else code

    # Keys

    def on_key(self, event: Key) -> None:
        """Digits choose a material, 0 turns the page; up and down choose a line."""
        if event.key in ("up", "down"):
            event.stop()
            self._move(-1 if event.key == "up" else 1)
        elif self.bench and (digit := plain(event) or "") and digit in "0123456789":
            event.stop()
            if digit == "0":
                self.query_one(KeyGrid).turn()
            elif cell := self.query_one(KeyGrid).at(int(digit)):
                self._choose(cell.code)

    def _move(self, step: int) -> None:
        if count := len(self.draft.lines):
            self.chosen = min(count - 1, max(0, self._place() + step))
            self._show_ticket()

    def _choose(self, code: str) -> None:
        self.load = replace(self.load, material=code)
        self.query_one(KeyGrid).choose(code)
        self._show_weight()
        self.say("")
        if self.material and self.material.metal:
            ask_banned(self, self.material, lambda: self._prepare(Load("")))
        elif self.material and self.material.scale is ScaleClass.COUNT:
            self._count(self.material)

    def _count(self, material: Material) -> None:
        ask_pieces(self, material, lambda pieces: self._add(CountedDraft(material.code, pieces)))

    def action_enter(self) -> None:
        """Enter: take the weight that stands on the scale, or ask for the pieces."""
        material, scale, bench = self.material, self.scale, self.bench
        if bench is None or self.taking or self.busy:
            return
        if material is None:
            self.say(self.words("weigh.pick"), Tone.REFUSED)
        elif material.scale is ScaleClass.COUNT:
            self._count(material)
        elif scale is None:
            self.say(self._no_scale(), Tone.REFUSED)
        elif settled := self.settled:
            self._take(scale, settled, self.load)
        else:
            self.say(why_not(self.words, code_of(self.till.weighings.get(scale, UNHEARD))), Tone.REFUSED)

    def _take(self, scale: str, shown: Settled, load: Load) -> None:
        # Judged before it is taken, since a scale gives each load once.
        if not unfit(self, shown, load) and self._may_stand(load.weighed(scale, shown, 0)):
            self.taking = True
            take(self, scale, shown, load, self._add, self._taken)

    def _taken(self) -> None:
        self.taking = False

    def _may_stand(self, line: LineDraft) -> bool:
        if self.bench is None or self.busy:
            return False
        full = TooManyLines(most=MOST_LINES) if len(self.draft.lines) >= MOST_LINES else None
        refused = full or self._refusal(line)
        if refused is not None:
            self.refuse(refused)
        return refused is None

    def _add(self, line: LineDraft) -> None:
        if not self._may_stand(line):
            return
        self.load, self.chosen = Load(""), None
        self.query_one(KeyGrid).choose(None)
        self._change(replace(self.draft, lines=(*self.draft.lines, line)))
        material = self.bench.rules.materials.get(line.material) if self.bench else None
        if material and material.hazardous:
            self.say(self.words("weigh.hazardous", item=material.name), Tone.WAIT)
        else:
            self.say(self.words("weigh.added", item=self._called(line.material)), Tone.GOOD)

    def _change(self, draft: Draft) -> None:
        self.keep(draft)
        self._show()

    def action_remove(self) -> None:
        """`-`: take the chosen line off the ticket; the journal remembers it."""
        lines = self.draft.lines
        if lines and not self.busy:
            place, whole = self._place(), self.draft
            self.ask(lambda: self.cancelled(replace(whole, lines=lines[place : place + 1])), lambda _: None)
            self._change(replace(whole, lines=lines[:place] + lines[place + 1 :]))
            self.say(self.words("ticket.removed"))

    def _prepare(self, load: Load) -> None:
        self.load = load
        self._show_weight()

    def action_tare(self) -> None:
        """F5: what is taken off the next weight."""
        if self.bench:
            ask_tare(self, self.bench.tares, self.load, lambda: self.settled, self._prepare)

    def action_deduct(self) -> None:
        """F6: how much less the next load is paid for."""
        ask_deduction(self, self.load, self._prepare)

    def action_manual(self) -> None:
        """F7: a weight that no scale can say."""
        material = self.material
        if material is None:
            self.say(self.words("weigh.pick"), Tone.REFUSED)
        elif material.scale is ScaleClass.COUNT:
            self.refuse(NotByWeight(item=material.name))
        else:
            wall = self.till.station.desk.clock.wall()
            ask_manual(self, material, lambda gross, reason: self._add(self.load.typed(gross, reason, wall)))

    def action_scale(self) -> None:
        """F4: check, zero or tare the scale in use."""
        if not (self.taking or self.busy):
            ask_scale(self, self._judge_anew, self.scale)

    def _judge_anew(self) -> None:
        desk = self.till.station.desk
        self.ask(lambda: shelf.open_bench(desk, self.draft.household), self._judged)

    def _judged(self, bench: Bench) -> None:
        self.bench = bench
        self._show()

    def action_finish(self) -> None:
        """`+`: write the ticket."""
        if self.busy:
            return
        if not self.draft.lines:
            self.refuse(TicketEmpty())
            return
        self.write(counter.weigh_in, no=self._over_limit)

    def _over_limit(self, refused: Refused) -> None:
        """More than a household may bring a day: two people may let it pass for a reason."""
        self.refuse(refused)
        if isinstance(refused, DailyLimit):
            ask_limit(self, refused, self.draft, self._let_pass)

    def _let_pass(self, draft: Draft) -> None:
        self._change(draft)
        self.action_finish()

    def action_payout(self) -> None:
        """F2: what the household gets for it: points, cash where the village pays so, or nothing."""
        if self.bench and not self.busy:
            ask_payout(self, self.draft, self.bench.rules.policy, self._change)

    def action_back(self) -> None:
        """Esc: give the next line up, or the ticket, the latter only after asking."""
        if self.busy:
            return
        if self.load != Load(""):
            self._prepare(Load(""))
            self.query_one(KeyGrid).choose(None)
        else:
            self.leave()

    def scanned(self, code: Code) -> None:
        """Another household's card asks; goods have no place here."""
        if self.busy:
            self.refuse_scan(self.words("ticket.writing"))
        elif code.kind in (Kind.CARD, Kind.SIGNED_CARD):
            self.other_card(code)
        else:
            self.refuse_scan(self.words("weigh.no-goods"))


class DonationScreen(WeighInScreen):
    """捐给村集体: recyclables that somebody brings without a card, for nothing."""

    SLOT = DONATION
    TOPIC = "donation"

    def __init__(self) -> None:
        super().__init__(counter.nobodys_view(), Draft("", "", ReadAs.NUMBER, payout=Payout.DONATED))

    def _opened(self, bench: Bench) -> None:
        """A gift that was left open goes on."""
        super()._opened(bench)
        drafts = self.till.station.drafts
        self.ask(lambda: open_tickets.read(drafts, DONATION, Draft), self._go_on)

    def _go_on(self, left: Draft | None) -> None:
        if left is not None:
            self.draft = left
            self._show()

    def _who(self) -> str:
        return self.words("weigh.for-village")

    def action_payout(self) -> None:
        """A gift stays one."""
        self.say(self.words("weigh.gift-stays"), Tone.WAIT)
