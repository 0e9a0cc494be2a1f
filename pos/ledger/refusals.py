"""Every way the ledger says no to a request.

    LedgerRefused      nothing was done; the answer carries `code`, `fields` and the HTTP status
    |- NotFound        404: no such township, store, device or entry
    |- Unidentified    401: whoever asks has not shown who they are
    |- Forbidden       403: whoever asks may not
    |- Conflict        409: what is there already forbids it
    |- Invalid         422: what was sent is not what it must be
    |- TooLarge        413
    |- TooMany         429
    `- Unavailable     503: the database does not answer; the same request may be sent again

`code` never changes once released: terminals and operators' words refer to it. Fields are values, never prose.
"""

from typing import ClassVar


class LedgerRefused(Exception):
    """The ledger says no."""

    status: ClassVar[int]

    def __init__(self, code: str, **fields: int | str) -> None:
        super().__init__(code, fields)
        self.code, self.fields = code, fields


class NotFound(LedgerRefused):
    """What the request names is not there."""

    status = 404


class Unidentified(LedgerRefused):
    """Whoever asks has not shown who they are."""

    status = 401


class Forbidden(LedgerRefused):
    """Whoever asks may not."""

    status = 403


class Conflict(LedgerRefused):
    """What is there already forbids it."""

    status = 409


class Invalid(LedgerRefused):
    """What was sent is not what it must be."""

    status = 422


class TooLarge(LedgerRefused):
    """More was sent than is taken at once."""

    status = 413


class TooMany(LedgerRefused):
    """Too many requests in too short a time."""

    status = 429


class Unavailable(LedgerRefused):
    """The database does not answer; nothing was done."""

    status = 503
