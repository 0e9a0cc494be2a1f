"""Signed HTTP ingest into the village ledger against what the same PostgreSQL does otherwise; interleaved in one run.

Ingest: eight stores push batches of 500 entries (zstd, Ed25519), four requests at a time, to one uvicorn process on the
same machine; each batch is verified, chained, posted with guarded balances, added to the township's log, committed and
answered with a signature. A batch is a day's weigh-ins and redemptions of random households, loads and goods, decided
by `pos.core`. One transfer is two postings. Beside it, on the same server, with the same tables and indexes:

* bare COPY: the same journal and transfer rows, ready made, in binary, one commit a batch: nothing checked or balanced;
* SQLAlchemy's ORM: an object an entry and one a posting, by `add_all`, one commit a batch; and beside it, without a
  goal, one a transfer, the very rows of the ledger;
* pgbench: its TPC-B with 4 clients, prepared;
* the same ingest where so many postings were there before.

    python -m tests.bench.ingest [PRIOR POSTINGS]    goals: 0.5 x, 8 x, 3 x (entries over transactions), 0.8 x
"""

import http.client
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import zstandard
from sqlalchemy import BigInteger, Column, MetaData, PrimaryKeyConstraint, Table, Text, create_engine, insert
from sqlalchemy.orm import Session, registry

from pos.core import entries, redemption, weigh_in
from pos.core.entries import Entry, Moment
from pos.core.transfers import Decision
from pos.core.weigh_in import WeighedDraft
from pos.ledger import lines, townships
from pos.ledger import tables as t
from pos.ledger.books import Act
from pos.ledger.service import open_ledger
from pos.wire import messages
from tests.core import village
from tests.core.model import START
from tests.ledger.servers import Server, started
from tests.ledger.town import BY, Device, StillClock, Town

STORES, AT_ONCE, BATCH, ROUNDS, BATCHES = 8, 4, 500, 5, 40
ORM_BATCHES = 4
SERVERS = 1
TOWNSHIPS = 1
HOUSEHOLDS = 480
MATERIALS, LOADS = ("p01", "l01", "m01"), (1, 1, 1, 2)
PRIOR = 10_000_000
GOALS = {"bare COPY": 0.5, "ORM": 8.0, "TPC-B": 3.0, "prior": 0.8}
_COLUMNS = {
    name: columns.split()
    for name, columns in {
        "journal": "township writer seq kind wall booked household ref posted place bytes hash",
        "transfers": "township writer seq n source destination commodity quantity",
        "postings": "township writer seq n account commodity quantity",
    }.items()
}
POSTINGS = Table(
    "postings",
    MetaData(),
    *(Column(name, BigInteger if name in ("seq", "n", "quantity") else Text) for name in _COLUMNS["postings"]),
    PrimaryKeyConstraint("township", "writer", "seq", "n"),
)


@dataclass(frozen=True)
class Prepared:
    """One batch as it goes over the wire, and as bare rows."""

    device: Device
    body: bytes
    signature: str
    journal: list[tuple[Any, ...]]
    transfers: list[tuple[Any, ...]]


def household(store: str, number: int) -> str:
    """A household whose home is `store`."""
    return f"9901011{store[1:]:0>2}200{number:04d}"


def decisions(device: Device, chance: random.Random) -> Iterator[tuple[int, Decision[Any]]]:
    """The store's days without end, with the milliseconds between: people bring materials, and take what they can."""
    by, held = device.writer, Counter[int]()
    cards = [f"{chance.randrange(10**12):012d}" for _ in range(HOUSEHOLDS)]
    at = START
    while True:
        number = chance.randrange(HOUSEHOLDS)
        village.H, village.CARD = household(device.store, number), cards[number]
        at += (passed := chance.randrange(20_000, 240_000))
        bag = village.bag(*(load(chance, material, at) for material in chance.sample(MATERIALS, chance.choice(LOADS))))
        brought = weigh_in.decide(bag, village.weigh_rules(), village.books(by), by)
        held[number] += brought.body.points.amount
        taken = None
        goods = {good: chance.randint(1, 3) for good in chance.sample(sorted(village.GOODS), chance.choice((1, 2, 3)))}
        goods = {good: some for good, some in goods.items() if some * village.GOODS[good] * len(goods) <= held[number]}
        if goods:
            taken = redemption.decide(
                village.basket(goods), village.redeem_rules(), village.books(by, pts=held[number]), by
            )
            held[number] -= taken.body.points.amount
        # Not before both are decided: another store's day goes on meanwhile, and the village's figures are shared.
        yield passed, brought
        if taken:
            at += (passed := chance.randrange(15_000, 90_000))
            yield passed, taken


def load(chance: random.Random, material: str, at: int) -> WeighedDraft:
    """What somebody puts on the scale, with the frame that the scale sent."""
    fine = material == "l01"
    gross = chance.randrange(1_000, 8_000, 10) if fine else chance.randrange(12_000, 60_000, 50)
    draft = village.load(material, gross, chance.choice((0, 0, 100, 350)))
    frame = f"ST,GS,+{gross / 1000:08.3f}kg\r\n".encode().hex()
    return replace(draft, evidence=replace(draft.evidence, frame=frame, at=at - chance.randrange(2_000, 9_000)))


def batches(device: Device, count: int) -> Iterator[Prepared]:
    """The store's journal in batches; its PC is switched on anew for each day of about a batch's half."""
    compress, chance = zstandard.ZstdCompressor(level=3).compress, random.Random(device.name)
    work, moment = decisions(device, chance), Moment(START, 0, "")
    for _ in range(count):
        first = len(device.lines) + 1
        for seq in range(first, first + BATCH):
            passed, decision = next(work)
            if seq % (BATCH // 2) == 1:
                moment = Moment(moment.wall, chance.randrange(20_000, 900_000), f"{chance.randrange(2**32):08x}")
            moment = Moment(moment.wall + passed, moment.mono + passed, moment.boot)
            device.add(entries.encode(Entry(seq, moment, BY, decision.body, decision.transfers)))
        body, signature = device.batch(first)
        yield Prepared(device, compress(body), signature, *rows(device, first))


def rows(device: Device, first: int) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """The rows that the ledger stores of the entries from number `first` on."""
    journal, transfers = [], []
    for line, digest in zip(device.lines[first - 1 :], device.hashes[first:], strict=True):
        read, key = lines.read(line), (device.township, device.writer)
        facts = (read.seq, read.kind, read.wall, START, read.household, read.ref, 1, read.seq)
        journal.append((*key, *facts, line, digest))
        for n, move in enumerate(read.transfers, 1):
            transfers.append(
                (*key, read.seq, n, str(move.source), str(move.destination), move.commodity, move.quantity)
            )
    return journal, transfers


class Ingest:
    """A served ledger that the stores push to."""

    def __init__(self, folder: Path, address: str, devices: Sequence[Device], stack: ExitStack) -> None:
        found_towns(folder, address, devices)
        listener = socket.create_server(("127.0.0.1", 0))
        self.port = listener.getsockname()[1]
        command = [sys.executable, "-m", "tests.bench.ingest", "serve", str(folder), address, str(listener.fileno())]
        self._servers = [subprocess.Popen(command, pass_fds=[listener.fileno()]) for _ in range(SERVERS)]
        listener.close()
        for server in self._servers:
            stack.callback(server.wait)
            stack.callback(server.terminate)

    def __call__(self, work: Sequence[Prepared]) -> None:
        """Push these batches, each store's in order, so many stores at once."""
        by_store: dict[str, list[Prepared]] = {}
        for each in work:
            by_store.setdefault(each.device.name, []).append(each)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for sent in pool.map(self._push, by_store.values()):
                assert sent

    def _push(self, work: Sequence[Prepared]) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        for each in work:
            path = f"/v1/townships/{each.device.township}/devices/{each.device.name}/epochs/{each.device.epoch}/entries"
            headers = {messages.SIGNATURE: each.signature, "Content-Encoding": "zstd"}
            connection.request("POST", path, each.body, headers)
            answer = connection.getresponse()
            text = answer.read()
            assert answer.status == 200, text
        connection.close()
        return True

    @property
    def peak_mib(self) -> int:
        """Most memory that the servers have had."""
        found = [Path(f"/proc/{server.pid}/status").read_text(encoding="ascii") for server in self._servers]
        return sum(int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) for status in found) // 1024


def found_towns(folder: Path, address: str, devices: Sequence[Device]) -> None:
    """Townships that know the stores and their households."""
    clock = StillClock()
    ledger = open_ledger(folder, address, clock.clock())
    for township in sorted({device.township for device in devices}):
        townships.create(ledger, township, "柳塘镇", 480, "op")
    for device in devices:
        ledger.act(device.township, partial(_people, store=device.store))
        Town(ledger, clock, township=device.township).enrol(device)
    ledger.close()


def _people(act: Act, store: str) -> None:
    townships.add_store(act, store, "", store, "op")
    people = [
        {"township": act.township, "household": household(store, n), "village": "", "home": store, "state": "normal"}
        for n in range(HOUSEHOLDS)
    ]
    act.connection.execute(insert(t.households), people)


def serve(folder: Path, address: str, handle: int) -> None:
    """Serve the ledger on an open socket until told to end."""
    import uvicorn

    from pos.ledger.app import create

    app = create(open_ledger(folder, address), {"push": "1000000/second"})
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    server.run(sockets=[socket.socket(fileno=handle)])


def copied(address: str) -> Callable[[Sequence[Prepared]], None]:
    """Bare COPY of the same rows."""
    connection = psycopg.connect(address)
    types = {
        "journal": ["text", "text", "int8", "text", "int8", "int8", "text", "int8", "int8", "int8", "bytea", "bytea"]
    }
    types["transfers"] = ["text", "text", "int8", "int8", "text", "text", "text", "int8"]

    def copy_in(work: Sequence[Prepared]) -> None:
        for each in work:
            for table, ready in (("journal", each.journal), ("transfers", each.transfers)):
                statement = f"COPY {table} ({', '.join(_COLUMNS[table])}) FROM STDIN (FORMAT BINARY)"
                with connection.cursor().copy(statement.encode()) as copy:
                    copy.set_types(types[table])
                    for row in ready:
                        copy.write_row(row)
            connection.commit()

    return copy_in


def postings(transfers: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Two rows of each transfer: what leaves one account, and what enters the other."""
    found = []
    for township, writer, seq, n, source, destination, commodity, quantity in transfers:
        found.append((township, writer, seq, 2 * n - 1, source, commodity, -quantity))
        found.append((township, writer, seq, 2 * n, destination, commodity, quantity))
    return found


def mapped(address: str, moves: Table) -> Callable[[Sequence[Prepared]], None]:
    """SQLAlchemy's ORM: an object an entry, and one a row of `moves`, which holds transfers or postings."""
    engine = create_engine(address.replace("postgresql://", "postgresql+psycopg://", 1))
    moves.create(engine, checkfirst=True)
    kinds: dict[str, Any] = {}
    for table in (t.journal, moves):
        kinds[table.name] = type(table.name.title(), (), {})
        primary = [table.c[name] for name in ("township", "writer", "seq", "n") if name in table.c]
        registry().map_imperatively(kinds[table.name], table, primary_key=primary)

    def add_all(work: Sequence[Prepared]) -> None:
        for each in work:
            ready = postings(each.transfers) if moves is POSTINGS else each.transfers
            with Session(engine) as session:
                session.add_all([_object(kinds["journal"], _COLUMNS["journal"], row) for row in each.journal])
                session.add_all([_object(kinds[moves.name], _COLUMNS[moves.name], row) for row in ready])
                session.commit()

    return add_all


def _object(kind: Any, names: Sequence[str], row: Sequence[Any]) -> Any:
    return kind(**dict(zip(names, row, strict=True)))


def tpcb(server: Server, address: str) -> Callable[[], float]:
    """pgbench's TPC-B: transactions a second."""
    program = str(server.postgres.bin_path / "pgbench")

    def run(*arguments: str) -> str:
        return subprocess.run([program, *arguments, address], capture_output=True, text=True, check=True).stdout

    run("-i", "-q", "-s", "10")

    def measured() -> float:
        found = re.search(r"tps = ([0-9.]+)", run("-n", "-c", "4", "-j", "2", "-M", "prepared", "-T", "2"))
        assert found
        return float(found[1])

    return measured


def fill(address: str, postings: int) -> None:
    """So many postings of years before, in the journals of other devices."""
    transfers = postings // 2
    journal = f"""
        INSERT INTO journal SELECT 'T0', 'old' || n % 18 || '.1', n / 18 + 1, 'redeem', 0, 0,
        '990101101200' || lpad((n % 9000)::text, 4, '0'), NULL, 1, n, decode(repeat('00', 420), 'hex'),
        sha256(n::text::bytea) FROM generate_series(0, {transfers // 3}) n
    """
    moves = f"""
        INSERT INTO transfers SELECT 'T0', 'old' || n / 3 % 18 || '.1', n / 54 + 1, n % 3 + 1,
        'pts:990101101200' || lpad((n % 9000)::text, 4, '0') || '@old' || n / 3 % 18 || '.1',
        'spent:goods@old' || n / 3 % 18 || '.1', 'pt', 100 FROM generate_series(0, {transfers}) n
    """
    with psycopg.connect(address, autocommit=True) as connection:
        for statement in (journal, moves, "VACUUM ANALYZE", "CHECKPOINT"):
            connection.execute(statement.encode())


def measure(server: Server, folder: Path, prior: int) -> tuple[dict[str, list[float]], dict[str, int]]:
    """Rates of each round by side (postings a second; transactions for TPC-B; entries), and figures of the whole."""
    devices = [Device(f"S{n}", f"dev{n}", 1, township=f"T{n % TOWNSHIPS}") for n in range(STORES)]
    with ExitStack() as stack:
        fresh = Ingest(folder / "fresh", server.new_database(), devices, stack)
        filled_address = server.new_database()
        if prior:
            fill(filled_address, prior)
        filled = Ingest(folder / "filled", filled_address, devices, stack)
        sides: dict[str, tuple[Callable[[Sequence[Prepared]], None], int]] = {
            "ingest": (fresh, BATCHES),
            "bare COPY": (copied(server.new_database()), BATCHES),
            "ORM": (mapped(server.new_database(), POSTINGS), ORM_BATCHES),
            "ORM rows": (mapped(server.new_database(), t.transfers), ORM_BATCHES),
            "prior": (filled, BATCHES),
        }
        transactions = tpcb(server, server.new_database())
        rates: dict[str, list[float]] = {name: [] for name in (*sides, "TPC-B", "entries")}
        makers = [batches(device, ROUNDS * BATCHES) for device in devices]
        for turn in range(ROUNDS + 1):
            work = [next(makers[n % STORES]) for n in range(BATCHES)]
            for name, (side, count) in sides.items():
                postings = sum(len(each.transfers) for each in work[:count]) * 2
                start = time.perf_counter()
                side(work[:count])
                spent = time.perf_counter() - start
                if turn:
                    rates[name].append(postings / spent)
                    if name == "ingest":
                        rates["entries"].append(count * BATCH / spent)
            if turn:
                rates["TPC-B"].append(transactions())
        bytes_an_entry = max(-(-len(each.body) // BATCH) for each in work)
        return rates, {"bytes an entry": bytes_an_entry, "peak MiB": fresh.peak_mib}


def main(prior: int) -> int:
    """Print the figures; 1 when a goal is missed."""
    with tempfile.TemporaryDirectory() as name:
        os.environ.setdefault("XDG_RUNTIME_DIR", name)
        with started(Path(name)) as server:
            rates, figures = measure(server, Path(name), prior)
    middle = {name: statistics.median(each) for name, each in rates.items()}
    for name, rate in middle.items():
        spread = f"{min(rates[name]):10.0f} to {max(rates[name]):8.0f}"
        unit = {"TPC-B": "transactions/s", "entries": "entries/s"}.get(name, "postings/s")
        print(f"{name:10} {rate:10.0f} {unit}   {spread}")
    print(
        ", ".join(f"{name} {figure}" for name, figure in figures.items()),
        f"{prior} prior postings",
        f"load {os.getloadavg()[0]:.1f}",
        sep=", ",
    )
    # Round by round: what the machine has to do beside changes from one to the next.
    sides = {"bare COPY": ("ingest", "bare COPY"), "ORM": ("ingest", "ORM")}
    sides |= {"TPC-B": ("entries", "TPC-B"), "prior": ("prior", "ingest"), "ORM rows": ("ingest", "ORM rows")}
    ratios = {
        name: statistics.median(one / other for one, other in zip(rates[side], rates[beside], strict=True))
        for name, (side, beside) in sides.items()
    }
    missed = [name for name, goal in GOALS.items() if ratios[name] < goal]
    text = ", ".join(f"{name} {ratio:.2f} (goal {GOALS.get(name, 'none')})" for name, ratio in ratios.items())
    print(f"ingest {'MISSED' if missed else 'ok'}: {middle['ingest']:.0f} postings/s; ratio to {text}")
    return 1 if missed else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve(Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
    else:
        sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else PRIOR))
