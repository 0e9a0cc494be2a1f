"""`station.toml`: what is plugged in at this counter, and how it is set. Whose store it is stands in the store file.

Checked by msgspec and not by pydantic, as the rest of the project's outside data is: this file is read each time the
till starts, and pydantic alone would take a tenth of that time to load.
"""

from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

FILE = "station.toml"


_TEMPLATE = """\
# Settings of this counter. Whose store it is (code, name, village) stands in the store file and cannot change.

language = "zh_CN"              # zh_CN or en

[counter]
void_limit = 50                 # points; taking back more needs a second person
lock_minutes = 10               # minutes without a key or scan until the keeper logs in again; 0 never
scanner_prefix = ""             # what a typing scanner is set to send first, if anything

[printer]
url = "folder:receipts"         # socket://192.168.1.50:9100, serial:///dev/ttyUSB1?baud=9600, /dev/usb/lp0, folder:PATH
columns = 32                    # 32 for 58 mm paper, 48 for 80 mm
charset = "gbk"                 # gbk or gb2312: the characters in its ROM
double_byte = true              # false for firmware that is always in Chinese mode
cutter = true                   # false: feed past the tear bar
qr = true                       # false: send QR codes as pictures
raster = false                  # true for a printer without Chinese characters
# status = true                 # whether it answers status requests; leave out when nobody has tried

# One section a scale. What stands on its plate and its verification sticker goes here.
# [[scales]]
# name = "FS-1"
# url = "/dev/ttyUSB0"          # COM3 on Windows, socket://192.168.1.60:4001 over a serial server
# protocol = "yaohua_stx"       # yaohua_stx, st_gs, toledo8217, os2_active, toledo_continuous
# unit = "kg"                   # what its display shows: confirm with a known load
# scale_class = "floor"         # floor or counter: dear materials are taken on the counter scale only
# minimum_g = 1000              # Min
# maximum_g = 150000            # Max
# division_g = 50               # e
# verified_until = "2026-09-30"
# baudrate = 9600               # baudrate, bytesize, parity: only where they differ from the protocol's usual ones
# bytesize = 8
# parity = "N"
# checksum = true               # toledo_continuous: true when frames end with one

# One section a scanner on a serial port (USB-COM mode); a scanner that types needs none.
# [[scanners]]
# name = "SC-1"
# url = "/dev/ttyACM0"
# baudrate = 9600
"""


class ConfigError(Exception):
    """The file cannot be read; `detail` names the place and what is wrong there."""

    def __init__(self, path: Path, detail: str) -> None:
        super().__init__(f"{path}: {detail}")
        self.path = path
        self.detail = detail


class _Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9-]{1,12}$")]
"""A device's name on screen and paper."""

Url = Annotated[str, Meta(min_length=1, max_length=200)]
Baudrate = Annotated[int, Meta(ge=300, le=921_600)]


class ScaleConfig(_Section, frozen=True, kw_only=True):
    """One scale: where it is plugged in, what it speaks, and what its plate and sticker say."""

    name: Name
    url: Url
    protocol: Annotated[str, Meta(pattern=r"^[a-z0-9_]{1,24}$")]
    unit: Literal["kg", "g", "t", "lb", "oz", "jin", "liang"] = "kg"
    scale_class: Literal["floor", "counter"] = "floor"
    minimum_g: Annotated[int, Meta(gt=0, le=1_000_000)]
    maximum_g: Annotated[int, Meta(gt=0, le=100_000_000)]
    division_g: Annotated[int, Meta(gt=0, le=100_000)]
    verified_until: Annotated[str, Meta(max_length=10)] = ""
    checksum: bool | None = None
    baudrate: Baudrate | None = None
    bytesize: Literal[7, 8] | None = None
    parity: Literal["N", "E", "O"] | None = None


class ScannerConfig(_Section, frozen=True, kw_only=True):
    """A scanner on a serial port; one that types needs no entry."""

    name: Name
    url: Url
    baudrate: Baudrate = 9600


class PrinterConfig(_Section, frozen=True, kw_only=True):
    """The receipt printer."""

    url: Url
    columns: Literal[32, 48] = 32
    charset: Literal["gbk", "gb2312"] = "gbk"
    double_byte: bool = True
    cutter: bool = True
    qr: bool = True
    status: bool | None = None
    raster: bool = False


class CounterConfig(_Section, frozen=True, kw_only=True):
    """How the counter works."""

    void_limit: Annotated[int, Meta(ge=0, le=1_000_000)] = 50
    """Whole points; taking back more needs a second person."""
    lock_minutes: Annotated[int, Meta(ge=0, le=240)] = 10
    """Minutes without a key or a scan after which the keeper logs in again; 0 never."""
    scanner_prefix: Annotated[str, Meta(max_length=4)] = ""
    """What a typing scanner is set to send first, if anything."""


class StationConfig(_Section, frozen=True, kw_only=True):
    """The whole file."""

    language: Literal["zh_CN", "en"] = "zh_CN"
    counter: CounterConfig = CounterConfig()
    printer: PrinterConfig | None = None
    scales: Annotated[tuple[ScaleConfig, ...], Meta(max_length=4)] = ()
    scanners: Annotated[tuple[ScannerConfig, ...], Meta(max_length=4)] = ()


def load(folder: Path) -> StationConfig:
    """The settings of the store in `folder`; all defaults when it has no file. Raises `ConfigError`."""
    path = folder / FILE
    try:
        return msgspec.toml.decode(path.read_bytes(), type=StationConfig)
    except FileNotFoundError:
        return StationConfig()
    except (OSError, UnicodeDecodeError, msgspec.MsgspecError) as error:
        raise ConfigError(path, str(error)) from None


def write_template(folder: Path) -> None:
    """Write the commented `station.toml` that a new store starts from; one that is there stays."""
    path = folder / FILE
    if not path.exists():
        path.write_text(_TEMPLATE, encoding="utf-8")
