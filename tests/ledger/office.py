"""The township's office: an operator of each role, each with the token of a log-in."""

from collections.abc import Mapping

from pos.ledger import operators, registry
from pos.ledger.operators import Actor, Role
from tests.ledger.town import H1, TOWNSHIP, Town

PASSWORD = "谷雨那天村口种的三棵柿子树"
OTHER = "990101101300"
"""A village beside the one where the town's households live."""

PEOPLE = {
    "op": Actor("op-01", Role.OPERATOR),
    "clerk": Actor("clerk-01", Role.CLERK, H1[:12]),
    "foreign": Actor("clerk-02", Role.CLERK, OTHER),
    "group": Actor("group-01", Role.ASSESSOR, H1[:12]),
    "watch": Actor("watch-01", Role.SUPERVISOR),
    "reader": Actor("reader-01", Role.READER),
}


def open_office(town: Town, *names: str) -> Mapping[str, dict[str, str]]:
    """The headers of each of these people (everybody, when none is named), just logged in."""
    ledger = town.ledger
    registry.add_villages(ledger, TOWNSHIP, [(H1[:12], "柳塘村"), (OTHER, "杏花村")], "command")
    operators.begin(ledger, TOWNSHIP, PEOPLE["op"].name, PASSWORD, "command")
    wanted = {name: PEOPLE[name] for name in names or PEOPLE}
    for name, actor in wanted.items():
        if name != "op":
            operators.add(ledger, TOWNSHIP, actor, PASSWORD, "op-01")
    return {name: logged_in(town, actor.name) for name, actor in wanted.items()}


def logged_in(town: Town, name: str, password: str = PASSWORD) -> dict[str, str]:
    """The header that an operator sends after a log-in."""
    token = operators.log_in(town.ledger, TOWNSHIP, name, password).token
    return {"Authorization": f"Bearer {token}"}
