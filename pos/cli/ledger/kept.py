"""A log-in as it is kept between two commands: where the ledger is, whose books, who acts, and the token."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from pos import places

FILE = "ledger.json"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a ledger is: at an address whose authority may be pinned by a file, or in a folder of this machine."""

    url: str = ""
    ca: str = ""
    home: str = ""


@dataclass(frozen=True, slots=True)
class LogIn:
    """Who acts where; the token lasts for a working day."""

    place: Place
    township: str
    name: str
    token: str


def load() -> LogIn | None:
    """The log-in that was kept; none when there is none that can be read."""
    try:
        found = json.loads((places.state() / FILE).read_text(encoding="utf-8"))
        return LogIn(**{**found, "place": Place(**found["place"])})
    except (OSError, ValueError, TypeError, LookupError):
        return None


def save(log_in: LogIn) -> Path:
    """Keep a log-in where its owner alone can read it."""
    path = places.state() / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{FILE}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(asdict(log_in), file)
    fresh.replace(path)
    return path


def forget() -> None:
    """Keep no log-in any more."""
    (places.state() / FILE).unlink(missing_ok=True)
