"""Wall clock time as a store reads it: at its own fixed offset from UTC, whatever the machine is set to."""

from datetime import UTC, date, datetime, timedelta


def local_time(wall: int, utc_offset_minutes: int) -> str:
    """Wall clock `wall` (ms since 1970 UTC) as text at a fixed offset."""
    return _moment(wall, utc_offset_minutes).strftime("%Y-%m-%d %H:%M:%S")


def local_date(wall: int, utc_offset_minutes: int) -> date:
    """Calendar date of wall clock `wall` (ms since 1970 UTC) at a fixed offset."""
    return _moment(wall, utc_offset_minutes).date()


def _moment(wall: int, utc_offset_minutes: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=wall, minutes=utc_offset_minutes)
