"""A scanner at the far end of a cable: sends what a real one would, and what a badly programmed or broken one would."""

from dataclasses import dataclass

from drivers.simulated.cable import Cable

BACKLOG = 8
"""How many times a shop may have opened its port since the last scan."""


@dataclass(frozen=True, slots=True)
class SimulatedScanner:
    """Sends each code between a prefix (an AIM identifier, STX) and a suffix, in UTF-8."""

    cable: Cable
    prefix: bytes = b""
    suffix: bytes = b"\r\n"

    def scan(self, *texts: str) -> None:
        """Read these codes, one directly after another, in a single burst of bytes."""
        self.send(b"".join(self.prefix + text.encode() + self.suffix for text in texts))

    def cut_short(self, text: str) -> None:
        """Begin a code and never end it."""
        self.send(self.prefix + text.encode())

    def send(self, data: bytes) -> None:
        """Put any bytes on the line. Over TCP they go to the shop that opened the port last."""
        for _ in range(BACKLOG):
            self.cable.read(0)
        self.cable.write(data)
