"""A card that nobody here knows: in a store that belongs to a ledger, the ledger is asked whose it is."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from catalog.units import Points
from pos.core import cards
from pos.core.refusals import Refused
from pos.core.sync_refusals import GrantUnanswered
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
        from pos.counter import cards as desk_cards

        # While nobody can be asked, who has been here before is served by the number, as from a bare barcode.
        unknown = answer if isinstance(answer, GrantUnanswered) else None
        if isinstance(answer, Refused) and unknown is None:
            refuse(answer)
        else:
            look = lambda: desk_cards.open_household(till.station.desk, number)  # noqa: E731
            till.do(look, till.show_household, lambda again: refuse(unknown or again))

    till.say(till.words("sync.asking"), Tone.WAIT)
    syncing.visit(till.by, text, lambda answer: till.post_message(Told(lambda: told(answer))))
