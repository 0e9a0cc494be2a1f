"""The only assembly: a counter put together from its folder. Everything else is given what it needs."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from catalog.units import Points
from drivers.errors import DriverError
from drivers.events import Emit
from pos import config as settings
from pos import i18n
from pos.backup.runner import Backups
from pos.clock import Clock
from pos.config import BackupConfig, ConfigError, PrinterConfig, StationConfig
from pos.core import day, limits
from pos.core.refusals import SettingsWrong
from pos.core.stock_policy import StockPolicy
from pos.core.thresholds import Thresholds
from pos.counter.desk import Desk
from pos.devices import Devices, register, scale_policy
from pos.i18n import Words
from pos.storage import sync_state
from pos.storage.drafts import Drafts
from pos.storage.store import Store, open_store

if TYPE_CHECKING:
    from drivers.printer.printer import Printer
    from drivers.printer.raster import Font
    from pos.printing.loop import PrintLoop
    from pos.printing.state import PaperState
    from pos.sync.loop import SyncLoop
    from pos.sync.pulse import SyncPulse


@dataclass(slots=True)
class Station:
    """An open counter: close it when the keeper goes home."""

    config: StationConfig
    words: Words
    store: Store
    desk: Desk
    drafts: Drafts
    devices: Devices
    backups: Backups
    printing: "PrintLoop | None" = None
    """None until `start_printing`, and where no printer is set up: receipts wait."""
    syncing: "SyncLoop | None" = None
    """None until `start_syncing`."""

    def start_printing(self, on_paper: "Callable[[PaperState], object]") -> None:
        """Start the printer's thread, which calls `on_paper`; nothing that is sold waits for it."""
        if self.config.printer is not None:
            self.printing = _printing(self.store, self.config.printer, on_paper)
            self.printing.start()

    def start_syncing(self, on_change: "Callable[[SyncPulse], object]") -> None:
        """Start the thread that syncs, which calls `on_change`; nothing that is sold waits for it."""
        # The network's part is loaded when the counter is up.
        from pos.sync.ways import loop_of

        self.syncing = loop_of(self.store, self.config.sync, self.desk.clock, on_change)
        self.syncing.start()

    def close(self) -> None:
        """Stop the devices and the threads of sync and printer, then close the store."""
        self.devices.stop()
        if self.syncing is not None:
            self.syncing.stop()
        if self.printing is not None:
            self.printing.stop()
        self.drafts.close()
        self.store.close()


def open_station(folder: Path, emit: Emit, clock: Clock | None = None, *, training: bool = False) -> Station:
    """Open the store in `folder`, or one to practise in, and start its devices; `emit` is called on their threads.

    Raises a `StoreRefused`; `SettingsWrong` for a file that does not fit, or settings that no device can have.
    """
    config = read_settings(folder)
    store = open_store(folder, training=training)
    words = i18n.load(config.language)
    desk = Desk(
        store,
        clock or Clock(),
        config.language,
        register(config),
        Points(config.counter.void_limit * 100),
        scale_policy(config),
        StockPolicy(**msgspec.structs.asdict(config.stock)),
        limits.Policy(**msgspec.structs.asdict(config.weigh_in)),
        day.Policy(**msgspec.structs.asdict(config.day)),
        Thresholds(**msgspec.structs.asdict(config.exceptions)),
        config.sync.page,
        partial(_last_sync, store),
    )
    try:
        devices = Devices(config, emit, store.card_keys)
    except (DriverError, ValueError) as error:
        store.close()
        raise SettingsWrong(file=settings.FILE, detail=str(error)) from error
    # What is practised is not worth keeping.
    backups = Backups(folder, BackupConfig() if training else config.backup, desk.clock.wall)
    station = Station(config, words, store, desk, Drafts(folder), devices, backups)
    devices.start()
    return station


def _last_sync(store: Store) -> int | None:
    with store.read() as connection:
        return sync_state.last_sync(connection)


def read_settings(folder: Path) -> StationConfig:
    """The settings of the store in `folder`. Raises `SettingsWrong` for a file that does not fit."""
    try:
        return settings.load(folder)
    except ConfigError as error:
        raise SettingsWrong(file=error.path.name, detail=error.detail) from error


def printer_of(folder: Path, config: PrinterConfig) -> "Printer":
    """The printer that the settings name; what prints into a folder does so below the store's."""
    from drivers.printer.printer import Printer
    from drivers.printer.profile import PrinterProfile

    profile = msgspec.structs.asdict(config)
    scheme, _, path = config.url.partition(":")
    if scheme == "folder" and path:
        profile["url"] = f"folder:{folder / path}"
    return Printer(PrinterProfile(**profile), _font)


def _printing(store: Store, config: PrinterConfig, on_paper: "Callable[[PaperState], object]") -> "PrintLoop":
    # The printer's part is loaded when the counter is up.
    from pos.printing.loop import PrintLoop

    return PrintLoop(store, printer_of(store.folder, config), on_paper, font=_font)


@cache
def _font() -> "Font | None":
    # Drawing takes a while to load, and most receipts are text.
    from drivers.printer.raster import find_font

    return find_font()
