"""`python -m tests.bench.journeys`: every journey's keys, scans and seconds, played by a Pilot on the real till."""

import asyncio
import tempfile
from pathlib import Path

from tests.screens.journeys import JOURNEYS, Journey, Played, played

_CAPS = {"plus": "+", "minus": "-", "asterisk": "*", "full_stop": ".", "enter": "Enter", "escape": "Esc"}


def line(journey: Journey, found: Played) -> str:
    """One line of the table."""
    keys = " ".join(_CAPS.get(key, key.capitalize() if len(key) > 1 else key) for key in found.keys)
    figures = f"{len(found.keys):4} {found.scans:5} {found.seconds:7.1f}"
    return f"{journey.section:<5} {journey.name:<30} {figures}  {keys}"


def main() -> None:
    """Print the table."""
    print(f"{'':5} {'journey':<30} keys scans seconds")
    for journey in JOURNEYS:
        with tempfile.TemporaryDirectory(prefix="pos-journey-") as folder:
            print(line(journey, asyncio.run(played(journey, Path(folder) / "store"))))


if __name__ == "__main__":
    main()
