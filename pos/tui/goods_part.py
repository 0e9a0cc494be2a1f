"""The line of a form in which a good is named: by its code, its barcode, or the pinyin initials of its name."""

from collections.abc import Mapping

from catalog.goods import Good
from pos.tui.parts import Part, found
from pos.tui.widgets.search import find


def good(goods: Mapping[str, Good], initial: str = "") -> Part[Good]:
    """The part `good`; what was understood is shown beside it, so that a wrong one is seen."""
    barcodes = {code: each for each in goods.values() for code in each.barcodes}

    def one(typed: str) -> Good | None:
        return barcodes.get(typed) or next(iter(find(goods.values(), typed)), None)

    return found("good", one, lambda each: f"{each.code.upper()} {each.name}", initial=initial)
