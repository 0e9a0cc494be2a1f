"""The thread that syncs: at night, after so many entries, and on a key; and that asks for points while somebody waits.

It reads committed rows and holds the store for a page at a time: nothing at the counter waits for it. An unreachable
ledger is tried again after a random time that grows; any other refusal waits for the next turn, or for a person.
"""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Thread

from tenacity import Retrying, retry_if_exception_type, stop_when_event_set, wait_random_exponential

from catalog.units import Points
from pos.clock import Clock
from pos.core.entries import Signatures
from pos.core.refusals import Refused
from pos.storage.store import Store
from pos.sync import asking, pulse, window
from pos.sync.errors import SyncError, Unreachable
from pos.sync.pulse import SyncPulse
from pos.sync.session import Session
from pos.sync.transport import HttpTransport

FAULT = "sync-fault"
BACK_OFF_MOST = 300.0
IDLE = 20.0
"""Seconds between looks at the clock and the journal."""
REST_MS = 3_600_000
"""How long a refusal that time does not cure keeps the loop from trying by itself."""
_STOPPING_SECONDS = 2.0

log = logging.getLogger(__name__)

Asked = Callable[["Points | Refused"], object]


@dataclass(frozen=True, slots=True)
class Turns:
    """When to sync: minutes of the local day between which this store has its turn, and entries after which at once."""

    begins: int
    ends: int
    every: int


@dataclass(frozen=True, slots=True)
class _Question:
    by: Signatures
    household: str
    lacking: Points
    card: str
    then: Asked


class SyncLoop:
    """Syncs an open store on a daemon thread until stopped.

    `on_change` is called there; it must neither block nor raise.
    """

    def __init__(
        self,
        store: Store,
        transport: Callable[[], HttpTransport],
        clock: Clock,
        turns: Turns | None,
        on_change: Callable[[SyncPulse], object],
        *,
        idle: float = IDLE,
    ) -> None:
        """`transport` is made on the loop's thread, when first needed. Without `turns` it syncs on a key alone."""
        self._store, self._make, self._clock, self._turns = store, transport, clock, turns
        self._on_change, self._idle = on_change, idle
        self._transport: HttpTransport | None = None
        self._questions: deque[_Question] = deque()
        self._now = Event()
        self._wake = Event()
        self._stopping = Event()
        self._rest_until = 0
        self._retrying = Retrying(
            retry=retry_if_exception_type(Unreachable),
            wait=wait_random_exponential(multiplier=1, max=BACK_OFF_MOST),
            stop=stop_when_event_set(self._stopping),
            sleep=self._sleep,
            reraise=True,
        )
        self._thread = Thread(target=self._run, name="sync", daemon=True)

    def start(self) -> None:
        """Begin. A loop runs once."""
        self._thread.start()

    def sync_now(self) -> None:
        """Somebody wants a sync now; from any thread."""
        self._now.set()
        self._wake.set()

    def look(self) -> None:
        """Something was changed here: say how things stand; from any thread."""
        self._wake.set()

    def ask(self, by: Signatures, household: str, lacking: Points, then: Asked) -> None:
        """Ask for points that a household lacks here; `then` is told on the loop's thread what it has then, or why."""
        self._questions.append(_Question(by, household, lacking, "", then))
        self._wake.set()

    def visit(self, by: Signatures, card: str, then: Asked) -> None:
        """Ask whose card this is; `then` is told on the loop's thread whether it can be opened now."""
        self._questions.append(_Question(by, "", Points(0), card, then))
        self._wake.set()

    def stop(self) -> None:
        """End after the exchange in hand; returns within a moment even if the network keeps the thread waiting."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(_STOPPING_SECONDS)

    def _run(self) -> None:
        self._rounds()
        if self._transport is not None:
            self._transport.close()

    def _rounds(self) -> None:
        while not self._stopping.is_set():
            try:
                self._round()
            except Exception:
                if self._stopping.is_set():
                    return
                log.exception("sync")
                self._rest_until = self._clock.mono() + REST_MS
            self._wake.wait(self._idle)
            self._wake.clear()

    def _round(self) -> None:
        self._answer()
        found = pulse.read(self._store)
        self._on_change(found)
        wanted = self._now.is_set()
        self._now.clear()
        if found.enrolled and (wanted or (self._clock.mono() >= self._rest_until and self._due(found))):
            self._sync()

    def _due(self, found: SyncPulse) -> bool:
        identity, turns = self._store.identity, self._turns
        if turns is None or found.state.halted:
            return False
        if turns.every and found.unsynced >= turns.every:
            return True
        minute = window.slot(identity.device, turns.begins, turns.ends)
        return window.due(self._clock.wall(), identity.utc_offset_minutes, minute, found.state.synced)

    def _sync(self) -> None:
        try:
            self._retrying(self._session)
        except (SyncError, Refused) as error:
            log.warning("sync: %s", error)
            self._rest_until = self._clock.mono() + REST_MS
        else:
            self._rest_until = 0
        finally:
            self._on_change(pulse.read(self._store))

    def _session(self) -> None:
        """One session, shown as it goes."""
        try:
            before = pulse.read(self._store)
            self._on_change(before.at(None, running=True))
            for step in Session(self._store, self._network(), self._clock).steps():
                self._on_change(before.at(step, running=True))
                if self._stopping.is_set():
                    return
        except Unreachable:
            self._on_change(pulse.read(self._store))
            raise

    def _network(self) -> HttpTransport:
        if self._transport is None:
            self._transport = self._make()
        return self._transport

    def _sleep(self, seconds: float) -> None:
        """Between tries; somebody who asks meanwhile is answered at once."""
        self._wake.wait(seconds)
        self._wake.clear()
        self._answer()

    def _answer(self) -> None:
        while self._questions and not self._stopping.is_set():
            question = self._questions.popleft()
            answer: Points | Refused
            try:
                answer = self._asked(question)
            except Refused as refused:
                answer = refused
            except SyncError as error:
                answer = asking.unanswered(error)
            question.then(answer)
            self._on_change(pulse.read(self._store))

    def _asked(self, question: _Question) -> Points:
        way = (self._store, self._network(), self._clock, question.by)
        if question.card:
            asking.visit(*way, question.card)
            return Points(0)
        return asking.ask(*way, question.household, question.lacking)
