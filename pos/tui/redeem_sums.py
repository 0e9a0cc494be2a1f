"""What stands below an open redemption ticket: what it comes to, how it is paid, and what is left after it."""

from dataclasses import dataclass

from catalog.units import Fen, Points
from pos.core import tenders
from pos.core.redeem_refusals import CashShort
from pos.core.redemption import Draft, Redeem
from pos.core.refusals import PointsShort, Refused, TicketEmpty
from pos.counter.shelf import Shelf
from pos.i18n import Words


@dataclass(frozen=True, slots=True)
class Sums:
    """The figures, and the line about cash; `tone` is `points` or `refused`."""

    total: Points
    after: Points
    label: str
    tone: str
    note: str = ""


def sums_of(words: Words, held: Shelf, draft: Draft) -> Sums:
    """The sums of a ticket as it stands."""
    try:
        body = held.quote(draft)
    except TicketEmpty:
        return Sums(Points(0), held.available, words("redeem.after"), "points")
    except PointsShort as no:
        total = held.total(draft)
        note = words("redeem.short-cash", cash=no.fields["cash"])
        return Sums(total, held.available - total, words("redeem.short"), "refused", note)
    except CashShort as no:
        return Sums(Points(0), held.available, words("redeem.cannot"), "refused", words("redeem.cash-due", **_cash(no)))
    except Refused:
        return Sums(Points(0), held.available, words("redeem.cannot"), "refused")
    note = "   ".join(_notes(words, body, draft))
    return Sums(body.price, held.available - body.points, words("redeem.after"), "points", note)


def _cash(no: CashShort) -> dict[str, object]:
    return {"cash": no.fields["cash"]}


def _notes(words: Words, body: Redeem, draft: Draft) -> list[str]:
    notes = [words("redeem.discount", percent=body.discount.percent)] if body.discount else []
    if body.cash:
        notes.append(words("redeem.cash-due", cash=body.cash))
    if body.cash and draft.given:
        back: Fen = tenders.change(body.cash, draft.given)
        notes.append(words("redeem.change", given=draft.given, change=back))
    return notes
