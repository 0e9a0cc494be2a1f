"""What is done with a scale from the keyboard: check it, zero it, tare it; and what two people let pass."""

from collections.abc import Callable

from catalog.units import Grams
from drivers.scale.machine import Button
from drivers.scale.weighing import Moving, NotTaken, Settled
from pos.core.refusals import Refused
from pos.core.scales import Concern, ScaleCheck, ScaleFacts, Standing, check_known
from pos.counter import scales
from pos.devices import evidence
from pos.i18n import Words
from pos.tui.base import Front, Tone
from pos.tui.concerns import concerns
from pos.tui.load_dialogs import ask_kilograms
from pos.tui.weight_words import why_not

SETTLING = 3_000
"""Milliseconds that a check weight may take to stand still."""

_BUTTONS: tuple[Button, ...] = ("zero", "tare", "clear")


def ask_scale(front: Front[None], then: Callable[[], object], name: str | None = None) -> None:
    """What to do with scale `name`, or with one to choose; `then` when something about it has changed."""
    names = list(front.till.station.desk.scales)
    if not names:
        front.say(front.words("weigh.no-scale"), Tone.REFUSED)
    elif name is not None or len(names) == 1:
        _ask_job(front, name or names[0], then)
    else:
        choices = [(each, each) for each in names]
        front.till.choose(front.words("scale.which"), choices, lambda chosen: _ask_job(front, chosen, then))


def check(front: Front[None], scale: ScaleFacts, then: Callable[[], object]) -> None:
    """Check a scale with its known weight, or with one to name; `then` once what it said is written down."""

    def known(grams: Grams) -> None:
        try:
            check_known(scale, grams)
        except Refused as refused:
            front.refuse(refused)
            return
        text = front.words("check.put-on", scale=scale.name, known=grams)
        front.till.confirm(text, lambda: _read(front, scale.name, grams, then))

    if scale.check_weight is not None:
        known(scale.check_weight)
    else:
        ask_kilograms(front, front.words("check.how-heavy"), known)


def plate(words: Words, standing: Standing) -> str:
    """What the register says of a scale, on a few lines."""
    scale = standing.scale
    known = (("model", scale.model), ("serial", scale.serial), ("seal", scale.seal))
    lines = [
        f"{scale.name}  {words(f'scale-class.{scale.scale_class}')}",
        words("plate.range", minimum=scale.minimum, maximum=scale.maximum, division=scale.division),
        "  ".join(words(f"plate.{field}", text=text) for field, text in known if text),
        words("plate.verified", date=scale.verified_until) if scale.verified_until else "",
        *(f"! {text}" for text in concerns(words, standing)),
    ]
    return "\n".join(filter(None, lines))


def _ask_job(front: Front[None], name: str, then: Callable[[], object]) -> None:
    desk = front.till.station.desk
    front.ask(lambda: scales.standings(desk), lambda found: _offer(front, found[name], then))


def _offer(front: Front[None], standing: Standing, then: Callable[[], object]) -> None:
    words, name = front.words, standing.scale.name
    weighing = front.till.weighings.get(name)
    waits = weighing.reason if isinstance(weighing, Moving) and weighing.reason != "loading" else None
    choices = [("check", words("scale.check")), *((button, words(f"press.{button}")) for button in _BUTTONS)]
    if waits:
        choices.append(("vouch", words("scale.vouch")))
    if standing.bar is Concern.CHECK_FAILED:
        choices.append(("release", words("scale.release")))

    def chosen(job: str) -> None:
        match job:
            case "check":
                check(front, standing.scale, then)
            case "zero" | "tare" | "clear":
                _press(front, name, job)
            case "vouch":
                _vouch(front, name, waits or "")
            case "release":
                _release(front, name, then)

    front.till.choose(plate(words, standing), choices, chosen)


def _press(front: Front[None], name: str, button: Button) -> None:
    scale = front.till.station.devices.scales[name]

    def pressed(code: str | None) -> None:
        if code is None:
            front.say(front.words(f"pressed.{button}", scale=name), Tone.GOOD)
        else:
            front.say(why_not(front.words, code), Tone.REFUSED)

    front.ask(lambda: scale.press(button), pressed)


def _vouch(front: Front[None], name: str, reason: str) -> None:
    station = front.till.station

    def vouched(_: None) -> None:
        station.devices.scales[name].vouch()
        front.say(front.words("scale.vouched", scale=name), Tone.WAIT)

    front.commit(lambda by: scales.vouch(station.desk, by, name, reason), vouched)


def _release(front: Front[None], name: str, then: Callable[[], object]) -> None:
    desk = front.till.station.desk

    def released(_: None) -> None:
        front.say(front.words("scale.released", scale=name), Tone.WAIT)
        then()

    front.commit(lambda by: scales.release(desk, by, name), released)


def _read(front: Front[None], name: str, known: Grams, then: Callable[[], object]) -> None:
    words, station = front.words, front.till.station

    def read(result: Settled | NotTaken) -> None:
        if isinstance(result, NotTaken):
            empty = result.code == "below-minimum"
            front.say(words("weigh.empty") if empty else why_not(words, result.code), Tone.REFUSED)
        elif result.mode == "net":
            front.say(words("weighing.tared"), Tone.REFUSED)
        else:
            seen = evidence(name, result, station.desk.clock.wall())
            front.commit(lambda by: scales.check(station.desk, by, known, result.grams, seen), judged)

    def judged(check: ScaleCheck) -> None:
        sign = "+" if check.difference > Grams(0) else ""
        fields = {"scale": name, "reading": check.reading, "difference": f"{sign}{check.difference}"}
        if check.passed:
            front.say(words("check.passed", **fields), Tone.GOOD)
        else:
            front.say(words("check.failed", **fields, tolerance=check.tolerance), Tone.REFUSED)
        then()

    front.say(words("check.reading"), Tone.WAIT)
    front.ask(lambda: station.devices.scales[name].read_weight(SETTLING), read)
