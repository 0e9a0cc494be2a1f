"""封存: an auditor freezes a good or a material; a clerk and another person release it."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from pos.core import freezing as rules_of
from pos.core.acts import Act, ActCode
from pos.core.entries import Signatures
from pos.core.freezing import AlreadyFrozen, FreezeReason, NotFrozen
from pos.core.local_time import local_time
from pos.core.people import AUDITS, Role
from pos.core.refusals import GoodUnknown, MaterialUnknown
from pos.core.transfers import Decision
from pos.counter.desk import Desk, check_signatures
from pos.storage import books, catalogue, freezes

FREEZES = AUDITS
RELEASES = frozenset({Role.CLERK})


@dataclass(frozen=True, slots=True)
class Frozen:
    """Something frozen: its name, when, by whom and why."""

    commodity: str
    name: str
    time: str
    by: str
    reason: str


def freeze(desk: Desk, by: Signatures, commodity: str, reason: FreezeReason) -> None:
    """Nothing of `commodity` (`g:<good>`, `m:<material>`) is handed out or taken in from now on.

    Raises `GoodUnknown`, `MaterialUnknown` or `AlreadyFrozen`.
    """
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, roles=FREEZES)
        _check_known(tx.connection, commodity)
        if commodity in freezes.names(tx.connection):
            raise AlreadyFrozen()
        written = tx.append(desk.now(), by, Decision(Act(ActCode.FROZEN, commodity, reason=reason.value), ()))
        freezes.freeze(tx.connection, commodity, written.entry.seq)


def release(desk: Desk, by: Signatures, commodity: str) -> None:
    """It goes on: a clerk says so, and another person agrees. Raises `NotFrozen`."""
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, two=True, roles=RELEASES)
        held = {item: seq for item, seq, _ in freezes.frozen(tx.connection)}
        if commodity not in held:
            raise NotFrozen()
        freezes.release(tx.connection, commodity)
        tx.append(desk.now(), by, Decision(Act(ActCode.RELEASED, commodity, held[commodity]), ()))


def listed(desk: Desk) -> list[Frozen]:
    """Everything that is frozen now."""
    offset = desk.store.identity.utc_offset_minutes
    with desk.store.read() as connection:
        found = []
        for commodity, seq, name in freezes.frozen(connection):
            entry = books.read_entry(connection, seq)
            assert isinstance(entry.body, Act)
            time = local_time(entry.at.wall, offset)[:16]
            found.append(Frozen(commodity, name, time, entry.by.operator, entry.body.reason))
        return found


def candidates(desk: Desk) -> dict[str, tuple[str, str]]:
    """Commodity and name of everything that can be frozen, by what a person types or scans: code or barcode."""
    with desk.store.read() as connection:
        goods = catalogue.all_goods(connection)
        materials = catalogue.materials(connection)
    found = {code: (f"m:{code}", material.name) for code, material in materials.items()}
    for good in goods:
        found |= dict.fromkeys((good.code, *good.barcodes), (f"g:{good.code}", good.name))
    return found


def check(connection: Connection, commodities: Iterable[str]) -> None:
    """Raises `ItemFrozen` when one of these may not move now."""
    rules_of.check(commodities, freezes.names(connection))


def _check_known(connection: Connection, commodity: str) -> None:
    kind, _, code = commodity.partition(":")
    if kind == "m" and code not in catalogue.materials(connection):
        raise MaterialUnknown(material=code)
    if kind != "m" and code not in {good.code for good in catalogue.all_goods(connection)}:
        raise GoodUnknown(text=code)
