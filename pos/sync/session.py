"""One sync: ask where the journal stands, remind a ledger that has forgotten, push, pull, give back, push.

Drivable from outside: `Session(store, transport, clock)`; `steps()` yields after each exchange, when what came of it is
durable; `run()` goes through to the end. No thread, no sleep, no clock but the one given; a session that is dropped or
raises anywhere is gone on with by the next one. What ends it early is a `SyncError`, or a `Refused` of the store's.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum

from pos.clock import Clock
from pos.core.refusals import Refused
from pos.storage import keys, sync_state
from pos.storage.store import Store
from pos.storage.sync_state import SyncState
from pos.sync import checkpoints, pulling, pushing, reference, reminding, telling
from pos.sync.errors import SyncError
from pos.sync.link import Link, link
from pos.sync.pushing import Batch
from pos.wire.calls import Transport
from pos.wire.messages import PushAnswer, Status

NOT_ENROLLED, REFUSED = "not-enrolled", "store"


class Stage(StrEnum):
    """What a session is at."""

    ASKING = "asking"
    REMINDING = "reminding"
    PUSHING = "pushing"
    GRANTS = "grants"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Step:
    """One exchange that is done: of its stage, how many of how many entries the ledger has (0 of 0: not counted)."""

    stage: Stage
    done: int = 0
    total: int = 0


class Session:
    """A sync of one enrolled store. Raises a `SyncError` at once for one that runs alone."""

    def __init__(self, store: Store, transport: Transport, clock: Clock) -> None:
        with store.read() as connection:
            enrolled = sync_state.enrolled(connection)
        if enrolled is None:
            raise SyncError(NOT_ENROLLED)
        self.link: Link = link(store, transport, clock, enrolled)

    def run(self) -> SyncState:
        """Go through to the end; how things stand then."""
        for _ in self.steps():
            pass
        return self.state()

    def steps(self) -> Iterator[Step]:
        """Exchange after exchange."""
        keys.forget_stick(self.link.store.folder)
        with self._noting():
            yield from self._exchanges()

    def tried(self, do: Callable[[], object]) -> SyncState:
        """Do what stands for a session, its result written as a session's is; how things stand then."""
        with self._noting():
            do()
        return self.state()

    @contextmanager
    def _noting(self) -> Iterator[None]:
        self._save(lambda state: replace(state, tried=self.link.clock.wall(), posted=0, differing=0))
        try:
            yield
        except (SyncError, Refused) as error:
            self._note(error)
            raise
        now = self.link.clock.wall()
        self._save(lambda state: replace(state, synced=now, outcome=state.halted, detail=""))

    def _note(self, error: SyncError | Refused) -> None:
        outcome, detail = REFUSED, error.code
        if isinstance(error, SyncError):
            outcome, detail = error.code, " ".join(map(str, error.fields.values()))
        self._save(lambda state: replace(state, outcome=outcome, detail=detail[:120]))

    def state(self) -> SyncState:
        """How things stand."""
        with self.link.store.read() as connection:
            return sync_state.load(connection)

    def _exchanges(self) -> Iterator[Step]:
        answer = self._push(pushing.asking(self.link))
        yield Step(Stage.ASKING)
        if pushing.forgotten(self.state(), answer):
            yield from self._remind(answer)
        for call in telling.questions(self.link):
            telling.taken(self.link, call, self.link.ask(call))
        yield from self._push_all()
        if not self.state().halted:
            yield from self._pull_all()
            pulling.give_back(self.link)
            yield from self._push_all()

    def _push(self, batch: Batch) -> PushAnswer:
        """One batch and everything that its answer means, except what a ledger's memory lacks."""
        here = self.link
        answer = pushing.heard(here, batch, here.ask(batch.call))
        question = checkpoints.question(here, self.state(), answer)
        checkpoints.keep(here, answer, here.ask(question) if question else None)
        if not pushing.forgotten(self.state(), answer):
            pushing.take(here, batch, answer)
        return answer

    def _push_all(self) -> Iterator[Step]:
        while (batch := pushing.next_batch(self.link)) is not None:
            answer = self._push(batch)
            if answer.status is Status.REJECTED:
                raise SyncError("rejected", reason=answer.code, seq=batch.head.first)
            if pushing.forgotten(self.state(), answer):
                # It was restored in the middle of this session.
                yield from self._remind(answer)
            state = self.state()
            yield Step(Stage.PUSHING, state.acked, batch.head.head)
            if state.halted == pushing.STALE:
                return

    def _remind(self, answer: PushAnswer) -> Iterator[Step]:
        """Show all the records kept, then go on from where the ledger says that this journal stands."""
        here, after, newest = self.link, (0, 0), answer.life
        while (found := reminding.next_reminder(here, after)) is not None:
            call, after = found
            newest = reminding.taken(here, call, here.ask(call))
            yield Step(Stage.REMINDING)
        reminding.done(here, newest)
        batch = pushing.asking(here)
        again = pushing.heard(here, batch, here.ask(batch.call))
        pushing.take(here, batch, again)
        yield Step(Stage.ASKING)

    def _pull_all(self) -> Iterator[Step]:
        more = True
        while more:
            call = pulling.question(self.link)
            more = pulling.take(self.link, call, self.link.ask(call))
            yield Step(Stage.GRANTS)
        more = True
        while more:
            call = reference.question(self.link)
            more = reference.take(self.link, call, self.link.ask(call))
            yield Step(Stage.REFERENCE)

    def _save(self, change: Callable[[SyncState], SyncState]) -> None:
        with self.link.store.write() as tx:
            sync_state.save(tx.connection, change(sync_state.load(tx.connection)))
