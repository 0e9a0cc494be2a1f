"""What a program asked of the disk, as `strace` saw it: the real system calls with their data, in order."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

_CALLS = "openat,pwrite64,write,fsync,fdatasync,ftruncate,unlink,rename"
_LONGEST = 1 << 20

_STRING = r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?'
_FILE = r"\d+<((?:\\x[0-9a-f]{2})*)>"
_PATTERNS = {
    "write": re.compile(rf"write\({_FILE}, {_STRING}, \d+\) = \d+"),
    "pwrite64": re.compile(rf"pwrite64\({_FILE}, {_STRING}, \d+, (\d+)\) = \d+"),
    "fsync": re.compile(rf"fsync\({_FILE}\) = 0"),
    "fdatasync": re.compile(rf"fdatasync\({_FILE}\) = 0"),
    "ftruncate": re.compile(rf"ftruncate\({_FILE}, (\d+)\) = 0"),
    "unlink": re.compile(rf"unlink\({_STRING}\) = 0"),
    "rename": re.compile(rf"rename\({_STRING}, {_STRING}\) = 0"),
    "openat": re.compile(rf"openat\(.*?, {_STRING}, ([A-Z_|]+).*\) = \d+.*"),
}


@dataclass(frozen=True, slots=True)
class Call:
    """One call: `write` (at `offset`, or behind the end when that is `None`), `sync`, `truncate`, `make`, `unlink`,
    `rename`, or `say` (to standard output). `name` is a file's within the folder; "" is the folder itself."""

    what: str
    name: str = ""
    data: bytes = b""
    offset: int | None = None
    to: str = ""


def record(folder: Path, *command: str) -> list[Call]:
    """Run `python -m command` and return what it did to files in `folder`; skips where there is no strace."""
    tool = shutil.which("strace")
    if tool is None:
        missing = "strace is needed to see what reaches the disk: apt-get install strace"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(missing)
    trace = folder.with_name(f"{folder.name}.trace")
    options = ("-f", "-y", "-xx", "-s", str(_LONGEST), "-e", f"trace={_CALLS}", "-e", "signal=none", "-o", str(trace))
    subprocess.run([tool, *options, sys.executable, "-m", *command], check=True, stdout=subprocess.DEVNULL)
    with trace.open(encoding="ascii") as lines:
        return list(_calls(lines, f"{folder.resolve()}/"))


def _calls(lines: Iterable[str], root: str) -> Iterator[Call]:
    for line in lines:
        text = line.partition(" ")[2].lstrip()
        name = text.partition("(")[0]
        if name in _PATTERNS and " = -1 " not in text:
            found = _PATTERNS[name].match(text)
            assert found, text[:200]
            yield from _call(name, found, root)


def _call(name: str, found: re.Match[str], root: str) -> Iterator[Call]:
    if name == "write" and found[0].startswith("write(1<"):
        yield Call("say", data=_bytes(found[2]))
        return
    path = f"{_bytes(found[1]).decode()}/"
    if not path.startswith(root):
        return
    inside = path[len(root) : -1]
    match name:
        case "write":
            yield Call("write", inside, _bytes(found[2]))
        case "pwrite64":
            yield Call("write", inside, _bytes(found[2]), int(found[4]))
        case "fsync" | "fdatasync":
            yield Call("sync", inside)
        case "ftruncate":
            yield Call("truncate", inside, offset=int(found[2]))
        case "unlink":
            yield Call("unlink", inside)
        case "rename":
            yield Call("rename", inside, to=_bytes(found[3]).decode()[len(root) :])
        case "openat" if "O_CREAT" in found[3]:
            yield Call("make", inside)
            if "O_TRUNC" in found[3]:
                yield Call("truncate", inside, offset=0)


def _bytes(escaped: str) -> bytes:
    return bytes.fromhex(escaped.replace("\\x", ""))
