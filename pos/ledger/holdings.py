"""What a household has and what became of it: for the clerk, and for the villager who shows the card."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from pos.core import accounts, cards, households, journal
from pos.core.accounts import LEDGER, POINTS
from pos.core.cards import Card, CardState, ReadAs
from pos.core.refusals import CardLost, CardMisread, CardRefused, CardReplaced
from pos.ledger import audit, registry, rights
from pos.ledger import tables as t
from pos.ledger.books import Act
from pos.ledger.refusals import Forbidden, Unidentified
from pos.ledger.service import Ledger

DAY_MS = 24 * 3_600_000
MOST_DAYS = 92
_MOST_ENTRIES = 20_000
"""Of one journal that a statement looks through: a village's store writes so many in a quarter of a year."""


@dataclass(frozen=True, slots=True)
class Place:
    """Points (1/100) of a household at one place: a store's installation, or `L` for the ledger."""

    writer: str
    store: str
    points: int


@dataclass(frozen=True, slots=True)
class Holding:
    """All that a household has; points are 1/100."""

    household: str
    points: int
    """What can be spent, wherever it is."""
    pending: int
    aside: int
    """Laid aside for the bank, or in dispute."""
    owed: int
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class CardHeld:
    """A card that a household has, or had."""

    card: str
    version: int
    state: str
    issued: int


@dataclass(frozen=True, slots=True)
class HouseholdFound:
    """All that is known of a household; without people once they were erased."""

    household: str
    village: str
    state: str
    successor: str | None
    home: str | None
    head: str
    group: str
    persons: int
    quiet: bool
    holding: Holding
    cards: tuple[CardHeld, ...]


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One entry as it moved the household's points (1/100)."""

    ms: int
    kind: str
    store: str
    """Empty for the ledger itself."""
    number: str
    points: int


def holding(connection: Connection, township: str, household: str) -> Holding:
    """What a household has, as far as its stores were heard."""
    kinds = {kind: _balances(connection, township, kind, household) for kind in ("pts", "move", "pend", "hold", "debt")}
    spendable = {
        writer: kinds["pts"].get(writer, 0) + kinds["move"].get(writer, 0) for writer in {*kinds["pts"], *kinds["move"]}
    }
    stores = _stores(connection, township)
    places = tuple(Place(writer, stores.get(writer, ""), n) for writer, n in sorted(spendable.items()) if n)
    totals = (sum(kinds[kind].values()) for kind in ("pend", "hold", "debt"))
    pending, aside, debt = totals
    return Holding(household, sum(spendable.values()), pending, aside, -debt, places)


def statement(connection: Connection, township: str, household: str, since: int) -> list[StatementLine]:
    """What moved a household's points since a time (ms of the ledger's clock), the newest first."""
    found: list[StatementLine] = []
    for writer, store, head in _journals(connection, township, since):
        c, x = t.journal.c, t.transfers.c
        here = (c.township == township, c.writer == writer, c.seq > head - _MOST_ENTRIES, c.booked >= since)
        rows = connection.execute(select(c.seq, c.kind, c.booked).where(*here, c.household == household)).all()
        seqs = [row.seq for row in rows]
        moves: dict[int, int] = {}
        query = select(x.seq, x.source, x.destination, x.quantity)
        whose = (x.township == township, x.writer == writer, x.commodity == POINTS)
        for start in range(0, len(seqs), 500):
            for seq, source, to, n in connection.execute(query.where(*whose, x.seq.in_(seqs[start : start + 500]))):
                moves[seq] = moves.get(seq, 0) + n * (_own(to, household) - _own(source, household))
        device, _, epoch = writer.rpartition(".")
        for row in rows:
            if points := moves.get(row.seq, 0):
                number = journal.number(store, device, int(epoch), row.seq) if store else f"L-{row.seq}"
                found.append(StatementLine(row.booked, row.kind, store, number, points))
    return sorted(found, key=lambda line: (line.ms, line.number), reverse=True)


def household_of(connection: Connection, township: str, text: str) -> str:
    """The household of a card's QR code. Raises `Forbidden` for one out of use, `Unidentified` for no card of ours."""
    try:
        seen = cards.read(text)
    except CardMisread:
        raise Unidentified("card-unknown") from None
    c, k, h = t.cards.c, t.card_keys.c, t.households.c
    card = connection.execute(select(t.cards).where(c.township == township, c.card == seen.number)).one_or_none()
    if card is None or seen.read_as is not ReadAs.SIGNED:
        raise Unidentified("card-unknown")
    village = select(h.village).where(h.township == township, h.household == card.household).scalar_subquery()
    keys = select(k.name, k.secret).where(k.township == township, k.village == village)
    known = {row.name: row.secret for row in connection.execute(keys)}
    try:
        found = cards.admit(seen, Card(card.card, card.household, card.version, CardState(card.state)), known)
    except (CardLost, CardReplaced) as refused:
        raise Forbidden(refused.code) from None
    except CardRefused:
        raise Unidentified("card-unknown") from None
    return found.household


def look_up(ledger: Ledger, township: str, household: str, by: str) -> HouseholdFound:
    """All that is known of a household; who asked is noted. Raises `NotFound`."""

    def work(act: Act) -> HouseholdFound:
        row = rights.require_household(act, household)
        who = registry.people_of(act.connection, township, household)
        c = t.cards.c
        query = select(c.card, c.version, c.state, c.issued).where(c.township == township, c.household == household)
        held = tuple(CardHeld(*each) for each in act.connection.execute(query.order_by(c.version.desc())))
        audit.note(act.connection, township, act.now, by, "look-up", household)
        return HouseholdFound(
            household=row.household,
            village=row.village,
            state=row.state,
            successor=row.successor,
            home=row.home,
            head=who.head if who else "",
            group=who.villagers_group if who else "",
            persons=who.persons if who else 0,
            quiet=bool(who and who.quiet),
            holding=holding(act.connection, township, household),
            cards=held,
        )

    return ledger.act(township, work)


def listed(
    connection: Connection, township: str, village: str | None, after: str, limit: int
) -> list[dict[str, str | None]]:
    """Up to `limit` households after a number, the heads' names masked."""
    h, r = t.households.c, t.residents.c
    query = (
        select(h.household, h.village, h.state, h.home, r.head, r.villagers_group)
        .outerjoin(t.residents, (r.township == h.township) & (r.household == h.household))
        .where(h.township == township, h.household > after)
        .order_by(h.household)
        .limit(limit)
    )
    if village is not None:
        query = query.where(h.village == village)
    return [
        {
            "household": row.household,
            "village": row.village,
            "name": households.mask(row.head) if row.head else "",
            "group": row.villagers_group or "",
            "state": row.state,
            "home": row.home,
        }
        for row in connection.execute(query)
    ]


def _own(account: str, household: str) -> int:
    return int(account.startswith((f"pts:{household}@", f"pend:{household}@", f"debt:{household}@")))


def _balances(connection: Connection, township: str, kind: str, household: str) -> dict[str, int]:
    c = t.balances.c
    start = f"{kind}:{household}@"
    # The account's first part up to the character after the at sign: the beginning of the key, on either database.
    here = (c.township == township, c.account >= start, c.account < f"{start[:-1]}A", c.commodity == POINTS)
    return {row.writer: row.quantity for row in connection.execute(select(c.writer, c.quantity).where(*here))}


def _stores(connection: Connection, township: str) -> dict[str, str]:
    c = t.epochs.c
    rows = connection.execute(select(c.device, c.epoch, c.store).where(c.township == township))
    return {accounts.writer(row.device, row.epoch): row.store for row in rows}


def _journals(connection: Connection, township: str, since: int) -> list[tuple[str, str, int]]:
    """Writer, store and newest entry of each journal that was heard since a time; the ledger's own is one."""
    c, own = t.epochs.c, t.townships.c
    query = select(c.device, c.epoch, c.store, c.head_seq).where(c.township == township, c.seen >= since)
    found = [
        (accounts.writer(row.device, row.epoch), row.store, row.head_seq)
        for row in connection.execute(query.order_by(c.device, c.epoch))
    ]
    head = connection.execute(select(own.head_seq).where(own.township == township)).scalar_one_or_none()
    return [*found, (LEDGER, "", head or 0)]
