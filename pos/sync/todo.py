"""差额: what the ledger found strange about entries it posted; a person looks at each, the morning after."""

from collections.abc import Sequence

from pos.core.entries import Signatures
from pos.counter.desk import Desk, check_signatures
from pos.i18n import Words
from pos.storage import sync_state
from pos.storage.sync_state import Difference

SAID = frozenset({
    "household-unknown", "household-closed", "reversed-twice", "issue", "minted-day", "minted-unheard", "sale-limit",
    "undone", "late", "ledger-restored",
})  # fmt: skip
"""Codes with words of their own (`difference.<code>`)."""


def unseen(desk: Desk) -> Sequence[Difference]:
    """What nobody has looked at, the newest entry first."""
    with desk.store.read() as connection:
        return sync_state.differences(connection, unseen=True)


def see(desk: Desk, by: Signatures, difference: Difference) -> None:
    """Somebody has looked at it. Raises a `PeopleRefused`."""
    with desk.store.write() as tx:
        check_signatures(tx.connection, by)
        sync_state.see(tx.connection, difference.seq, difference.code, by.operator)


def worded(words: Words, code: str) -> str:
    """What is strange about an entry."""
    return words(f"difference.{code}") if code in SAID else words("difference.other", code=code)
