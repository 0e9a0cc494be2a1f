"""Leaving an open ticket, a card of somebody else scanned into one, one that came back: never without asking."""

from collections.abc import Callable

from drivers.scanner.codes import Code
from pos.core import redemption, weigh_in
from pos.core.refusals import Refused
from pos.counter import cards, shelf
from pos.counter.cards import HouseholdView
from pos.tui.base import Front, Tone


def leave_ticket(front: Front[None], slot: str, then: Callable[[], object]) -> None:
    """Ask whether the ticket is given up; then forget its draft and go on."""
    words, drafts = front.words, front.till.station.drafts

    def chosen(value: str) -> None:
        if value == "drop":
            front.ask(lambda: drafts.clear(slot), lambda _: then())

    choices = [("stay", words("ticket.stay")), ("drop", words("ticket.drop"))]
    front.till.choose(words("ticket.leave"), choices, chosen)


def other_card(
    front: Front[None],
    slot: str,
    draft: weigh_in.Draft | redemption.Draft,
    code: Code,
    refused: Callable[[Refused], object] | None = None,
) -> None:
    """A card was scanned into an open ticket: its own is welcome, another one asks unless nothing is lost by it."""
    words, till = front.words, front.till
    desk = till.station.desk

    def opened(view: HouseholdView) -> None:
        def go() -> None:
            till.show_household(view)

        if view.household.number == draft.household:
            front.say(words("ticket.same-card"), Tone.GOOD)
        elif not draft.lines:
            go()
        else:
            till.bell()
            household = view.household
            title = words("ticket.other-card", short=household.short, name=household.masked)
            choices = [("stay", words("ticket.stay")), ("drop", words("ticket.drop-for-other"))]
            till.choose(title, choices, lambda value: drop(go) if value == "drop" else None)

    def drop(go: Callable[[], None]) -> None:
        front.ask(lambda: till.station.drafts.clear(slot), lambda _: go())

    if not front.committing:
        front.ask(lambda: cards.open_household(desk, code.text), opened, refused)


def ask_if_written(front: Front[None], slot: str, draft: weigh_in.Draft | redemption.Draft) -> None:
    """A ticket that came back after a restart may have been written in the last moment before it."""
    words, till = front.words, front.till
    desk = till.station.desk

    def found(written: bool) -> None:
        if written:
            till.bell()
            choices = [("drop", words("ticket.drop")), ("stay", words("ticket.again"))]
            till.choose(words("ticket.written"), choices, chosen)

    def chosen(value: str) -> None:
        if value == "drop":
            front.ask(lambda: till.station.drafts.clear(slot), lambda _: till.go_home())

    front.ask(lambda: shelf.written(desk, draft), found)
