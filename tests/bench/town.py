"""The evening of a town: 18 stores with a day's entries each sync at once with one ledger on PostgreSQL.

Real stores, the real session and the real network (loopback, no TLS); 8,695 households, half of which hold points that
are granted in the same sessions. Printed: wall time, most memory that the ledger had, bytes on the wire both ways, and
bytes of an entry in the push of a whole batch.

    python -m tests.bench.town [ENTRIES A STORE]    goal: 80 bytes an entry
"""

import os
import random
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path

import httpx
from sqlalchemy import insert

from catalog.units import Points
from pos.clock import Clock
from pos.core import accounts, awards
from pos.core.accounts import POINTS, Account
from pos.core.entries import Moment, Unknown
from pos.core.transfers import Decision, Transfer
from pos.ledger import direct, enrol, townships
from pos.ledger import tables as t
from pos.ledger.books import Act
from pos.ledger.enrol import Code
from pos.ledger.service import Ledger, open_ledger
from pos.storage import store
from pos.storage.installation import Identity
from pos.storage.store import Store
from pos.sync import enrolment
from pos.sync.session import Session
from pos.sync.transport import HttpTransport
from pos.wire.messages import MOST_ENTRIES
from tests.bench import ingest
from tests.bench.measure import Probe, percentile, timed
from tests.core import village
from tests.core.model import START
from tests.ledger.served import Served
from tests.ledger.servers import started
from tests.ledger.town import BY, TOWNSHIP, Device

STORES, HOUSEHOLDS, ENTRIES = 18, 8_695, 600
GOAL = 80


class Counted(HttpTransport):
    """The network, its bytes counted: heads and bodies as they are sent."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.up = self.down = self.largest = 0
        self._client.event_hooks = {"request": [self._sent], "response": [self._came]}

    def _sent(self, request: httpx.Request) -> None:
        self.up += _head(request.headers) + len(request.content)
        self.largest = max(self.largest, len(request.content))

    def _came(self, response: httpx.Response) -> None:
        response.read()
        self.down += _head(response.headers) + response.num_bytes_downloaded


def _head(headers: httpx.Headers) -> int:
    return 80 + sum(len(name) + len(value) + 4 for name, value in headers.raw)


def found(ledger: Ledger) -> None:
    """The town: its stores, its households and what the committee has awarded."""
    townships.create(ledger, TOWNSHIP, "柳塘镇", 480, "op")

    def people(act: Act, first: int) -> None:
        name = f"S{first}"
        townships.add_store(act, name, "", name, "op")
        here = [ingest.household(name, n) for n in range(HOUSEHOLDS // STORES + (first < HOUSEHOLDS % STORES))]
        rows = [
            {"township": TOWNSHIP, "household": each, "village": "", "home": name, "state": "normal"} for each in here
        ]
        act.connection.execute(insert(t.households), rows)
        for each in here[::2]:
            books = act.books([(account(each, "L"), POINTS) for account in (accounts.points, accounts.debt)])
            act.write(awards.award(each, "2026-01", Points(30_00), books))

    for number in range(STORES):
        ledger.act(TOWNSHIP, partial(people, first=number))


def opened(folder: Path, ledger: Ledger, number: int, entries: int) -> Store:
    """A store of the town, enrolled, after a day's work."""
    identity = Identity(f"S{number}", "店", "990101101200", "", f"dev{number}", 1, 480)
    store.create(folder, identity)
    here = store.open_store(folder)
    code = enrol.make_code(ledger, TOWNSHIP, Code(identity.store), "op")
    enrolment.enrol(here, partial(direct.answer, ledger), Clock(), TOWNSHIP, code)
    chance, device = random.Random(number), Device(identity.store, identity.device, 1)
    shelf, bought = accounts.stock("village", "0", here.identity.writer), Account("in", "purchase", device.writer)
    goods = tuple(Transfer(bought, shelf, f"g:{good}", 100_000) for good in village.GOODS)
    moment = Moment(START, chance.randrange(20_000, 900_000), f"{chance.randrange(2**32):08x}")
    with here.write() as tx:
        tx.append(moment, BY, Decision(Unknown("x-opening", ()), goods))
        for _, (passed, decision) in zip(range(entries), ingest.decisions(device, chance), strict=False):
            moment = Moment(moment.wall + passed, moment.mono + passed, moment.boot)
            tx.append(moment, BY, decision)
    return here


def sync(here: Store, url: str) -> tuple[float, Counted]:
    """One session; seconds, and what it sent and got."""
    with closing(Counted(url)) as transport:
        start = time.perf_counter()
        state = Session(here, transport, Clock()).run()
        assert not state.halted
        return time.perf_counter() - start, transport


def main(entries: int) -> int:
    """Print the figures; 1 when a goal is missed."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        os.environ.setdefault("XDG_RUNTIME_DIR", name)
        with started(Path(name)) as server:
            folder, address = Path(name) / "ledger", server.new_database()
            ledger = open_ledger(folder, address)
            found(ledger)
            stores = [opened(Path(name) / f"S{n}", ledger, n, entries) for n in range(STORES)]
            ledger.close()
            with closing(Served(folder, address)) as served, ThreadPoolExecutor(STORES) as pool:
                start = time.perf_counter()
                done = list(pool.map(lambda here: sync(here, served.url), stores))
                wall = time.perf_counter() - start
                peak = _peak(served.pid)
            for here in stores:
                here.close()
        probe = Probe(Path(name) / "probe")
        disk = percentile([timed(probe) for _ in range(200)], 50)
        probe.close()
    seconds = sorted(spent for spent, _ in done)
    up, down = (sum(getattr(transport, way) for _, transport in done) for way in ("up", "down"))
    an_entry = -(-max(transport.largest for _, transport in done) // min(entries, MOST_ENTRIES))
    print(f"{STORES} stores, {HOUSEHOLDS} households, {entries} entries a store; one disk write {disk} µs")
    print(f"all synced in {wall:.1f} s; a store in {seconds[STORES // 2]:.1f} s, the slowest {seconds[-1]:.1f} s")
    print(f"ledger's peak memory {peak} MiB; on the wire {up // 1024} KiB up, {down // 1024} KiB down")
    print(f"town {'ok' if an_entry <= GOAL else 'MISSED'}: {an_entry} bytes an entry in one request (goal {GOAL})")
    return int(an_entry > GOAL)


def _peak(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES))
