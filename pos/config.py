"""`station.toml`: what is plugged in at this counter, and how it is set. Whose store it is stands in the store file.

Checked by msgspec and not by pydantic, as the rest of the project's outside data is: this file is read each time the
till starts, and pydantic alone would take a tenth of that time to load.
"""

from collections.abc import Mapping, MutableMapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec
from msgspec import Meta

from drivers.scale.line import LineProfile

if TYPE_CHECKING:
    from collections.abc import Callable

    from tomlkit import TOMLDocument

FILE = "station.toml"


_TEMPLATE = """\
# Settings of this counter. Whose store it is (code, name, village) stands in the store file and cannot change.

language = "zh_CN"              # zh_CN or en

[counter]
void_limit = 50                 # points; taking back more needs a second person
lock_minutes = 10               # minutes without a key or scan until the keeper logs in again; 0 never
scanner_prefix = ""             # the key that a typing scanner is set to send first, if any: ~ or f12
scanner_aim = "strip"           # AIM identifiers of a typing scanner: strip, require (refuse codes without one) or off
scale_labels = []               # labels of the store's own scale: "21IIIIIWWWWWC" (W grams) or "22IIIIIPPPPPC" (P fen)

[printer]
url = "folder:receipts"         # socket://192.168.1.50:9100, serial:///dev/ttyUSB1?baud=9600, /dev/usb/lp0,
                                # usb:0416:5011?in=0x81&out=0x03, windows:PRINTER, cups:QUEUE, folder:PATH
columns = 32                    # 32 for 58 mm paper, 48 for 80 mm
charset = "gbk"                 # gbk, gb2312 or gb18030: the characters in its ROM
double_byte = true              # false for firmware that is always in Chinese mode
cutter = true                   # false: feed past the tear bar
qr = true                       # false: send QR codes as pictures
raster = false                  # true for a printer without Chinese characters
# What `pos devices test printer` found out; leave out when nobody has tried.
# status = true                 # whether it answers status requests
# confirm = "gs_r"              # the question that ends a job: gs_r, gs_h or none
# model = "TM-T82II"            # what it says it is

[weighing]
warn_days = 30                  # days before its verification ends from which a scale warns
expired = "block"               # block or warn: what happens to a scale whose verification has run out
check = "remind"                # remind, require or off: a known weight on each scale every day before weighing

[stock]
near_days = 30                  # days before its last day from which a good is near expiry
markup_percent = 0              # added to what a new good cost, for the price proposed for it
high_value_points = 20          # goods of at least so many points are dear: they can be counted by themselves
recount_points = 0              # a stocktake difference worth more than so many points is counted a second time

[weigh_in]
wait = false                    # true: points of weigh-ins wait until the village clerk confirms them
cash = false                    # true: a household may take cash instead of points, out of the drawer

[day]
spot_goods = 3                  # how many of the dearest goods are counted at each day close
ahead_hours = 72                # hours since the last entry after which the opening doubts the clock
sync_hours = 48                 # hours without a sync after which the opening warns

[exceptions]                    # from when on the exceptions report lists something
card_uses = 2                   # uses of one card in a day
proxy_households = 3            # households whose goods a proxy took away in a day at one keeper
manual_percent = 2              # share of typed weights
round_percent = 30              # share of weights of whole and half kilograms, of at least round_lines
round_lines = 20
high_points = 100               # points of one line
reversals = 3                   # of one keeper; the next three too
reprints = 5
overrides = 3
lookups = 10
coverage_percent = 100          # goods and money over the value of the points outstanding

# One section a scale. What stands on its plate and its verification sticker goes here.
# [[scales]]
# name = "FS-1"
# url = "/dev/ttyUSB0"          # COM3 on Windows, socket://192.168.1.60:4001 over a serial server; a USB adapter under
#                               # whatever name it gets: adapter:1A86:7523@1-1.2 (pos devices list shows it)
# protocol = "yaohua_stx"       # yaohua_stx, st_gs, toledo8217, os2_active, toledo_continuous
# unit = "kg"                   # what its display shows: confirm with a known load
# scale_class = "floor"         # floor or counter: dear materials are taken on the counter scale only
# minimum_g = 1000              # Min
# maximum_g = 150000            # Max
# division_g = 50               # e
# model = "XK3190-A9"           # model, serial, seal: as they stand on the plate and the seal
# serial = "2403117"
# seal = "A0123"
# verified_until = "2026-09-30" # last day of its verification, from the sticker
# check_weight_g = 5000         # the known weight kept beside it for the daily check
# baudrate = 9600               # this and the next five: only where they differ from the protocol's usual ones
# bytesize = 8
# parity = "N"
# stopbits = 1
# dtr = true                    # false, and rts, for adapters whose control lines disturb the scale
# rts = true
# checksum = true               # toledo_continuous: true when frames end with one
# poll = true                   # only where its menu has it otherwise than usual: true to ask it, false to listen only
# [scales.line]                 # protocol = "custom" only: what a line looks like, in bytes from its start
# start = "="                   # two of start, end and length; "\\u0002" is STX, "\\r\\n" CR LF
# length = 9
# weight = [1, 8]               # where it stands: first byte, and the one behind the last
# sign = [8, 9]                 # leave out where it stands in the weight; minus = "-"
# backwards = true              # lowest digit first
# decimals = 3                  # where the weight has no point
# unit = [10, 12]               # where lines name it
# status = [0, 2]               # with stable = "ST", moving = "US", over = "OL", under = "UL"

# One section a scanner on a serial port (USB-COM mode); a scanner that types needs none. On Linux one that types can be
# taken from the keyboard, so that no input method is in its way: kind = "evdev".
# [[scanners]]
# name = "SC-1"
# kind = "serial"               # serial or evdev
# url = "/dev/ttyACM0"          # evdev: /dev/input/by-id/...-event-kbd
# baudrate = 9600
# aim = "strip"                 # as scanner_aim

# A camera that reads cards.
# [camera]
# name = "CAM-1"
# url = "camera:0"              # camera:/dev/v4l/by-id/...-video-index0, file:PATH.avi, images:FOLDER/f_%03d.png
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

Plate = Annotated[str, Meta(max_length=24)]
"""Something written on a scale."""

Url = Annotated[str, Meta(min_length=1, max_length=200)]
Baudrate = Annotated[int, Meta(ge=300, le=921_600)]
Aim = Literal["strip", "require", "off"]
"""What is done with a scanner's AIM identifiers."""

ScaleLabel = Annotated[str, Meta(pattern=r"^2[0-9]{0,2}I{3,6}X?(W{4,6}|P{4,6})C$", min_length=13, max_length=13)]
"""How the store's own scale lays its EAN-13 labels out: I item, W grams, P fen, X passed over, C check digit."""


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
    model: Plate = ""
    serial: Plate = ""
    seal: Plate = ""
    verified_until: Annotated[str, Meta(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$")] = ""
    """Last day of its verification; empty where nobody has put it in."""
    check_weight_g: Annotated[int, Meta(gt=0, le=1_000_000)] | None = None
    """The known weight kept beside it."""
    checksum: bool | None = None
    poll: bool | None = None
    """Whether it is asked, where that is a setting of the scale; left out as is usual with its protocol."""
    line: LineProfile | None = None
    """What a line looks like, for the protocol `custom`."""
    baudrate: Baudrate | None = None
    bytesize: Literal[7, 8] | None = None
    parity: Literal["N", "E", "O"] | None = None
    stopbits: Literal[1, 2] | None = None
    dtr: bool | None = None
    rts: bool | None = None

    def __post_init__(self) -> None:
        """Refuse a line without the protocol that reads it, and the other way round; and a day that there is not."""
        if self.verified_until:
            date.fromisoformat(self.verified_until)
        if (self.protocol == "custom") != (self.line is not None):
            raise ValueError("the protocol custom, and no other, has a section [scales.line]")


class ScannerConfig(_Section, frozen=True, kw_only=True):
    """A scanner on a serial port, or one that types and is taken from the keyboard; any other needs no entry."""

    name: Name
    kind: Literal["serial", "evdev"] = "serial"
    url: Url
    baudrate: Baudrate = 9600
    aim: Aim = "strip"


class CameraConfig(_Section, frozen=True, kw_only=True):
    """The camera that reads cards."""

    name: Name = "CAM-1"
    url: Url


class PrinterConfig(_Section, frozen=True, kw_only=True):
    """The receipt printer."""

    url: Url
    columns: Literal[32, 48] = 32
    charset: Literal["gbk", "gb2312", "gb18030"] = "gbk"
    double_byte: bool = True
    cutter: bool = True
    qr: bool = True
    status: bool | None = None
    confirm: Literal["gs_r", "gs_h", "none"] | None = None
    model: Annotated[str, Meta(max_length=80)] = ""
    raster: bool = False


class CounterConfig(_Section, frozen=True, kw_only=True):
    """How the counter works."""

    void_limit: Annotated[int, Meta(ge=0, le=1_000_000)] = 50
    """Whole points; taking back more needs a second person."""
    lock_minutes: Annotated[int, Meta(ge=0, le=240)] = 10
    """Minutes without a key or a scan after which the keeper logs in again; 0 never."""
    scanner_prefix: Annotated[str, Meta(pattern=r"^([!-~]|f([1-9]|1[0-2]))?$")] = ""
    """The key that a typing scanner is set to send first, if any."""
    scanner_aim: Aim = "strip"
    """What is done with the AIM identifiers of a scanner that types."""
    scale_labels: Annotated[tuple[ScaleLabel, ...], Meta(max_length=4)] = ()


class WeighingConfig(_Section, frozen=True, kw_only=True):
    """What the store asks of its scales."""

    warn_days: Annotated[int, Meta(ge=0, le=365)] = 30
    """Days before its verification ends from which a scale warns."""
    expired: Literal["block", "warn"] = "block"
    """What happens to a scale whose verification has run out."""
    check: Literal["off", "remind", "require"] = "remind"
    """Whether a known weight is put on each scale every day before it weighs."""


class WeighInConfig(_Section, frozen=True, kw_only=True):
    """What the village decided of weigh-ins."""

    wait: bool = False
    """Whether points wait until the village clerk confirms them."""
    cash: bool = False
    """Whether a household may take cash instead of points."""


class StockConfig(_Section, frozen=True, kw_only=True):
    """How the village keeps its goods."""

    near_days: Annotated[int, Meta(ge=0, le=365)] = 30
    """Days before its last day from which a good is near expiry."""
    markup_percent: Annotated[int, Meta(ge=0, le=500)] = 0
    """Added to what a new good cost, for the price proposed for it."""
    high_value_points: Annotated[int, Meta(ge=0, le=1_000_000)] = 20
    """Goods of at least so many points are dear: they can be counted by themselves."""
    recount_points: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    """A stocktake difference worth more than so many points is counted a second time."""


class DayConfig(_Section, frozen=True, kw_only=True):
    """What is asked for when a day is opened and closed."""

    spot_goods: Annotated[int, Meta(ge=0, le=10)] = 3
    """How many of the dearest goods are counted at each close."""
    ahead_hours: Annotated[int, Meta(ge=1, le=8760)] = 72
    """Hours since the last entry after which the opening doubts the clock."""
    sync_hours: Annotated[int, Meta(ge=1, le=8760)] = 48
    """Hours without a sync after which the opening warns."""


class ExceptionsConfig(_Section, frozen=True, kw_only=True):
    """From when on the exceptions report lists something; shares in per cent."""

    card_uses: Annotated[int, Meta(ge=1, le=100)] = 2
    proxy_households: Annotated[int, Meta(ge=1, le=100)] = 3
    manual_percent: Annotated[int, Meta(ge=0, le=100)] = 2
    round_percent: Annotated[int, Meta(ge=0, le=100)] = 30
    round_lines: Annotated[int, Meta(ge=1, le=10_000)] = 20
    high_points: Annotated[int, Meta(ge=1, le=1_000_000)] = 100
    reversals: Annotated[int, Meta(ge=0, le=1000)] = 3
    reprints: Annotated[int, Meta(ge=0, le=1000)] = 5
    overrides: Annotated[int, Meta(ge=0, le=1000)] = 3
    lookups: Annotated[int, Meta(ge=0, le=1000)] = 10
    coverage_percent: Annotated[int, Meta(ge=0, le=1000)] = 100


class StationConfig(_Section, frozen=True, kw_only=True):
    """The whole file."""

    language: Literal["zh_CN", "en"] = "zh_CN"
    counter: CounterConfig = CounterConfig()
    printer: PrinterConfig | None = None
    weighing: WeighingConfig = WeighingConfig()
    stock: StockConfig = StockConfig()
    weigh_in: WeighInConfig = WeighInConfig()
    day: DayConfig = DayConfig()
    exceptions: ExceptionsConfig = ExceptionsConfig()
    scales: Annotated[tuple[ScaleConfig, ...], Meta(max_length=4)] = ()
    scanners: Annotated[tuple[ScannerConfig, ...], Meta(max_length=4)] = ()
    camera: CameraConfig | None = None

    def aim(self, device: str) -> Aim:
        """What is done with the AIM identifiers of a device; a typing scanner has no name, and a camera sends none."""
        named = {each.name: each.aim for each in self.scanners}
        return self.counter.scanner_aim if not device else named.get(device, "off")


def load(folder: Path) -> StationConfig:
    """The settings of the store in `folder`; all defaults when it has no file. Raises `ConfigError`."""
    path = folder / FILE
    try:
        return msgspec.toml.decode(path.read_bytes(), type=StationConfig)
    except FileNotFoundError:
        return StationConfig()
    except (OSError, UnicodeDecodeError, msgspec.MsgspecError) as error:
        raise ConfigError(path, str(error)) from None


def put_scale(folder: Path, section: Mapping[str, object]) -> None:
    """Write `section` into the scale's section of its `name`, or into a new one; a value of None takes the key out.

    Everything else in the file stays as it is, comments too. Raises `ConfigError`, and then nothing was written.
    """

    def put(document: "TOMLDocument") -> None:
        import tomlkit

        if "scales" not in document:
            document.add(tomlkit.nl())
        scales: list[dict[str, object]] = document.setdefault("scales", tomlkit.aot())
        table = next((scale for scale in scales if scale["name"] == section["name"]), None)
        if table is None:
            scales.append(table := tomlkit.table())
        _fill(table, section)

    _edit(folder, put)


def put_printer(folder: Path, section: Mapping[str, object]) -> None:
    """The same for the printer's section."""
    _edit(folder, lambda document: _fill(document.setdefault("printer", {}), section))


def _fill(table: MutableMapping[str, object], section: Mapping[str, object]) -> None:
    for key, value in section.items():
        if value is None:
            table.pop(key, None)
        else:
            table[key] = value


def _edit(folder: Path, change: "Callable[[TOMLDocument], None]") -> None:
    """Change the file, or the template where there is none, if it is still a right one afterwards."""
    # only set-up writes settings
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    path = folder / FILE
    try:
        document = tomlkit.parse(path.read_text(encoding="utf-8") if path.exists() else _TEMPLATE)
        change(document)
        text = tomlkit.dumps(document)
        msgspec.toml.decode(text, type=StationConfig)
        folder.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(FILE + ".new")
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(path)
    except (OSError, UnicodeDecodeError, TOMLKitError, msgspec.MsgspecError) as error:
        raise ConfigError(path, str(error)) from None


def write_template(folder: Path) -> None:
    """Write the commented `station.toml` that a new store starts from; one that is there stays."""
    path = folder / FILE
    if not path.exists():
        path.write_text(_TEMPLATE, encoding="utf-8")
