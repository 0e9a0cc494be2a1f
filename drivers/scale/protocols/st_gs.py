"""The comma family as scales send it by themselves: A&D AD-44xx, CAS "AND 18", Dini Argeo, Kern, Chinese copies.

The grammar, its manuals and their pages are those of `drivers.scale.comma`; every line names its unit and stability.
"""

from drivers.port import LineSettings
from drivers.scale import comma

SETTINGS = LineSettings()
POLL = None
scan = comma.scan
