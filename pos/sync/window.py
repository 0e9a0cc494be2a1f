"""When a store syncs by itself: once a night at a time of its own within the window, and after so many entries."""

import hashlib

DAY_MS = 86_400_000
MINUTE_MS = 60_000


def slot(device: str, begins: int, ends: int) -> int:
    """The minute of the day at which this device's turn is: spread over the window by a hash of its name.

    `begins` and `ends` are minutes since local midnight; a window may pass midnight.
    """
    length = (ends - begins) % (24 * 60) or 24 * 60
    spread = int.from_bytes(hashlib.sha256(device.encode()).digest()[:8], "big") % length
    return (begins + spread) % (24 * 60)


def due(now: int, utc_offset_minutes: int, minute: int, synced: int) -> bool:
    """Whether the newest turn, at local `minute` of a day, has come since the last sync; all wall clock ms.

    A turn that was missed, with the machine switched off at night, is made up for.
    """
    local = now + utc_offset_minutes * MINUTE_MS
    turn = local - local % DAY_MS + minute * MINUTE_MS
    newest = turn if turn <= local else turn - DAY_MS
    return synced + utc_offset_minutes * MINUTE_MS < newest
