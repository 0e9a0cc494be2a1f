"""重量异议: record both readings and tag the goods; an auditor closes it; nothing of it can be removed."""

from dataclasses import dataclass

from sqlalchemy import Connection

from catalog.units import Grams
from pos.core import disputes
from pos.core.disputes import Dispute, DisputeClosed, DisputeUnknown, Outcome
from pos.core.entries import Signatures
from pos.core.local_time import local_date, local_time
from pos.core.people import SERVES, Role
from pos.core.refusals import EntryUnknown, HouseholdUnknown, MaterialUnknown, WrongScale
from pos.core.sheets import Fact, Label, Mass, Sheet
from pos.core.weigh_in import Weigh, WeighedLine
from pos.counter import paper
from pos.counter.desk import Desk, check_signatures
from pos.storage import books, catalogue, checks, registry
from pos.storage import disputes as stored
from pos.storage.books import Transaction, Written
from pos.storage.disputes import Case

RECORDS = SERVES | {Role.AUDITOR}
CLOSES = frozenset({Role.AUDITOR})


@dataclass(frozen=True, slots=True)
class Doubted:
    """What a household may doubt: the materials by code and name, and the scales that may have weighed them."""

    household: str
    ref: int | None
    materials: tuple[tuple[str, str], ...]
    scales: tuple[str, ...]
    own: Grams | None = None
    """What our scale said, where there is one weight only."""


@dataclass(frozen=True, slots=True)
class Line:
    """A dispute as the list shows it."""

    case: Case
    time: str
    household: str
    """Serial and masked name."""
    material: str


def doubted(desk: Desk, ref: int) -> Doubted:
    """What may be doubted of weigh-in `ref`. Raises `EntryUnknown` for an entry of another kind."""
    with desk.store.read() as connection:
        known = catalogue.materials(connection)
        weighed = _weighed(connection, ref)
        household = books.read_entry(connection, ref).household or ""
    codes = dict.fromkeys(line.material for line in weighed)
    names = tuple((code, known[code].name) for code in codes if code in known)
    own = weighed[0].gross if len(weighed) == 1 else None
    return Doubted(household, ref, names, tuple(sorted(desk.scales)), own)


def unwritten(desk: Desk, household: str) -> Doubted:
    """What this household may doubt of a load that is on no ticket yet: any material."""
    with desk.store.read() as connection:
        known = catalogue.materials(connection)
    return Doubted(household, None, tuple((code, m.name) for code, m in known.items()), tuple(sorted(desk.scales)))


def record(desk: Desk, by: Signatures, dispute: Dispute) -> Sheet:
    """Write a dispute down with both readings and print its tag. The entry's number is the tag's.

    Raises `HouseholdUnknown`, `EntryUnknown`, `MaterialUnknown`, `WrongScale` or `OverMaximum`.
    """
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, roles=RECORDS)
        _check(desk, tx.connection, dispute)
        written = tx.append(desk.now(), by, disputes.opened(dispute))
        return paper.file(
            desk,
            tx,
            written,
            "dispute",
            _facts(desk, tx, written, dispute),
            notes=("dispute-kept", "dispute-call"),
            signatures=("household", "keeper", "auditor"),
        )


def close(desk: Desk, by: Signatures, seq: int, outcome: Outcome) -> None:
    """An auditor closes dispute `seq`, once. Raises `DisputeUnknown` or `DisputeClosed`."""
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, roles=CLOSES)
        case = next((case for case in stored.cases(tx.connection) if case.seq == seq), None)
        if case is None:
            raise DisputeUnknown(number=seq)
        if case.outcome is not None:
            raise DisputeClosed(number=seq)
        tx.append(desk.now(), by, disputes.closed(seq, outcome))


def listed(desk: Desk) -> list[Line]:
    """Every dispute, the open ones first, then the newest first."""
    with desk.store.read() as connection:
        names = {code: material.name for code, material in catalogue.materials(connection).items()}
        every = sorted(stored.cases(connection), key=lambda case: (case.outcome is not None, -case.seq))
        return [_line(desk, connection, case, names.get(case.dispute.material, "")) for case in every]


def _line(desk: Desk, connection: Connection, case: Case, material: str) -> Line:
    household = registry.household(connection, case.dispute.household)
    who = f"{household.short} {household.masked}" if household else ""
    return Line(case, local_time(case.wall, desk.store.identity.utc_offset_minutes)[:16], who, material)


def _weighed(connection: Connection, ref: int) -> tuple[WeighedLine, ...]:
    body = books.read_entry(connection, ref).body
    if not isinstance(body, Weigh):
        raise EntryUnknown(number=ref)
    return tuple(line for line in body.lines if isinstance(line, WeighedLine))


def _check(desk: Desk, connection: Connection, dispute: Dispute) -> None:
    if registry.household(connection, dispute.household) is None:
        raise HouseholdUnknown(household=dispute.household[-4:])
    material = catalogue.materials(connection).get(dispute.material)
    if material is None:
        raise MaterialUnknown(material=dispute.material)
    if dispute.scale not in desk.scales:
        raise WrongScale(item=material.name, scale=dispute.scale)
    if dispute.ref is not None:
        theirs = books.read_entry(connection, dispute.ref).household == dispute.household
        materials = {line.material for line in _weighed(connection, dispute.ref)}
        if not theirs or dispute.material not in materials:
            raise EntryUnknown(number=dispute.ref)


def _facts(desk: Desk, tx: Transaction, written: Written, dispute: Dispute) -> tuple[Fact, ...]:
    household = registry.household(tx.connection, dispute.household)
    assert household is not None
    scale, found = desk.scales[dispute.scale], checks.newest(tx.connection, dispute.scale)
    until = scale.verified_until.isoformat() if scale.verified_until else Label("none")
    return (
        Fact("tag", str(written.entry.seq)),
        Fact("household", f"{household.short} {household.masked}"),
        Fact("of-receipt", Label("none") if dispute.ref is None else str(dispute.ref)),
        Fact("material", catalogue.materials(tx.connection)[dispute.material].name),
        Fact("own-reading", Mass(dispute.own)),
        Fact("other-reading", Mass(dispute.other)),
        Fact("compared", Label(f"compared-{dispute.compared}")),
        Fact("difference", Mass(dispute.difference)),
        Fact("scale", dispute.scale),
        Fact("verified-until", until),
        *_last_check(desk, tx, found[0] if found else None),
    )


def _last_check(desk: Desk, tx: Transaction, seq: int | None) -> tuple[Fact, ...]:
    """When the scale was checked last, and how it came out."""
    if seq is None:
        return (Fact("last-check", Label("none")),)
    entry = books.read_entry(tx.connection, seq)
    day = local_date(entry.at.wall, desk.store.identity.utc_offset_minutes)
    passed = getattr(entry.body, "passed", False)
    return (Fact("last-check", day.isoformat()), Fact("check-said", Label("passed" if passed else "failed")))
