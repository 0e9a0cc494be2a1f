"""The printer at the other end of the cable behaves as the manuals say, byte by byte."""

import socket
from collections.abc import Iterator
from time import monotonic, sleep

import pytest

from drivers.simulated.cable import TcpCable
from drivers.simulated.paper import commands
from drivers.simulated.printer import PrinterKind, SimulatedPrinter

START = b"\x1b@\x1c&"
RECEIPT = START + "\x1ba\x01兑换小票\n\x1ba\x00余额  1.00 分\n\x1bd\x06\x1dV\x01".encode("gbk")


class Shop:
    """A client that speaks raw bytes."""

    def __init__(self, kind: PrinterKind | None = None) -> None:
        self.cable = TcpCable()
        self.printer = SimulatedPrinter(self.cable, kind)

    def __enter__(self) -> "Shop":
        self.printer.__enter__()
        self.line = socket.create_connection(self.cable.address)
        self.line.settimeout(10)
        return self

    def __exit__(self, *_: object) -> None:
        self.line.close()
        self.printer.close()

    def send(self, data: bytes) -> None:
        self.line.sendall(data)

    def ask(self, question: bytes, size: int = 1) -> bytes:
        self.send(question)
        answer = b""
        while len(answer) < size and (part := self.line.recv(size - len(answer))):
            answer += part
        return answer


@pytest.fixture
def shop() -> Iterator[Shop]:
    with Shop(PrinterKind(32)) as shop:
        yield shop


def test_it_prints(shop: Shop) -> None:
    assert shop.ask(RECEIPT + b"\x1dr\x01") == b"\x00"
    assert shop.printer.papers == [RECEIPT]
    assert shop.printer.texts == [" " * 12 + "兑换小票\n余额  1.00 分"]
    assert shop.printer.take_paper() == " " * 12 + "兑换小票\n余额  1.00 分"
    assert shop.printer.take_paper() is None


def test_bytes_one_at_a_time(shop: Shop) -> None:
    for byte in RECEIPT:
        shop.send(bytes([byte]))
    assert shop.ask(b"\x1dr\x01") == b"\x00"
    assert shop.printer.papers == [RECEIPT]
    assert "兑换小票" in shop.printer.texts[0]


@pytest.mark.parametrize(("question", "normal"), [(1, b"\x16"), (2, b"\x12"), (3, b"\x12"), (4, b"\x12")])
def test_real_time_status(shop: Shop, question: int, normal: bytes) -> None:
    ask = b"\x10\x04" + bytes([question])
    assert shop.ask(ask) == normal
    shop.printer.paper_out()
    assert shop.ask(ask) == {1: b"\x1e", 2: b"\x32", 3: b"\x12", 4: b"\x7e"}[question]
    shop.printer.refill()
    shop.printer.open_cover()
    assert shop.ask(ask) == {1: b"\x1e", 2: b"\x16", 3: b"\x12", 4: b"\x12"}[question]
    shop.printer.close_cover()
    assert shop.ask(ask) == normal


def test_paper_near_its_end(shop: Shop) -> None:
    shop.printer.paper_low()
    assert shop.ask(b"\x10\x04\x04") == b"\x1e"
    assert shop.ask(b"\x1dr\x01") == b"\x03"


def test_without_paper_jobs_wait_and_all_of_them_print(shop: Shop) -> None:
    shop.printer.paper_out()
    shop.send(RECEIPT + b"\x1dr\x01" + RECEIPT + b"\x1dr\x01")
    assert shop.ask(b"\x10\x04\x04") == b"\x7e", "it answers at once while the jobs wait"
    assert shop.printer.papers == []
    shop.printer.refill()
    assert shop.ask(b"", 2) == b"\x00\x00"
    assert shop.printer.papers == [RECEIPT, RECEIPT]


def test_the_lid_stops_it_too(shop: Shop) -> None:
    shop.printer.open_cover()
    shop.send(RECEIPT)
    assert shop.ask(b"\x10\x04\x02") == b"\x16"
    assert shop.printer.papers == []
    shop.printer.close_cover()
    assert shop.ask(b"\x1dr\x01") == b"\x00"
    assert shop.printer.papers == [RECEIPT]


def test_tearing_off_what_is_not_cut(shop: Shop) -> None:
    assert shop.ask(START + b"abc\n\x1dr\x01") == b"\x00"
    assert shop.printer.take_paper() == "abc"


def test_pulses_also_from_inside_a_picture(shop: Shop) -> None:
    assert shop.ask(START + b"\x1bp\x0022\x1dr\x01") == b"\x00"
    assert shop.printer.pulses == 1
    picture = b"\x1dv0\x00\x05\x00\x01\x00\x10\x14\x01\x00\x01"
    assert shop.ask(START + picture + b"\x1dr\x01") == b"\x00"
    assert shop.printer.pulses == 2


def test_a_status_request_inside_a_picture_is_answered(shop: Shop) -> None:
    assert shop.ask(b"\x1dv0\x00\x03\x00\x01\x00\x10\x04\x02\x1dr\x01", 2) == b"\x12\x00"


def test_codes_and_pictures_have_a_name(shop: Shop) -> None:
    qr = b"\x1d(k\x06\x001P0V/1\x1d(k\x03\x001Q0"
    bars = b"\x1dkI\x04{C\x0c\x07" + b"\x1dkI\x04{B19"
    picture = b"\x1dv0\x00\x01\x00\x01\x00\xff"
    assert shop.ask(START + qr + bars + picture + b"\x1dV\x42\x00\x1dr\x01") == b"\x00"
    assert shop.printer.texts == ["[QR V/1]\n[barcode 1207]\n[barcode 19]\n[picture]"]


def test_chinese_mode_off_shows_what_a_villager_would_see() -> None:
    with Shop(PrinterKind(32, double_byte=False)) as shop:
        assert shop.ask(b"\x1b@" + "分\n".encode("gbk") + b"\x1dV\x00\x1dr\x01") == b"\x00"
        assert shop.printer.texts == ["╖╓"]


def test_a_line_too_long_goes_on_in_the_next(shop: Shop) -> None:
    assert shop.ask(START + b"\x1d!\x10" + ("分" * 9).encode("gbk") + b"\n\x1dV\x00\x1dr\x01") == b"\x00"
    assert shop.printer.texts == ["分" * 8 + "\n分"]


def test_a_mute_printer_prints() -> None:
    with Shop(PrinterKind(32, mute=True)) as shop:
        shop.send(b"\x10\x04\x01" + RECEIPT + b"\x1dr\x01")
        end = monotonic() + 20
        while not shop.printer.papers:
            assert monotonic() < end
            sleep(0.005)
        shop.line.setblocking(False)
        with pytest.raises(BlockingIOError):
            shop.line.recv(1)


def test_automatic_status_comes_between() -> None:
    with Shop(PrinterKind(32, noisy=True)) as shop:
        assert shop.ask(b"\x10\x04\x04", 5) == b"\x14\x00\x00\x00\x12"


def test_commands_come_out_whole() -> None:
    stream = RECEIPT + b"\x1d(k\x06\x001P0V/1" + b"\x1b*\x21\x01\x00abc" + b"\x1dk\x04123\x00" + b"\x07" + b"\x1dv0"
    taken = b"".join(command.raw for command in commands(stream))
    assert taken == stream[:-3], "the last is not whole"
