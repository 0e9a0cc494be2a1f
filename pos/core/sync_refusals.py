"""Why a store that belongs to a village ledger serves nobody for the time being; see `pos.core.refusals`."""

from pos.core.refusals import FileRefused, HouseholdRefused, JournalRefused


class InstallationForked(JournalRefused):
    """There is another copy of this installation, and the ledger has heard of it: points may not be spent here."""

    code = "installation-forked"


class InstallationStale(JournalRefused):
    """The ledger knows more of this journal than there is here: this is an old copy."""

    code = "installation-stale"


class OfflineTooLong(JournalRefused):
    """More days without a sync than the township allows."""

    code = "offline-too-long"


class GrantRefused(HouseholdRefused):
    """The ledger was asked for points, and did not grant them all."""

    code = "grant-refused"


class GrantUnanswered(HouseholdRefused):
    """The ledger could not be asked for points."""

    code = "grant-unanswered"


class UndoneElsewhere(JournalRefused):
    """The ledger has taken it back already: goods of it came back at another store."""

    code = "undone-elsewhere"


class StickRefused(FileRefused):
    """A file from the stick that is not one of the ledger's, or not for this installation."""

    code = "stick-refused"
