"""The demo's township: a real ledger over HTTP on this machine, and a second store that syncs with it.

The demo's store joins as a real one does: it ran alone, its journal goes up whole, the township approves and closes
that time, and a new epoch begins with what the ledger hands over and grants.
"""

import socket
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Self

from catalog.units import Points
from pos.clock import Clock
from pos.core import redemption
from pos.core.cards import ReadAs
from pos.core.cards import read as read_card
from pos.core.entries import Signatures
from pos.core.refusals import Refused
from pos.counter import day, people, redeem, setup
from pos.counter.desk import Desk
from pos.counter.village_files import read
from pos.demo.stage import CLERK, KEEPER, LISTS
from pos.i18n import Words
from pos.storage import keys, registry, store
from pos.storage.installation import Identity
from pos.sync import asking, enrolment, renewal
from pos.sync.session import Session
from pos.wire.calls import Call, Reply

TOWNSHIP, NEXT_VILLAGE, NEXT_STORE = "990101101", "990101101201", "QL01"
NEXT_NAME = "青龙村积分兑换超市"
BY = "demo"
ASKED = Points(5_00)
_WAIT = 20.0


class Township:
    """The ledger while in `with`; its address is known at once, and it answers as soon as it is loaded."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "township"
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._ready = threading.Event()
        self._stop: Callable[[], object] = lambda: None
        self._thread = threading.Thread(target=self._serve, name="township", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ready.wait(_WAIT)
        self._stop()
        self._thread.join(_WAIT)

    def join(self, home: Path) -> bool:
        """Have the store in `home` join, and found the second one; whether there was anything to do."""
        if (self.folder / "second").exists():
            return False
        self._ready.wait(_WAIT)
        self._found()
        self._take_in(home)
        self._found_second()
        return True

    def settings(self) -> str:
        """What `station.toml` says of it."""
        return f'\n[sync]\nurl = "{self.url}"\n'

    def second(self, card: str, words: Words) -> str:
        """A customer of the first village shops in the second by a card's QR code: what its keeper sees."""
        self._ready.wait(_WAIT)
        shop = store.open_store(self.folder / "second")
        try:
            return self._visit(Desk(shop), card, words)
        finally:
            shop.close()

    def sync(self, home: Path) -> None:
        """Let the store in `home`, which nobody has open, sync."""
        shop = store.open_store(home)
        try:
            Session(shop, self._way, Clock()).run()
        finally:
            shop.close()

    def _way(self, call: Call) -> Reply:
        # The network is loaded when something is asked.
        from pos.sync.transport import HttpTransport

        with closing(HttpTransport(self.url)) as transport:
            return transport(call)

    def _serve(self) -> None:
        # A second of imports that the first paint does not wait for.
        import uvicorn

        from pos.ledger import app
        from pos.ledger.service import open_ledger

        self.ledger = open_ledger(self.folder)
        generous = dict.fromkeys(app.RATES, "6000/minute")
        settings = uvicorn.Config(app.create(self.ledger, generous), log_config=None, lifespan="off")
        server = uvicorn.Server(settings)
        self._stop = lambda: setattr(server, "should_exit", True)
        self._ready.set()
        server.run(sockets=[self._socket])
        self.ledger.close()

    def _found(self) -> None:
        """The township with two villages, and the households of the first; their cards come with its store."""
        from pos.ledger import registry as residents
        from pos.ledger import townships
        from pos.ledger.books import Act

        lists = read(LISTS)
        townships.create(self.ledger, TOWNSHIP, "柳河镇", 480, BY)
        villages = ((lists.village_code, lists.name[:3]), (NEXT_VILLAGE, NEXT_NAME[:3]))
        residents.add_villages(self.ledger, TOWNSHIP, villages, BY)

        def work(act: Act) -> None:
            townships.add_store(act, lists.code, lists.village_code, lists.name, BY)
            townships.add_store(act, NEXT_STORE, NEXT_VILLAGE, NEXT_NAME, BY)

        self.ledger.act(TOWNSHIP, work)
        known = [
            residents.Resident(each.number, each.head, each.group, each.persons, lists.code, int(each.quiet))
            for each in lists.village.households
        ]
        residents.put_households(self.ledger, TOWNSHIP, known, BY)

    def _take_in(self, home: Path) -> None:
        """What ran alone goes up whole, is approved and closed; a new epoch begins."""
        from pos.ledger import closing
        from pos.ledger.enrol import Code, make_code

        way, clock, two = self._way, Clock(), Signatures(KEEPER.number, CLERK.number)
        shop = store.open_store(home)
        try:
            device, code = shop.identity.device, Code(shop.identity.store, alone=True)
            enrolment.enrol(shop, way, clock, TOWNSHIP, make_code(self.ledger, TOWNSHIP, code, BY))
            Session(shop, way, clock).run()
            closing.approve_alone(self.ledger, TOWNSHIP, device, {}, BY)
            Session(shop, way, clock).run()
            closing.close(self.ledger, TOWNSHIP, device, 0, BY, "joined")
            next_code = Code(shop.identity.store, device)
            renewal.renew(shop, way, clock, two, make_code(self.ledger, TOWNSHIP, next_code, BY))
        finally:
            shop.close()
        self.sync(home)

    def _found_second(self) -> None:
        from pos.ledger.enrol import Code, make_code

        lists, folder = read(LISTS), self.folder / "second"
        store.create(folder, Identity(NEXT_STORE, NEXT_NAME, NEXT_VILLAGE, "", keys.new_device(), 1, 480))
        shop = store.open_store(folder)
        try:
            desk, two = Desk(shop), Signatures(KEEPER.number, CLERK.number)
            for person in (KEEPER, CLERK):
                people.add_keeper(desk, Signatures("00"), person.number, person.name, person.role, person.pin)
            setup.load(desk, two, lists.village)
            setup.open_stock(desk, two, lists.stock)
            code = make_code(self.ledger, TOWNSHIP, Code(NEXT_STORE), BY)
            enrolment.enrol(shop, self._way, desk.clock, TOWNSHIP, code)
            day.open_day(desk, Signatures(KEEPER.number))
        finally:
            shop.close()

    def _visit(self, desk: Desk, card: str, words: Words) -> str:
        way, by = self._way, Signatures(KEEPER.number)
        said: list[str] = [words("demo.second", store=desk.store.identity.name, points=ASKED)]
        try:
            asking.visit(desk.store, way, desk.clock, by, card)
            number = read_card(card).number
            with desk.store.read() as connection:
                held = registry.card(connection, number)
            assert held is not None
            points = asking.ask(desk.store, way, desk.clock, by, held.household, ASKED)
            said.append(words("sync.granted", points=points))
            ticket = redemption.Draft(held.household, number, ReadAs.NUMBER).adding("g001")
            receipt = redeem.redeem(desk, by, ticket)
            said.append(words("demo.second-sold", number=receipt.slip.number))
            Session(desk.store, way, desk.clock).run()
        except Refused as refused:
            said.append(words(f"refused.{refused.code}", **refused.fields))
        return "\n".join(said)
