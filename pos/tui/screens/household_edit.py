"""户资料: head, group, persons and members, by whole names; the village clerk's, and another person agrees."""

from collections.abc import Sequence
from dataclasses import replace

from pos.core.households import MOST_MEMBERS, Member
from pos.counter import households
from pos.counter.households import HouseholdFile
from pos.tui import parts
from pos.tui.base import Tone
from pos.tui.form import FormScreen, Values
from pos.tui.parts import Part


class HouseholdEdit(FormScreen):
    """One household's rows; members keep the digits that they are chosen by."""

    TOPIC = "household-edit"

    def __init__(self, file: HouseholdFile) -> None:
        super().__init__()
        self.file = file

    def parts(self) -> Sequence[Part[object]]:
        """Head, group, persons, and a line for each member's digit."""
        household = self.file.household
        names = {member.place: member.name for member in self.file.members}
        return (
            parts.text("head", initial=household.head),
            parts.text("group", initial=household.group),
            parts.whole("persons", 1, 99, initial=str(household.persons)),
            *(
                parts.text(f"member-{place}", initial=names.get(place, ""), optional=True)
                for place in range(1, MOST_MEMBERS + 1)
            ),
        )

    def finished(self, values: Values) -> None:
        """Write it; a second person agrees."""
        desk = self.till.station.desk
        household = replace(self.file.household, head=values["head"], group=values["group"], persons=values["persons"])
        named = ((place, values[f"member-{place}"]) for place in range(1, MOST_MEMBERS + 1))
        members = tuple(Member(place, name) for place, name in named if name)
        self.commit(
            lambda by: households.edit(desk, by, household, members),
            lambda _: self.say(self.words("form.written"), Tone.GOOD),
        )
