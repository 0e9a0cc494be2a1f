"""What the benches share: percentiles of interleaved timings, and a probe of the disk's own speed."""

import os
from collections.abc import Callable
from pathlib import Path
from time import perf_counter_ns


def timed(what: Callable[[], object]) -> int:
    """Nanoseconds that one call takes."""
    start = perf_counter_ns()
    what()
    return perf_counter_ns() - start


def percentile(times: list[int], percent: int) -> int:
    """The given percentile of timings, in whole microseconds."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] // 1000


class Probe:
    """Appends one page to a file and syncs it: what the disk alone asks for one durable write."""

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def __call__(self) -> None:
        os.write(self._handle, b"\x00" * 4096)
        os.fdatasync(self._handle)

    def close(self) -> None:
        """Close the file."""
        os.close(self._handle)
