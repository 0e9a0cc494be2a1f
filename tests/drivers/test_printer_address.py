"""Printer URLs."""

from pathlib import Path

import pytest

from drivers.errors import PortInvalid
from drivers.printer.address import Address, CupsQueue, DeviceFile, Folder, SerialPort, Tcp, Usb, WindowsQueue, address


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("socket://192.168.1.50:9100", Tcp("192.168.1.50", 9100)),
        ("socket://printer", Tcp("printer", 9100)),
        ("socket://[::1]:9101", Tcp("::1", 9101)),
        ("serial:///dev/ttyUSB0?baud=19200", SerialPort("/dev/ttyUSB0", 19200)),
        ("serial:///dev/ttyUSB0", SerialPort("/dev/ttyUSB0", 9600)),
        ("serial://COM3?baud=115200", SerialPort("COM3", 115200)),
        ("COM3", SerialPort("COM3", 9600)),
        ("/dev/ttyS0", SerialPort("/dev/ttyS0", 9600)),
        ("file:///dev/usb/lp0", DeviceFile(Path("/dev/usb/lp0"))),
        ("/dev/usb/lp0", DeviceFile(Path("/dev/usb/lp0"))),
        ("/dev/lp1", DeviceFile(Path("/dev/lp1"))),
        ("usb:0416:5011", Usb(0x0416, 0x5011)),
        ("usb://04B8:0e15?in=0x82&out=0x01", Usb(0x04B8, 0x0E15, 0x82, 0x01)),
        ("usb:0416:5011?out=3", Usb(0x0416, 0x5011, None, 3)),
        ("windows:POS-58 (小票)", WindowsQueue("POS-58 (小票)")),
        ("cups:POS58", CupsQueue("POS58")),
        ("folder:receipts", Folder(Path("receipts"))),
        ("folder:/var/receipts", Folder(Path("/var/receipts"))),
        ("folder:///var/receipts", Folder(Path("/var/receipts"))),
        (r"folder:C:\receipts", Folder(Path(r"C:\receipts"))),
    ],
)
def test_address(url: str, expected: Address) -> None:
    assert address(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "",
        "printer",
        "socket://",
        "socket://host:99999",
        "socket://host:port",
        "serial://",
        "serial:///dev/ttyUSB0?baud=fast",
        "serial:///dev/ttyUSB0?baud=123",
        "folder:",
        "file://",
        "http://printer/",
        "usb:0416",
        "usb:0416:50111",
        "usb:0416:5011?in=0x03",
        "usb:0416:5011?out=0x81",
        "usb:0416:5011?out=two",
        "usb:0416:5011?speed=2",
        "windows:",
        "cups:",
        "cups:-o",
        "cups:two words",
        "cups:a/b",
        "/etc/passwd",
        "folder:a\0b",
        "socket://host\n:9100",
    ],
)
def test_not_an_address(url: str) -> None:
    with pytest.raises(PortInvalid):
        address(url)
