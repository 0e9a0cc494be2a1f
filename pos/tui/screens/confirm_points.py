"""积分认定: households whose weigh-in points wait; the clerk confirms one, or all of them."""

from collections.abc import Sequence

from catalog.units import Points
from pos.core.local_time import local_time
from pos.counter import campaigns
from pos.counter.campaigns import Unconfirmed
from pos.tui.base import Tone
from pos.tui.list_screen import ListScreen
from pos.tui.widgets.cells import left
from pos.tui.widgets.ticket import Row


class ConfirmScreen(ListScreen[Unconfirmed]):
    """Enter confirms one household, `+` all."""

    NAME = "confirm-points"
    TOPIC = "confirm-points"

    def read(self) -> Sequence[Unconfirmed]:
        """All of them, the one that waits longest first."""
        return campaigns.waiting(self.till.station.desk)

    def row(self, item: Unconfirmed) -> Row:
        """Household, since when, how many weigh-ins, points."""
        offset = self.till.station.store.identity.utc_offset_minutes
        since = local_time(item.weigh_ins[0].wall, offset)[:10]
        text = f"{item.household[-4:]}  {left(item.name, 12)} {since}"
        return Row(f"{text}  {self.words('confirm-points.tickets', tickets=len(item.weigh_ins))}", f"+{item.points}")

    def summary(self) -> str:
        """What all of them come to."""
        total = sum((item.points for item in self.items), Points(0))
        return self.words("confirm-points.total", households=len(self.items), points=total)

    def opened(self, item: Unconfirmed) -> None:
        """Enter: confirm this household's."""
        self._confirm([item.household])

    def action_finish(self) -> None:
        """`+`: confirm all that are on the screen."""
        households = [item.household for item in self.items]
        if households:
            self.till.confirm(self.summary(), lambda: self._confirm(households))

    def _confirm(self, households: list[str]) -> None:
        desk = self.till.station.desk
        self.commit(lambda by: campaigns.confirm(desk, by, households), self._confirmed)

    def _confirmed(self, points: Points) -> None:
        self.say(self.words("confirm-points.done", points=points), Tone.GOOD)
        self.read_anew()
