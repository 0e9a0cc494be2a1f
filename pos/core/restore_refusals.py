"""Every way the shop says no to a backup or its restoration; part of the tree in `pos.core.refusals`."""

from pos.core.refusals import FileRefused, JournalRefused


class BackupRefused(FileRefused):
    """A backup cannot be written, or not be used."""


class BackupNowhere(BackupRefused):
    """No folder is set up for backups."""

    code = "backup-nowhere"


class BackupFolderMissing(BackupRefused):
    """The folder for backups is not there: the stick is not plugged in."""

    code = "backup-folder-missing"


class BackupUnwritten(BackupRefused):
    """The backup could not be written to its folder; the earlier ones are still there."""

    code = "backup-unwritten"


class BackupDiskFull(BackupRefused):
    """No room where backups go; the earlier ones are still there."""

    code = "backup-disk-full"


class BackupRunning(BackupRefused):
    """Another backup of this store is being made."""

    code = "backup-running"


class BooksUnsound(BackupRefused):
    """The books themselves do not refold: a copy of them is no backup, and the earlier ones are kept."""

    code = "books-unsound"


class PassphraseShort(BackupRefused):
    """A passphrase that is soon guessed."""

    code = "passphrase-short"


class BackupDamaged(BackupRefused):
    """Not a backup, or one that is cut short or altered."""

    code = "backup-damaged"


class BackupLocked(BackupRefused):
    """The passphrase does not fit, or the file's beginning is damaged."""

    code = "backup-locked"


class BackupForged(BackupRefused):
    """What the backup says of itself is not signed by the installation whose books are in it."""

    code = "backup-forged"


class RestoreOccupied(BackupRefused):
    """There is something in the folder already: nothing is ever restored over a store."""

    code = "restore-occupied"


class CardKeyMissing(BackupRefused):
    """An open backup does not hold what makes cards genuine; that file, or the wish for a new one, has to be given."""

    code = "card-key-missing"


class RejoinNeeded(JournalRefused):
    """Restored, and not yet joined to the village ledger again: no points may be spent here until it is."""

    code = "rejoin-needed"
