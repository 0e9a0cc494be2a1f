"""`station.toml`: what is plugged in at this counter, and how it is set. Whose store it is stands in the store file."""

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

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


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,12}$")]
"""A device's name on screen and paper."""


class ScaleConfig(_Section):
    """One scale: where it is plugged in, what it speaks, and what its plate and sticker say."""

    name: Name
    url: str = Field(max_length=200)
    protocol: str = Field(pattern=r"^[a-z0-9_]{1,24}$")
    unit: Literal["kg", "g", "t", "lb", "oz", "jin", "liang"] = "kg"
    scale_class: Literal["floor", "counter"] = "floor"
    minimum_g: int = Field(gt=0, le=1_000_000)
    maximum_g: int = Field(gt=0, le=100_000_000)
    division_g: int = Field(gt=0, le=100_000)
    verified_until: str = Field(default="", max_length=10)
    checksum: bool | None = None
    baudrate: int | None = Field(default=None, ge=300, le=921_600)
    bytesize: Literal[7, 8] | None = None
    parity: Literal["N", "E", "O"] | None = None


class ScannerConfig(_Section):
    """A scanner on a serial port; one that types needs no entry."""

    name: Name
    url: str = Field(max_length=200)
    baudrate: int = Field(default=9600, ge=300, le=921_600)


class PrinterConfig(_Section):
    """The receipt printer."""

    url: str = Field(max_length=200)
    columns: Literal[32, 48] = 32
    charset: Literal["gbk", "gb2312"] = "gbk"
    double_byte: bool = True
    cutter: bool = True
    qr: bool = True
    status: bool | None = None
    raster: bool = False


class CounterConfig(_Section):
    """How the counter works."""

    void_limit: int = Field(default=50, ge=0, le=1_000_000)
    """Whole points; taking back more needs a second person."""
    lock_minutes: int = Field(default=10, ge=0, le=240)
    """Minutes without a key or a scan after which the keeper logs in again; 0 never."""
    scanner_prefix: str = Field(default="", max_length=4)
    """What a typing scanner is set to send first, if anything."""


class StationConfig(_Section):
    """The whole file."""

    language: Literal["zh_CN", "en"] = "zh_CN"
    counter: CounterConfig = CounterConfig()
    printer: PrinterConfig | None = None
    scales: tuple[ScaleConfig, ...] = Field(default=(), max_length=4)
    scanners: tuple[ScannerConfig, ...] = Field(default=(), max_length=4)


def load(folder: Path) -> StationConfig:
    """The settings of the store in `folder`; all defaults when it has no file. Raises `ConfigError`."""
    path = folder / FILE
    try:
        return StationConfig.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return StationConfig()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(path, str(error)) from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ConfigError(path, f"{place}: {first['msg']}") from None


def write_template(folder: Path) -> None:
    """Write the commented `station.toml` that a new store starts from; one that is there stays."""
    path = folder / FILE
    if not path.exists():
        path.write_text(_TEMPLATE, encoding="utf-8")
