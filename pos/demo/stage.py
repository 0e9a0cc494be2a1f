"""The demo's stage: a founded store, its `station.toml`, and simulated devices on cables that keep their names."""

import json
import os
import shutil
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Self

from catalog.units import Points
from drivers.printer.printer import Printer
from drivers.printer.profile import PrinterProfile
from drivers.simulated.cable import Cable, PtyCable, TcpCable
from drivers.simulated.printer import PrinterKind, SimulatedPrinter
from drivers.simulated.scale import SimulatedScale
from drivers.simulated.scanner import SimulatedScanner
from pos.clock import Clock
from pos.config import FILE
from pos.core import cards as card_text
from pos.core.campaigns import Campaign
from pos.core.entries import Signatures
from pos.core.local_time import local_date
from pos.core.people import Role
from pos.counter import award_files, buyers, campaigns, cards
from pos.counter.desk import Desk
from pos.counter.founding import Person, found
from pos.counter.village_files import read
from pos.demo import film
from pos.storage.buyers import FOREVER, Buyer, Contract
from pos.storage.store import open_store

LISTS = Path(__file__).parent / "village"
KEEPER = Person("02", "王玉兰", Role.KEEPER, "2580")
CLERK = Person("01", "李文书", Role.CLERK, "1470")
LOST, REISSUED = "9901011012000060", "9901011012000059"
"""Households whose first card was reported lost, and was replaced."""

_UTC_OFFSET_MINUTES = 480
_CARDS = "cards.json"

_SETTINGS = """\
language = "{language}"

[printer]
url = "{printer}"
columns = 32
status = {answers}

[[scales]]
name = "FS-1"
url = "{floor}"
protocol = "yaohua_stx"
scale_class = "floor"
minimum_g = 1000
maximum_g = 150000
division_g = 50
verified_until = "{verified}"

[[scales]]
name = "CT-1"
url = "{counter}"
protocol = "os2_active"
scale_class = "counter"
minimum_g = 200
maximum_g = 30000
division_g = 10
verified_until = "{verified}"

[[scanners]]
name = "SC-1"
url = "{scanner}"
"""

_CAMERA = """\

[camera]
url = "file:{film}"
"""


@dataclass(frozen=True, slots=True)
class DemoCard:
    """A card lying on the demo's counter."""

    household: str
    name: str
    note: str
    """`good`, `lost` or `replaced`."""
    qr: str


def make(folder: Path) -> None:
    """Found the demo village in `folder`, with one lost card and one that was issued anew."""
    lists = read(LISTS)
    qr = dict(found(folder, lists, (KEEPER, CLERK), _UTC_OFFSET_MINUTES))
    store = open_store(folder)
    try:
        desk, two = Desk(store), Signatures(KEEPER.number, CLERK.number)
        cards.report_lost(desk, two, card_text.read(qr[LOST]).number)
        replaced = qr[REISSUED]
        qr[REISSUED] = cards.qr_text(desk, cards.issue(desk, two, [REISSUED])[REISSUED])
        _found_yard(desk, two)
    finally:
        store.close()
    shutil.copytree(LISTS / award_files.FOLDER, folder / award_files.FOLDER)
    names = {household.number: household.masked for household in lists.village.households}
    lying = [DemoCard(number, names[number], "lost" if number == LOST else "good", qr[number]) for number in qr]
    lying.append(DemoCard(REISSUED, names[REISSUED], "replaced", replaced))
    text = json.dumps([asdict(card) for card in lying], ensure_ascii=False)
    (folder / _CARDS).write_text(text, encoding="utf-8")


def _found_yard(desk: Desk, two: Signatures) -> None:
    """Who takes materials away, at what price, and a campaign for pesticide bags that begins today (W5)."""
    today = desk.today()
    buyers.save(desk, two, Buyer("b1", "柳河再生资源站", "黑A12345", "0000-11111111", "", buyers.DEALER))
    buyers.save(desk, two, Buyer("c1", "县固废处置中心", "黑B00001", "0000-22222222", "HW-2026-017", buyers.COLLECTOR))
    for material, fen in (("p01", 125), ("p02", 140), ("l01", 300), ("m01", 200), ("m02", 880), ("m04", 5_200)):
        buyers.agree(desk, two, Contract("b1", material, today.replace(day=1), FOREVER, fen))
    pesticide = Campaign("pesticide", "农药包装回收", today, today + timedelta(days=14), Points(20_00))
    campaigns.begin(desk, two, pesticide, Points(2_000_00))


def clear(folder: Path) -> None:
    """Remove a demo village; refuses, with `ValueError`, a folder that is not one."""
    if folder.exists():
        if not (folder / _CARDS).exists():
            raise ValueError(f"{folder} is not a demo")
        shutil.rmtree(folder)


class Stage:
    """The simulated devices of a demo folder, running while in `with`; `station.toml` points at them.

    `printer` is the URL of another printer to use; the simulated one is left out then. With `camera` a card is held in
    front of one.
    """

    def __init__(
        self, folder: Path, language: str = "zh_CN", printer: str | None = None, *, camera: bool = False
    ) -> None:
        self.folder = folder
        self._stack = ExitStack()
        floor, counter, scanner = self._cable("floor"), self._cable("counter"), self._cable("scanner")
        self.floor = SimulatedScale(floor, "yaohua_stx", decimals=2, division=50, maximum=150_000)
        self.counter = SimulatedScale(counter, "os2_active", decimals=2, division=10, maximum=30_000)
        self.scanner = SimulatedScanner(scanner)
        self.printer: SimulatedPrinter | None = None
        if printer is None:
            cable = self._cable("printer")
            self.printer = SimulatedPrinter(cable, PrinterKind(columns=32))
            printer = cable.url if "://" in cable.url else f"serial://{cable.url}?baud=115200"
            answers = True
        else:
            # A printer that says nothing is known to be mute, so that no paper waits for an answer that never comes.
            answers = Printer(PrinterProfile(printer, columns=32)).state().answers
        settings = _SETTINGS.format(
            language=language,
            printer=printer,
            answers=str(answers).lower(),
            floor=floor.url,
            counter=counter.url,
            scanner=scanner.url,
            verified=date(local_date(Clock().wall(), _UTC_OFFSET_MINUTES).year + 1, 9, 30).isoformat(),
        )
        (folder / FILE).write_text(settings + (self._film() if camera else ""), encoding="utf-8")

    def cards(self) -> list[DemoCard]:
        """The cards lying on the counter."""
        return [DemoCard(**card) for card in json.loads((self.folder / _CARDS).read_text(encoding="utf-8"))]

    def _film(self) -> str:
        """The camera's section; what it sees is drawn when it is first wanted."""
        path = self.folder / film.FILE
        if not path.exists():
            film.film(path, self.cards()[0].qr)
        return _CAMERA.format(film=path.as_posix())

    def __enter__(self) -> Self:
        for device in (self.floor, self.counter, self.printer):
            if device is not None:
                self._stack.enter_context(device)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _cable(self, name: str) -> Cable:
        ports = self.folder / "ports"
        ports.mkdir(exist_ok=True)
        cable: Cable = TcpCable() if os.name == "nt" else PtyCable(ports / name)
        self._stack.callback(cable.close)
        return cable
