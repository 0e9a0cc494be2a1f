"""What a device's entries bring about at the ledger, in the act that posts them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress

from sqlalchemy import select

from pos.core import journal
from pos.core.accounts import LEDGER, POINTS
from pos.core.acts import Act as ActBody
from pos.core.acts import ActCode
from pos.core.cards import CardState
from pos.core.redemption import Redeem
from pos.core.reversal import Reverse
from pos.core.rights import Ask, GiveBack
from pos.core.take_back import TakeBack
from pos.core.weigh_in import Weigh
from pos.ledger import allotments, cards, closing, rights
from pos.ledger import tables as t
from pos.ledger.books import Act
from pos.ledger.findings import Finding
from pos.ledger.lines import Line
from pos.ledger.refusals import Conflict, NotFound
from pos.wire import reference

_CARD_STATES = {ActCode.CARD_LOST: CardState.LOST, ActCode.CARD_FOUND: CardState.ACTIVE}


def follow(act: Act, writer: str, store: str, entries: Sequence[Line], *, closed: bool) -> list[Finding]:
    """Write what follows from these entries of a store's `writer`, just posted; returns what is strange about them.

    Points that came back pay debts and go where they lack; what was asked for is granted; a visit that is over ends its
    allotment; who earned away from home has the points sent there; a closed epoch's goods go on to its successor.
    """
    of = _by_kind(entries)
    returned = _returned(of[GiveBack.KIND])
    touched = closing.identify(act, writer, returned) if returned else set()
    touched.update(_asked(act, writer, of[Ask.KIND]))
    _cards(act, writer, of[ActBody.KIND])
    touched.update(rights.visited(act, writer, _households(of[Redeem.KIND])))
    found = list(_undone(act, writer, store, [*of[Reverse.KIND], *of[TakeBack.KIND]]))
    touched.update(_misplaced(act, writer, store, _households(of[Weigh.KIND])))
    if entries and closed:
        device, _, epoch = writer.rpartition(".")
        closing.hand_over(act, device, int(epoch))
    if touched:
        rights.settle(act, touched, [writer])
    return found


def _by_kind(entries: Sequence[Line]) -> defaultdict[str, list[Line]]:
    found: defaultdict[str, list[Line]] = defaultdict(list)
    for line in entries:
        found[line.kind].append(line)
    return found


def _households(entries: Iterable[Line]) -> set[str]:
    return {line.household for line in entries if line.household}


def _cards(act: Act, writer: str, entries: Sequence[Line]) -> None:
    """Cards that a store took in as lost or found; one that is replaced already stays so."""
    for line in entries:
        entry = line.entry()
        if entry and isinstance(body := entry.body, ActBody) and body.code in _CARD_STATES:
            with suppress(NotFound, Conflict):
                cards.mark(act, body.subject, _CARD_STATES[body.code], writer)


def _undone(act: Act, writer: str, store: str, entries: Sequence[Line]) -> Iterable[Finding]:
    """Reversals and take-backs of papers that were taken back elsewhere before."""
    refs = [line for line in entries if line.ref is not None]
    if not refs:
        return
    c = t.reference.c
    here = (c.township == act.township, c.scope == store, c.kind == reference.UNDONE)
    papers = {code.rpartition("/")[0] for code in act.connection.execute(select(c.code).where(*here)).scalars()}
    device, _, epoch = writer.rpartition(".")
    for line in refs:
        paper = journal.number(store, device, int(epoch), line.ref or 0)
        if paper in papers:
            yield Finding(line.seq, "undone", paper)


def _asked(act: Act, writer: str, entries: Sequence[Line]) -> Iterable[str]:
    """Allot what the device asked for of households that there are, and say which."""
    known = act.households(_households(entries))
    for line in entries:
        entry = line.entry() if line.household in known else None
        if entry and isinstance(body := entry.body, Ask):
            allotments.ask(act, writer, body.household, body.points.amount)
            yield body.household


def _returned(entries: Sequence[Line]) -> Counter[str]:
    """Points (1/100) that came back to the ledger, by household."""
    found: Counter[str] = Counter()
    for line in entries:
        if line.household:
            back = f"pts:{line.household}@{LEDGER}"
            found[line.household] += sum(n for _, to, what, n in line.moves if (to, what) == (back, POINTS))
    return found


def _misplaced(act: Act, writer: str, store: str, earned: set[str]) -> set[str]:
    """Those of the households that earned at `writer` which should not have their points there, or not so many."""
    if not earned or writer.endswith(".0"):
        return set()
    known = act.households(earned)
    held = act.balances((f"pts:{of}@{writer}", POINTS) for of in known)
    return {
        of
        for (of, (_, home)), points in zip(known.items(), held, strict=True)
        if home != store or points > act.household_cap
    }
