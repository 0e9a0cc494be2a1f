"""政策: what the village decided about redemptions, by subject; each change holds from a later day, by two people."""

from collections.abc import Mapping, Sequence

from catalog.goods import Good
from pos.counter import new_goods, policy
from pos.counter.policy import Decided
from pos.tui.list_screen import ListScreen
from pos.tui.policy_forms import FORMS
from pos.tui.widgets.cells import left
from pos.tui.widgets.ticket import Row


class PolicyScreen(ListScreen[str]):
    """Subjects with their figures; Enter changes one."""

    TOPIC = "policy"

    def __init__(self) -> None:
        super().__init__()
        self.decided: Decided | None = None
        self.goods: Mapping[str, Good] = {}

    def read(self) -> Sequence[str]:
        """What was decided so far."""
        desk = self.till.station.desk
        self.decided = policy.decided(desk)
        self.goods = {each.code: each for each in new_goods.goods(desk)}
        return tuple(FORMS)

    def row(self, item: str) -> Row:
        """A subject with its figures."""
        assert self.decided is not None
        return Row(left(self.words(f"policy.{item}"), 30), FORMS[item].shown(self.decided.newest, self.words))

    def summary(self) -> str:
        """Which version holds, and from when the newest one does."""
        if self.decided is None or self.decided.newest_from is None:
            return self.words("policy.none")
        newest = self.decided.newest_from.isoformat()
        return self.words("policy.versions", version=self.decided.version, newest=newest)

    def opened(self, item: str) -> None:
        """Enter: change it."""
        assert self.decided is not None
        self.till.push_screen(FORMS[item](self.decided, self.goods))
