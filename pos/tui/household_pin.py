"""本户密码: a household chooses the PIN that confirms its dear tickets, or gives it up; a second person agrees."""

from typing import Any

from pos.core.households import Household
from pos.counter import household_pins
from pos.tui.base import Front, Tone
from pos.tui.redeem_dialogs import PinDialog


def choose_pin(front: Front[Any], household: Household) -> None:
    """Let the villager type a PIN twice, or take it away."""
    words = front.words
    choices = [(what, words(f"household-pin.{what}")) for what in ("set", "remove")]

    def chosen(what: str) -> None:
        if what == "remove":
            _write(front, household, "")
        else:
            _type(front, words("household-pin.type"), first)

    def first(pin: str) -> None:
        _type(front, words("household-pin.again"), lambda again: second(pin, again))

    def second(pin: str, again: str) -> None:
        if pin == again:
            _write(front, household, pin)
        else:
            front.say(words("household-pin.differ"), Tone.REFUSED)

    front.till.choose(words("household-pin.title", short=household.short, name=household.masked), choices, chosen)


def _type(front: Front[Any], title: str, then: Any) -> None:
    dialog = PinDialog(title, front.words("redeem.pin-digits"))
    front.till.push_screen(dialog, lambda pin: then(pin) if pin is not None else None)


def _write(front: Front[Any], household: Household, pin: str) -> None:
    desk = front.till.station.desk
    said = front.words("household-pin.written" if pin else "household-pin.removed")
    front.commit(
        lambda by: household_pins.set_pin(desk, by, household.number, pin), lambda _: front.say(said, Tone.GOOD)
    )
