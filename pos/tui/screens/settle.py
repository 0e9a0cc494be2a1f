"""月度结算: what each party is owed; Enter shows the statement of closed days, pays it, or names its own household."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from catalog.units import Fen
from pos.core.fund import Source
from pos.core.households import Household
from pos.core.sheets import Sheet
from pos.counter import dues, settlements
from pos.counter.dues import Owed
from pos.i18n import Words
from pos.tui import parts
from pos.tui.base import Tone
from pos.tui.form import FormScreen, Values
from pos.tui.list_screen import ListScreen
from pos.tui.owners import owner_word
from pos.tui.parts import Part
from pos.tui.widgets.cells import left
from pos.tui.widgets.ticket import Row


class SettleScreen(ListScreen[Owed]):
    """Every party that is owed something, or owes it."""

    TOPIC = "settle"

    def read(self) -> Sequence[Owed]:
        """All of them."""
        return dues.owed(self.till.station.desk)

    def row(self, item: Owed) -> Row:
        """The party and the sum."""
        return Row(left(_called(item, self.words), 30), str(item.amount), "refused" if item.amount < Fen(0) else "")

    def opened(self, item: Owed) -> None:
        """Enter: what to do with it."""
        choices = [(job, self.words(f"settle.{job}")) for job in ("statement", "pay", "household")]
        self.till.choose(_called(item, self.words), choices, lambda job: self._do(job, item))

    def _do(self, job: str, item: Owed) -> None:
        desk, party = self.till.station.desk, item.party
        if job == "household":
            self.ask(lambda: settlements.households(desk), lambda known: self.till.push_screen(OwnForm(party, known)))
        else:
            self.till.push_screen(SettleForm(party, _called(item, self.words), pay=job == "pay"))


class SettleForm(FormScreen):
    """Up to which closed day, and from which source; two people."""

    TOPIC = "settle-form"

    def __init__(self, party: str, name: str, *, pay: bool) -> None:
        super().__init__()
        self.party, self.party_name, self.pay = party, name, pay

    def parts(self) -> Sequence[Part[Any]]:
        """The last day, and where the money comes from."""
        last = parts.day("last-day", initial=_end_of_last_month(self.till.station.desk.today()).isoformat())
        sources = [(each.value, self.words(f"sheet.source-{each}")) for each in Source]
        return (last, parts.choice("source", sources, initial=Source.VILLAGE.value)) if self.pay else (last,)

    def finished(self, values: Values) -> None:
        """Show the statement, or pay it."""
        desk, by, party, last = self.till.station.desk, self.till.by, self.party, values["last-day"]
        if not self.pay:
            self.ask(
                lambda: settlements.preview(desk, by, settlements.statement(desk, party, last)), self.till.show_paper
            )
            return
        source = Source(values["source"])
        self.ask(
            lambda: settlements.statement(desk, party, last),
            lambda found: self.till.confirm(
                self.words("settle.ask", party=self.party_name, amount=found.amount),
                lambda: self.commit(lambda signed: settlements.settle(desk, signed, party, last, source), self._paid),
            ),
        )

    def _paid(self, sheet: Sheet) -> None:
        till = self.till
        self.dismiss()
        till.show_paper(sheet)


class OwnForm(FormScreen):
    """The household of a party's own people, whose lines stand apart."""

    TOPIC = "settle-own"

    def __init__(self, party: str, known: dict[str, Household]) -> None:
        super().__init__()
        self.party, self.known = party, known

    def parts(self) -> Sequence[Part[Any]]:
        """Its serial."""
        return (
            parts.found(
                "own-household",
                lambda typed: self.known.get(typed.zfill(4)),
                lambda each: f"{each.short} {each.masked} {each.group}",
            ),
        )

    def finished(self, values: Values) -> None:
        """Write it."""
        desk, party, number = self.till.station.desk, self.party, values["own-household"].number
        self.commit(lambda by: settlements.name_household(desk, by, party, number), lambda _: self._named())

    def _named(self) -> None:
        self.say(self.words("settle.named"), Tone.GOOD)


def _called(item: Owed, words: Words) -> str:
    return item.name or owner_word(words, item.party)


def _end_of_last_month(today: date) -> date:
    return today.replace(day=1) - timedelta(days=1)
