"""积分卡: a household's cards and what happened to them; lost, found again, and a new one handed out."""

from collections.abc import Sequence

from pos.core.cards import CardState, IdentityCheck
from pos.core.households import Household
from pos.core.local_time import local_time
from pos.core.sheets import Sheet
from pos.counter import card_prints, cards
from pos.counter.cards import CardFile, HeldCard
from pos.storage.registry import CardEvent
from pos.tui.base import Tone
from pos.tui.kinds import kind_word
from pos.tui.list_screen import ListScreen
from pos.tui.widgets.ticket import Row


class CardDesk(ListScreen[HeldCard]):
    """The cards of one household, the newest first."""

    TOPIC = "card-desk"

    def __init__(self, household: Household) -> None:
        super().__init__()
        self.household = household
        self.file: CardFile | None = None

    def read(self) -> Sequence[HeldCard]:
        """Every card, and who lives there."""
        self.file = cards.card_file(self.till.station.desk, self.household.number)
        return self.file.cards

    def row(self, item: HeldCard) -> Row:
        """Which card, how it stands, and what happened to it last."""
        state = self.words(f"card.{item.card.state}", version=item.card.version)
        last = self._event(item.events[-1]) if item.events else ""
        tone = "" if item.card.state is CardState.ACTIVE else "reversed"
        return Row(f"**** **** {item.card.number[-4:]}  {state}", last, tone)

    def summary(self) -> str:
        """What to ask before a card changes hands, with the answers; and the chosen card's history."""
        words, household = self.words, self.household
        members = " ".join(member.masked for member in self.file.members) if self.file else ""
        lines = [
            words("card-desk.who", short=household.short, name=household.masked),
            words("card-desk.ask-group", group=household.group),
            words("card-desk.ask-members", persons=household.persons, members=members or "-"),
        ]
        if self.current is not None:
            lines.append("  ".join(map(self._event, self.current.events)))
        return "\n".join(lines)

    def action_enter(self) -> None:
        """Enter: what may be done with the chosen card; a household without one gets its first."""
        item = self.current
        choices = []
        if item is not None and item.card.state is CardState.ACTIVE:
            choices.append(("lost", self.words("card-desk.lost")))
            choices.append(("print", self.words("card-desk.print")))
        if item is not None and item.card.state is CardState.LOST:
            choices.append(("found", self.words("card-desk.found")))
        choices.append(("new", self.words("card-desk.new")))
        self.till.choose(self.words("card-desk.what"), choices, self._chosen)

    def _chosen(self, what: str) -> None:
        desk, item = self.till.station.desk, self.current
        match what, item:
            case "lost", HeldCard(card=card):
                self.commit(lambda by: cards.report_lost(desk, by, card.number), lambda _: self._done("is-lost"))
            case "print", HeldCard(card=card):
                self.commit(
                    lambda by: card_prints.print_at_counter(desk, by, card.number), lambda _: self._done("is-printing")
                )
            case "found", HeldCard(card=card):
                self.commit(lambda by: cards.report_found(desk, by, card.number), lambda _: self._done("is-found"))
            case _:
                checks = [(check.value, self.words(f"card-desk.identity-{check}")) for check in IdentityCheck]
                self.till.choose(self.words("card-desk.identity"), checks, self._hand_out)

    def _hand_out(self, check: str) -> None:
        desk, number = self.till.station.desk, self.household.number
        self.commit(lambda by: cards.hand_out(desk, by, number, IdentityCheck(check)), self._handed_out)

    def _handed_out(self, sheet: Sheet) -> None:
        self.chosen = 0
        self.read_anew()
        self.till.show_paper(sheet)

    def _done(self, what: str) -> None:
        self.say(self.words(f"card-desk.{what}"), Tone.GOOD)
        self.read_anew()

    def _event(self, event: CardEvent) -> str:
        offset = self.till.station.store.identity.utc_offset_minutes
        people = "/".join(filter(None, (event.operator, event.approver)))
        return f"{local_time(event.wall, offset)[2:10]} {kind_word(self.words, event.code)} {people}"
