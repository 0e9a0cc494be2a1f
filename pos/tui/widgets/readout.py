"""The scale's figures in big digits: true now, or dashes and the reason in words."""

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from catalog.materials import Material
from catalog.units import Fen, Grams
from drivers.scale.weighing import Moving, Settled, Weighing
from pos.i18n import Words
from pos.tui.load import Load, own_tare
from pos.tui.weight_words import DASHES, code_of, decimals, jin, kilograms, why_not
from pos.tui.widgets.cells import left, spread
from pos.tui.widgets.digits import BigDigits

_SIGNS = {"settled": "●", "waiting": "○", "refused": "×"}


class Readout(Widget):
    """State, gross and net of one scale, and the line that its load will become."""

    def compose(self) -> ComposeResult:
        """State, figures, line."""
        yield Static(id="state", markup=False)
        with Horizontal(id="figures"):
            yield Static(id="gross-label", markup=False)
            yield BigDigits(id="gross")
            yield Static(id="net-label", markup=False)
            yield BigDigits(id="net")
        yield Static(id="load", markup=False)

    def show(self, words: Words, scale: str, weighing: Weighing, load: Load, note: str = "") -> None:
        """Show what `scale` says and what of it is net of the load's tare; `note` stands beside it where it fits."""
        settled = weighing if isinstance(weighing, Settled) else None
        code = code_of(weighing)
        waiting = isinstance(weighing, Moving) or code in ("below-minimum", "empty-or-light")
        tone = "waiting" if waiting else "settled" if settled else "refused"
        said = f"{_SIGNS[tone]} {scale}  {why_not(words, code)}"
        room = self.size.width - cell_len(note)
        fits = note and room > cell_len(said)
        self._put("state", Content.assemble(left(said, room), (note, "$waiting")) if fits else said)
        self._figures(words, settled, load, tone)

    def refuse(self, words: Words, text: str) -> None:
        """Show that there is no scale to weigh on, and why."""
        self._put("state", f"{_SIGNS['refused']} {text}")
        self._figures(words, None, Load(""), "refused")

    def _figures(self, words: Words, settled: Settled | None, load: Load, tone: str) -> None:
        for place in ("state", "gross", "net"):
            self.query_one(f"#{place}").set_classes([tone])
        gross = settled.grams + own_tare(settled) if settled else None
        net = self._net(gross, settled, load)
        digits = decimals(settled) if settled else 2
        self.query_one("#gross", BigDigits).value = DASHES if gross is None else kilograms(gross, digits)
        self.query_one("#net", BigDigits).value = DASHES if net is None else kilograms(net, digits)
        self._put("gross-label", words("weigh.gross"))
        self._put("net-label", words("weigh.net", jin="-" if net is None else jin(net)))

    def explain(self, words: Words, material: Material | None, price: str, load: Load, amount: Fen | None) -> None:
        """Say what the next line is: material, price, tare, deduction, and what it comes to."""
        if material is None:
            self._put("load", words("weigh.pick"))
            return
        parts = [f"{material.name} {price}"]
        if load.tare:
            parts.append(f"{words(f'tare.{load.tare_from}')} {kilograms(load.tare)}")
        if load.deduction:
            parts.append(
                f"{words('weigh.deducted', percent=load.deduction)} {words(f'reason.{load.deduction_reason}')}"
            )
        if material.note:
            parts.append(material.note)
        worth = words("weigh.worth", amount=amount) if amount else ""
        self._put("load", spread("  ".join(parts), worth, self.size.width))

    def _put(self, place: str, text: str | Content) -> None:
        self.query_one(f"#{place}", Static).update(text)

    def _net(self, gross: Grams | None, settled: Settled | None, load: Load) -> Grams | None:
        if gross is None or settled is None:
            return None
        net = settled.grams - load.tare
        return net if net >= Grams(0) else None
