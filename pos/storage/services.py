"""Services and who gives them, and the vouchers that were issued for them, as rows beside the journal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from catalog.goods import Service
from catalog.units import Points
from pos.core.redemption import PickedService
from pos.database import Prepared
from pos.storage import tables as t


class VoucherState(StrEnum):
    """Where a voucher is in its life."""

    ISSUED = "issued"
    USED = "used"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Provider:
    """Somebody who gives services for vouchers; `code` is the party that is owed."""

    code: str
    name: str
    telephone: str


@dataclass(frozen=True, slots=True)
class IssuedVoucher:
    """One voucher; `seq` is the redemption that issued it or the entry that handed it over, `ended` what burnt it.

    `points` were paid for it.
    """

    number: str
    seq: int
    household: str
    service: str
    provider: str
    points: Points
    issued: date
    until: date
    slot: date | None
    state: VoucherState
    ended: int | None


_INSERT = Prepared(insert(t.vouchers))


def services(connection: Connection, codes: Iterable[str] | None = None) -> dict[str, Service]:
    """Services by code: these, or all there are."""
    query = select(t.services).order_by(t.services.c.code)
    if codes is not None:
        query = query.where(t.services.c.code.in_(list(codes)))
    return {
        row.code: Service(row.code, row.name, row.provider, row.cost_fen, row.unit, row.initials, row.places)
        for row in connection.execute(query)
    }


def service_row(service: Service) -> dict[str, Any]:
    """A service as its row."""
    return {
        "code": service.code,
        "name": service.name,
        "unit": service.unit,
        "initials": service.initials,
        "provider": service.provider,
        "cost_fen": service.cost_fen,
        "places": service.places,
    }


def providers(connection: Connection) -> dict[str, Provider]:
    """Every provider by code."""
    query = select(t.providers).order_by(t.providers.c.code)
    return {row.code: Provider(row.code, row.name, row.telephone) for row in connection.execute(query)}


def booked(connection: Connection, picked: Iterable[PickedService]) -> dict[tuple[str, date], int]:
    """Places taken of each service and day; a cancelled or expired voucher gives its place back."""
    taken: dict[tuple[str, date], int] = {}
    for service, slot in {(each.service, each.slot) for each in picked if each.slot is not None}:
        query = select(func.count()).where(
            t.vouchers.c.service == service,
            t.vouchers.c.slot == slot.isoformat(),
            t.vouchers.c.state.in_([VoucherState.ISSUED.value, VoucherState.USED.value]),
        )
        taken[service, slot] = connection.execute(query).scalar_one()
    return taken


def booked_from(connection: Connection, first: date) -> dict[tuple[str, date], int]:
    """The same for every service and day from `first` on."""
    query = (
        select(t.vouchers.c.service, t.vouchers.c.slot, func.count())
        .where(
            t.vouchers.c.slot >= first.isoformat(),
            t.vouchers.c.state.in_([VoucherState.ISSUED.value, VoucherState.USED.value]),
        )
        .group_by(t.vouchers.c.service, t.vouchers.c.slot)
    )
    return {(service, date.fromisoformat(slot)): count for service, slot, count in connection.execute(query)}


def keep(connection: Connection, vouchers: Iterable[IssuedVoucher]) -> None:
    """Write the vouchers that a redemption has just issued."""
    rows = [
        {
            "number": each.number,
            "seq": each.seq,
            "household": each.household,
            "service": each.service,
            "provider": each.provider,
            "points": each.points.amount,
            "issued": each.issued.isoformat(),
            "until": each.until.isoformat(),
            "slot": each.slot.isoformat() if each.slot else None,
            "state": each.state.value,
            "ended": each.ended,
        }
        for each in vouchers
    ]
    if rows:
        _INSERT.run_many(connection, rows)


def voucher(connection: Connection, number: str) -> IssuedVoucher | None:
    """The voucher with this number."""
    row = connection.execute(select(t.vouchers).where(t.vouchers.c.number == number)).one_or_none()
    return _voucher(row) if row else None


def of_entry(connection: Connection, seq: int) -> list[IssuedVoucher]:
    """The vouchers that one redemption issued."""
    return [_voucher(row) for row in connection.execute(select(t.vouchers).where(t.vouchers.c.seq == seq))]


def newest(connection: Connection, limit: int) -> list[IssuedVoucher]:
    """The vouchers issued last, newest first."""
    query = select(t.vouchers).order_by(t.vouchers.c.seq.desc(), t.vouchers.c.number).limit(limit)
    return [_voucher(row) for row in connection.execute(query)]


def overdue(connection: Connection, today: date) -> list[IssuedVoucher]:
    """Vouchers that nobody used by their last day."""
    query = (
        select(t.vouchers)
        .where(t.vouchers.c.state == VoucherState.ISSUED.value, t.vouchers.c.until < today.isoformat())
        .order_by(t.vouchers.c.until, t.vouchers.c.number)
    )
    return [_voucher(row) for row in connection.execute(query)]


def used(connection: Connection, provider: str, after: int) -> list[IssuedVoucher]:
    """A provider's vouchers that were used by entries after number `after`, in their order."""
    query = (
        select(t.vouchers)
        .where(
            t.vouchers.c.provider == provider,
            t.vouchers.c.state == VoucherState.USED.value,
            t.vouchers.c.ended > after,
        )
        .order_by(t.vouchers.c.ended)
    )
    return [_voucher(row) for row in connection.execute(query)]


def end(connection: Connection, number: str, state: VoucherState, seq: int) -> None:
    """Entry `seq` burnt this voucher."""
    query = update(t.vouchers).where(t.vouchers.c.number == number)
    connection.execute(query.values(state=state.value, ended=seq))


def number_taken(connection: Connection, number: str) -> bool:
    """Whether a voucher or a card has this number already, or a good this barcode."""
    sql = (
        "SELECT 1 FROM vouchers WHERE number = :number UNION ALL SELECT 1 FROM cards WHERE number = :number"
        " UNION ALL SELECT 1 FROM barcodes WHERE barcode = :number"
    )
    return connection.exec_driver_sql(sql, {"number": number}).first() is not None


def _voucher(row: Any) -> IssuedVoucher:
    return IssuedVoucher(
        row.number,
        row.seq,
        row.household,
        row.service,
        row.provider,
        Points(row.points),
        date.fromisoformat(row.issued),
        date.fromisoformat(row.until),
        date.fromisoformat(row.slot) if row.slot else None,
        VoucherState(row.state),
        row.ended,
    )
