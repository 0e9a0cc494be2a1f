"""`pos demo`: the real terminal at the simulated devices, and a list from which a person plays the village (Ctrl+T)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from catalog.units import Grams
from drivers.simulated.scale import SimulatedScale
from pos import i18n
from pos.config import FILE
from pos.counter.village_files import read
from pos.demo.stage import CLERK, KEEPER, LISTS, Stage, clear, make
from pos.demo.township import Township
from pos.i18n import Words
from pos.tui.app import CounterApp

LOADS = {
    "FS-1": tuple(map(Grams, (350, 500, 1_200, 5_000, 12_450, 18_650, 160_000))),
    "CT-1": tuple(map(Grams, (100, 200, 850, 1_500, 4_200, 31_000))),
}
"""What lies about to be put on each scale: a sack, too little, good loads, and more than it may carry."""


def run(folder: Path, *, fresh: bool, printer: str | None, language: str) -> None:
    """Open the demo village in `folder`, made first when it is not there; `fresh` starts over."""
    words = i18n.load(language)
    if fresh:
        clear(folder)
    if not (folder / "cards.json").exists():
        print(words("demo.making"), flush=True)
        make(folder)
    with Township(folder) as township:
        township.join(folder)
        with Stage(folder, language, printer, camera=True) as stage:
            with (folder / FILE).open("a", encoding="utf-8") as settings:
                settings.write(township.settings())
            DemoApp(folder, stage, township).run()


@dataclass(frozen=True, slots=True)
class Act:
    """Something a person does at the demo's counter; `None` from `do` closes the list, more acts open another."""

    label: str
    do: "Callable[[], list[Act] | str | None]"


class DemoApp(CounterApp):
    """The terminal, with Ctrl+T for the hands of the villagers."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+t", "hands", show=False, priority=True)]

    def __init__(self, folder: Path, stage: Stage, township: Township) -> None:
        super().__init__(folder)
        self.stage, self.township = stage, township
        self.sub_title = self.words("demo.hint")

    def action_hands(self) -> None:
        """Show what can be done with the simulated devices."""
        if not isinstance(self.screen, Hands):
            self.push_screen(Hands(self.words, acts(self.stage, self.township, self.words)))


class Hands(ModalScreen[None]):
    """A list of acts. A chosen one is done after the list has gone, so that a scan meets the screen below."""

    CSS = """
    Hands { align: right top; }
    Hands > VerticalScroll { width: 46; height: 100%; border: ascii $primary; background: $surface; }
    Hands OptionList { height: auto; max-height: 100%; border: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", show=False)]

    def __init__(self, words: Words, offered: list[Act], heading: str = "") -> None:
        super().__init__()
        self.words, self.offered = words, offered
        pins = {"keeper": KEEPER.number, "pin": KEEPER.pin, "clerk": CLERK.number, "clerk_pin": CLERK.pin}
        self.heading = heading or words("demo.pins", **pins)

    def compose(self) -> ComposeResult:
        """The heading, and the acts."""
        with VerticalScroll():
            yield Static(self.heading, markup=False)
            yield OptionList(*(Option(act.label) for act in self.offered))

    def on_mount(self) -> None:
        """The list has the keys; where there is none, they scroll what is read."""
        self.query_one(OptionList if self.offered else VerticalScroll).focus()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Do what was chosen."""
        self.dismiss()
        self.app.set_timer(0.3, lambda: self._do(self.offered[event.option_index]))

    def _do(self, act: Act) -> None:
        more = act.do()
        if isinstance(more, list):
            self.app.push_screen(Hands(self.words, more))
        elif isinstance(more, str):
            self.app.push_screen(Hands(self.words, [], more))


def acts(stage: Stage, township: Township, words: Words) -> list[Act]:
    """What the villagers and the mains can do to this counter."""
    scales = (("FS-1", stage.floor), ("CT-1", stage.counter))
    offered = [
        Act(words("demo.scan-card"), lambda: _card_acts(stage, words)),
        Act(words("demo.scan-good"), lambda: _good_acts(stage)),
        Act(words("demo.next-village"), lambda: _visits(stage, township, words)),
        *(Act(words("demo.load", scale=name), _loads(name, pan)) for name, pan in scales),
        *(Act(words("demo.shake", scale=name), _done(partial(pan.shake, True))) for name, pan in scales),
        *(Act(words("demo.calm", scale=name), _done(partial(pan.shake, False))) for name, pan in scales),
        *(Act(words("demo.empty", scale=name), _done(pan.remove)) for name, pan in scales),
        *(Act(words("demo.unplug", scale=name), _done(pan.cable.unplug)) for name, pan in scales),
        *(Act(words("demo.plug", scale=name), _done(pan.cable.plug)) for name, pan in scales),
    ]
    if (printer := stage.printer) is not None:
        offered += [
            Act(words("demo.take-paper"), lambda: printer.take_paper() or words("demo.no-paper")),
            Act(words("demo.paper-out"), _done(printer.paper_out)),
            Act(words("demo.refill"), _done(printer.refill)),
        ]
    return offered


def _done(do: Callable[[], object]) -> Callable[[], None]:
    return lambda: (do(), None)[1]


def _card_acts(stage: Stage, words: Words) -> list[Act]:
    return [
        Act(f"{card.household[-4:]} {card.name} {words(f'demo.card-{card.note}')}", _scan(stage, card.qr))
        for card in stage.cards()
    ]


def _visits(stage: Stage, township: Township, words: Words) -> list[Act]:
    """Villagers who carry a good card to the next village's store."""
    return [
        Act(f"{card.household[-4:]} {card.name}", partial(township.second, card.qr, words))
        for card in stage.cards()
        if card.note == "good"
    ]


def _good_acts(stage: Stage) -> list[Act]:
    return [
        Act(f"{good.code.upper()} {good.name}", _scan(stage, good.barcodes[0])) for good in read(LISTS).village.goods
    ]


def _scan(stage: Stage, text: str) -> Callable[[], None]:
    return lambda: stage.scanner.scan(text)


def _loads(name: str, pan: SimulatedScale) -> Callable[[], list[Act]]:
    def load(mass: Grams) -> Act:
        return Act(f"{name}  {mass} kg", _done(lambda: pan.place(mass.amount)))

    return lambda: [load(mass) for mass in LOADS[name]]
