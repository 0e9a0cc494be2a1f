"""The devices of one counter: made from the settings, started, stopped, and asked what they say.

Their threads call `emit`, which must only post: nothing here waits for a screen.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from threading import Lock

from catalog.materials import ScaleClass
from catalog.units import Grams
from drivers.events import DeviceDown, DeviceUp, Emit, Event, Scanned, Weighed
from drivers.port import LineSettings
from drivers.reader import Reader
from drivers.scale import protocol
from drivers.scale.scale import Scale
from drivers.scale.weighing import ScaleProfile, Settled
from drivers.scanner.serial import serial_scanner
from pos.config import ScaleConfig, StationConfig
from pos.core.weigh_in import Evidence, ScaleFacts


@dataclass(frozen=True, slots=True)
class DeviceStatus:
    """What the status line says of one device; `cause` is the code of a `DriverError`, empty when it is up."""

    name: str
    kind: str
    """`scale` or `scanner`."""
    up: bool = False
    cause: str = ""


class Devices:
    """All scales and serial scanners of a counter."""

    def __init__(self, config: StationConfig, emit: Emit) -> None:
        self._emit = emit
        self._lock = Lock()
        self.scales: dict[str, Scale] = {
            each.name: Scale(_profile(each), each.url, _settings(each), self._hear) for each in config.scales
        }
        self._scanners: list[Reader] = [
            serial_scanner(each.name, each.url, self._hear, LineSettings(baudrate=each.baudrate))
            for each in config.scanners
        ]
        kinds = {each.name: "scale" for each in config.scales} | {each.name: "scanner" for each in config.scanners}
        self._statuses = {name: DeviceStatus(name, kind) for name, kind in kinds.items()}

    def start(self) -> None:
        """Start every device's thread."""
        for device in self._all():
            device.start()

    def stop(self) -> None:
        """Stop every device's thread and close its port."""
        for device in self._all():
            device.stop()

    def _all(self) -> list[Scale | Reader]:
        return [*self.scales.values(), *self._scanners]

    def statuses(self) -> list[DeviceStatus]:
        """Every device, as the status line shows it."""
        with self._lock:
            return list(self._statuses.values())

    def _hear(self, event: Event) -> None:
        with self._lock:
            status = self._statuses[event.device]
            match event:
                case DeviceUp():
                    status = replace(status, up=True, cause="")
                case DeviceDown(code=code):
                    status = replace(status, up=False, cause=code)
                case Scanned() | Weighed():
                    pass
            self._statuses[event.device] = status
        self._emit(event)


def register(config: StationConfig) -> Mapping[str, ScaleFacts]:
    """What the rules know of each scale."""
    return {
        each.name: ScaleFacts(
            each.name,
            ScaleClass(each.scale_class),
            Grams(each.minimum_g),
            Grams(each.maximum_g),
            Grams(each.division_g),
            each.verified_until,
        )
        for each in config.scales
    }


def evidence(scale: str, settled: Settled, wall: int) -> Evidence:
    """What a ticket line keeps of a settled weight taken at wall clock `wall` (ms)."""
    return Evidence(scale, settled.criterion, settled.raw.hex(), wall)


def _profile(config: ScaleConfig) -> ScaleProfile:
    return ScaleProfile(
        id=config.name,
        protocol=config.protocol,
        unit=config.unit,
        minimum=Grams(config.minimum_g),
        maximum=Grams(config.maximum_g),
        division=Grams(config.division_g),
        cls=config.scale_class,
        verified_until=config.verified_until,
        checksum=config.checksum,
    )


def _settings(config: ScaleConfig) -> LineSettings:
    usual = protocol.load(config.protocol).settings
    return replace(
        usual,
        baudrate=config.baudrate or usual.baudrate,
        bytesize=config.bytesize or usual.bytesize,
        parity=config.parity or usual.parity,
    )
