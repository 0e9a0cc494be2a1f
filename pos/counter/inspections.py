"""监督小组检查: what is to be looked at, drawn by the journal itself, and the record that the auditor's PIN signs."""

from dataclasses import dataclass

from sqlalchemy import Connection

from catalog.units import Grams
from pos.core import inspection as rules_of
from pos.core.entries import Entry, Signatures
from pos.core.inspection import Draft, Inspection, ShelfSeen, TicketSeen
from pos.core.local_time import local_time
from pos.core.people import AUDITS
from pos.core.sheets import Count, Fact, Label, Mass, Sheet, Table
from pos.counter import paper
from pos.counter.desk import Desk, check_signatures
from pos.storage import books, catalogue, inspections, keys, registry, shelves
from pos.storage.books import Transaction
from pos.storage.rows import digest

INSPECTS = AUDITS


@dataclass(frozen=True, slots=True)
class Named:
    """A ticket or a good of the list, as a person says it."""

    seq: int
    good: str
    text: str


def begin(desk: Desk, auditor: str) -> Draft:
    """A new inspection: tickets since the last one and goods on the shelf, drawn by the journal's newest hash."""
    with desk.store.read() as connection:
        seed = books.head(connection, desk.store.installation).hash
        tickets = inspections.tickets(connection, inspections.newest(connection))
        goods = sorted({each.lot.good for each in shelves.on_hand(connection)})
        return Draft(
            tuple(TicketSeen(seq) for seq in rules_of.sample(tickets, seed)),
            tuple(ShelfSeen(good, _on_shelf(connection, good)) for good in rules_of.sample(goods, seed)),
            auditor=auditor,
        )


def named(desk: Desk, draft: Draft) -> list[Named]:
    """The tickets and goods of the list in words: when, what and whose."""
    with desk.store.read() as connection:
        goods = {good.code: good.name for good in catalogue.all_goods(connection)}
        tickets = [books.read_entry(connection, each.seq) for each in draft.tickets]
        return [
            *(Named(entry.seq, "", _ticket(desk, connection, entry)) for entry in tickets),
            *(Named(0, each.good, goods.get(each.good, each.good)) for each in draft.shelf),
        ]


def on_shelf(desk: Desk, good: str) -> int:
    """Pieces of a good on the shelf now, as the book says."""
    with desk.store.read() as connection:
        return _on_shelf(connection, good)


def sign(desk: Desk, by: Signatures, draft: Draft) -> Sheet:
    """Write the record and print it; the auditor signs for it with the PIN, and on paper.

    Raises `InspectionUnfinished` or `NoteTooLong`.
    """
    salt = keys.new_salt()
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, roles=INSPECTS)
        decision = rules_of.decide(draft, digest([salt, draft.note]))
        written = tx.append(desk.now(), by, decision)
        inspections.keep_note(tx.connection, written.entry.seq, draft.note, salt)
        return paper.file(
            desk,
            tx,
            written,
            "inspection",
            _facts(decision.body, draft.note),
            _tables(tx, decision.body),
            signatures=("auditor", "keeper"),
        )


def _on_shelf(connection: Connection, good: str) -> int:
    return sum(each.lot.on_hand for each in shelves.on_hand(connection, good))


def _ticket(desk: Desk, connection: Connection, entry: Entry) -> str:
    household = registry.household(connection, entry.household or "")
    who = f"{household.short} {household.masked}" if household else ""
    time = local_time(entry.at.wall, desk.store.identity.utc_offset_minutes)[5:16]
    return f"#{entry.seq} {time} {who}"


def _facts(body: Inspection, note: str) -> tuple[Fact, ...]:
    asked = tuple(Fact(f"asked-{each.question}", Label(f"answer-{each.answer}")) for each in body.answers)
    load = body.load
    if load.known is None or load.reading is None:
        weighed: tuple[Fact, ...] = (Fact("known-load", Label("answer-skipped")),)
    else:
        weighed = (
            Fact("scale", load.scale_name),
            Fact("known-load", Mass(load.known)),
            Fact("own-reading", Mass(load.reading)),
            Fact("difference", Mass(Grams(load.reading.amount - load.known.amount))),
        )
    written = (Fact("note", note),) if note else ()
    return (*asked, *weighed, *written)


def _tables(tx: Transaction, body: Inspection) -> tuple[Table, ...]:
    names = {good.code: good.name for good in catalogue.all_goods(tx.connection)}
    tickets = tuple((f"#{each.seq}", Label(f"answer-{each.answer}")) for each in body.tickets)
    shelf = tuple(
        (names.get(each.good, each.good), Count(each.book), Count(each.counted), Count(each.counted - each.book))
        for each in body.shelf
        if each.counted is not None
    )
    return (
        Table(("ticket", "agrees"), tickets, title="inspected-tickets"),
        Table(("good", "book", "counted", "difference"), shelf, title="inspected-shelf"),
    )
