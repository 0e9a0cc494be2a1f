"""Why a redemption, a voucher or a policy cannot be as asked for; see `pos.core.refusals`."""

from pos.core.refusals import FileRefused, HouseholdRefused, PeopleRefused, TicketRefused


class CashOnly(TicketRefused):
    """Nothing of the goods would be paid in points: that is the keeper's own till, not the village's."""

    code = "cash-only"


class TooMuchCash(TicketRefused):
    """Less in points than the village's share."""

    code = "too-much-cash"


class CashShort(TicketRefused):
    """Less money on the counter than there is to pay."""

    code = "cash-short"


class OverDayLimit(TicketRefused):
    """More than a household may take of this good in one day."""

    code = "over-day-limit"


class OverSeasonLimit(TicketRefused):
    """More than a household may take of this good while its season lasts."""

    code = "over-season-limit"


class OverDayPoints(TicketRefused):
    """More points than a household may spend in one day."""

    code = "over-day-points"


class OverMonthPoints(TicketRefused):
    """More points than a household may spend in one month."""

    code = "over-month-points"


class TooManyLarge(TicketRefused):
    """More large items than one ticket takes."""

    code = "too-many-large"


class SlotMissing(TicketRefused):
    """A service that is booked for a day came without one."""

    code = "slot-missing"


class SlotPast(TicketRefused):
    """A day that is over."""

    code = "slot-past"


class SlotFull(TicketRefused):
    """All places of that day are taken."""

    code = "slot-full"


class VoucherRefused(TicketRefused):
    """The voucher cannot be taken."""


class VoucherUnknown(VoucherRefused):
    """No voucher with that number was issued here."""

    code = "voucher-unknown"


class VoucherUsed(VoucherRefused):
    """It was used already: a copy, or a second try."""

    code = "voucher-used"


class VoucherCancelled(VoucherRefused):
    """It was cancelled, and its points given back."""

    code = "voucher-cancelled"


class VoucherExpired(VoucherRefused):
    """Its last day is over."""

    code = "voucher-expired"


class VoucherEarly(VoucherRefused):
    """Booked for a day that has not come yet."""

    code = "voucher-early"


class ServiceUnknown(TicketRefused):
    """No service with that code."""

    code = "service-unknown"


class ProviderUnknown(TicketRefused):
    """No provider with that code."""

    code = "provider-unknown"


class PolicyTooEarly(TicketRefused):
    """A policy takes effect after the business day that is open, never in mid-day."""

    code = "policy-too-early"


class PolicyWrong(TicketRefused):
    """Figures that make no sense together."""

    code = "policy-wrong"


class HouseholdPinNeeded(HouseholdRefused):
    """A ticket this dear is confirmed with the household's PIN, or by a second person."""

    code = "household-pin-needed"


class HouseholdPinWrong(PeopleRefused):
    """Not the household's PIN."""

    code = "household-pin-wrong"


class HouseholdPinLocked(PeopleRefused):
    """Too many wrong PINs of this household; wait, or ask a second person."""

    code = "household-pin-locked"


class FileUnread(FileRefused):
    """A list that cannot be read at all."""

    code = "file-unread"


class AwardFileFaulty(FileRefused):
    """The award file has rows that do not fit: nothing of it is posted."""

    code = "award-faulty"


class LedgerBudgets(TicketRefused):
    """An enrolled store makes no points of its own for a campaign."""

    code = "ledger-budgets"


class LedgerAwards(FileRefused):
    """The village ledger posts awards, as soon as there is one."""

    code = "ledger-awards"
