"""The questions of a weigh-in: tare, deduction, pieces, a typed weight. Esc changes nothing."""

from collections.abc import Callable
from dataclasses import replace

from catalog.materials import Material
from catalog.units import Grams
from drivers.scale.weighing import Settled
from pos.core.limits import DailyLimit, Policy
from pos.core.weigh_in import MOST_PIECES, Draft, Payout, TareFrom
from pos.counter import materials
from pos.counter.setup import Tare
from pos.tui.base import Front, Tone
from pos.tui.load import DEDUCTION_REASONS, MANUAL_REASONS, Load, parse_kilograms
from pos.tui.number import NumberDialog, whole
from pos.tui.weight_words import kilograms

_MOST_PRESETS = 6
"""Preset tares on offer: nine keys less those for the scale, for none and for typing."""


def ask_tare(
    front: Front[None],
    tares: tuple[Tare, ...],
    load: Load,
    settled: Callable[[], Settled | None],
    then: Callable[[Load], object],
) -> None:
    """The tare of the next line: what stands on the scale, a preset, typed, or none."""
    words, shown = front.words, settled()
    choices = [(tare.code, f"{tare.name} {kilograms(tare.grams)}") for tare in tares if tare.grams][:_MOST_PRESETS]
    if shown is not None and not shown.is_zero:
        choices.insert(0, ("#scale", words("weigh.tare-scale", tare=kilograms(shown.grams))))
    choices += [("#typed", words("weigh.tare-typed")), ("#none", words("weigh.tare-none"))]
    presets = {tare.code: tare.grams for tare in tares}

    def chosen(value: str) -> None:
        match value:
            case "#scale":
                # The load may have been lifted while the list was up.
                if shown is None or (now := settled()) is None or now.grams != shown.grams:
                    front.say(words("weighing.changed"), Tone.REFUSED)
                else:
                    then(replace(load, tare=now.grams, tare_from=TareFrom.SCALE))
            case "#typed":
                ask_kilograms(front, words("weigh.how-heavy-tare"), typed)
            case "#none":
                then(replace(load, tare=Grams(0), tare_from=TareFrom.NONE))
            case _:
                then(replace(load, tare=presets[value], tare_from=TareFrom.PRESET))

    def typed(grams: Grams) -> None:
        then(replace(load, tare=grams, tare_from=TareFrom.TYPED if grams else TareFrom.NONE))

    front.till.choose(words("weigh.which-tare"), choices, chosen)


def ask_deduction(front: Front[None], load: Load, then: Callable[[Load], object]) -> None:
    """How many percent are taken off, and why; 0 takes an earlier deduction back."""
    words = front.words

    def percent(number: int | None) -> None:
        if number is None:
            return
        if number == 0:
            then(replace(load, deduction=0, deduction_reason=""))
            return
        front.till.choose(
            words("weigh.why-deduct"),
            [(code, words(f"reason.{code}")) for code in DEDUCTION_REASONS],
            lambda reason: then(replace(load, deduction=number, deduction_reason=reason)),
        )

    dialog = NumberDialog(words("weigh.how-much-off"), "%", whole(0, 99), words("refused.deduction-range"))
    front.app.push_screen(dialog, percent)


def ask_pieces(front: Front[None], material: Material, then: Callable[[int], object]) -> None:
    """How many pieces of a counted material there are."""
    words = front.words
    wrong = words("refused.quantity-range", most=MOST_PIECES)
    title = words("weigh.how-many", item=material.name)
    dialog = NumberDialog(title, words("unit.pieces"), whole(1, MOST_PIECES), wrong)

    def counted(pieces: int | None) -> None:
        if pieces is not None:
            then(pieces)

    front.app.push_screen(dialog, counted)


def ask_manual(front: Front[None], material: Material, then: Callable[[Grams, str], object]) -> None:
    """The gross weight of a load that no scale said, and why not; a second person approves it with the ticket."""
    words = front.words

    def typed(gross: Grams) -> None:
        front.till.choose(
            words("weigh.why-manual"),
            [(code, words(f"reason.{code}")) for code in MANUAL_REASONS],
            lambda reason: then(gross, reason),
        )

    ask_kilograms(front, words("weigh.how-heavy", item=material.name), typed)


LIMIT_REASONS = ("clear-out", "for-neighbours", "other")
"""Why a household may bring more than a day's limit, as the journal keeps it."""


def ask_payout(front: Front[None], draft: Draft, policy: Policy, then: Callable[[Draft], object]) -> None:
    """What the household gets: points, cash where the village pays so, or nothing."""
    offered = [Payout.POINTS, *([Payout.CASH] if policy.cash else []), Payout.DONATED]
    choices = [(each.value, front.words(f"payout.{each}")) for each in offered]
    front.till.choose(
        front.words("weigh.which-payout"), choices, lambda chosen: then(replace(draft, payout=Payout(chosen)))
    )


def ask_limit(front: Front[None], refused: DailyLimit, draft: Draft, then: Callable[[Draft], object]) -> None:
    """Why more than a day's limit of a material is taken; a second person approves it with the ticket."""
    words, over = front.words, (*draft.overridden, str(refused.fields["material"]))
    front.till.choose(
        words("weigh.why-over-limit", item=refused.fields["item"]),
        [(code, words(f"reason.{code}")) for code in LIMIT_REASONS],
        lambda reason: then(replace(draft, overridden=over, override_reason=reason)),
    )


def ask_banned(front: Front[None], material: Material, give_up: Callable[[], object]) -> None:
    """Metal: whether it is of what nobody may buy; if so that is noted, and it is not taken."""
    words, desk = front.words, front.till.station.desk

    def chosen(answer: str) -> None:
        if answer == "banned":
            give_up()
            front.commit(
                lambda by: materials.refuse_banned(desk, by, material.code),
                lambda _: front.say(words("banned.noted"), Tone.REFUSED),
            )

    choices = [("clean", words("banned.clean", item=material.name)), ("banned", words("banned.refuse"))]
    front.till.choose(words("banned.ask"), choices, chosen)


def ask_kilograms(front: Front[None], title: str, then: Callable[[Grams], object]) -> None:
    """A mass in kilograms; `title` is the question."""
    words = front.words
    dialog = NumberDialog(title, words("unit.kilogram"), parse_kilograms, words("weigh.not-kilograms"))

    def typed(grams: Grams | None) -> None:
        if grams is not None:
            then(grams)

    front.app.push_screen(dialog, typed)
