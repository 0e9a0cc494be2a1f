"""Printers that do not behave: peers that hang up, never read, never answer, or answer nonsense."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from drivers.printer.job import Job
from drivers.printer.printer import NotSent, Outcome, Printer, Sent, Unknown
from drivers.printer.profile import PrinterProfile
from tests.drivers.test_printer_send import SHORT, a_receipt, eventually, plug, profile_of, send


@contextmanager
def peer(handle: Callable[[socket.socket], None]) -> Iterator[str]:
    """A TCP server that treats each connection as `handle` does, and its URL."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                try:
                    handle(connection)
                except OSError:
                    continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"socket://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def answering(answer: Callable[[bytes], bytes]) -> Callable[[socket.socket], None]:
    """Answers whatever it reads."""

    def handle(connection: socket.socket) -> None:
        while data := connection.recv(4096):
            connection.sendall(answer(data))

    return handle


def test_a_job_broken_off_does_not_eat_the_next() -> None:
    received: list[bytes] = []

    def handle(connection: socket.socket) -> None:
        if not received:
            received.append(connection.recv(4000))
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return
        data = b""
        while part := connection.recv(4096):
            data += part
        received.append(data)

    with peer(handle) as url:
        profile = PrinterProfile(url, 32, status=False)
        printer = Printer(profile, patience=SHORT)
        assert isinstance(printer.send(Job("R", bytes(20_000_000)), lambda: None), Unknown)
        job = a_receipt(profile)
        assert printer.send(job, lambda: None) == Sent()
        assert printer.send(job, lambda: None) == Sent()
        eventually(lambda: len(received) == 3)
        assert received[1:] == [bytes(100 * 48) + job.data, job.data]


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    profile = profile_of(f"socket://127.0.0.1:{port}")
    for _ in range(2):
        outcome, told = send(profile, a_receipt(profile), SHORT)
        assert isinstance(outcome, NotSent)
        assert outcome.code == "printer-unreachable"
        assert told == []


def test_a_server_that_accepts_and_closes() -> None:
    with peer(lambda connection: None) as url:
        outcome, told = send(profile_of(url), a_receipt(profile_of(url)))
        assert isinstance(outcome, NotSent)
        assert outcome.code == "printer-unreachable"
        assert told == []


def test_a_server_that_takes_the_job_and_closes() -> None:
    def handle(connection: socket.socket) -> None:
        while (data := connection.recv(4096)) and b"\x1b@" not in data:
            connection.sendall(b"\x12" if data.startswith(b"\x10\x04") else b"\x00")

    with peer(handle) as url:
        outcome, told = send(profile_of(url), a_receipt(profile_of(url)))
        assert isinstance(outcome, Unknown)
        assert outcome.code == "printer-lost"
        assert told == ["sending"]


@pytest.mark.parametrize(("size", "code"), [(100, "printer-silent"), (20_000_000, "printer-lost")])
def test_a_server_that_never_reads(size: int, code: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        profile = profile_of(f"socket://127.0.0.1:{listener.getsockname()[1]}")
        outcome, told = send(profile, Job("R", bytes(size)), SHORT)
        assert isinstance(outcome, Unknown)
        assert outcome.code == code
        assert told == ["sending"]


@pytest.mark.parametrize("wire", ["serial", "device"])
def test_a_line_that_takes_no_more(wire: str) -> None:
    cable, url = plug(wire)
    try:
        outcome, told = send(profile_of(url, status=False), Job("R", bytes(100_000)), SHORT)
        assert isinstance(outcome, Unknown)
        assert outcome.code == "printer-lost"
        assert told == ["sending"]
    finally:
        cable.close()


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (b"\x12", Unknown("printer-silent")),  # stale real-time answers confirm nothing
        (b"\x14\x00\x00\x00", Unknown("printer-silent")),  # automatic status only
        (b"\xff\x80", Unknown("printer-silent")),  # noise
        (b"\x11\x13", Unknown("printer-silent")),  # XON, XOFF
        (b"", Unknown("printer-silent")),
    ],
)
def test_answers_that_say_nothing(answer: bytes, outcome: Outcome) -> None:
    with peer(answering(lambda _: answer)) as url:
        assert send(profile_of(url), a_receipt(profile_of(url)), SHORT) == (outcome, ["sending"])


def test_an_answer_that_the_paper_ended_with_the_job() -> None:
    with peer(answering(lambda data: b"\x12" if data.startswith(b"\x10\x04") else b"\x0c")) as url:
        assert send(profile_of(url), a_receipt(profile_of(url))) == (Unknown("paper-out"), ["sending"])


def test_a_line_full_of_noise_is_left_in_the_end() -> None:
    def flood(connection: socket.socket) -> None:
        while True:
            connection.sendall(b"\x80" * 4096)

    with peer(flood) as url:
        assert send(profile_of(url), a_receipt(profile_of(url)), SHORT)[0] == Unknown("printer-silent")


def test_a_missing_device_is_not_made_a_file(tmp_path: Path) -> None:
    profile = profile_of(f"file://{tmp_path}/lp0")
    outcome, told = send(profile, a_receipt(profile))
    assert (outcome, told) == (NotSent("printer-unreachable", detail(outcome)), [])
    assert not list(tmp_path.iterdir())


def test_a_plain_file_is_not_a_printer(tmp_path: Path) -> None:
    (tmp_path / "lp0").write_bytes(b"precious")
    profile = profile_of(f"file://{tmp_path}/lp0")
    outcome, told = send(profile, a_receipt(profile))
    assert (outcome, told) == (NotSent("printer-invalid", detail(outcome)), [])
    assert (tmp_path / "lp0").read_bytes() == b"precious"


def detail(outcome: Outcome) -> str:
    assert isinstance(outcome, NotSent | Unknown)
    return outcome.detail


@pytest.mark.parametrize("url", ["", "socket://", "http://x/"])
def test_an_address_that_cannot_be(url: str) -> None:
    outcome, told = send(profile_of(url), Job("R", b""))
    assert (outcome, told) == (NotSent("printer-invalid", detail(outcome)), [])
    assert Printer(profile_of(url)).state().trouble == "printer-invalid"
