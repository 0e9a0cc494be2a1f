"""Every way the shop says no to a list from a file; part of the tree in `pos.core.refusals`."""

from pos.core.refusals import FileRefused


class ListFaulty(FileRefused):
    """The list has rows that do not fit: nothing of it is taken."""

    code = "list-faulty"


class LedgerLists(FileRefused):
    """The village ledger keeps the lists, as soon as there is one."""

    code = "ledger-lists"


class ListUnwritten(FileRefused):
    """The list could not be written."""

    code = "list-unwritten"
