"""What a printer says about itself, told apart by the fixed bits of each byte.

Epson ESC/POS reference, DLE EOT, GS r, GS a, GS I and GS ( H; TM-T88III specification, appendix G.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

MAX_BLOCK = 80
BLOCK_HEADERS = b"_7"

Trouble = Literal[
    "printer-unreachable",  # nobody at the address, or it went before anything was sent
    "printer-busy",  # another program has the port
    "printer-denied",  # this user may not open the port
    "printer-invalid",  # the URL cannot be
    "printer-lost",  # it went in the middle of a job
    "printer-silent",  # it took the job and did not say what became of it
    "printer-offline",
    "printer-error",  # cutter, overheating
    "paper-out",
    "cover-open",
    "queue-holding",  # the system's print queue has a job that it has not printed
    "queue-dropped",  # the system's print queue gave a job up, or somebody deleted it there
    "folder-unwritable",
]
"""Why a job is not on paper, or may not be: stable codes, which the screen translates."""


@dataclass(frozen=True, slots=True)
class RealTime:
    """The answer to DLE EOT, form 0xx1xx10: sent at once, even while the printer stands still."""

    byte: int


@dataclass(frozen=True, slots=True)
class Queued:
    """The answer to GS r, form 0xx0xxxx: sent when everything before the question has been done."""

    byte: int

    @property
    def paper_low(self) -> bool:
        """GS r 1: the roll is near its end."""
        return bool(self.byte & 0x03)

    @property
    def paper_out(self) -> bool:
        """GS r 1: the roll is at its end."""
        return bool(self.byte & 0x0C)


@dataclass(frozen=True, slots=True)
class Block:
    """A header, printable characters and NUL: the answer to GS I (`_`) and to GS ( H (`7`, then `"` and the tag)."""

    header: int
    data: bytes


Reply = RealTime | Queued | Block


class Replies:
    """Sorts what comes back, across any division into reads; automatic status (four bytes) and noise are left out."""

    def __init__(self) -> None:
        self._automatic = 0
        self._block = bytearray()

    def feed(self, data: bytes) -> Iterator[Reply]:
        """The replies in these bytes."""
        for byte in data:
            if self._block:
                if 0x20 <= byte < 0x7F and len(self._block) < MAX_BLOCK:
                    self._block.append(byte)
                    continue
                header, *rest = self._block
                self._block.clear()
                if byte == 0:
                    yield Block(header, bytes(rest))
                    continue
            if self._automatic:
                self._automatic -= 1
            elif byte in BLOCK_HEADERS:
                self._block.append(byte)
            elif byte & 0x93 == 0x10:
                self._automatic = 3
            elif byte & 0x93 == 0x12:
                yield RealTime(byte)
            elif byte & 0x90 == 0x00:
                yield Queued(byte)


def trouble(printer: int, offline: int, paper: int) -> Trouble | None:
    """What keeps a printer from printing, from its answers to DLE EOT 1, 2 and 4."""
    if offline & 0x04:
        return "cover-open"
    if offline & 0x20 or paper & 0x60:
        return "paper-out"
    if offline & 0x40:
        return "printer-error"
    return "printer-offline" if printer & 0x08 else None


def paper_low(paper: int) -> bool:
    """Whether the roll is near its end, from the answer to DLE EOT 4."""
    return bool(paper & 0x0C)
