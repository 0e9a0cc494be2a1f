"""资金账: every movement between two days with what each place held after it; `+` is the sheet."""

from collections.abc import Sequence
from datetime import date

from pos.counter import fund_book
from pos.counter.fund_book import FundBook, Line
from pos.printing.figures import plain, signed
from pos.tui.days_form import DaysForm
from pos.tui.list_screen import ListScreen
from pos.tui.widgets.cells import left, right
from pos.tui.widgets.ticket import Row


class FundBookForm(DaysForm):
    """From which day to which."""

    TOPIC = "fund-book-days"

    def between(self, first: date, last: date) -> None:
        """The book."""
        desk = self.till.station.desk
        self.ask(lambda: fund_book.read(desk, first, last), lambda found: self.till.push_screen(FundBookScreen(found)))


class FundBookScreen(ListScreen[Line]):
    """The movements, oldest first."""

    NAME = "report-list"
    TOPIC = "fund-book"

    def __init__(self, found: FundBook) -> None:
        super().__init__()
        self.found = found

    def read(self) -> Sequence[Line]:
        """All of them."""
        return self.found.lines

    def row(self, item: Line) -> Row:
        """Day, place, what, voucher, party, amount, balance."""
        place = "drawer" if item.place == fund_book.DRAWER else f"source-{item.place}"
        text = " ".join(
            (
                item.day.isoformat()[5:],
                left(self.words(f"sheet.{place}"), 10),
                left(self.words(f"sheet.what-{item.what}"), 12),
                left(item.voucher, 11),
                left(item.party, 14),
                right(signed(item.fen), 10),
            )
        )
        return Row(text, plain(item.balance))

    def action_finish(self) -> None:
        """`+`: the book as a sheet."""
        desk, by = self.till.station.desk, self.till.by
        self.till.show_paper(fund_book.sheet(desk, by, self.found))
