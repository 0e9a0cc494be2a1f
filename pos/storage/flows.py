"""Materials on their way through the bins: what the transfers of a stretch of the journal say of each."""

from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy.sql import text

from pos.core.accounts import Account, bin_, parse
from pos.database import Prepared

_FLOWS = Prepared(
    text(
        "SELECT commodity, CASE :bin WHEN destination THEN source ELSE destination END,"
        " sum(CASE :bin WHEN destination THEN quantity ELSE -quantity END) FROM transfers"
        " WHERE seq >= :first AND seq < :stop AND commodity >= 'm:' AND commodity < 'm;'"
        " AND :bin IN (source, destination) GROUP BY 1, 2"
    )
)
_OF_KIND = Prepared(
    text(
        "SELECT seq FROM journal WHERE seq >= :first AND seq < :stop AND kind IN ('weigh', 'reverse', 'sell-material')"
    )
)


@dataclass(frozen=True, slots=True)
class Flow:
    """Grams or pieces of one material that came into its bin (above zero) from an account, or left to it."""

    material: str
    other: Account
    quantity: int


def flows(connection: Connection, entries: range, writer: str) -> list[Flow]:
    """What the bins took in and gave out by these entries, by material and where it came from or went."""
    rows = _FLOWS.rows(connection, bin=str(bin_(writer)), first=entries.start, stop=entries.stop)
    return [Flow(commodity.partition(":")[2], parse(other), quantity) for commodity, other, quantity in rows]


def money_entries(connection: Connection, entries: range) -> list[int]:
    """Numbers of the entries in which materials were paid for, or such a payment was taken back."""
    return [row[0] for row in _OF_KIND.rows(connection, first=entries.start, stop=entries.stop)]
