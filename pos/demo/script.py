"""`pos demo --script`: the real station against the simulated devices, without a terminal.

Scan a card, weigh in three materials (worked example W1), redeem four goods (R1), take that back whole, print again;
then join a township, and see a point refused and then granted in the next village; verify. In a fresh folder each time,
in Chinese whatever the locale.
"""

import json
import queue
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from catalog.units import Grams
from drivers.events import Event, Scanned
from drivers.scale.weighing import NotTaken, Settled
from drivers.scanner.codes import Code, classify
from drivers.simulated.scale import SimulatedScale
from pos import i18n
from pos.core import redemption, weigh_in
from pos.core.entries import Signatures
from pos.core.receipts import Receipt
from pos.core.reversal import ReversalReason
from pos.core.weigh_in import TareFrom, WeighedDraft
from pos.counter import cards, day, people, redeem, reverse
from pos.counter import weigh_in as weighing
from pos.counter.cards import HouseholdView
from pos.demo.stage import KEEPER, Stage, make
from pos.devices import evidence
from pos.i18n import Words
from pos.printing.preview import preview
from pos.station import Station, open_station
from pos.storage import catalogue, jobs
from pos.storage.jobs import JobState
from pos.storage.verify import verify

T = TypeVar("T")

PATIENCE = 20.0
"""Seconds that any one step may take before the demo gives up."""

HOUSEHOLD = "9901011012000042"
LOADS = (
    ("p01", "FS-1", Grams(350), Grams(18650), TareFrom.SCALE),
    ("l01", "CT-1", Grams(200), Grams(4200), TareFrom.PRESET),
    ("m01", "FS-1", Grams(0), Grams(12450), TareFrom.NONE),
)
"""W1: cardboard in a sack that was weighed first, PET in a sack of known mass, iron bare."""
GOODS = (("2900000000018", 2), ("2900000000162", 1), ("2900000000131", 1))
"""R1: salt twice, washing liquid, tissues; by barcode."""


_FINISHED = (JobState.CONFIRMED, JobState.SENT, JobState.UNKNOWN)


class Stuck(Exception):
    """A step of the demo did not come to its end in time."""


def run(printer: str | None = None) -> int:
    """Play the demo and print what happens; 0 when every step did what it should and the books verify."""
    begun = time.monotonic()
    words = i18n.load("zh_CN")
    with tempfile.TemporaryDirectory(prefix="pos-demo-") as folder:
        make(Path(folder))
        with Stage(Path(folder), printer=printer) as stage:
            events: queue.SimpleQueue[Event] = queue.SimpleQueue()
            station = open_station(Path(folder), events.put)
            station.start_printing(lambda _state: None)
            try:
                play = _Play(stage, station, events)
                play.all()
            except Stuck as stuck:
                _say(words("demo.stuck", step=stuck))
                return 1
            finally:
                station.close()
        _visit(Path(folder), words)
        report = verify(Path(folder))
    _say(report.line(words))
    _say(words("demo.summary", entries=report.entries, papers=play.papers, seconds=int(time.monotonic() - begun)))
    return 1 if report.wrong else 0


class _Play:
    def __init__(self, stage: Stage, station: Station, events: "queue.SimpleQueue[Event]") -> None:
        self.stage, self.station, self.events = stage, station, events
        self.words = station.words
        self.papers = 0

    def all(self) -> None:
        words, desk = self.words, self.station.desk
        by = Signatures(people.sign_in(desk, KEEPER.number, KEEPER.pin).number)
        day.open_day(desk, by)
        _say(words("demo.opened", store=desk.store.identity.name, keeper=by.operator))
        view = self.card()
        self.shown(weighing.weigh_in(desk, by, self.loads(view)))
        redeemed = redeem.redeem(desk, by, self.goods(view))
        self.shown(redeemed)
        seq = int(redeemed.slip.number.rpartition("-")[2])
        self.shown(reverse.reverse(desk, by, seq, ReversalReason.CHANGED_MIND))
        copy = reverse.reprint(desk, by, seq)
        self.printed(words("demo.reprint", number=redeemed.slip.number, copy=copy))
        day.close_day(desk, by)

    def card(self) -> HouseholdView:
        """Scan the household's card."""
        card = next(card for card in self.stage.cards() if card.household == HOUSEHOLD)
        view = cards.open_household(self.station.desk, self.scan(card.qr))
        _say(self.words("demo.card", household=view.household.short, name=view.household.masked, points=view.points))
        return view

    def loads(self, view: HouseholdView) -> weigh_in.Draft:
        """Put each load on its scale and take its weight when it stands still."""
        lines = tuple(self.load(*load) for load in LOADS)
        return weigh_in.Draft(view.household.number, view.card.number, view.read.read_as, lines)

    def load(self, material: str, name: str, tare: Grams, gross: Grams, tare_from: TareFrom) -> WeighedDraft:
        pan = self.stage.floor if name == "FS-1" else self.stage.counter
        self.settled(name, pan, 0)
        if tare_from is TareFrom.SCALE:
            tare = self.settled(name, pan, tare.amount).grams
            self.settled(name, pan, 0)
        scale = self.station.devices.scales[name]
        taken = scale.take(self.settled(name, pan, gross.amount))
        if isinstance(taken, NotTaken):
            raise Stuck(taken.code)
        pan.remove()
        _say(self.words("demo.weighed", scale=name, gross=taken.text, tare=tare))
        seen = evidence(name, taken, self.station.desk.clock.wall())
        return WeighedDraft(material, taken.grams, tare, tare_from, 0, "", seen)

    def settled(self, name: str, pan: SimulatedScale, grams: int) -> Settled:
        """Have so much on the pan, and wait until the scale says so."""
        pan.place(grams)
        scale = self.station.devices.scales[name]

        def shows() -> Settled | None:
            state = scale.state()
            return state if isinstance(state, Settled) and state.grams.amount == grams else None

        return _until(f"{name} {grams} g", shows)

    def goods(self, view: HouseholdView) -> redemption.Draft:
        """Scan each good as often as it is wanted."""
        draft = redemption.Draft(view.household.number, view.card.number, view.read.read_as)
        for barcode, pieces in GOODS:
            for _ in range(pieces):
                with self.station.store.read() as connection:
                    good = catalogue.good_by_barcode(connection, self.scan(barcode))
                if good is None:
                    raise Stuck(barcode)
                draft = draft.adding(good)
        return draft

    def scan(self, text: str) -> str:
        """Scan a code, and give back what arrived."""
        self.stage.scanner.scan(text)
        deadline = time.monotonic() + PATIENCE
        while (left := deadline - time.monotonic()) > 0:
            try:
                event = self.events.get(timeout=left)
            except queue.Empty:
                break
            if isinstance(event, Scanned) and isinstance(code := classify(event.text), Code):
                return code.text
        raise Stuck(text)

    def shown(self, receipt: Receipt) -> None:
        """Print a receipt as the screen previews it, then what the printer received."""
        _say("\n".join(preview(receipt, self.words, 32)))
        self.printed(self.words("demo.receipt", number=receipt.slip.number))

    def printed(self, what: str) -> None:
        """Wait until the job is off the program's hands, and show the paper where the printer is the simulated one."""
        self.wake()
        state = _until(what, self.done)
        self.papers += 1
        _say(f"{what}: {self.words(f'demo.{state}')}")
        if self.stage.printer is not None:
            _say(_until(what, self.stage.printer.take_paper))

    def wake(self) -> None:
        if self.station.printing is not None:
            self.station.printing.wake()

    def done(self) -> str | None:
        """Where the newest job is, once the program has nothing more to do for any."""
        with self.station.store.read() as connection:
            newest = jobs.newest(connection)
        return newest.state.value if newest is not None and newest.state in _FINISHED else None


def _visit(folder: Path, words: Words) -> None:
    """The store joins the township; a point earned here is refused in the next village, then granted."""
    from pos.demo.township import Township

    lying = json.loads((folder / "cards.json").read_text(encoding="utf-8"))
    card = next(each["qr"] for each in lying if each["household"] == HOUSEHOLD)
    with Township(folder) as township:
        township.join(folder)
        _say(words("demo.joined", url=township.url))
        _say(township.second(card, words))
        township.sync(folder)
        _say(words("demo.synced"))
        _say(township.second(card, words))


def _until(what: str, seen: Callable[[], T | None]) -> T:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if (found := seen()) is not None:
            return found
        time.sleep(0.05)
    raise Stuck(what)


def _say(text: str) -> None:
    print(text, flush=True)
