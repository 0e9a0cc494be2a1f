"""A disk that may lose its power at any call: what was synced is there, of all else any part may be.

A file's content is safe once the file was synced. A name (made, removed, changed) is safe once the folder was synced,
which is the strict reading of POSIX; keeping names at once is what journalling file systems do. Both are tried.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tests.storage.tracing import Call

SECTOR = 512
IGNORED = "-shm"
"""SQLite makes its shared index anew after every start."""


@dataclass(eq=False)
class File:
    """One file: what is surely on the disk, and what was asked for since."""

    safe: bytearray = field(default_factory=bytearray)
    now: bytearray = field(default_factory=bytearray)
    pending: list[Call] = field(default_factory=list)

    def take(self, call: Call) -> None:
        """Do a write or a cut."""
        self.pending.append(call)
        change(self.now, call)

    def sync(self) -> None:
        """Make all of it safe."""
        self.safe[:] = self.now
        self.pending.clear()


def change(content: bytearray, call: Call) -> None:
    """Do a write or a cut to `content`; a hole is filled with zeros."""
    assert call.offset is not None
    if call.what == "truncate":
        del content[call.offset :]
    content.extend(bytes(max(0, call.offset - len(content))))
    if call.what == "write":
        content[call.offset : call.offset + len(call.data)] = call.data


def torn(call: Call, chance: random.Random) -> Call:
    """The first sectors of a write only."""
    kept = chance.randrange(0, len(call.data), SECTOR) if call.data else 0
    return Call(call.what, call.name, call.data[:kept], call.offset)


Image = dict[str, bytes]
"""Files by name, as found when the power is back."""


class Disk:
    """A folder on such a disk."""

    def __init__(self, files: Image, chance: random.Random) -> None:
        self.safe = {name: File(bytearray(data), bytearray(data)) for name, data in files.items()}
        self.now = dict(self.safe)
        self._chance = chance

    def take(self, call: Call) -> None:
        """Do what the program asked for."""
        match call.what:
            case "make":
                self.now.setdefault(call.name, File())
            case "unlink":
                del self.now[call.name]
            case "rename":
                self.now[call.to] = self.now.pop(call.name)
            case "sync" if not call.name:
                self.safe = dict(self.now)
            case "sync":
                self.now[call.name].sync()
            case _:
                file = self.now[call.name]
                offset = len(file.now) if call.offset is None else call.offset
                file.take(Call(call.what, call.name, call.data, offset))

    def dropped(self) -> Image:
        """Nothing but what is surely there."""
        return {name: bytes(file.safe) for name, file in self.safe.items()}

    def named(self) -> Image:
        """Every name kept, and no content that was not synced."""
        return {name: bytes(file.safe) for name, file in self.now.items()}

    def kept(self) -> Image:
        """All that was asked for."""
        return {name: bytes(file.now) for name, file in self.now.items()}

    def torn(self, name: str) -> Image:
        """All but the end of the last write, which was to file `name`."""
        file = self.now[name]
        content = bytearray(file.safe)
        for call in file.pending[:-1]:
            change(content, call)
        change(content, torn(file.pending[-1], self._chance))
        return {**self.kept(), name: bytes(content)}

    def mixed(self) -> Image:
        """Any of what is not safe, in any order, some of it torn."""
        names = self.now if self._chance.random() < 0.5 else self.safe
        return {name: self._mixed(file) for name, file in names.items()}

    def _mixed(self, file: File) -> bytes:
        content = bytearray(file.safe)
        for call in file.pending:
            fate = self._chance.random()
            if fate < 0.6:
                change(content, torn(call, self._chance) if fate < 0.1 and call.what == "write" else call)
        return bytes(content)


def images(before: Image, calls: Iterable[Call], chance: random.Random) -> Iterator[tuple[str, Image, list[bytes]]]:
    """Every state that a power cut after each call may leave, and what the program had said by then."""
    disk, said = Disk(before, chance), list[bytes]()
    for place, call in enumerate(calls):
        if call.what == "say":
            said.append(call.data)
            continue
        if call.name.endswith(IGNORED):
            continue
        disk.take(call)
        where = f"call {place} ({call.what} {call.name})"
        yield f"{where}, kept", disk.kept(), said
        if call.what in ("write", "truncate"):
            yield f"{where}, mixed", disk.mixed(), said
        else:
            yield f"{where}, dropped", disk.dropped(), said
            yield f"{where}, named", disk.named(), said
        if call.what == "write" and len(call.data) > SECTOR:
            yield f"{where}, torn", disk.torn(call.name), said
