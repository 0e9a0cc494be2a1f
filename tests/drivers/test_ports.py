"""Which adapter is meant, whatever the system calls it today."""

import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from serial.tools import list_ports
from serial.tools.list_ports_common import ListPortInfo

from drivers import errors, ports
from drivers.port import LineSettings, open_port
from drivers.ports import Adapter, UsbIdentity, adapters, apart, find, locate, parse
from drivers.simulated.cable import PtyCable

CH340 = (0x1A86, 0x7523)
FTDI = (0x0403, 0x6001)


def plugged(monkeypatch: pytest.MonkeyPatch, *infos: ListPortInfo) -> None:
    """Make the system know of these ports."""
    monkeypatch.setattr(list_ports, "comports", lambda: list(infos))


def info(
    device: str, make: tuple[int, int] | None = None, serial: str | None = None, at: str | None = None
) -> ListPortInfo:
    """What pyserial says of a port."""
    port = ListPortInfo(device)
    if make:
        port.vid, port.pid = make
    port.serial_number, port.location = serial, at
    return port


def usb(device: str, make: tuple[int, int], serial: str = "", at: str = "") -> Adapter:
    """An adapter as it was found."""
    return Adapter(device, device, UsbIdentity(*make, serial, at))


def same(*makes: str) -> list[UsbIdentity]:
    """Identities as settings write them."""
    return [parse(text) for text in makes]


@pytest.mark.parametrize(
    "text", ["1A86:7523", "1A86:7523@1-1.2", "0403:6001#A50285BI", "10C4:EA60#0001@2-3", "0403:6011@1-1.4:1.2"]
)
def test_an_identity_is_written_as_it_is_read(text: str) -> None:
    assert str(parse(text)) == text


@pytest.mark.parametrize("text", ["", "1A86", "1A86:7523@", "1A86:752", "1A86:7523#@1", "1A86:7523@1 2", "G000:0000"])
def test_what_is_no_identity_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an adapter"):
        parse(text)


def test_ports_are_named_as_a_person_would(monkeypatch: pytest.MonkeyPatch) -> None:
    strange = info("/dev/ttyUSB1", (0xCAFE, 0x0001))
    strange.product = "Widget"
    plugged(
        monkeypatch,
        info("/dev/ttyS0"),
        info("/dev/ttyUSB10", FTDI, "A50285BI", "1-1.3"),
        info("/dev/ttyUSB2", CH340, None, "1-1.2"),
        strange,
        info("/dev/ttyUSB3", (0xCAFE, 0x0002)),
    )
    assert [(each.device, each.chip, each.url) for each in adapters()] == [
        ("/dev/ttyUSB1", "Widget", "adapter:CAFE:0001"),
        ("/dev/ttyUSB2", "CH340", "adapter:1A86:7523@1-1.2"),
        ("/dev/ttyUSB3", "CAFE:0002", "adapter:CAFE:0002"),
        ("/dev/ttyUSB10", "FT232R", "adapter:0403:6001#A50285BI@1-1.3"),
        ("/dev/ttyS0", "", "/dev/ttyS0"),
    ]


@pytest.mark.parametrize("serial", [None, "", "0", "000000", "张三", "with space"])
def test_a_serial_number_that_tells_nothing_is_none(monkeypatch: pytest.MonkeyPatch, serial: str | None) -> None:
    plugged(monkeypatch, info("/dev/ttyUSB0", CH340, serial, "1-1"))
    assert adapters()[0].identity == UsbIdentity(*CH340, "", "1-1")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has them")
@pytest.mark.parametrize(
    ("serial", "links", "path"),
    [
        ("A50285BI", ["by-id/usb-FTDI", "by-path/pci-1"], "by-id/usb-FTDI"),
        ("A50285BI", ["by-path/pci-1"], "by-path/pci-1"),
        (None, ["by-id/usb-1a86_USB_Serial", "by-path/pci-1"], "by-path/pci-1"),
        (None, [], "ttyUSB0"),
    ],
)
def test_linux_names_that_last_are_preferred(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, serial: str | None, links: list[str], path: str
) -> None:
    device, other = tmp_path / "ttyUSB0", tmp_path / "ttyUSB1"
    device.touch()
    other.touch()
    for link in [*links, "by-path/another"]:
        (tmp_path / link).parent.mkdir(exist_ok=True)
        (tmp_path / link).symlink_to(other if link.endswith("another") else device)
    monkeypatch.setattr(ports, "LINKS", tmp_path)
    plugged(monkeypatch, info(str(device), FTDI, serial))
    assert adapters()[0].path == str(tmp_path / path)


A, B, C = "1A86:7523@1-1.1", "1A86:7523@1-1.2", "0403:6001#AAA@1-1.3"


@pytest.mark.parametrize(
    ("wanted", "present", "others", "device"),
    [
        pytest.param(
            C, [usb("x", FTDI, "BBB", "1-1.3"), usb("y", FTDI, "AAA", "9-9")], [], "y", id="serial number first"
        ),
        pytest.param(B, [usb("x", CH340, at="1-1.1"), usb("y", CH340, at="1-1.2")], [A], "y", id="then the socket"),
        pytest.param(B, [usb("x", CH340, at="7-7"), usb("y", FTDI)], [], "x", id="then the only one of its make"),
        pytest.param(B, [usb("x", CH340, at="1-1.1"), usb("y", CH340, at="7-7")], [A], "y", id="all but another's"),
        pytest.param(
            "10C4:EA60#0001@1-2",
            [usb("x", (0x10C4, 0xEA60), "0001", "1-1"), usb("y", (0x10C4, 0xEA60), "0001", "1-2")],
            ["10C4:EA60#0001@1-1"],
            "y",
            id="a serial number that all have",
        ),
    ],
)
def test_the_adapter_that_is_meant(wanted: str, present: list[Adapter], others: list[str], device: str) -> None:
    assert find(parse(wanted), present, same(*others)).device == device


@pytest.mark.parametrize(
    ("wanted", "present", "others", "error"),
    [
        pytest.param(A, [], [B], errors.PortMissing, id="nothing there"),
        pytest.param(A, [usb("x", FTDI, at="1-1.1")], [], errors.PortMissing, id="another make"),
        pytest.param(C, [usb("x", FTDI, "BBB", "1-1.3")], [], errors.PortMissing, id="another serial number"),
        pytest.param(A, [usb("x", CH340, at="1-1.2")], [B], errors.PortMissing, id="only the scanner's is left"),
        pytest.param(A, [usb("x", CH340, at="7"), usb("y", CH340, at="8")], [], errors.PortUnclear, id="two moved"),
        pytest.param(A, [usb("x", CH340, at="7-7")], [B], errors.PortUnclear, id="one moved, which of two?"),
        pytest.param(
            "10C4:EA60#0001@1-2",
            [usb("x", (0x10C4, 0xEA60), "0001", "1-1")],
            ["10C4:EA60#0001@1-1"],
            errors.PortMissing,
            id="the other one with the same serial number",
        ),
    ],
)
def test_where_nobody_can_tell_it_is_said(
    wanted: str, present: list[Adapter], others: list[str], error: type[errors.PortError]
) -> None:
    with pytest.raises(error):
        find(parse(wanted), present, same(*others))


def test_no_order_of_the_ports_matters() -> None:
    present = [usb("x", CH340, at="1-1.1"), usb("y", CH340, at="1-1.2"), usb("z", FTDI, "AAA", "1-1.3")]
    for wanted, device in ((A, "x"), (B, "y"), (C, "z")):
        others = [each for each in (A, B, C) if each != wanted]
        assert {find(parse(wanted), order, same(*others)).device for order in (present, present[::-1])} == {device}


def test_urls_are_told_apart() -> None:
    urls = [f"adapter:{A}", "/dev/ttyS0", f"serial:adapter:{B}?baud=9600", f"adapter:{C}"]
    assert apart(urls[0], urls) == f"adapter:{A}?not={B},{C}"
    assert apart(urls[1], urls) == "/dev/ttyS0"
    assert apart(urls[0], [urls[0]]) == urls[0]
    with pytest.raises(ValueError, match="not an adapter"):
        apart("adapter:CH340", urls)


def test_an_adapter_is_looked_up_when_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    assert locate("COM3") == "COM3"
    with PtyCable() as cable:
        plugged(monkeypatch, info(cable.url, CH340, None, "1-1.1"))
        assert locate(f"adapter:{A}") == cable.url
        open_port(f"adapter:{A}", LineSettings()).close()


@pytest.mark.parametrize(
    ("url", "code"),
    [
        (f"adapter:{B}?not={A}", "port-missing"),
        ("adapter:0403:6001", "port-unclear"),
        ("adapter:nonsense", "port-invalid"),
    ],
)
def test_an_adapter_that_is_not_to_be_opened_says_why(monkeypatch: pytest.MonkeyPatch, url: str, code: str) -> None:
    taken: Iterable[ListPortInfo] = (info("/dev/x", CH340, None, "1-1.1"), info("/dev/y", FTDI), info("/dev/z", FTDI))
    plugged(monkeypatch, *taken)
    with pytest.raises(errors.PortError) as refused:
        open_port(url, LineSettings())
    assert refused.value.code == code
