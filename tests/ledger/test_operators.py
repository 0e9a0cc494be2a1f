"""Operators: roles, villages, passwords, tokens and waiting after wrong tries, on both engines."""

import pytest

from pos.ledger import operators, registry
from pos.ledger import tables as t
from pos.ledger.operators import Actor, Role
from pos.ledger.refusals import Conflict, Forbidden, Invalid, LedgerRefused, NotFound, TooMany, Unidentified
from tests.ledger.office import PASSWORD
from tests.ledger.town import H1, TOWNSHIP, Town

VILLAGE = H1[:12]
ANOTHER = "an altogether different password"


@pytest.fixture
def begun(town: Town) -> Town:
    """A township with a village and its first operator."""
    registry.add_villages(town.ledger, TOWNSHIP, [(VILLAGE, "柳塘村")], "command")
    operators.begin(town.ledger, TOWNSHIP, "op-01", PASSWORD, "command")
    return town


def token(town: Town, name: str = "op-01", password: str = PASSWORD) -> str:
    """The token of a log-in."""
    return operators.log_in(town.ledger, TOWNSHIP, name, password).token


def acts(town: Town) -> list[tuple[str, str, str]]:
    """What the audit says operators did to operators: who, what, to whom."""
    known = {"operator", "password", "dismiss", "log-in", "log-out"}
    rows = sorted(town.rows(t.audit), key=lambda row: row.ms)
    return [(row.actor, row.act, row.subject) for row in rows if row.act in known]


def test_the_first_operator_is_made_once(begun: Town) -> None:
    with pytest.raises(Conflict, match="operators-there"):
        operators.begin(begun.ledger, TOWNSHIP, "op-02", PASSWORD, "command")
    with pytest.raises(NotFound, match="township-unknown"):
        operators.begin(begun.ledger, "990199", "op-01", PASSWORD, "command")
    actor = operators.acting(begun.ledger, TOWNSHIP, token(begun), (Role.OPERATOR,))
    assert actor == Actor("op-01", Role.OPERATOR, None)
    assert acts(begun) == [("command", "operator", "op-01"), ("op-01", "log-in", "op-01")]


def test_only_hashes_are_kept(begun: Town) -> None:
    shown = token(begun)
    (operator,), (kept,) = begun.rows(t.operators), begun.rows(t.tokens)
    assert operator.password.startswith("$argon2id$")
    assert PASSWORD not in operator.password
    assert shown.encode() not in kept.digest
    assert bytes.fromhex(shown) not in kept.digest
    assert not [row for row in begun.rows(t.audit) if shown in str(row) or PASSWORD in str(row)]


@pytest.mark.parametrize("password", ["", "eleven char", "x" * 129, "twelve\x00characters", "\ud800" * 12])
def test_a_password_is_long_and_printable(begun: Town, password: str) -> None:
    with pytest.raises(Invalid, match="password"):
        operators.add(begun.ledger, TOWNSHIP, Actor("op-02", Role.OPERATOR), password, "op-01")


def test_a_password_needs_no_digits_and_no_capitals_and_may_be_composed_in_any_way(begun: Town) -> None:
    operators.set_password(begun.ledger, TOWNSHIP, "op-01", "cafe\u0301 at the old mill", "op-01")
    assert token(begun, password="caf\u00e9 at the old mill")


@pytest.mark.parametrize(
    ("actor", "code"),
    [
        (Actor("op-01", Role.READER), "operator-exists"),
        (Actor("Op 3", Role.READER), "operator"),
        (Actor("clerk-01", Role.CLERK), "operator"),
        (Actor("clerk-01", Role.CLERK, "990101109999"), "village-unknown"),
    ],
)
def test_who_cannot_be_an_operator(begun: Town, actor: Actor, code: str) -> None:
    with pytest.raises(LedgerRefused) as refused:
        operators.add(begun.ledger, TOWNSHIP, actor, PASSWORD, "op-01")
    assert refused.value.code == code


def test_each_role_may_what_is_its_own(begun: Town) -> None:
    operators.add(begun.ledger, TOWNSHIP, Actor("clerk-01", Role.CLERK, VILLAGE), PASSWORD, "op-01")
    shown = token(begun, "clerk-01")
    clerk = operators.acting(begun.ledger, TOWNSHIP, shown, (Role.OPERATOR, Role.CLERK))
    assert clerk.within(VILLAGE) == "clerk-01"
    with pytest.raises(Forbidden, match="village-foreign"):
        clerk.within("990101101300")
    with pytest.raises(Forbidden, match="role"):
        operators.acting(begun.ledger, TOWNSHIP, shown, (Role.OPERATOR,))


def test_a_token_ends_by_time_by_log_out_by_password_and_by_dismissal(begun: Town) -> None:
    ledger, roles = begun.ledger, tuple(Role)
    operators.add(ledger, TOWNSHIP, Actor("reader-01", Role.READER), PASSWORD, "op-01")

    def ended(shown: str) -> bool:
        with pytest.raises(Unidentified, match="token"):
            operators.acting(ledger, TOWNSHIP, shown, roles)
        return True

    first = token(begun, "reader-01")
    begun.clock.wall += operators.TOKEN_MS
    assert ended(first)
    second, third = token(begun, "reader-01"), token(begun, "reader-01")
    assert len(begun.rows(t.tokens)) == 2
    operators.log_out(ledger, TOWNSHIP, second)
    assert ended(second)
    assert operators.acting(ledger, TOWNSHIP, third, roles).name == "reader-01"
    operators.set_password(ledger, TOWNSHIP, "reader-01", ANOTHER, "op-01")
    assert ended(third)
    fourth = token(begun, "reader-01", ANOTHER)
    operators.dismiss(ledger, TOWNSHIP, "reader-01", "op-01")
    assert ended(fourth)
    with pytest.raises(Unidentified, match="log-in"):
        token(begun, "reader-01", ANOTHER)
    with pytest.raises(Unidentified, match="token"):
        operators.log_out(ledger, TOWNSHIP, fourth)
    assert ended("\ud800\x00")


def test_a_token_is_for_one_township(begun: Town) -> None:
    with pytest.raises(Unidentified, match="token"):
        operators.acting(begun.ledger, "990102", token(begun), tuple(Role))


def test_the_last_operator_of_a_township_stays(begun: Town) -> None:
    with pytest.raises(Conflict, match="operator-last"):
        operators.dismiss(begun.ledger, TOWNSHIP, "op-01", "op-01")
    operators.add(begun.ledger, TOWNSHIP, Actor("op-02", Role.OPERATOR), PASSWORD, "op-01")
    operators.dismiss(begun.ledger, TOWNSHIP, "op-01", "op-02")
    with pytest.raises(NotFound, match="operator-unknown"):
        operators.dismiss(begun.ledger, TOWNSHIP, "op-09", "op-02")


def test_wrong_passwords_make_the_next_try_wait_longer_each_time(begun: Town) -> None:
    waits = []
    for _ in range(5):
        with pytest.raises(Unidentified, match="log-in"):
            token(begun, password=ANOTHER)
        (row,) = begun.rows(t.operators)
        waits.append(max(row.locked_until - begun.clock.wall, 0))
        begun.clock.wall += waits[-1]
    assert waits == [0, 0, 5_000, 10_000, 20_000]
    with pytest.raises(Unidentified, match="log-in"):
        token(begun, password=ANOTHER)
    with pytest.raises(TooMany, match="log-in-wait") as refused:
        token(begun)
    assert refused.value.fields["seconds"] == 40
    begun.clock.wall += 40_000
    assert token(begun)
    assert begun.rows(t.operators)[0].failures == 0


def test_tries_at_the_same_moment_all_wait(begun: Town) -> None:
    """Whoever was admitted to try before the wait began is refused when the answer is written."""
    with begun.ledger.read() as connection:
        assert operators.everybody(connection, TOWNSHIP)[0].locked_until == 0
    for _ in range(9):
        begun.ledger.act(TOWNSHIP, lambda act: operators._wrong(act, "op-01"))
    with pytest.raises(TooMany, match="log-in-wait"):
        begun.ledger.act(TOWNSHIP, lambda act: operators._logged_in(act, begun.ledger, "op-01", "00"))
    assert not begun.rows(t.tokens)


def test_a_name_that_nobody_has_is_refused_like_a_wrong_password(begun: Town) -> None:
    for name in ("nobody", "\x00", "op-01' OR '1'='1"):
        with pytest.raises(Unidentified, match="log-in"):
            token(begun, name)
