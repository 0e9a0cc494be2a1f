"""Each rule of the protocol, removed on purpose: some life goes wrong, or the test that names the rule fails."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from catalog.units import Points
from pos.core import accounts, epochs, rights
from pos.core.accounts import POINTS
from pos.core.rights import Grant
from pos.core.transfers import Decision
from pos.ledger import batch, push
from pos.ledger import tables as t
from pos.ledger.books import Act
from pos.ledger.lines import Line
from pos.storage import sync_state
from pos.sync import pushing
from pos.wire.messages import Status
from tests.ledger import test_push, test_push_refused
from tests.ledger.town import TOWNSHIP, found
from tests.simulation.conftest import Life
from tests.simulation.world import HOUSEHOLDS, World

Patch = pytest.MonkeyPatch

ENOUGH = 40
"""Lives after which a rule that is gone must have been missed."""


def grant_without_debit(patch: Patch) -> None:
    """Points appear at a device that the ledger still has."""

    def grant(household: str, device: str, feed: int, points: Points, target: Points) -> Decision[Grant]:
        return Decision(Grant(household, device, feed, points, target), ())

    patch.setattr(rights, "grant", grant)


def no_duplicate_check(patch: Patch) -> None:
    """What comes twice is posted twice."""
    real = push._hashes

    def first_alone(act: Act, row: Any, first: int, last: int) -> Sequence[bytes]:
        return real(act, row, first, last)[:1]

    patch.setattr(push, "_hashes", first_alone)


def rights_reclaimed_by_time(patch: Patch) -> None:
    """The ledger takes granted points back when it has heard nothing for a day."""
    real = World.pass_time

    def pass_time(world: World) -> None:
        real(world)
        for till in world.tills.values():
            world.ledger.act(TOWNSHIP, lambda act, by=till.writer: _reclaim(act, by))  # type: ignore[misc]

    patch.setattr(World, "pass_time", pass_time)


def _reclaim(act: Act, writer: str) -> None:
    for household in HOUSEHOLDS:
        kinds = (accounts.points, accounts.pending, accounts.moving, accounts.debt)
        decision = epochs.release(writer, household, act.books((kind(household, writer), POINTS) for kind in kinds))
        if decision.transfers:
            act.write(decision, author=writer)


def old_copy_goes_on(patch: Patch) -> None:
    """A disk set back, or copied, keeps its epoch and serves as if nothing had been."""
    real = pushing.take

    def take(link: Any, sent: Any, answer: Any) -> Any:
        real(link, sent, answer)
        with link.store.write() as tx:
            state = sync_state.load(tx.connection)
            sync_state.save(tx.connection, state := replace(state, halted="", acked=min(answer.seq, tx.head.seq)))
        return state

    patch.setattr(pushing, "take", take)


def a_forgetful_ledger_is_not_reminded(patch: Patch) -> None:
    """A ledger from its backup is told nothing of what it has signed since."""
    patch.setattr(pushing, "forgotten", lambda _state, _answer: False)


def a_fork_is_no_shortage(patch: Patch) -> None:
    """What was spent on a branch that is refused is borne by nobody."""
    patch.setattr(push, "_shortage", lambda _act, _row, _line: None)


LIVED = [
    grant_without_debit, no_duplicate_check, rights_reclaimed_by_time, old_copy_goes_on,
    a_forgetful_ledger_is_not_reminded, a_fork_is_no_shortage,
]  # fmt: skip


def lives(live: Life) -> None:
    """Life after life."""
    for seed in range(ENOUGH):
        live(seed)


@pytest.mark.parametrize("remove", LIVED, ids=lambda remove: remove.__name__)
def test_some_life_goes_wrong_without_the_rule(live: Life, monkeypatch: Patch, remove: Any) -> None:
    remove(monkeypatch)
    with pytest.raises((AssertionError, IntegrityError, sqlite3.IntegrityError)):
        lives(live)


def no_gap_check(patch: Patch) -> None:
    """A batch is taken wherever it begins, as long as it says that it follows."""
    real = push._take

    def take(act: Act, sent: batch.Batch, entries: Any, plan: Any) -> Any:
        row = push._standing(act.connection, act.township, sent.head.device, sent.head.epoch)
        if sent.head.first > row.head_seq + 1:
            return push._append(act, row, sent, entries, plan)
        return real(act, sent, entries, plan)

    patch.setattr(push, "_take", take)


def no_chain_check(patch: Patch) -> None:
    """Entries need not be those that the signed header ends with."""

    def entries(sent: batch.Batch) -> list[tuple[Line, bytes]]:
        *found, _ = sent.raw[len(sent.line) + 1 :].split(b"\n")
        return [(batch._read(line, seq), sent.last) for seq, line in enumerate(found, sent.head.first)]

    patch.setattr(batch, "entries", entries)


def no_fork_check(patch: Patch) -> None:
    """Whatever a device says under a number that is known was known."""
    real = push._take

    def take(act: Act, sent: batch.Batch, entries: Any, plan: Any) -> Any:
        row = push._standing(act.connection, act.township, sent.head.device, sent.head.epoch)
        if sent.head.first <= row.head_seq:
            return push._answered(act, row, sent, Status.OK)
        return real(act, sent, entries, plan)

    patch.setattr(push, "_take", take)


NAMED = [
    (no_gap_check, test_push.test_a_gap_is_not_stored),
    (no_chain_check, test_push_refused.test_entries_that_the_header_does_not_cover),
    (no_fork_check, test_push.test_a_fork_is_caught_kept_and_never_posted),
]


@pytest.mark.parametrize(("remove", "named"), NAMED, ids=lambda each: each.__name__)
def test_the_named_test_fails_without_the_rule(tmp_path: Path, monkeypatch: Patch, remove: Any, named: Any) -> None:
    before = found(tmp_path / "before")
    named(before)
    remove(monkeypatch)
    town = found(tmp_path / "ledger")
    with pytest.raises(AssertionError):
        named(town)
    assert town.rows(t.epochs)
    town.ledger.close()
    before.ledger.close()
