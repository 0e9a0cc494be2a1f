"""Operators: who may act in a township, by a password that buys a token for the day.

A clerk belongs to one village, and anybody may be kept to one: `Actor.within` is asked wherever a village's things are
touched. Of passwords and tokens only hashes are kept. Wrong passwords make the next try wait, longer each time. What is
raised is a `LedgerRefused`.
"""

import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import Connection, Row, delete, func, insert, select, update

from pos.core import people
from pos.ledger import audit, keys
from pos.ledger import tables as t
from pos.ledger.books import Act
from pos.ledger.refusals import Conflict, Forbidden, Invalid, NotFound, TooMany, Unidentified
from pos.ledger.service import Ledger

TOKEN_MS = 12 * 3_600_000
"""How long a log-in lasts: a working day."""
FEWEST_CHARACTERS, MOST_CHARACTERS = 12, 128

_NAME = re.compile(r"[a-z][a-z0-9-]{1,15}")
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""The argon2id setting that OWASP names first."""
_NOBODY = _HASHER.hash("nobody has this password")
"""Checked for a name that nobody has, so that the answer takes as long."""


class Role(StrEnum):
    """What an operator is here."""

    OPERATOR = "operator"
    """Of the township: may do everything that is not another's to approve."""
    CLERK = "clerk"
    """Of one village."""
    ASSESSOR = "assessor"
    """The assessment group: proposes awards, and judges objections."""
    SUPERVISOR = "supervisor"
    """The supervision group: sees everything, and settles differences."""
    READER = "reader"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: `name` goes into journal and audit; without a `village`, in the whole township."""

    name: str
    role: Role
    village: str | None = None

    def within(self, village: str) -> str:
        """The name, for an act in this village. Raises `Forbidden` for somebody of another one."""
        if self.village not in (None, village):
            raise Forbidden("village-foreign", village=village)
        return self.name


@dataclass(frozen=True, slots=True)
class Session:
    """A log-in: its token is shown this once, and lasts until `expires` (ledger's clock, ms)."""

    actor: Actor
    token: str
    expires: int


def founder_token(ledger: Ledger) -> str:
    """What allows to begin a township over HTTP: whoever holds the ledger's key can make it, and nobody else."""
    return keys.token(ledger.key, "", "founder")


def check_founder(ledger: Ledger, token: str) -> None:
    """Raises `Unidentified` for any other token."""
    if not hmac.compare_digest(token.encode(), founder_token(ledger).encode()):
        raise Unidentified("token")


def begin(ledger: Ledger, township: str, name: str, password: str, by: str) -> None:
    """Make a township's first operator. Raises `Conflict` when there is one who acts."""

    def check(act: Act) -> None:
        if _acting_operators(act):
            raise Conflict("operators-there", township=township)

    _add(ledger, township, Actor(name, Role.OPERATOR), password, by, check)


def add(ledger: Ledger, township: str, actor: Actor, password: str, by: str) -> None:
    """Make an operator; names are never used again. Raises `Conflict`, `NotFound` or `Invalid`."""
    _add(ledger, township, actor, password, by, lambda _act: None)


def set_password(ledger: Ledger, township: str, name: str, password: str, by: str) -> None:
    """Give an operator another password; every token ends, and nobody has to wait any longer."""
    kept = _hashed(password)

    def work(act: Act) -> None:
        _require(act.connection, township, name)
        _change(act, name, password=kept, failures=0, locked_until=0)
        _end_tokens(act, name)
        audit.note(act.connection, township, act.now, by, "password", name)

    ledger.act(township, work)


def dismiss(ledger: Ledger, township: str, name: str, by: str) -> None:
    """Let an operator act no more. Raises `Conflict` for the township's last one."""

    def work(act: Act) -> None:
        row = _require(act.connection, township, name)
        if row.role == Role.OPERATOR and row.active and _acting_operators(act) == 1:
            raise Conflict("operator-last", operator=name)
        _change(act, name, active=0)
        _end_tokens(act, name)
        audit.note(act.connection, township, act.now, by, "dismiss", name)

    ledger.act(township, work)


def log_in(ledger: Ledger, township: str, name: str, password: str) -> Session:
    """A token for whoever knows the password. Raises `Unidentified`, or `TooMany` while it must be waited."""
    with ledger.read() as connection:
        row = _row(connection, township, name)
    _check_wait(ledger, row)
    # Outside any transaction: it is slow on purpose, and the township's other acts would wait for it.
    fits = _fits(row.password if row else _NOBODY, password) and row is not None
    token = keys.new_secret().hex()
    session = ledger.act(township, lambda act: _logged_in(act, ledger, name, token) if fits else _wrong(act, name))
    if session is None:
        raise Unidentified("log-in")
    return session


def log_out(ledger: Ledger, township: str, token: str) -> None:
    """End a token. Raises `Unidentified` when it is none."""

    def work(act: Act) -> None:
        c = t.tokens.c
        here = (c.township == township, c.digest == _digest(token))
        name = act.connection.execute(select(c.operator).where(*here)).scalar_one_or_none()
        if name is None:
            raise Unidentified("token")
        act.connection.execute(delete(t.tokens).where(*here))
        audit.note(act.connection, township, act.now, name, "log-out", name)

    ledger.act(township, work)


def acting(ledger: Ledger, township: str, token: str, roles: tuple[Role, ...]) -> Actor:
    """Whose token it is. Raises `Unidentified` for none that is valid, `Forbidden` for another role."""
    o, k = t.operators.c, t.tokens.c
    query = (
        select(o.operator, o.role, o.village)
        .join(t.tokens, (o.township == k.township) & (o.operator == k.operator))
        .where(k.township == township, k.digest == _digest(token), k.expires > ledger.clock.wall(), o.active == 1)
    )
    with ledger.read() as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        raise Unidentified("token")
    if row.role not in roles:
        raise Forbidden("role", role=row.role)
    return Actor(row.operator, Role(row.role), row.village)


def everybody(connection: Connection, township: str) -> list[Row[Any]]:
    """All who act or acted, by name."""
    c = t.operators.c
    return list(connection.execute(select(t.operators).where(c.township == township).order_by(c.operator)))


def check_password(password: str) -> None:
    """Raises `Invalid` for a password that is too short, too long, or no text."""
    if not FEWEST_CHARACTERS <= len(password) <= MOST_CHARACTERS or not password.isprintable():
        raise Invalid("password", least=FEWEST_CHARACTERS, most=MOST_CHARACTERS)


def _add(ledger: Ledger, township: str, actor: Actor, password: str, by: str, check: Any) -> None:
    if not _NAME.fullmatch(actor.name) or (actor.role is Role.CLERK and actor.village is None):
        raise Invalid("operator")
    kept = _hashed(password)

    def work(act: Act) -> None:
        check(act)
        key = {"township": township, "operator": actor.name}
        if _row(act.connection, township, actor.name) is not None:
            raise Conflict("operator-exists", operator=actor.name)
        _check_village(act, actor.village)
        facts = {"role": actor.role.value, "village": actor.village, "password": kept, "made": act.now}
        counters = {"active": 1, "failures": 0, "locked_until": 0}
        act.connection.execute(insert(t.operators).values(**key, **facts, **counters))
        audit.note(act.connection, township, act.now, by, "operator", actor.name, actor.role.value)

    ledger.act(township, work)


def _logged_in(act: Act, ledger: Ledger, name: str, token: str) -> Session:
    row = _require(act.connection, act.township, name)
    # Tries at the same moment all saw that there was nothing to wait for: only what is written here counts.
    _check_wait(ledger, row)
    _change(act, name, failures=0, locked_until=0)
    c = t.tokens.c
    act.connection.execute(delete(t.tokens).where(c.township == act.township, c.expires <= act.now))
    expires = act.now + TOKEN_MS
    values = {"digest": _digest(token), "operator": name, "expires": expires}
    act.connection.execute(insert(t.tokens).values(township=act.township, **values))
    audit.note(act.connection, act.township, act.now, name, "log-in", name)
    return Session(Actor(name, Role(row.role), row.village), token, expires)


def _wrong(act: Act, name: str) -> None:
    row = _row(act.connection, act.township, name)
    if row is not None:
        failures = row.failures + 1
        _change(act, name, failures=failures, locked_until=act.now + people.wait_after(failures) * 1000)
        audit.note(act.connection, act.township, act.now, name, "log-in-wrong", name, str(failures))


def _check_wait(ledger: Ledger, row: Row[Any] | None) -> None:
    if row is None:
        return
    if not row.active:
        raise Unidentified("log-in")
    if (left := row.locked_until - ledger.clock.wall()) > 0:
        raise TooMany("log-in-wait", seconds=-(-left // 1000))


def _check_village(act: Act, village: str | None) -> None:
    known = select(t.villages.c.village).filter_by(township=act.township, village=village)
    if village is not None and act.connection.execute(known).first() is None:
        raise NotFound("village-unknown", village=village)


def _acting_operators(act: Act) -> int:
    c = t.operators.c
    where = (c.township == act.township, c.role == Role.OPERATOR.value, c.active == 1)
    count: int = act.connection.execute(select(func.count()).where(*where)).scalar_one()
    return count


def _change(act: Act, name: str, **values: int | str) -> None:
    c = t.operators.c
    where = (c.township == act.township, c.operator == name)
    act.connection.execute(update(t.operators).where(*where).values(**values))


def _end_tokens(act: Act, name: str) -> None:
    c = t.tokens.c
    act.connection.execute(delete(t.tokens).where(c.township == act.township, c.operator == name))


def _row(connection: Connection, township: str, name: str) -> Row[Any] | None:
    if not _NAME.fullmatch(name):
        return None
    c = t.operators.c
    return connection.execute(select(t.operators).where(c.township == township, c.operator == name)).one_or_none()


def _require(connection: Connection, township: str, name: str) -> Row[Any]:
    row = _row(connection, township, name)
    if row is None:
        raise NotFound("operator-unknown", operator=name)
    return row


def _hashed(password: str) -> str:
    check_password(password)
    return _HASHER.hash(_typed(password))


def _fits(kept: str, password: str) -> bool:
    try:
        return _HASHER.verify(kept, _typed(password))
    except VerifyMismatchError:
        return False


def _typed(password: str) -> str:
    """A password as it counts, however the keyboard composed its characters."""
    return unicodedata.normalize("NFKC", password)


def _digest(token: str) -> bytes:
    return hashlib.sha256(b"redemption-pos session 1\x00" + token.encode(errors="replace")).digest()
