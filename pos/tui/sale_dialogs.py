"""The questions of a sale: the dealer's figure, his price, whether all of it goes. Esc changes nothing."""

from collections.abc import Callable
from dataclasses import replace

from catalog.materials import Material, ScaleClass
from catalog.units import Fen
from pos.core.bins import MOST_QUANTITY, Extent
from pos.core.selling import Offer
from pos.tui import parts
from pos.tui.base import Front
from pos.tui.load import parse_kilograms
from pos.tui.number import NumberDialog, whole
from pos.tui.parts import Wrong


def ask_terms(front: Front[None], material: Material, offer: Offer, then: Callable[[Offer], object]) -> None:
    """What to change of a line: the dealer's figure, his price, or how much of the bin goes."""
    words = front.words
    other = Extent.PART if offer.extent is Extent.ALL else Extent.ALL
    choices = [
        ("dealer", words("sell.ask-dealer")),
        ("price", words("sell.ask-price", price=Fen(offer.fen))),
        ("extent", words(f"extent.{other}")),
    ]

    def chosen(what: str) -> None:
        match what:
            case "dealer":
                _ask_dealer(front, material, lambda figure: then(replace(offer, dealer=figure)))
            case "price":
                _ask_price(front, material, lambda fen: then(replace(offer, fen=fen)))
            case _:
                then(replace(offer, extent=other))

    front.till.choose(words("sell.terms", item=material.name), choices, chosen)


def _ask_dealer(front: Front[None], material: Material, then: Callable[[int], object]) -> None:
    words = front.words
    counted = material.scale is ScaleClass.COUNT
    pieces = whole(1, MOST_QUANTITY)

    def parse(text: str) -> int | None:
        if counted:
            return pieces(text)
        grams = parse_kilograms(text)
        return grams.amount if grams else None

    unit = words("unit.pieces") if counted else words("unit.kilogram")
    wrong = words("form.not-whole") if counted else words("weigh.not-kilograms")
    dialog = NumberDialog(words("sell.dealer-figure", item=material.name), unit, parse, wrong)
    front.app.push_screen(dialog, _given(then))


def _ask_price(front: Front[None], material: Material, then: Callable[[int], object]) -> None:
    words, money = front.words, parts.yuan("price")

    def parse(text: str) -> int | None:
        fen = money.value(text)
        return None if fen is None or isinstance(fen, Wrong) else fen.amount

    dialog = NumberDialog(
        words("sell.which-price", item=material.name), words("unit.yuan"), parse, words("form.not-a-figure")
    )
    front.app.push_screen(dialog, _given(then))


def _given(then: Callable[[int], object]) -> Callable[[int | None], None]:
    def answered(number: int | None) -> None:
        if number is not None:
            then(number)

    return answered
