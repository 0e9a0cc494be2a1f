"""Every way the shop says no.

    Refused                       the rules refuse; nothing was written; the screen words it by `code`
    |- CardRefused                the card cannot be used
    |- HouseholdRefused           the household cannot be served
    |- TicketRefused              the ticket cannot be done; also `pos.core.stock_refusals`, `redeem_refusals`
    |- WeighingRefused            the weight cannot be taken
    |- PeopleRefused              who does it, or who approves it
    |- JournalRefused             what is written forbids it
    |- StoreRefused               the store file cannot be used
    `- FileRefused                a file handed to the shop cannot be used

`code` never changes once released: words, tests and the keeper's notes refer to it. Fields are values, never prose.
"""

from typing import ClassVar


class Refused(Exception):
    """The shop says no; `fields` fill the placeholders of the message `refused.<code>`."""

    code: ClassVar[str]

    def __init__(self, **fields: object) -> None:
        super().__init__(self.code, fields)
        self.fields = fields


class CardRefused(Refused):
    """The card cannot be used."""


class CardMisread(CardRefused):
    """Not a card number, or its check digits are wrong."""

    code = "card-misread"


class CardUnknown(CardRefused):
    """A sound number that no household here holds."""

    code = "card-unknown"


class CardForeign(CardRefused):
    """Signed by another village's key."""

    code = "card-foreign"


class CardForged(CardRefused):
    """A known number with a tag that our key did not make."""

    code = "card-forged"


class CardLost(CardRefused):
    """Reported lost."""

    code = "card-lost"


class CardReplaced(CardRefused):
    """An older version of a card that was issued anew."""

    code = "card-replaced"


class CardMissing(CardRefused):
    """The household holds no card that is in use."""

    code = "card-missing"


class HouseholdRefused(Refused):
    """The household cannot be served."""


class HouseholdUnknown(HouseholdRefused):
    """No household with that number, or none in that group."""

    code = "household-unknown"


class HouseholdClosed(HouseholdRefused):
    """Merged into another household, or closed."""

    code = "household-closed"


class HouseholdFrozen(HouseholdRefused):
    """Frozen until the village clerk releases it."""

    code = "household-frozen"


class TicketRefused(Refused):
    """The ticket cannot be done as it stands."""


class TicketEmpty(TicketRefused):
    """Nothing on it."""

    code = "ticket-empty"


class TooManyLines(TicketRefused):
    """More lines than one entry carries."""

    code = "too-many-lines"


class PointsShort(TicketRefused):
    """Not enough points, and cash was not chosen for the rest."""

    code = "points-short"


class OutOfStock(TicketRefused):
    """Fewer on the shelf than asked for."""

    code = "out-of-stock"


class OverLimit(TicketRefused):
    """More than a household may take of this good in one month."""

    code = "over-limit"


class GoodUnknown(TicketRefused):
    """No good with that code."""

    code = "good-unknown"


class SoldByPiece(TicketRefused):
    """The label says a weight or a price, and goods are given by the piece."""

    code = "sold-by-piece"


class MaterialUnknown(TicketRefused):
    """No material with that code."""

    code = "material-unknown"


class PriceMissing(TicketRefused):
    """The price book in force has no price for it."""

    code = "price-missing"


class QuantityOutOfRange(TicketRefused):
    """Not a whole number in the range a ticket takes."""

    code = "quantity-range"


class WeighingRefused(Refused):
    """The weight cannot be taken."""


class TareOverGross(WeighingRefused):
    """The tare weighs as much as the load, or more."""

    code = "tare-over-gross"


class TareNotOnDivision(WeighingRefused):
    """A preset or typed tare that is not a multiple of the scale's division."""

    code = "tare-division"


class BelowMinimum(WeighingRefused):
    """Less than the scale or the material takes."""

    code = "below-minimum"


class OverMaximum(WeighingRefused):
    """More than the scale may carry."""

    code = "over-maximum"


class WrongScale(WeighingRefused):
    """This material must be weighed on the other scale."""

    code = "wrong-scale"


class NotByWeight(WeighingRefused):
    """This material is counted, not weighed."""

    code = "not-by-weight"


class NotByPiece(WeighingRefused):
    """This material is weighed, not counted."""

    code = "not-by-piece"


class DeductionOutOfRange(WeighingRefused):
    """A quality deduction outside 0-99 %, or without a reason."""

    code = "deduction-range"


class PeopleRefused(Refused):
    """Who does it, or who approves it."""


class KeeperUnknown(PeopleRefused):
    """No keeper with that number, or no longer active."""

    code = "keeper-unknown"


class PinWrong(PeopleRefused):
    """The PIN does not fit the number."""

    code = "pin-wrong"


class PinLocked(PeopleRefused):
    """Too many wrong PINs; wait."""

    code = "pin-locked"


class PinWeak(PeopleRefused):
    """A PIN that is not 4-8 digits, or too easily guessed."""

    code = "pin-weak"


class ApprovalNeeded(PeopleRefused):
    """A second person must approve this."""

    code = "approval-needed"


class ApproverSame(PeopleRefused):
    """The second person is the first."""

    code = "approver-same"


class NotPermitted(PeopleRefused):
    """This role may not do this."""

    code = "not-permitted"


class ReasonMissing(PeopleRefused):
    """An act that needs a reason came without one."""

    code = "reason-missing"


class JournalRefused(Refused):
    """What is written forbids it."""


class EntryUnknown(JournalRefused):
    """No entry with that number."""

    code = "entry-unknown"


class AlreadyReversed(JournalRefused):
    """This entry has been reversed once."""

    code = "already-reversed"


class NotReversible(JournalRefused):
    """Entries of this kind are not reversed."""

    code = "not-reversible"


class BelowFloor(JournalRefused):
    """An account that may not go below zero would: the books do not hold what is to leave it."""

    code = "below-floor"


class ClockBack(JournalRefused):
    """The clock stands before the last entry; a second person must confirm it."""

    code = "clock-back"


class DayNotOpen(JournalRefused):
    """No business day is open."""

    code = "day-not-open"


class DayAlreadyOpen(JournalRefused):
    """A business day is still open."""

    code = "day-already-open"


class StoreRefused(Refused):
    """The store file cannot be used."""


class StoreLocked(StoreRefused):
    """Another process has this store open."""

    code = "store-locked"


class StoreMissing(StoreRefused):
    """No store here yet."""

    code = "store-missing"


class StoreExists(StoreRefused):
    """There is a store here already."""

    code = "store-exists"


class StoreNewer(StoreRefused):
    """Written by a newer version of this program."""

    code = "store-newer"


class StoreReadOnly(StoreRefused):
    """The file or its folder cannot be written."""

    code = "store-read-only"


class StoreCorrupt(StoreRefused):
    """The file is damaged."""

    code = "store-corrupt"


class DiskFull(StoreRefused):
    """No room left on the disk."""

    code = "disk-full"


class DiskFailed(StoreRefused):
    """The disk did not do what it was asked: a loose stick, a bad sector."""

    code = "disk-failed"


class StoreBusy(StoreRefused):
    """The file could not be locked in time."""

    code = "store-busy"


class SqliteTooOld(StoreRefused):
    """The SQLite library lacks what the store needs."""

    code = "sqlite-old"


class FileRefused(Refused):
    """A file handed to the shop cannot be used."""


class BadRow(FileRefused):
    """A row of a list does not fit; nothing of the list was taken."""

    code = "bad-row"


class ReceiptFormat(FileRefused):
    """A receipt becomes a .pdf or a .png file and no other."""

    code = "receipt-format"


class ReceiptUnwritten(FileRefused):
    """The receipt's file could not be written."""

    code = "receipt-unwritten"


class SettingsWrong(FileRefused):
    """The settings of this counter do not fit."""

    code = "settings-wrong"
