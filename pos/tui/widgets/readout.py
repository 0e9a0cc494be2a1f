"""The scale's figures in big digits: true now, or dashes and the reason in words."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Static

from catalog.materials import Material
from catalog.units import Fen, Grams
from drivers.errors import DriverError
from drivers.scale.weighing import Moving, NoSignal, OutOfRange, Settled, Weighing
from pos.i18n import Words
from pos.tui.load import Load, decimals, jin, kilograms, own_tare
from pos.tui.widgets.cells import spread
from pos.tui.widgets.digits import BigDigits

DASHES = "--.--"
TONES = ("settled", "waiting", "refused")


def why_not(words: Words, code: str) -> str:
    """Why there is no weight to pay for, and what to do: the code of a weighing, a `NotTaken` or a fault."""
    return words(f"fault.{code}" if code in FAULTS else f"weighing.{code}")


def _faults(kind: type[DriverError]) -> set[str]:
    return {kind.code}.union(*(_faults(child) for child in kind.__subclasses__()))


FAULTS = frozenset(_faults(DriverError))
"""Codes of a line's faults, as far as scales know them."""


def code_of(weighing: Weighing) -> str:
    """The code of what a scale says, `settled` when it may be taken."""
    match weighing:
        case Settled():
            return "settled"
        case Moving(reason=reason):
            return "moving" if reason == "loading" else reason
        case OutOfRange(code=code) | NoSignal(code=code):
            return code


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

    def show(self, words: Words, scale: str | None, weighing: Weighing, load: Load) -> None:
        """Show what `scale` says and what of it is net of the load's tare; without a scale, say so."""
        settled = weighing if isinstance(weighing, Settled) else None
        tone = "settled" if settled else "waiting" if isinstance(weighing, Moving) else "refused"
        sign = "●" if settled else "○" if tone == "waiting" else "×"
        said = f"{scale}  {why_not(words, code_of(weighing))}" if scale else words("weigh.no-scale")
        self._put("state", f"{sign} {said}")
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

    def _put(self, place: str, text: str) -> None:
        self.query_one(f"#{place}", Static).update(text)

    def _net(self, gross: Grams | None, settled: Settled | None, load: Load) -> Grams | None:
        if gross is None or settled is None:
            return None
        net = settled.grams - load.tare
        return net if net >= Grams(0) else None
