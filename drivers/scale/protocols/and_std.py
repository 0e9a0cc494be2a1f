"""A&D standard format, asked for: the host sends `Q`, balances answer `ST,+001234.5  g`, indicators with a mode.

OL with a sign is over or under range, QT a count, `EC,Exx` a refused command; ACK (06), where it is switched on, tells
that a command was taken. Manuals: A&D EK-L p.28; HC-i p.48; FZ-i p.59; AD-4403 8-9. `P`, `ON`, `OFF` and `CAL` are
never sent: they switch or calibrate the scale. The grammar is that of `drivers.scale.comma`.
"""

from drivers.port import Commands, LineSettings, Poll
from drivers.scale import comma

SETTINGS = LineSettings(baudrate=2400, bytesize=7, parity="E")
POLL = Poll(b"Q\r\n", 0.3)
COMMANDS = Commands(zero=b"Z\r\n", tare=b"T\r\n")
scan = comma.scan
