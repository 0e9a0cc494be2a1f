"""Over real HTTP: a ledger on loopback, and a proxy that cuts, stalls, repeats and truncates."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest

from catalog.units import Points
from pos.clock import Clock
from pos.core import accounts
from pos.sync.errors import SyncError, Unreachable
from pos.sync.loop import SyncLoop
from pos.sync.pulse import SyncPulse
from pos.sync.session import Session
from pos.sync.transport import HttpTransport, address
from pos.sync.ways import split_address
from pos.wire.calls import Call, Op
from tests.sync.pair import H, Pair
from tests.sync.served import PATIENCE, served


@pytest.fixture
def url(pair: Pair) -> Iterator[str]:
    """The pair's ledger, served."""
    with served(pair.town.ledger) as found:
        yield found


def sync(pair: Pair, url: str, seconds: float = 20.0) -> None:
    """One session over HTTP."""
    transport = HttpTransport(url, timeout=httpx.Timeout(seconds))
    try:
        Session(pair.shop.desk.store, transport, pair.shop.desk.clock).run()
    finally:
        transport.close()


def test_the_same_over_http(pair: Pair, url: str) -> None:
    pair.award(50_00)
    sync(pair, url)
    pair.earn()
    sync(pair, url)
    assert (pair.state.acked, pair.points()) == (pair.head, Points(97_82))


def test_nobody_there(pair: Pair) -> None:
    with pytest.raises(Unreachable):
        sync(pair, "http://127.0.0.1:1")


@contextmanager
def proxy(url: str, how: str) -> Iterator[str]:
    """Something between the two that spoils every third connection."""
    port = int(url.rpartition(":")[2])
    listening = socket.create_server(("127.0.0.1", 0))
    count = 0

    def pass_on(client: socket.socket, spoil: bool) -> None:
        with client:
            request = _whole(client)
            for _ in range(2 if how == "repeat" and spoil else 1):
                with socket.create_connection(("127.0.0.1", port)) as server:
                    server.sendall(request)
                    reply = _whole(server)
            match how if spoil else "":
                case "cut":
                    return
                case "truncate":
                    client.sendall(reply[: len(reply) // 2])
                case "stall":
                    time.sleep(1.0)
                case _:
                    client.sendall(reply)

    def accept() -> None:
        nonlocal count
        while True:
            try:
                client, _ = listening.accept()
            except OSError:
                return
            count += 1
            threading.Thread(target=pass_on, args=(client, count % 3 == 0), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()


def _whole(side: socket.socket) -> bytes:
    """One request or reply, by its length."""
    found = b""
    while b"\r\n\r\n" not in found:
        more = side.recv(65536)
        if not more:
            return found
        found += more
    head, _, body = found.partition(b"\r\n\r\n")
    lines = (line.lower().split(b":") for line in head.split(b"\r\n"))
    length = next((int(line[1]) for line in lines if line[0] == b"content-length"), 0)
    while len(body) < length:
        body += side.recv(65536)
    return head.replace(b"keep-alive", b"close") + b"\r\n\r\n" + body


@pytest.mark.parametrize("how", ["cut", "truncate", "stall", "repeat"])
def test_a_proxy_that_spoils_connections(pair: Pair, url: str, how: str) -> None:
    pair.award(50_00)
    pair.earn()
    with proxy(url, how) as through:
        for _ in range(6):
            try:
                sync(pair, through, 0.6)
            except SyncError:
                continue
            break
    sync(pair, url)
    assert (pair.state.acked, pair.points()) == (pair.head, Points(97_82))
    assert pair.town.balance(accounts.points(H, "k7q2md.1")) == 97_82


def test_the_loop_syncs_on_a_key_and_answers_who_asks(pair: Pair, url: str) -> None:
    heard: list[SyncPulse] = []
    pair.award(50_00)
    loop = SyncLoop(pair.shop.desk.store, lambda: HttpTransport(url), Clock(), None, heard.append, idle=0.05)
    loop.start()
    try:
        loop.sync_now()
        _until(lambda: pair.points() == Points(50_00) and bool(heard) and not heard[-1].unsynced)
        assert {each.step.stage for each in heard if each.step is not None}
        answers: list[object] = []
        loop.ask(pair.shop.by, H, Points(5_00), answers.append)
        _until(lambda: bool(answers))
        assert getattr(answers[0], "code", "") == "grant-refused"
    finally:
        loop.stop()


def test_an_address_names_a_township() -> None:
    assert split_address("https://ledger.example:8443/990101") == ("https://ledger.example:8443", "990101")
    assert split_address("https://ledger.example/base/990101/") == ("https://ledger.example/base", "990101")
    for bad in ("ledger.example", "https://ledger.example", "https://ledger.example/"):
        with pytest.raises(SyncError):
            split_address(bad)


def test_every_question_has_an_address() -> None:
    assert len({address(Call(op, "t", "d", 1, card="1")) for op in Op}) == len(Op)


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if holds():
            return
        time.sleep(0.02)
    raise AssertionError("not in time")
