"""Why a sync did not come to its end; what was done until then stands, and the next one goes on from there.

    SyncError
    |- Unreachable    no reply, or one that says: later; the same question is asked again
    |- LedgerSays     the ledger refuses, with its own code
    `- Untrusted      a reply that the ledger's key, a chain or the township's log does not bear out

`code` and `fields` fill the message `sync.<code>`.
"""


class SyncError(Exception):
    """A session ends here; `code` never changes once released."""

    def __init__(self, code: str, **fields: object) -> None:
        super().__init__(code, fields)
        self.code, self.fields = code, fields


class Unreachable(SyncError):
    """Nobody answers, or somebody who says: later, after `wait` seconds where it says so."""

    def __init__(self, code: str, wait: float = 0.0, **fields: object) -> None:
        super().__init__(code, **fields)
        self.wait = wait


class LedgerSays(SyncError):
    """The ledger refuses; `code` is its own."""


class Untrusted(SyncError):
    """What came cannot be taken over: it is not what this ledger signed, or not what was asked for."""
