"""库存: what is on hand of every good; `+` shows the stock report."""

from collections.abc import Sequence

from catalog.units import Fen
from pos.counter import stock
from pos.counter.stock import Stocked
from pos.tui.list_screen import ListScreen
from pos.tui.widgets.cells import left, right
from pos.tui.widgets.ticket import Row

_NAME = 22


class StockScreen(ListScreen[Stocked]):
    """Every good of the catalogue."""

    NAME = "report-list"
    TOPIC = "stock"

    def read(self) -> Sequence[Stocked]:
        """All of them."""
        return stock.stocked(self.till.station.desk)

    def row(self, item: Stocked) -> Row:
        """A good: pieces, the first last day, price."""
        words, good = self.words, item.good
        day = words("stock.until", day=item.expiry) if item.expiry else ""
        expired = words("stock.of-them-expired", pieces=item.expired) if item.expired else ""
        price = str(item.price.points) if item.price else words("ticket.no-price")
        text = (
            f"{left(good.code.upper(), 5)} {left(good.name, _NAME)} {right(str(item.pieces), 5)} {left(good.unit, 4)}"
        )
        return Row(f"{text} {left(day, 14)} {expired}", price, "" if item.pieces else "refused")

    def summary(self) -> str:
        """What all of it cost."""
        cost = sum((item.cost for item in self.items), Fen(0))
        return self.words("stock.summary", kinds=sum(1 for item in self.items if item.pieces), cost=cost)

    def action_finish(self) -> None:
        """`+`: the report as a sheet."""
        desk, by = self.till.station.desk, self.till.by
        self.ask(lambda: stock.stock_report(desk, by), self.till.show_paper)
