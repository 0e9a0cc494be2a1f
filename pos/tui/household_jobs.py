"""What else is done for a household: its statement, cards and records; from its own screen, or once it was found."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from pos.core.households import Household, HouseholdState
from pos.core.people import SERVES, Role
from pos.counter import disputes, household_pins, households
from pos.tui.base import Front, Tone
from pos.tui.household_pin import choose_pin

Start = Callable[[Front[None], Household], object]


def ask(front: Front[None], household: Household) -> None:
    """Let whoever is logged in choose what to do for this household."""
    keeper = front.till.keeper
    if keeper is None:
        return
    gone = household.state in (HouseholdState.CLOSED, HouseholdState.MERGED)
    offered = {
        name: start
        for name, (roles, start) in _JOBS.items()
        if keeper.role in roles and (name in _OF_GONE if gone else name != "erase")
    }
    choices = [(name, front.words(f"household-job.{name}")) for name in offered]
    title = front.words("household.who", short=household.short, name=household.masked, group=household.group)
    front.till.choose(title, choices, lambda name: offered[name](front, household))


def open_statement(front: Front[None], household: Household) -> None:
    """Its months as pages of a passbook."""
    _open(front, "statement", "StatementScreen", household)


def open_cards(front: Front[None], household: Household) -> None:
    """Its cards."""
    _open(front, "card_desk", "CardDesk", household)


def dispute(front: Front[None], ask_what: Callable[[], disputes.Doubted]) -> None:
    """Write down that a weight is in dispute."""

    def found(doubted: disputes.Doubted) -> None:
        if doubted.scales and doubted.materials:
            _open(front, "dispute", "DisputeScreen", doubted)
        else:
            front.say(front.words("dispute.nothing"), Tone.REFUSED)

    front.ask(ask_what, found)


def _open(front: Front[None], module: str, screen: str, about: object) -> None:
    made: Callable[[Any], Any] = getattr(import_module(f"pos.tui.screens.{module}"), screen)
    front.till.open_screen(lambda: made(about))


def _edit(front: Front[None], household: Household) -> None:
    desk, by = front.till.station.desk, front.till.by
    front.ask(
        lambda: households.open_file(desk, by, household.number),
        lambda found: _open(front, "household_edit", "HouseholdEdit", found),
    )


def _quiet(front: Front[None], household: Household) -> None:
    desk, quiet = front.till.station.desk, not household.quiet
    text = front.words("household-job.ask-quiet") if quiet else front.words("household-job.ask-shown")

    def set_it() -> None:
        front.commit(
            lambda by: households.set_quiet(desk, by, household.number, quiet=quiet),
            lambda _: front.say(front.words("household-job.done"), Tone.GOOD),
        )

    front.till.confirm(text, set_it)


def _erase(front: Front[None], household: Household) -> None:
    desk = front.till.station.desk

    def write() -> None:
        front.commit(
            lambda by: households.erase(desk, by, household.number),
            lambda _: front.say(front.words("household-job.erased"), Tone.GOOD),
        )

    front.till.confirm(front.words("household-job.ask-erase", household=household.short), write)


def _dispute(front: Front[None], household: Household) -> None:
    desk = front.till.station.desk
    dispute(front, lambda: disputes.unwritten(desk, household.number))


_JOBS: dict[str, tuple[frozenset[Role], Start]] = {
    "statement": (households.FINDS, open_statement),
    "cards": (SERVES, open_cards),
    "journal": (households.FINDS, lambda front, household: front.till.show_journal(household.number)),
    "state": (SERVES, lambda front, household: _open(front, "household_state", "HouseholdStateScreen", household)),
    "edit": (households.EDITS, _edit),
    "merge": (SERVES, lambda front, household: _open(front, "household_merge", "HouseholdMerge", household)),
    "erase": (households.EDITS, _erase),
    "quiet": (SERVES, _quiet),
    "pin": (household_pins.SETS_PINS, choose_pin),
    "dispute": (disputes.RECORDS, _dispute),
}
"""By name: who may, and how it begins."""

_OF_GONE = frozenset({"statement", "journal", "state", "dispute", "erase"})
"""What is left to do for a household that is closed or was merged."""
