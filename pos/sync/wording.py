"""How a store stands with its ledger, in plain words: the result of the newest sync, and what to do about it."""

from pos.core.local_time import local_time
from pos.i18n import Words
from pos.sync.pulse import SyncPulse

SAID = frozenset({
    "unreachable", "later", "certificate", "no-network", "not-enrolled", "enrolled-already", "address", "ca-unread",
    "store", "rejected", "fork", "stale", "log-shrank", "log-rewritten", "stick-again", "not-all-synced",
    "rejoin-alone", "code-unknown", "code-used", "code-for-another", "device-taken", "epoch-open", "epoch-skipped",
    "device-unknown", "township-unknown", "token",
})  # fmt: skip
"""Codes with words of their own (`sync.<code>`). What is left is either refused, or not believed."""

_MINUTE, _HOUR, _DAY = 60_000, 3_600_000, 86_400_000


def explained(words: Words, code: str, detail: str = "") -> str:
    """Why a sync did not come to its end, and what to do."""
    if code in SAID:
        return words(f"sync.{code}", detail=detail)
    return words("sync.not-believed" if code.split("-")[0] in _NOT_BELIEVED else "sync.refused", code=code)


_NOT_BELIEVED = frozenset({"answer", "checkpoint", "record", "feed"})


def age(words: Words, milliseconds: int) -> str:
    """How long ago, in the largest whole unit."""
    for unit, name in ((_DAY, "days"), (_HOUR, "hours"), (_MINUTE, "minutes")):
        if milliseconds >= unit:
            return words(f"sync-age.{name}", figure=milliseconds // unit)
    return words("sync-age.now")


def late(words: Words, pulse: SyncPulse, wall: int) -> list[str]:
    """That it was too long ago, at `wall` (ms), and what that means; nothing while all is well."""
    behind = wall - pulse.state.synced
    if not pulse.enrolled or pulse.rejoin or behind <= pulse.late_after * _DAY:
        return []
    if pulse.hard_days is None:
        return [words("sync.late", days=behind // _DAY)]
    if behind > pulse.hard_days * _DAY:
        return [words("refused.offline-too-long", days=pulse.hard_days)]
    return [words("sync.late-hard", days=behind // _DAY, most=pulse.hard_days)]


def lines(words: Words, pulse: SyncPulse, utc_offset_minutes: int, wall: int) -> list[str]:
    """How things stand at `wall` (ms), line by line."""
    state = pulse.state
    if pulse.rejoin:
        return [words("sync.rejoin", before=pulse.rejoin)]
    if not pulse.enrolled:
        return [words("sync.alone")]
    found = [
        words("sync.last", time=local_time(state.synced, utc_offset_minutes)[:16], waiting=pulse.unsynced),
        words("sync.result", posted=state.posted, differing=state.differing),
        *late(words, pulse, wall),
    ]
    if state.outcome:
        found.append(explained(words, state.outcome, state.detail))
    if state.stopped:
        found.append(words("sync.stopped", code=state.stopped))
    if pulse.to_see:
        found.append(words("sync.to-see", differences=pulse.to_see))
    if pulse.faulty:
        found.append(words("sync.faulty", rows=pulse.faulty))
    return found
