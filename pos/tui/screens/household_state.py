"""户状态: away, frozen, closed or normal again; with a reason, by two people."""

from collections.abc import Sequence

from pos.core.households import Household, HouseholdState, StateReason
from pos.counter import households
from pos.tui import parts
from pos.tui.base import Tone
from pos.tui.form import FormScreen, Values
from pos.tui.parts import Part

_BY_HAND = [state for state in HouseholdState if state is not HouseholdState.MERGED]


class HouseholdStateScreen(FormScreen):
    """One household's state and the reason for it."""

    TOPIC = "household-state"

    def __init__(self, household: Household) -> None:
        super().__init__()
        self.household = household

    def parts(self) -> Sequence[Part[str]]:
        """State and reason."""
        words, now = self.words, self.household.state
        states = [(state.value, words(f"household-state.{state}")) for state in _BY_HAND]
        reasons = [(reason.value, words(f"state-reason.{reason}")) for reason in StateReason]
        return (
            parts.choice("state", states, initial=now.value if now in _BY_HAND else ""),
            parts.choice("why", reasons),
        )

    def comes_to(self, values: Values) -> str:
        """Whose, and what it means."""
        who = self.words("card-desk.who", short=self.household.short, name=self.household.masked)
        means = self.words(f"state-means.{values['state']}")
        return f"{who}   {means}"

    def finished(self, values: Values) -> None:
        """Write it; a second person agrees."""
        desk, number = self.till.station.desk, self.household.number
        state, why = HouseholdState(values["state"]), StateReason(values["why"])
        self.commit(
            lambda by: households.set_state(desk, by, number, state, why),
            lambda _: self.say(self.words("form.written"), Tone.GOOD),
        )
