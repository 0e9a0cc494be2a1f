"""封存: a good or a material that nothing is handed out or taken in of, until a clerk and another person release it."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from pos.core.refusals import JournalRefused, TicketRefused


class ItemFrozen(TicketRefused):
    """An auditor has frozen it."""

    code = "item-frozen"


class AlreadyFrozen(JournalRefused):
    """It is frozen already."""

    code = "already-frozen"


class NotFrozen(JournalRefused):
    """It is not frozen."""

    code = "not-frozen"


class FreezeReason(StrEnum):
    """Why an auditor froze something."""

    COUNT = "count"
    """The shelf does not hold what the books say."""
    QUALITY = "quality"
    EXPIRED = "expired"
    PRICE = "price"
    OTHER = "other"


def check(commodities: Iterable[str], frozen: Mapping[str, str]) -> None:
    """Raises `ItemFrozen` for a commodity (`g:<good>`, `m:<material>`) that is frozen; `frozen` are names."""
    for commodity in commodities:
        if commodity in frozen:
            raise ItemFrozen(item=frozen[commodity])
