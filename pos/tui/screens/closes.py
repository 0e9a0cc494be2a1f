"""日结单: the Z documents, as they were filed; a clerk signs those that stand as 待复核."""

from collections.abc import Sequence

from pos.core.people import Role
from pos.counter import closing, journal
from pos.counter.closing import Closed
from pos.counter.journal import Filed
from pos.tui.base import Tone
from pos.tui.list_screen import ListScreen
from pos.tui.widgets.ticket import Row


class ClosesScreen(ListScreen[Closed]):
    """One line a day; Enter shows its Z, and lets a clerk sign one that nobody has looked at."""

    TOPIC = "closes"

    def read(self) -> Sequence[Closed]:
        """The newest first."""
        return closing.documents(self.till.station.desk)

    def row(self, item: Closed) -> Row:
        """Number, day, when it was closed, and how it stands."""
        state = "pending" if item.pending else "signed"
        text = f"Z {item.z.number:>4}   {item.body.business_date.isoformat()}   {item.time}"
        return Row(text, self.words(f"closes.{state}"), "refused" if item.pending else "")

    def summary(self) -> str:
        """How many wait for a clerk."""
        return self.words("closes.waiting", days=sum(item.pending for item in self.items))

    def opened(self, item: Closed) -> None:
        """Enter: the Z as it was printed first."""
        keeper = self.till.keeper
        if item.pending and keeper is not None and keeper.role is Role.CLERK:
            choices = [("show", self.words("closes.show")), ("sign", self.words("closes.sign"))]
            self.till.choose(self.words("closes.which"), choices, lambda value: self._chosen(item, value))
        else:
            self._show_z(item)

    def _chosen(self, item: Closed, value: str) -> None:
        if value == "show":
            self._show_z(item)
        else:
            desk = self.till.station.desk
            self.commit(lambda by: closing.countersign(desk, by, item.z.seq), lambda _: self._signed())

    def _signed(self) -> None:
        self.read_anew()
        self.say(self.words("closes.countersigned"), Tone.GOOD)

    def _show_z(self, item: Closed) -> None:
        def show(filed: Filed) -> None:
            self.till.show_paper(filed.paper, filed.copies)

        self.ask(lambda: journal.paper(self.till.station.desk, item.z.seq), show)
