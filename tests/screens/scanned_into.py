"""A card scanned while any screen is in front: taken, or refused for eye and ear; never typed into a field."""

from textual.widgets import Input

from drivers.scanner.codes import Debounce
from pos.tui.typed import Typed
from tests.screens.conftest import Till

CARD = "0006"
"""The household whose card comes at the worst moment."""


async def scanned_into(till: Till) -> str:
    """What is wrong with how the screen in front takes a card; empty when nothing is."""
    front, before, rung, said = till.app.screen, _typed(till), len(till.rings), till.message
    # As after the moments in which the same card is one scan.
    till.app._debounce = Debounce()
    await till.scan(till.cards[CARD])

    def heard() -> bool:
        taken = till.app.screen is not front or (till.message != said and "√" in till.message)
        return taken or (len(till.rings) > rung and "×" in till.rings[-1])

    try:
        await till.until(heard)
    except AssertionError:
        return f"{till.name}: a card is neither taken nor refused: {till.message}"
    await till.idle()
    if till.app.screen is front and _typed(till) != before:
        return f"{till.name}: a card was typed into a field: {_typed(till)}"
    return ""


def _typed(till: Till) -> list[str]:
    screen = till.app.screen
    said = getattr(screen, "typed", None)
    return [*(field.value for field in screen.query(Input)), said.text if isinstance(said, Typed) else ""]
