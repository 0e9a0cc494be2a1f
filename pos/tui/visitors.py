"""A card that nobody here knows: in a store that belongs to a ledger, the ledger is asked whose it is."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from catalog.units import Points
from pos.core import cards
from pos.core.refusals import Refused
from pos.tui.base import Tone
from pos.tui.messages import Told

if TYPE_CHECKING:
    from pos.tui.routes import Routes


def ask(till: "Routes", text: str, refuse: Callable[[Refused], object], refused: Refused) -> None:
    """Ask whose card `text` is, and open it; in a store that runs alone say at once that it is `refused`."""
    syncing, pulse = till.station.syncing, till.sync
    if syncing is None or pulse is None or not pulse.enrolled:
        refuse(refused)
        return
    number = cards.read(text).number

    def told(answer: Points | Refused) -> None:
        if isinstance(answer, Refused):
            refuse(answer)
        else:
            from pos.counter import cards as desk_cards

            till.do(lambda: desk_cards.open_household(till.station.desk, number), till.show_household, refuse)

    till.say(till.words("sync.asking"), Tone.WAIT)
    syncing.visit(till.by, number, lambda answer: till.post_message(Told(lambda: told(answer))))
