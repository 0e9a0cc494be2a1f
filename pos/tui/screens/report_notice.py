"""公示: which list, of which days, with how much of a name; and who agreed to be named."""

from collections.abc import Sequence
from typing import Any

from pos.counter import consents
from pos.reports import notices
from pos.reports.notices import Profile, Total
from pos.tui import parts
from pos.tui.base import Tone
from pos.tui.days_form import DaysForm
from pos.tui.form import FormScreen, Values
from pos.tui.parts import Part


class NoticeForm(DaysForm):
    """Two days, the figure, and the profile: number, masked name and total when nothing else is said."""

    TOPIC = "notice"

    def parts(self) -> Sequence[Part[Any]]:
        """Days, figure, profile."""
        totals = [(total.value, self.words(f"sheet.notice-{total}")) for total in Total]
        profiles = [(profile.value, self.words(f"notice.{profile}")) for profile in Profile]
        return (*super().parts(), parts.choice("notice-total", totals), parts.choice("notice-profile", profiles))

    def finished(self, values: Values) -> None:
        """`+`: show it."""
        desk, by = self.till.station.desk, self.till.by
        first, last = values["first-day"], values["last-day"]
        total, profile = Total(values["notice-total"]), Profile(values["notice-profile"])
        self.ask(lambda: notices.notice(desk, by, first, last, total, profile), self.till.show_paper)


class ConsentForm(FormScreen):
    """One household's answer to being named in public."""

    TOPIC = "consent"

    def parts(self) -> Sequence[Part[Any]]:
        """Household and answer."""
        answers = [("yes", self.words("consent.yes")), ("no", self.words("consent.no"))]
        return (parts.text("household-number", most=16), parts.choice("answer", answers))

    def finished(self, values: Values) -> None:
        """`+`: record it."""
        desk, number, agreed = self.till.station.desk, values["household-number"], values["answer"] == "yes"
        self.commit(lambda by: consents.household(desk, by, number, agreed=agreed), lambda _: self._recorded())

    def _recorded(self) -> None:
        self.say(self.words("consent.recorded"), Tone.GOOD)
