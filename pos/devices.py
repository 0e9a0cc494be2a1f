"""The devices of one counter: made from the settings, started, stopped, and asked what they say.

Their threads call `emit`, which must only post: nothing here waits for a screen.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING

from msgspec import structs

from catalog.materials import ScaleClass
from catalog.units import Grams
from drivers.events import DeviceDown, DeviceUp, Emit, Event, Scanned, Weighed
from drivers.port import LineSettings
from drivers.ports import apart
from drivers.reader import Heard, Reader
from drivers.scale import protocol
from drivers.scale.scale import Scale
from drivers.scale.weighing import ScaleProfile, Settled
from drivers.scanner.serial import serial_scanner
from pos.config import CameraConfig, ScaleConfig, ScannerConfig, StationConfig
from pos.core import cards
from pos.core.refusals import CardMisread
from pos.core.scales import CheckRule, Evidence, Policy, ScaleFacts, WhenExpired

if TYPE_CHECKING:
    from drivers.camera.camera import Camera
    from drivers.camera.decode import Claim, Judge


@dataclass(frozen=True, slots=True)
class DeviceStatus:
    """What the status line says of one device; `cause` is the code of a `DriverError`, empty when it is up."""

    name: str
    kind: str
    """`scale`, `scanner` or `camera`."""
    up: bool = False
    cause: str = ""


class Devices:
    """All scales, the camera, and all scanners that are not just typing, of a counter.

    `card_keys` are the village's tag keys by name: a card that one of them signed is taken at first sight.
    """

    def __init__(self, config: StationConfig, emit: Emit, card_keys: Mapping[str, bytes]) -> None:
        config = _told_apart(config)
        self._emit = emit
        self._lock = Lock()
        self.scales: dict[str, Scale] = {
            each.name: Scale(_profile(each), each.url, line_settings(each), self._hear) for each in config.scales
        }
        self._scanners = {each.name: _scanner(each, self._hear) for each in config.scanners}
        judge = partial(claim_of, keys=card_keys)
        self.camera = _camera(config.camera, judge, self._hear) if config.camera else None
        kinds = {each.name: "scale" for each in config.scales} | {each.name: "scanner" for each in config.scanners}
        kinds |= {config.camera.name: "camera"} if config.camera else {}
        self._statuses = {name: DeviceStatus(name, kind) for name, kind in kinds.items()}

    def start(self) -> None:
        """Start every device's thread."""
        for device in self._all():
            device.start()

    def stop(self) -> None:
        """Stop every device's thread and close its port."""
        for device in self._all():
            device.stop()

    def _all(self) -> "list[Scale | Reader | Camera]":
        return [*self.scales.values(), *self._scanners.values(), *([self.camera] if self.camera else [])]

    def heard(self, name: str) -> Heard | None:
        """The raw bytes that this scale or scanner sent last."""
        if name in self.scales:
            return self.scales[name].heard()
        return self._scanners[name].heard if name in self._scanners else None

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


def claim_of(text: str, keys: Mapping[str, bytes]) -> "Claim | None":
    """What a text in front of the camera claims to be, None when it is no card; sure when our own key signed it."""
    from drivers.camera.decode import Claim

    try:
        seen = cards.read(text)
    except CardMisread:
        return None
    return Claim(seen.number, sure=cards.genuine(seen, keys))


def register(config: StationConfig) -> Mapping[str, ScaleFacts]:
    """What the rules know of each scale."""
    return {
        each.name: ScaleFacts(
            each.name,
            ScaleClass(each.scale_class),
            Grams(each.minimum_g),
            Grams(each.maximum_g),
            Grams(each.division_g),
            date.fromisoformat(each.verified_until) if each.verified_until else None,
            each.model,
            each.serial,
            each.seal,
            Grams(each.check_weight_g) if each.check_weight_g else None,
        )
        for each in config.scales
    }


def scale_policy(config: StationConfig) -> Policy:
    """The store's settings about its scales, as the rules take them."""
    chosen = config.weighing
    return Policy(chosen.warn_days, WhenExpired(chosen.expired), CheckRule(chosen.check))


def evidence(scale: str, settled: Settled, wall: int) -> Evidence:
    """What a ticket line keeps of a settled weight taken at wall clock `wall` (ms)."""
    return Evidence(scale, settled.criterion, settled.raw.hex(), wall)


def _scanner(config: ScannerConfig, emit: Emit) -> Reader:
    match config.kind:
        case "serial":
            return serial_scanner(config.name, config.url, emit, LineSettings(baudrate=config.baudrate))
        case "evdev":
            from drivers.scanner.evdev import evdev_scanner

            return evdev_scanner(config.name, config.url, emit)


def _profile(config: ScaleConfig) -> ScaleProfile:
    return ScaleProfile(
        id=config.name,
        protocol=config.protocol,
        unit=config.unit,
        minimum=Grams(config.minimum_g),
        maximum=Grams(config.maximum_g),
        division=Grams(config.division_g),
        checksum=config.checksum,
        line=config.line,
        poll=config.poll,
        address=config.address,
        dummy_zeros=config.dummy_zeros,
    )


def _camera(config: CameraConfig, judge: "Judge", emit: Emit) -> "Camera":
    # Most counters have none, and what reads it takes a while to load.
    from drivers.camera.camera import Camera

    return Camera(config.name, config.url, judge, emit)


def _told_apart(config: StationConfig) -> StationConfig:
    """The settings with each adapter told from those of the others. Raises `ValueError` for what is no adapter."""
    urls = [each.url for each in config.scales] + [each.url for each in config.scanners]
    if config.printer:
        urls.append(config.printer.url)
    return structs.replace(
        config,
        scales=tuple(structs.replace(each, url=apart(each.url, urls)) for each in config.scales),
        scanners=tuple(structs.replace(each, url=apart(each.url, urls)) for each in config.scanners),
    )


def line_settings(config: ScaleConfig) -> LineSettings:
    """How a scale's line is set: the protocol's usual settings with what differs. Raises `UnknownProtocol`."""
    usual = protocol.load(config.protocol).settings
    return replace(
        usual,
        baudrate=config.baudrate or usual.baudrate,
        bytesize=config.bytesize or usual.bytesize,
        parity=config.parity or usual.parity,
        stopbits=config.stopbits or usual.stopbits,
        dtr=usual.dtr if config.dtr is None else config.dtr,
        rts=usual.rts if config.rts is None else config.rts,
    )
