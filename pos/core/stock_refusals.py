"""Every way the shop says no to goods that come in, go out or are counted; part of the tree in `pos.core.refusals`."""

from pos.core.refusals import PeopleRefused, TicketRefused


class StockRefused(TicketRefused):
    """Goods cannot come in, go out or be counted so."""


class GoodsExpired(StockRefused):
    """Past its last day: not taken in, and not handed out whatever the books say."""

    code = "goods-expired"


class DatesWrong(StockRefused):
    """Made after it came in, or after its last day."""

    code = "dates-wrong"


class SupplierMissing(StockRefused):
    """Bought for the village, and nobody named who is owed for it."""

    code = "supplier-missing"


class SlipMissing(StockRefused):
    """The paper has no number, or one that cannot be kept."""

    code = "slip-missing"


class SlipUsed(StockRefused):
    """A paper with this number is in the books already."""

    code = "slip-used"


class OwnerUnknown(StockRefused):
    """Neither the village's, nor given, nor a keeper's own."""

    code = "owner-unknown"


class ReceiverUnknown(StockRefused):
    """Not the name of a terminal that goods could be sent to."""

    code = "receiver-unknown"


class MoreThanSent(StockRefused):
    """More comes back from the road than was sent."""

    code = "more-than-sent"


class LotTouched(StockRefused):
    """Some of what came in under this note has left the shelf already."""

    code = "lot-touched"


class BarcodeTaken(StockRefused):
    """Another good carries this barcode."""

    code = "barcode-taken"


class NothingPending(StockRefused):
    """No price of this good waits for approval."""

    code = "nothing-pending"


class CountAgain(StockRefused):
    """The books moved too far since this was counted; count it again."""

    code = "count-again"


class NotInCount(StockRefused):
    """Not among what this count is about."""

    code = "not-in-count"


class AlreadyAdjusted(StockRefused):
    """The differences of this count are in the books already."""

    code = "already-adjusted"


class CounterApproves(PeopleRefused):
    """Whoever counted may not approve what was found."""

    code = "counter-approves"
