"""CAS indicators CI, NT and PDS: a 22-byte comma line with a device number and a lamp byte, sent without pause.

    status , mode , id lamps , d8 space unit2 CR LF

The lamp byte has bit 7 set, so the line must be 8 bits wide. Manuals: CAS CI-600D p.75; NT-200 p.48. The grammar is
that of `drivers.scale.comma`.
"""

from drivers.port import LineSettings
from drivers.scale import comma

SETTINGS = LineSettings()
POLL = None
scan = comma.scan
