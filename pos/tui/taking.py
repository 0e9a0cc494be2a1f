"""Taking the weight that stands on a scale, once a load, as every screen with a scale does it."""

from collections.abc import Callable

from drivers.errors import DeviceSilent
from drivers.scale.weighing import NoSignal, NotTaken, Settled
from pos.core.weigh_in import WeighedDraft
from pos.tui.base import Front, Tone
from pos.tui.load import Load
from pos.tui.weight_words import why_not

UNHEARD = NoSignal(DeviceSilent.code, None)
"""What a scale says that has said nothing yet."""


def unfit(front: Front[None], shown: Settled, load: Load) -> bool:
    """Whether this cannot be a load: nothing on the scale, or tared on the scale and here. Says so."""
    if shown.is_zero:
        front.say(front.words("weigh.empty"), Tone.REFUSED)
    elif shown.mode == "net" and load.tare:
        front.say(front.words("weigh.tared-twice"), Tone.REFUSED)
    else:
        return False
    return True


def take(
    front: Front[None],
    scale: str,
    shown: Settled,
    load: Load,
    then: Callable[[WeighedDraft], object],
    over: Callable[[], object],
) -> None:
    """Take the load as it was `shown`; `over` in any case, `then` with the line unless it has changed meanwhile."""
    station = front.till.station

    def taken(result: Settled | NotTaken) -> None:
        over()
        if isinstance(result, NotTaken):
            front.say(why_not(front.words, result.code), Tone.REFUSED)
        else:
            then(load.weighed(scale, result, station.desk.clock.wall()))

    front.ask(lambda: station.devices.scales[scale].take(shown), taken)
