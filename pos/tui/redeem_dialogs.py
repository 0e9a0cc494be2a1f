"""What a redemption asks on the way: money on the counter, a day to book, the household's PIN, who collects."""

from collections.abc import Sequence
from datetime import date

from catalog.goods import Service
from catalog.units import Fen
from pos.core.entries import Signatures
from pos.core.households import Member
from pos.core.receipts import Receipt
from pos.core.redeem_refusals import HouseholdPinNeeded
from pos.core.redemption import Collector, Draft
from pos.core.refusals import ApprovalNeeded
from pos.counter import redeem
from pos.counter.desk import Desk
from pos.i18n import Words
from pos.tui import parts
from pos.tui.number import NumberDialog

Taker = tuple[Collector, int]
"""Who collects, and the place among the members."""


def given_dialog(words: Words, cash: Fen) -> NumberDialog[Fen]:
    """How much money lies on the counter."""

    def parse(text: str) -> Fen | None:
        value = parts.yuan("given").value(text)
        return value if isinstance(value, Fen) else None

    title = words("redeem.how-much-given", cash=cash)
    return NumberDialog(title, words("unit.yuan"), parse, words("form.not-a-figure"))


def slot_dialog(words: Words, service: Service, today: date) -> NumberDialog[date]:
    """Which day a service is booked for."""

    def parse(text: str) -> date | None:
        value = parts.day("slot").value(text)
        return value if isinstance(value, date) else None

    title = words("redeem.which-day", item=service.name, example=f"{today:%Y%m%d}")
    return NumberDialog(title, "", parse, words("form.not-a-date"))


class PinDialog(NumberDialog[str]):
    """Digits that nobody reads over a shoulder."""

    def __init__(self, title: str, wrong: str) -> None:
        super().__init__(title, "", lambda text: text if text.isdecimal() else None, wrong)

    def _line(self) -> str:
        return "*" * len(self.typed.text) + "_"


def takers(members: Sequence[Member]) -> dict[str, Taker]:
    """Who may collect: the head, each member known, or somebody else."""
    people: dict[str, Taker] = {"0": (Collector.HEAD, 0)}
    people |= {str(member.place): (Collector.MEMBER, member.place) for member in members}
    if not members:
        people["m"] = (Collector.MEMBER, 0)
    people["p"] = (Collector.PROXY, 0)
    return people


def called(words: Words, who: Taker, members: Sequence[Member]) -> str:
    """How a taker reads on screen."""
    named = next((member.masked for member in members if member.place == who[1]), "")
    return named or words(f"collector.{who[0]}")


def by_second_person(desk: Desk, by: Signatures, draft: Draft) -> Receipt:
    """Redeem with a second person's consent in place of the household's PIN. Raises `ApprovalNeeded` until there is."""
    try:
        return redeem.redeem(desk, by, draft)
    except HouseholdPinNeeded:
        raise ApprovalNeeded() from None
