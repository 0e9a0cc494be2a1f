"""Points away from home: exact grants that a device asks for, a van's allotments, and what is kept at the ledger.

Raises are `LedgerRefused`. Points are 1/100 point; `until` is the ledger's clock, ms.
"""

from collections.abc import Mapping

from sqlalchemy import update

from catalog.units import Points
from pos.core import accounts
from pos.core.accounts import LEDGER, POINTS
from pos.ledger import audit, rights
from pos.ledger import tables as t
from pos.ledger.books import Act
from pos.ledger.refusals import Conflict, Invalid, NotFound
from pos.ledger.service import Ledger

VISIT_MS = 24 * 3_600_000
"""How long what a device asked for stays there when nothing is bought."""
MOST = 10**10


def ask(act: Act, writer: str, household: str, points: int) -> None:
    """Allot to a device, for one visit, what it asked for beyond what it has; what nobody may have is passed over."""
    if 0 < points <= MOST:
        here, moving = (kind(household, writer) for kind in (accounts.points, accounts.moving))
        books = act.books([(here, POINTS), (moving, POINTS)])
        held = books.of(here, POINTS) + books.of(moving, POINTS)
        rights.allot(act, household, writer, held + points, act.now + VISIT_MS, once=True)


def to_van(
    ledger: Ledger, township: str, device: str, epoch: int, of: Mapping[str, Points], until: int, by: str
) -> None:
    """Let a van hold so many points of each of these households until its day is over."""
    writer = accounts.writer(device, epoch)

    def work(act: Act) -> None:
        rights.require_open(act, device, epoch)
        known = rights.households_of(act, of)
        for household, points in of.items():
            if household not in known:
                raise NotFound("household-unknown", household=household)
            _check(points)
            rights.allot(act, household, writer, points.amount, until, once=False)
        audit.note(act.connection, township, act.now, by, "allot", writer, f"{len(of)} until {until}")
        rights.settle(act, of)

    ledger.act(township, work)


def keep(ledger: Ledger, township: str, household: str, points: Points, by: str) -> None:
    """Have so many points of a household at the ledger, for the bank, a dispute or a split: devices give them back."""

    def work(act: Act) -> None:
        rights.require_household(act, household)
        _check(points)
        rights.allot(act, household, LEDGER, points.amount, 0, once=False)
        audit.note(act.connection, township, act.now, by, "keep", household, str(points.amount))
        rights.settle(act, [household])

    ledger.act(township, work)


def set_cap(ledger: Ledger, township: str, points: Points, by: str) -> None:
    """Most points of one household that its home store may hold, from each household's next settling on."""

    def work(act: Act) -> None:
        _check(points)
        here = update(t.townships).where(t.townships.c.township == township)
        act.connection.execute(here.values(household_cap=points.amount))
        audit.note(act.connection, township, act.now, by, "cap", "household", str(points.amount))

    ledger.act(township, work)


def resume(ledger: Ledger, township: str, device: str, epoch: int, by: str, reason: str) -> None:
    """Grant again to an installation that was stopped, after somebody has looked."""

    def work(act: Act) -> None:
        row = rights.require_open(act, device, epoch)
        if not row.stopped:
            raise Conflict("not-stopped", device=device)
        c = t.epochs.c
        here = (c.township == township, c.device == device, c.epoch == epoch)
        act.connection.execute(update(t.epochs).where(*here).values(stopped=""))
        audit.note(act.connection, township, act.now, by, "resume", accounts.writer(device, epoch), reason)
        rights.welcome(act, row.store)

    ledger.act(township, work)


def _check(points: Points) -> None:
    if not 0 <= points.amount <= MOST:
        raise Invalid("points-out-of-range", most=MOST)
