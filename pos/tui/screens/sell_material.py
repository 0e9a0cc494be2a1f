"""外卖: weigh a dealer's load on the store's own scale, material by material; his figure, his price; one key sells."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from textual.app import ComposeResult
from textual.events import Key
from textual.widgets import Static

from catalog.materials import Material, ScaleClass
from catalog.units import Fen, Grams
from drivers.scale.weighing import Settled, Weighing
from pos.core.bins import Extent, LossOverTolerance, PaidInto, SaleLine, UnderContract, percent
from pos.core.entries import Signatures
from pos.core.refusals import Refused, TicketEmpty
from pos.core.selling import Draft, Offer
from pos.core.sheets import Sheet
from pos.core.weigh_in import WeighedDraft
from pos.counter import buyers, recyclables
from pos.counter.recyclables import LOSS_REASONS, PRICE_REASONS, Yard
from pos.storage.buyers import Buyer
from pos.tui import open_tickets, parts, sale_dialogs
from pos.tui.base import CounterScreen, Tone
from pos.tui.form import FormScreen, Values
from pos.tui.load import Load, scale_for
from pos.tui.load_dialogs import ask_manual, ask_pieces, ask_tare
from pos.tui.open_tickets import SALE
from pos.tui.parts import Part
from pos.tui.taking import UNHEARD, take, unfit
from pos.tui.typed import plain
from pos.tui.weight_words import code_of, kilograms, why_not
from pos.tui.widgets.cells import left, right, spread
from pos.tui.widgets.grid import Cell, KeyGrid
from pos.tui.widgets.readout import Readout
from pos.tui.widgets.ticket import Row, Ticket

_NAME = 14


class SellScreen(CounterScreen):
    """One open sale; it stays open over a restart."""

    NAME = "sell"
    TOPIC = "sell"
    CSS_PATH = Path(__file__).parent.parent / "scale_screen.tcss"
    DEFAULT_CLASSES = "weighs"

    def __init__(self) -> None:
        super().__init__()
        self.draft = Draft("")
        self.buyer: Buyer | None = None
        self.yard: Yard | None = None
        self.load = Load("")
        self.taking = False
        self.chosen = 0

    def body(self) -> ComposeResult:
        """Buyer, figures, keys of the materials, lines, sums."""
        yield Static(id="household", markup=False)
        yield Readout(id="readout")
        yield KeyGrid(id="grid")
        yield Ticket(id="lines")
        yield Static(id="sums", markup=False)

    def on_mount(self) -> None:
        """Go on with the sale that was left open, or ask to whom."""
        station = self.till.station

        def read() -> tuple[list[Buyer], Draft | None]:
            return buyers.everyone(station.desk, buyers.DEALER), open_tickets.read(station.drafts, SALE, Draft)

        self.ask(read, lambda found: self._ask_buyer(*found))

    def _ask_buyer(self, known: list[Buyer], kept: Draft | None) -> None:
        by_code = {each.code: each for each in known}
        if kept is not None and kept.buyer in by_code:
            self.draft = kept
            self._open(by_code[kept.buyer])
        elif not known:
            self.say(self.words("sell.no-buyer"), Tone.REFUSED)
        elif len(known) == 1:
            self._open(known[0])
        else:
            choices = [(each.code, f"{each.name} {each.plate}") for each in known[:9]]
            self.till.choose(self.words("sell.which-buyer"), choices, lambda code: self._open(by_code[code]))

    def _open(self, buyer: Buyer) -> None:
        desk, self.buyer = self.till.station.desk, buyer
        self.draft = replace(self.draft, buyer=buyer.code)
        self.ask(lambda: recyclables.open_yard(desk, buyer.code), self._opened)

    def _opened(self, yard: Yard) -> None:
        self.yard = yard
        cells = tuple(
            Cell(code, material.name, self._contract(code))
            for code, material in yard.materials.items()
            if not material.hazardous
        )
        self.query_one(KeyGrid).show(cells, self.words("weigh.more"))
        self._show()

    def on_resize(self) -> None:
        """Lines are laid out by the width there is."""
        self.call_after_refresh(self._show)

    def weighed(self, name: str, weighing: Weighing) -> None:
        """Show it when it is the scale in use."""
        if name == self.scale:
            self._show_weight()

    @property
    def material(self) -> Material | None:
        """The material chosen for the next load."""
        return self.yard.materials.get(self.load.material) if self.yard else None

    @property
    def scale(self) -> str | None:
        """The scale in use: on its way out, everything may stand on the platform."""
        return scale_for(None, self.yard.scales) if self.yard else None

    @property
    def settled(self) -> Settled | None:
        """The weight that may be taken now."""
        weighing = self.till.weighings.get(self.scale or "")
        return weighing if isinstance(weighing, Settled) else None

    @property
    def offer(self) -> Offer | None:
        """The chosen line."""
        return self.draft.offers[min(self.chosen, len(self.draft.offers) - 1)] if self.draft.offers else None

    # What is on screen

    def _contract(self, code: str) -> str:
        fen = self.yard.contracts.get(code) if self.yard else None
        return "-" if fen is None else str(Fen(fen))

    def _show(self) -> None:
        if self.yard is None:
            return
        lines = self.yard.lines(self.draft)
        rows = tuple(self._row(self.yard, line) for line in lines)
        self.chosen = min(self.chosen, max(0, len(rows) - 1))
        self.query_one(Ticket).show(rows, self.chosen if rows else None)
        head, sums = self.query_one("#household", Static), self.query_one("#sums", Static)
        buyer = self.buyer
        into = self.words(f"paid-into.{self.draft.paid_into}")
        plate = self.draft.plate or (buyer.plate if buyer else "")
        head.update(spread(self.words("sell.to", name=buyer.name if buyer else "", plate=plate), into, head.size.width))
        amount = sum((line.amount for line in lines), Fen(0))
        said = self.words("sell.total", kinds=len(lines), loads=len(self.draft.loads))
        sums.update(spread(said, self.words("sell.amount", amount=amount), sums.size.width))
        self._show_weight()

    def _row(self, yard: Yard, line: SaleLine) -> Row:
        material, book = yard.materials[line.material], yard.book(line.material)
        share = line.loss_share(book)
        text = self.words(
            "sell.line",
            own=right(_figure(material, line.own), 8),
            dealer=right(_figure(material, line.dealer), 8),
            share=percent(share),
            price=Fen(line.unit_fen),
        )
        notes = [
            self.words(f"basis.{line.basis}"),
            *([self.words("sell.all")] if line.extent is Extent.ALL else []),
        ]
        under = line.contract is not None and line.unit_fen < line.contract
        tone = "refused" if share > material.tolerance or under else ""
        return Row(f"{left(material.name, _NAME)} {text} {' '.join(notes)}", str(line.amount), tone)

    def _show_weight(self) -> None:
        readout, scale = self.query_one(Readout), self.scale
        if self.yard is None or scale is None:
            readout.refuse(self.words, self.words("weigh.no-scale"))
        else:
            readout.show(self.words, scale, self.till.weighings.get(scale, UNHEARD), self.load)
        material = self.material
        book = _figure(material, self.yard.book(material.code)) if material and self.yard else ""
        readout.explain(self.words, material, self.words("sell.book", figure=book), self.load, None)

    # Keys

    def on_key(self, event: Key) -> None:
        """Digits choose a material, 0 turns the page; up and down choose a line."""
        if event.key in ("up", "down"):
            event.stop()
            self.chosen = max(0, self.chosen + (-1 if event.key == "up" else 1))
            self._show()
        elif self.yard and (digit := plain(event) or "") and digit in "0123456789":
            event.stop()
            if digit == "0":
                self.query_one(KeyGrid).turn()
            elif cell := self.query_one(KeyGrid).at(int(digit)):
                self._choose(cell.code)

    def _choose(self, code: str) -> None:
        self.load = Load(code)
        self.query_one(KeyGrid).choose(code)
        self._show_weight()
        material = self.material
        if material and material.scale is ScaleClass.COUNT:
            ask_pieces(self, material, lambda n: self._put(replace(self._offer(code), pieces=n)))

    def _offer(self, code: str) -> Offer:
        """The material's line, or a fresh one at the contract's price."""
        known = next((each for each in self.draft.offers if each.material == code), None)
        return known or Offer(code, self.yard.contracts.get(code, 0) if self.yard else 0)

    def action_enter(self) -> None:
        """Enter: take the load that stands on the scale."""
        scale, shown = self.scale, self.settled
        if self.yard is None or self.taking or self.committing:
            return
        if self.material is None:
            self.say(self.words("weigh.pick"), Tone.REFUSED)
        elif scale is None:
            self.say(self.words("weigh.no-scale"), Tone.REFUSED)
        elif shown is None:
            self.say(why_not(self.words, code_of(self.till.weighings.get(scale, UNHEARD))), Tone.REFUSED)
        elif not unfit(self, shown, self.load):
            self.taking = True
            take(self, scale, shown, self.load, self._add, self._taken)

    def _taken(self) -> None:
        self.taking = False

    def _add(self, load: WeighedDraft) -> None:
        offer = self._offer(load.material)
        self.load = Load(load.material)
        self._keep(replace(self.draft.offering(offer), loads=(*self.draft.loads, load)))
        self.chosen = len(self.draft.offers) - 1
        self._show()
        self.say(self.words("sell.added", net=load.gross - load.tare), Tone.GOOD)

    def _put(self, offer: Offer) -> None:
        self._keep(self.draft.offering(offer))
        self.chosen = len(self.draft.offers) - 1
        self._show()

    def _keep(self, draft: Draft) -> None:
        self.draft = draft
        open_tickets.keep(self, SALE, draft)

    def action_tare(self) -> None:
        """F5: what is taken off the next load."""
        if self.yard:
            ask_tare(self, self.yard.tares, self.load, lambda: self.settled, self._prepare)

    def _prepare(self, load: Load) -> None:
        self.load = load
        self._show_weight()

    def action_manual(self) -> None:
        """F7: a load that no scale can say."""
        material = self.material
        if material is None:
            self.say(self.words("weigh.pick"), Tone.REFUSED)
        elif material.scale is not ScaleClass.COUNT:
            wall = self.till.station.desk.clock.wall()
            ask_manual(self, material, lambda gross, reason: self._add(self.load.typed(gross, reason, wall)))

    def action_terms(self) -> None:
        """F6: the dealer's figure and price of a line, or of the material chosen, and whether all of it goes."""
        offer = self.offer or (self._offer(self.load.material) if self.load.material else None)
        if self.load.material and all(each.material != self.load.material for each in self.draft.offers):
            offer = self._offer(self.load.material)
        if offer is None or self.yard is None:
            self.say(self.words("weigh.pick"), Tone.REFUSED)
        else:
            sale_dialogs.ask_terms(self, self.yard.materials[offer.material], offer, self._put)

    def action_head(self) -> None:
        """F2: where the money goes, and which vehicle takes the load."""
        if self.buyer is not None:
            self.till.push_screen(SaleHead(self.buyer, self.draft, self._changed))

    def _changed(self, draft: Draft) -> None:
        self._keep(draft)
        self._show()

    def action_remove(self) -> None:
        """`-`: the chosen material off the sale, with its loads."""
        if (offer := self.offer) and not self.committing:
            self._changed(self.draft.without(offer.material))
            self.say(self.words("ticket.removed"))

    def action_finish(self) -> None:
        """`+`: sell."""
        station, draft = self.till.station, self.draft
        if not draft.offers:
            self.refuse(TicketEmpty())
            return

        def sold(by: Signatures) -> Sheet:
            sheet = recyclables.sell(station.desk, by, draft)
            station.drafts.clear(SALE)
            return sheet

        self.commit(sold, self._done, self._refused)

    def _refused(self, no: Refused) -> None:
        self.refuse(no)
        match no:
            case UnderContract():
                self._ask_reason(no, PRICE_REASONS, lambda offer, why: replace(offer, price_reason=why))
            case LossOverTolerance():
                self._ask_reason(no, LOSS_REASONS, lambda offer, why: replace(offer, loss_reason=why))
            case _:
                pass

    def _ask_reason(self, no: Refused, reasons: tuple[str, ...], give: Callable[[Offer, str], Offer]) -> None:
        def chosen(reason: str) -> None:
            offer = self._offer(str(no.fields["material"]))
            self._put(give(offer, reason))
            self.action_finish()

        choices = [(code, self.words(f"reason.{code}")) for code in reasons]
        self.till.choose(self.words("sell.why"), choices, chosen)

    def _done(self, sheet: Sheet) -> None:
        till = self.till
        self.dismiss()
        till.show_paper(sheet)

    def action_back(self) -> None:
        """Esc: out; what is on the sale stays open."""
        if not self.committing:
            self.dismiss()


class SaleHead(FormScreen):
    """Money and vehicle of one sale."""

    TOPIC = "sale-head"

    def __init__(self, buyer: Buyer, draft: Draft, then: Callable[[Draft], object]) -> None:
        super().__init__()
        self.buyer, self.draft, self.then = buyer, draft, then

    def parts(self) -> Sequence[Part[Any]]:
        """Fund or drawer, and the plate."""
        places = [(each.value, self.words(f"paid-into.{each}")) for each in PaidInto]
        return (
            parts.choice("paid-into", places, initial=self.draft.paid_into.value),
            parts.text("plate", initial=self.draft.plate or self.buyer.plate, optional=True, most=12),
        )

    def finished(self, values: Values) -> None:
        """Give it back to the sale."""
        draft = replace(self.draft, paid_into=PaidInto(values["paid-into"]), plate=values["plate"] or "")
        self.dismiss()
        self.then(draft)


def _figure(material: Material, quantity: int) -> str:
    return str(quantity) if material.scale is ScaleClass.COUNT else kilograms(Grams(quantity))
