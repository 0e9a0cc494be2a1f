"""新商品: goods whose price waits for a second person; F5 names a new one, Enter agrees to its price."""

import re
from collections.abc import Sequence
from typing import Any

from catalog.prices import GoodPrice, Terms
from catalog.units import Fen
from pos.counter import new_goods
from pos.counter.new_goods import NewGood
from pos.storage.deliveries import Proposal
from pos.tui import parts
from pos.tui.base import Tone
from pos.tui.form import FormScreen, Values
from pos.tui.list_screen import ListScreen
from pos.tui.parts import Part, Wrong
from pos.tui.widgets.cells import left
from pos.tui.widgets.ticket import Row

_BARCODE = re.compile(r"[0-9]{8}|[0-9]{12,13}")


class PendingGoodsScreen(ListScreen[Proposal]):
    """What waits for a second person."""

    NAME = "edit-list"
    TOPIC = "new-goods"

    def read(self) -> Sequence[Proposal]:
        """All of them."""
        return new_goods.pending(self.till.station.desk)

    def row(self, item: Proposal) -> Row:
        """Good, cost, who proposed it, price."""
        cost = self.words("new-goods.cost", cost=item.cost, by=item.by)
        text = f"{left(item.good.upper(), 5)} {left(item.name, 26)} {cost}"
        return Row(text, self.words("ticket.points", points=item.price.points))

    def summary(self) -> str:
        """When a price comes into force."""
        return self.words("new-goods.from-tomorrow")

    def opened(self, item: Proposal) -> None:
        """Enter: agree to its price."""
        desk = self.till.station.desk
        text = self.words("new-goods.ask", item=item.name, points=item.price.points, shelf=item.price.shelf)

        def agree() -> None:
            self.commit(lambda by: new_goods.approve(desk, by, item.good), lambda _: self._agreed(item))

        self.till.confirm(text, agree)

    def _agreed(self, item: Proposal) -> None:
        self.read_anew()
        self.say(self.words("new-goods.agreed", item=item.name, good=item.good), Tone.GOOD)

    def action_add(self) -> None:
        """F5: a good that the store has not had before."""
        self.till.push_screen(NewGoodForm())

    def on_screen_resume(self) -> None:
        """The list may have its first line now."""
        if not self.items:
            self.read_anew()


class NewGoodForm(FormScreen):
    """A new good; without a price of its own it gets the one of the village's rule."""

    TOPIC = "new-good"

    def __init__(self) -> None:
        super().__init__()
        self.terms: Terms | None = None

    def on_mount(self) -> None:
        """Read what the village's rule goes by."""
        desk = self.till.station.desk

        def show(agreed: Terms) -> None:
            self.terms = agreed

        self.ask(lambda: new_goods.terms(desk), show)

    def parts(self) -> Sequence[Part[Any]]:
        """Name, unit, barcode, cost, price, limit."""
        return (
            parts.text("name", most=40),
            parts.text("unit", most=4),
            Part("barcode", _barcode, "", optional=True, most=13, scanned=True),
            parts.yuan("cost"),
            parts.points("points", optional=True),
            parts.yuan("shelf", optional=True),
            parts.whole("monthly-limit", 1, 999, optional=True),
        )

    def comes_to(self, values: Values) -> str:
        """The price it would have."""
        price = _own(values)
        if price is None and self.terms is not None:
            price = new_goods.by_rule(self.till.station.desk, values["cost"], self.terms)
        if price is None:
            return ""
        return self.words("new-goods.price", points=price.points, shelf=price.shelf)

    def finished(self, values: Values) -> None:
        """Propose it."""
        desk = self.till.station.desk
        new = NewGood(
            values["name"],
            values["unit"],
            values["cost"],
            values["barcode"] or "",
            values["monthly-limit"],
            _own(values),
        )
        self.commit(lambda by: new_goods.propose(desk, by, new), self._proposed)

    def _proposed(self, code: str) -> None:
        till = self.till
        self.dismiss()
        if till.front is not None:
            till.front.say(self.words("new-goods.proposed", good=code.upper()), Tone.GOOD)


def _own(values: Values) -> GoodPrice | None:
    """The price that was typed: points, and the shelf price, which is the cost where nobody typed one."""
    shelf: Fen = values["shelf"] or values["cost"]
    return GoodPrice(values["points"], shelf) if values["points"] is not None else None


def _barcode(typed: str) -> str | Wrong:
    return typed if _BARCODE.fullmatch(typed) else Wrong("form.not-a-barcode")
