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
from drivers.scale.reading import DummyZeros

if TYPE_CHECKING:
    from collections.abc import Callable

    from tomlkit import TOMLDocument

FILE = "station.toml"

_ENCODING = "utf-8-sig"
"""Windows' own editor begins a file with a byte order mark."""

_TEMPLATE = Path(__file__).parent / FILE
"""The commented file that a new store starts from."""


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
    address: Annotated[str, Meta(pattern=r"^([A-Z]R?)?$")] = ""
    """Where several may share a line, the scale's letter; R behind it for a Yaohua A22."""
    dummy_zeros: DummyZeros | None = None
    """What a display's fixed zeros mean on the line, once a known load has told."""
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


class BackupConfig(_Section, frozen=True, kw_only=True):
    """Where backups go, and how many are kept."""

    folder: Annotated[str, Meta(max_length=200)] = ""
    """Below the store's own folder unless it is absolute; empty for no backups."""
    keep_days: Annotated[int, Meta(ge=1, le=366)] = 14
    keep_months: Annotated[int, Meta(ge=0, le=120)] = 12


class SyncConfig(_Section, frozen=True, kw_only=True):
    """Where the village ledger is, and when this store syncs with it."""

    url: Annotated[
        str, Meta(pattern=r"^(https://[^ ]+|http://(127\.0\.0\.1|localhost)(:[0-9]+)?/?)?$", max_length=200)
    ] = ""
    """Empty for a store that runs alone, or whose files travel on a stick; without TLS on this machine only."""
    ca: Annotated[str, Meta(max_length=200)] = ""
    """PEM file of the authority that vouches for it, below the store's folder unless absolute; else the system's."""
    window: Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$")] = (
        "20:00-22:00"
    )
    """The hours, local time, in which each store has a minute of its own every night."""
    every: Annotated[int, Meta(ge=0, le=500)] = 30
    """Entries after which it syncs at once; 0 never."""
    page: Annotated[str, Meta(pattern=r"^([a-z0-9]([a-z0-9.-]{0,58}[a-z0-9])?(:[0-9]{1,5})?)?$")] = ""
    """Public host where the ledger shows a receipt; its QR code leads there. Empty where phones cannot reach one."""


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
    backup: BackupConfig = BackupConfig()
    sync: SyncConfig = SyncConfig()
    exceptions: ExceptionsConfig = ExceptionsConfig()
    scales: Annotated[tuple[ScaleConfig, ...], Meta(max_length=4)] = ()
    scanners: Annotated[tuple[ScannerConfig, ...], Meta(max_length=4)] = ()
    camera: CameraConfig | None = None

    def __post_init__(self) -> None:
        """Refuse two devices of one name."""
        named = [each.name for each in (*self.scales, *self.scanners, *((self.camera,) if self.camera else ()))]
        if twice := {name for name in named if named.count(name) > 1}:
            raise ValueError(f"two devices are called {', '.join(sorted(twice))}")

    def aim(self, device: str) -> Aim:
        """What is done with the AIM identifiers of a device; a typing scanner has no name, and a camera sends none."""
        named = {each.name: each.aim for each in self.scanners}
        return self.counter.scanner_aim if not device else named.get(device, "off")


def load(folder: Path) -> StationConfig:
    """The settings of the store in `folder`; all defaults when it has no file. Raises `ConfigError`."""
    path = folder / FILE
    try:
        return msgspec.toml.decode(path.read_text(encoding=_ENCODING), type=StationConfig)
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


def put_sync(folder: Path, section: Mapping[str, object]) -> None:
    """The same for the village ledger's section."""
    _edit(folder, lambda document: _fill(document.setdefault("sync", {}), section))


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
        document = tomlkit.parse(path.read_text(encoding=_ENCODING) if path.exists() else _template())
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
        path.write_text(_template(), encoding="utf-8")


def _template() -> str:
    return _TEMPLATE.read_text(encoding="utf-8")
