"""Tickets that were left open, as the drafts file keeps them."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from pos.core import redemption
    from pos.core.entries import Signatures
    from pos.core.weigh_in import Draft as WeighInDraft
    from pos.counter.desk import Desk
    from pos.storage.drafts import Drafts
    from pos.tui.base import Front

WEIGH_IN, REDEEM, DONATION, SALE = "weigh-in", "redeem", "donation", "sale"
"""Their places in the drafts file."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class OpenTickets:
    """At most one weigh-in and one redemption."""

    weigh_in: "WeighInDraft | None" = None
    redeem: "redemption.Draft | None" = None

    def of(self, slot: str) -> "WeighInDraft | redemption.Draft | None":
        """The ticket in this place."""
        return self.weigh_in if slot == WEIGH_IN else self.redeem

    def without(self, slot: str) -> "OpenTickets":
        """The other one alone."""
        return replace(self, weigh_in=None) if slot == WEIGH_IN else replace(self, redeem=None)


def load(drafts: "Drafts") -> OpenTickets:
    """What was left open. A draft that this release cannot read, or without a line, counts as none."""
    from pos.core import redemption, weigh_in

    weighing = read(drafts, WEIGH_IN, weigh_in.Draft)
    redeeming = read(drafts, REDEEM, redemption.Draft)
    return OpenTickets(
        weighing if weighing and weighing.lines else None, redeeming if redeeming and not redeeming.empty else None
    )


def read(drafts: "Drafts", slot: str, kind: type[T]) -> T | None:
    """The draft of one place; none when this release cannot read it."""
    from pos.core import codec

    line = drafts.load(slot)
    try:
        return codec.build(kind, codec.loads(line)) if line is not None else None
    except codec.CodecError:
        return None


def cancelled(desk: "Desk", by: "Signatures", draft: "WeighInDraft | redemption.Draft") -> None:
    """The journal remembers what was given up of a ticket before it was confirmed."""
    from pos.core import redemption
    from pos.counter import redeem, weigh_in

    if isinstance(draft, redemption.Draft):
        redeem.cancel(desk, by, draft)
    else:
        weigh_in.cancel(desk, by, draft)


def keep(front: "Front[None]", slot: str, draft: object) -> None:
    """Keep a change of the draft in one place."""
    from pos.core import codec

    drafts = front.till.station.drafts
    front.ask(lambda: drafts.save(slot, codec.dumps(codec.plain(draft))), lambda _: None)
