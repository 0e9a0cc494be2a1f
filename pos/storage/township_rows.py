"""Reference rows of the township as they came: what waits for the next opening or for its household, what is faulty."""

from sqlalchemy import Connection, delete, func, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert_into
from sqlalchemy.sql import text

from pos.core.cards import Card, CardState
from pos.database import Prepared
from pos.storage import registry, rows
from pos.storage import tables as t

_ISSUED = Prepared(
    text(
        "WITH issued AS (SELECT wall, CAST(bytes AS TEXT) ->> 'subject' AS number FROM journal WHERE seq > :after"
        " AND kind = 'act' AND instr(bytes, CAST('\"code\":\"card-issued\"' AS BLOB)) > 0)"
        " SELECT c.number, c.household, c.version, c.state, coalesce(i.wall, 0)"
        " FROM cards c LEFT JOIN issued i ON i.number = c.number"
        " WHERE :after = 0 OR i.number IS NOT NULL ORDER BY c.household, c.version"
    )
)


def wait(connection: Connection, kind: str, code: str, value: str) -> None:
    """Keep a row until it can be taken over; a newer one of the same thing takes its place."""
    statement = upsert_into(t.waiting_rows)
    change = statement.on_conflict_do_update(index_elements=["kind", "code"], set_={"value": statement.excluded.value})
    connection.execute(change, {"kind": kind, "code": code, "value": value})


def waiting(connection: Connection, kind: str) -> list[tuple[str, str]]:
    """Code and value of the rows of a kind that wait."""
    c = t.waiting_rows.c
    query = select(c.code, c.value).where(c.kind == kind).order_by(func.length(c.code), c.code)
    return [(row.code, row.value) for row in connection.execute(query)]


def stop_waiting(connection: Connection, kind: str, code: str) -> None:
    """A row was taken over, or is gone."""
    c = t.waiting_rows.c
    connection.execute(delete(t.waiting_rows).where(c.kind == kind, c.code == code))


def note_fault(connection: Connection, kind: str, code: str, detail: str) -> None:
    """A row could not be taken over: the last good one of the same thing stays in force."""
    statement = upsert_into(t.faulty_rows)
    change = statement.on_conflict_do_update(
        index_elements=["kind", "code"], set_={"detail": statement.excluded.detail}
    )
    connection.execute(change, {"kind": kind, "code": code, "detail": detail[:80]})


def clear_fault(connection: Connection, kind: str, code: str) -> None:
    """The same thing came again, and was taken over."""
    c = t.faulty_rows.c
    connection.execute(delete(t.faulty_rows).where(c.kind == kind, c.code == code))


def faults(connection: Connection) -> list[tuple[str, str, str]]:
    """Kind, code and reason of what could not be taken over."""
    query = select(t.faulty_rows).order_by(t.faulty_rows.c.kind, t.faulty_rows.c.code)
    return [(row.kind, row.code, row.detail) for row in connection.execute(query)]


def put_card(connection: Connection, card: Card) -> bool:
    """Take a card over; whether its household is here. Another card of the same version is an older one from now on."""
    if registry.household(connection, card.household) is None:
        return False
    c = t.cards.c
    for other in registry.cards_of(connection, card.household):
        if other.version == card.version and other.number != card.number:
            lowest = connection.execute(select(func.min(c.version)).where(c.household == card.household)).scalar_one()
            connection.execute(t.cards.update().where(c.number == other.number).values(version=min(lowest, 1) - 1))
            registry.set_card_state(connection, other.number, CardState.REPLACED)
    row = {"number": card.number, "household": card.household, "version": card.version, "state": card.state.value}
    rows.save(connection, t.cards, [row])
    return True


def issued(connection: Connection, after: int) -> list[tuple[Card, int]]:
    """Cards that entries after number `after` issued, and when (ms); with `after` 0 all there are, 0 for no known time.

    Older ones of a household come first.
    """
    return [
        (Card(number, household, version, CardState(state)), wall)
        for number, household, version, state, wall in _ISSUED.rows(connection, after=after)
    ]


def put_undone(connection: Connection, paper: str, line: int) -> None:
    """A line of this store's paper was taken back elsewhere."""
    connection.execute(upsert_into(t.undone_lines).on_conflict_do_nothing(), {"paper": paper, "line": line})


def undone(connection: Connection, paper: str) -> set[int]:
    """Lines of a paper that were taken back elsewhere."""
    query = select(t.undone_lines.c.line).where(t.undone_lines.c.paper == paper)
    return set(connection.execute(query).scalars())


def put_recall(connection: Connection, code: str, seq: int) -> None:
    """A recall took effect by entry `seq`."""
    connection.execute(insert(t.recalls), {"code": code, "seq": seq})


def recall(connection: Connection, code: str) -> int | None:
    """Number of the entry by which a recall took effect."""
    query = select(t.recalls.c.seq).where(t.recalls.c.code == code)
    found: int | None = connection.execute(query).scalar_one_or_none()
    return found


def lift_recall(connection: Connection, code: str) -> None:
    """A recall is over."""
    connection.execute(delete(t.recalls).where(t.recalls.c.code == code))
