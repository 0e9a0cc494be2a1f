"""From a store's settings to its ledger: the address, the authority pinned, and the loop with its turns."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from pos.clock import Clock
from pos.config import SyncConfig, put_sync
from pos.storage.store import Store
from pos.sync.errors import SyncError
from pos.sync.loop import SyncLoop, Turns
from pos.sync.pulse import SyncPulse
from pos.sync.transport import HttpTransport


def transport_of(folder: Path, config: SyncConfig) -> HttpTransport:
    """The network's way to the ledger. Raises `SyncError` where none is set up, or its authority cannot be read."""
    if not config.url:
        raise SyncError("no-network")
    return HttpTransport(config.url, folder / config.ca if config.ca else None)


def pinned(folder: Path, config: SyncConfig, url: str) -> HttpTransport:
    """The way to a ledger at another address, its authority being the one that is set up."""
    return transport_of(folder, SyncConfig(url=url, ca=config.ca))


def remember(folder: Path, url: str) -> None:
    """Keep the ledger's address in the settings."""
    put_sync(folder, {"url": url})


def loop_of(store: Store, config: SyncConfig, clock: Clock, on_change: Callable[[SyncPulse], object]) -> SyncLoop:
    """The loop of a store, not yet started; by itself it syncs only where an address is set up."""
    turns = _turns(config) if config.url else None
    return SyncLoop(store, lambda: transport_of(store.folder, config), clock, turns, on_change)


def split_address(address: str) -> tuple[str, str]:
    """Base address and township of `https://HOST/TOWNSHIP`. Raises `SyncError` for one that names no township."""
    parts = urlsplit(address)
    base, _, township = parts.path.rstrip("/").rpartition("/")
    if not parts.scheme or not parts.netloc or not township:
        raise SyncError("address")
    return f"{parts.scheme}://{parts.netloc}{base}", township


def _turns(config: SyncConfig) -> Turns:
    begins, ends = (int(time[:2]) * 60 + int(time[3:]) for time in config.window.split("-"))
    return Turns(begins, ends, config.every)
