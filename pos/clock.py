"""The one place that reads the clocks."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path


def _wall() -> int:
    return time.time_ns() // 1_000_000


def _mono() -> int:
    return time.monotonic_ns() // 1_000_000


@cache
def boot_id() -> str:
    """Which start of the machine the monotonic clock counts from; empty where the system does not say."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()[:8]
    except OSError:
        return ""


@dataclass(frozen=True, slots=True)
class Clock:
    """Wall clock and monotonic clock in milliseconds; tests and simulations give their own."""

    wall: Callable[[], int] = _wall
    mono: Callable[[], int] = _mono
    boot: Callable[[], str] = boot_id
