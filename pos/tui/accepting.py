"""验收 at the terminal: the questions of `pos.tui.acceptance` asked with dialogs; Esc breaks it off."""

from collections.abc import Callable

from catalog.units import Grams
from pos.core.sheets import Sheet
from pos.counter import acceptance
from pos.counter.acceptance import Finding
from pos.tui.acceptance import LOOK, Acceptance, Answer, Heavy, Plan, Question, Say, Scan, Sure, Wait, advance
from pos.tui.base import Front, Tone
from pos.tui.load import parse_kilograms
from pos.tui.number import NumberDialog
from pos.tui.scan_dialog import ScanDialog


def accept(front: Front[None]) -> None:
    """Check every device of this counter, then print the sheet. Leaving the screen ends it."""
    if not front.committing:
        plan = Acceptance(front.till.station, front.words, front.till.by).plan()
        _go_on(front, plan, None)


def _go_on(front: Front[None], plan: Plan, answer: Answer) -> None:
    front.committing = True

    def then(asked: Question | tuple[Finding, ...]) -> None:
        if front.is_attached:
            _next(front, plan, asked)
        else:
            plan.close()

    front.till.do(lambda: advance(plan, answer), then)


def _next(front: Front[None], plan: Plan, asked: Question | tuple[Finding, ...]) -> None:
    def answered(answer: Answer) -> None:
        _go_on(front, plan, answer)

    def later() -> None:
        if not front.is_attached:
            plan.close()
        elif front.is_current:
            answered(None)
        else:
            front.till.set_timer(LOOK, later)

    front.committing = isinstance(asked, Say | Wait)
    match asked:
        case Sure(text=text):
            choices = [("yes", front.words("acceptance.yes")), ("no", front.words("acceptance.no"))]
            front.till.choose(text, choices, lambda chosen: answered(chosen == "yes"))
        case Heavy(text=text):
            _ask_load(front, text, answered)
        case Scan(text=text):
            front.till.push_screen(ScanDialog(text), answered)
        case Say(text=text):
            front.say(text, Tone.WAIT)
            answered(None)
        case Wait():
            front.till.set_timer(LOOK, later)
        case found:
            _file(front, found)


def _ask_load(front: Front[None], title: str, answered: Callable[[Answer], object]) -> None:
    """How heavy the known load is; nothing typed where there is none."""
    words = front.words

    def parse(text: str) -> Grams | None:
        return parse_kilograms(text) if text else Grams(0)

    def typed(grams: Grams | None) -> None:
        if grams is not None:
            answered(grams or None)

    dialog = NumberDialog(title, words("unit.kilogram"), parse, words("weigh.not-kilograms"))
    front.app.push_screen(dialog, typed)


def _file(front: Front[None], found: tuple[Finding, ...]) -> None:
    desk = front.till.station.desk

    def filed(sheet: Sheet) -> None:
        front.till.show_paper(sheet)

    front.commit(lambda by: acceptance.file(desk, by, found), filed)
