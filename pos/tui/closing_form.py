"""A form that has done its work: it goes, and the screen below says what was done."""

from pos.tui.base import CounterScreen, Tone


def close(form: CounterScreen, text: str) -> None:
    """Take `form` off and say `text` on what is in front then."""
    till = form.till
    form.dismiss()
    if till.front is not None:
        till.front.say(text, Tone.GOOD)
