"""异议登记: every dispute, the open ones first; an auditor closes them here."""

from collections.abc import Sequence

from pos.core.disputes import Outcome
from pos.counter import disputes, journal
from pos.counter.disputes import Line
from pos.tui.base import Tone
from pos.tui.list_screen import ListScreen
from pos.tui.widgets.cells import left, right
from pos.tui.widgets.ticket import Row


class DisputesScreen(ListScreen[Line]):
    """The list of disputes."""

    TOPIC = "disputes"

    def read(self) -> Sequence[Line]:
        """All of them."""
        return disputes.listed(self.till.station.desk)

    def row(self, item: Line) -> Row:
        """Tag, when, whose, both readings, and how it ended."""
        dispute, outcome = item.case.dispute, item.case.outcome
        text = (
            f"{item.case.seq:>6}  {item.time[5:]}  {left(item.household, 14)}{left(item.material, 12)}"
            f"{right(str(dispute.own), 8)} {right(str(dispute.other), 8)}"
        )
        ended = self.words(f"outcome.{outcome}") if outcome else self.words("disputes.open")
        return Row(text, ended, "reversed" if outcome else "")

    def summary(self) -> str:
        """How many are open."""
        return self.words("disputes.count", open=sum(item.case.outcome is None for item in self.items))

    def opened(self, item: Line) -> None:
        """Its paper; an auditor may close an open one."""
        keeper = self.till.keeper
        if keeper is None or keeper.role not in disputes.CLOSES or item.case.outcome is not None:
            self._show(item)
            return
        choices = [("paper", self.words("disputes.paper"))]
        choices += [(outcome.value, self.words(f"outcome.{outcome}")) for outcome in Outcome]
        self.till.choose(
            self.words("disputes.how", number=item.case.seq),
            choices,
            lambda value: self._show(item) if value == "paper" else self._close(item, Outcome(value)),
        )

    def _show(self, item: Line) -> None:
        desk, seq = self.till.station.desk, item.case.seq
        self.ask(lambda: journal.paper(desk, seq), lambda filed: self.till.show_paper(filed.paper, filed.copies))

    def _close(self, item: Line, outcome: Outcome) -> None:
        desk, seq = self.till.station.desk, item.case.seq
        self.commit(lambda by: disputes.close(desk, by, seq, outcome), lambda _: self._is_closed())

    def _is_closed(self) -> None:
        self.say(self.words("disputes.closed"), Tone.GOOD)
        self.read_anew()
