"""The ledger's process, its database, its disk and the way to it fail in the middle: nothing is lost, nothing doubled.

A real store and the real session on one side, uvicorn on a socket and a real database on the other.
"""

import itertools
import json
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import httpx
import psutil  # type: ignore[import-untyped]
import pytest

from pos.core.weigh_in import Payout
from pos.ledger import direct, rights
from pos.ledger import tables as t
from pos.ledger.service import open_ledger
from pos.storage import store
from pos.storage.installation import Identity
from pos.sync.transport import HttpTransport
from tests.core.model import START
from tests.ledger.served import Served
from tests.ledger.servers import started
from tests.ledger.town import H1, H2, TOWNSHIP, Town, found
from tests.simulation import keeper
from tests.simulation.faults import Fuse
from tests.simulation.terminal import Terminal

MOST_SESSIONS = 200
MOST_FILE = 96 * 1024
"""Where the disk of a ledger ends: what it writes ahead has no room there."""
HASTE = httpx.Timeout(1.0)


@pytest.fixture
def till(town: Town, tmp_path: Path) -> Iterator[Terminal]:
    """A store that is enrolled."""
    till = enrolled(town, tmp_path)
    yield till
    till.close()


def enrolled(town: Town, folder: Path) -> Terminal:
    """A new store, known to the ledger."""
    identity = Identity("LT01", "LT01", H1[:12], "", "k7q2md", 1, 480)
    store.create(folder / "store", identity)
    till = Terminal(folder / "store", identity, Fuse(), [START])
    till.enrol(partial(direct.answer, town.ledger), TOWNSHIP, town.code())
    return till


def busy(till: Terminal, times: int = 30) -> None:
    """Some hours at the counter."""
    for n in range(times):
        household = (H1, H2)[n % 2]
        keeper.weigh(till, 400 + n, household, Payout.POINTS)
        keeper.redeem(till, {"salt": 1}, household, service=False)


def synced(till: Terminal, url: str) -> str:
    """One session over the network."""
    with closing(HttpTransport(url, timeout=HASTE)) as transport:
        return till.sync(transport)


def drained(till: Terminal, url: str) -> None:
    """Session after session, until one comes to its end."""
    for _ in range(MOST_SESSIONS):
        if not synced(till, url):
            return
    raise AssertionError("never done")


def check(town: Town, till: Terminal) -> None:
    """The ledger has the whole journal once, and both have the same books."""
    rows = sorted((row.seq, row.bytes, row.hash) for row in town.rows(t.journal) if row.writer == till.writer)
    assert rows == till.lines()
    there = {key: n for key, n in town.balances().items() if key[0].endswith(f"@{till.writer}") and n}
    here = {key: n for key, n in till.balances().items() if key[0].endswith(f"@{till.writer}") and n}
    assert {key: n for key, n in here.items() if not key[0].startswith("move:")} == there
    assert len(town.rows(t.transfers)) == sum(len(json.loads(row.bytes)["x"]) for row in town.rows(t.journal))
    (log,) = (row.log_size for row in town.rows(t.townships))
    assert log == len(town.rows(t.journal))
    assert [row for row in town.rows(t.epochs) if row.stopped] == []


def test_the_ledger_is_killed_in_the_middle(town: Town, till: Terminal, address: str, tmp_path: Path) -> None:
    town.ledger.close()
    chance = Random(5)
    with closing(Served(tmp_path / "ledger", address)) as served:
        drained(till, served.url)
        for _ in range(3):
            busy(till)
            killing = threading.Timer(chance.uniform(0.01, 0.06), served.kill)
            killing.start()
            synced(till, served.url)
            killing.join()
            served.start()
        drained(till, served.url)
    town.ledger = open_ledger(tmp_path / "ledger", address, town.clock.clock())

    check(town, till)


def test_the_database_is_killed_in_the_middle(tmp_path: Path) -> None:
    with TemporaryDirectory(prefix="ledger-") as name:
        Path(name).chmod(0o755)
        with started(Path(name)) as server:
            address = server.new_database()
            town = found(tmp_path / "ledger", address)
            till = enrolled(town, tmp_path)
            town.ledger.close()
            with closing(Served(tmp_path / "ledger", address)) as served:
                drained(till, served.url)
                busy(till)
                killing = threading.Timer(0.02, partial(killed, server.postgres.get_pid()))
                killing.start()
                synced(till, served.url)
                killing.join()
                busy(till, 1)
                assert synced(till, served.url) == "later"
                server.postgres.ensure_postgres_running()
                drained(till, served.url)
            town.ledger = open_ledger(tmp_path / "ledger", address, town.clock.clock())
            check(town, till)
            town.ledger.close()
            till.close()


def killed(postmaster: int | None) -> None:
    """Kill a database with all its processes."""
    assert postmaster
    top = psutil.Process(postmaster)
    those = [top, *top.children(recursive=True)]
    for each in those:
        with suppress(psutil.NoSuchProcess):
            os.kill(each.pid, signal.SIGKILL)
    psutil.wait_procs(those, timeout=10)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_disk_is_full(town: Town, till: Terminal, tmp_path: Path) -> None:
    town.ledger.close()
    busy(till, 150)
    with closing(Served(tmp_path / "ledger")) as served:
        served.kill()
        served.start(MOST_FILE)
        assert synced(till, served.url) == "later"
        assert synced(till, served.url) == "later"
        served.kill()
        served.start()
        drained(till, served.url)
    town.ledger = open_ledger(tmp_path / "ledger", clock=town.clock.clock())

    check(town, till)


class Proxy:
    """Stands between terminal and ledger, and does to each request what comes next."""

    def __init__(self, port: int, chance: Random) -> None:
        self.port, self.chance, self.fair = port, chance, False
        self.done: set[str] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._held: list[socket.socket] = []
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def close(self) -> None:
        """Stop."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()
        for each in self._held:
            each.close()

    def _run(self) -> None:
        does: dict[str, Callable[[bytes, socket.socket], None]] = {
            "pass": self._pass, "cut": self._cut, "lose": self._lose, "truncate": self._truncate,
            "repeat": self._repeat, "stall": self._stall,
        }  # fmt: skip
        faults = itertools.cycle([name for name in does if name != "pass"])
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with suppress(OSError):
                request = _request(client)
                name = "pass" if self.fair or self.chance.random() < 0.7 else next(faults)
                self.done.add(name)
                does[name](request, client)
            if client not in self._held:
                client.close()

    def _ask(self, request: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", self.port)) as upstream:
            upstream.sendall(request)
            return b"".join(iter(lambda: upstream.recv(65536), b""))

    def _pass(self, request: bytes, client: socket.socket) -> None:
        client.sendall(self._ask(request))

    def _cut(self, request: bytes, _client: socket.socket) -> None:
        with socket.create_connection(("127.0.0.1", self.port)) as upstream:
            upstream.sendall(request[: len(request) // 2])

    def _lose(self, request: bytes, _client: socket.socket) -> None:
        self._ask(request)

    def _truncate(self, request: bytes, client: socket.socket) -> None:
        answer = self._ask(request)
        client.sendall(answer[: len(answer) - len(answer) // 3])

    def _repeat(self, request: bytes, client: socket.socket) -> None:
        self._ask(request)
        self._pass(request, client)

    def _stall(self, request: bytes, client: socket.socket) -> None:
        """Never answers, and passes the request on all the same."""
        self._held.append(client)
        self._ask(request)


def _request(client: socket.socket) -> bytes:
    """A whole request, changed so that the answer ends with its connection."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += _more(client)
    head, _, body = data.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
    length = next((int(line[15:]) for line in lines if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        body += _more(client)
    return b"\r\n".join([*lines, b"Connection: close", b"", body])


def _more(client: socket.socket) -> bytes:
    found = client.recv(65536)
    if not found:
        raise ConnectionError
    return found


def test_a_proxy_that_cuts_stalls_repeats_and_truncates(
    town: Town, till: Terminal, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for household in (H1, H2):
        town.award(household, 50_00)
    town.ledger.act(TOWNSHIP, lambda act: rights.settle(act, [H1, H2]))
    town.ledger.close()
    monkeypatch.setitem(globals(), "HASTE", httpx.Timeout(0.4))
    with (
        closing(Served(tmp_path / "ledger", address)) as served,
        closing(Proxy(served.port, Random(3))) as proxy,
    ):
        drained(till, served.url)
        while len(proxy.done) < 6:
            busy(till, 3)
            synced(till, proxy.url)
        proxy.fair = True
        monkeypatch.undo()
        drained(till, proxy.url)
    town.ledger = open_ledger(tmp_path / "ledger", address, town.clock.clock())

    check(town, till)
