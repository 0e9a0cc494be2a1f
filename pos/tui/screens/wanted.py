"""想要的商品: what households asked for; Enter strikes one off, F5 notes another."""

from collections.abc import Sequence

from pos.core.local_time import local_date
from pos.counter import wanted
from pos.storage.wanted import Wish
from pos.tui.base import Tone
from pos.tui.list_screen import ListScreen
from pos.tui.wanted_form import WantedForm
from pos.tui.widgets.ticket import Row


class WantedScreen(ListScreen[Wish]):
    """One line a wish, the newest first."""

    NAME = "edit-list"
    TOPIC = "wanted"

    def read(self) -> Sequence[Wish]:
        """All that are not struck off."""
        return wanted.wishes(self.till.station.desk)

    def row(self, item: Wish) -> Row:
        """When, and what."""
        day = local_date(item.wall, self.till.station.store.identity.utc_offset_minutes)
        return Row(f"{day.isoformat()}  {item.words}", f"#{item.seq}")

    def on_screen_resume(self) -> None:
        """The list may have its first line now."""
        self.read_anew()

    def opened(self, item: Wish) -> None:
        """Enter: it has come in, or nobody wants it any more."""
        desk = self.till.station.desk

        def strike() -> None:
            self.commit(lambda by: wanted.strike(desk, by, item.seq), lambda _: self._struck())

        self.till.confirm(self.words("wanted.ask-strike", item=item.words), strike)

    def action_add(self) -> None:
        """F5: another one."""
        self.till.push_screen(WantedForm())

    def _struck(self) -> None:
        self.read_anew()
        self.say(self.words("wanted.struck"), Tone.GOOD)
