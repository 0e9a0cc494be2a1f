"""Who acts: an operator by the token of a log-in, and which roles may."""

from typing import Annotated, Any

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from pos.ledger import operators
from pos.ledger.api.common import TheLedger, Township
from pos.ledger.operators import Actor, Role

_OPERATOR = HTTPBearer(
    auto_error=False, scheme_name="operator", description="操作员登录后得到的令牌 · The token of an operator's log-in"
)
_FOUNDER = HTTPBearer(
    auto_error=False,
    scheme_name="founder",
    description="台账服务器自己的令牌 · The token that a command on the ledger's own machine shows",
)


def token_of(bearer: HTTPAuthorizationCredentials | None) -> str:
    """The token that a request bears; empty without one."""
    return bearer.credentials if bearer else ""


def token(bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_OPERATOR)]) -> str:
    """The operator's token."""
    return token_of(bearer)


Token = Annotated[str, Depends(token)]


def acting(*roles: Role) -> Any:
    """A dependency that returns who acts. Raises `Unidentified`, or `Forbidden` for none of the `roles`."""

    def check(ledger: TheLedger, township: Township, token: Token) -> Actor:
        return operators.acting(ledger, township, token, roles)

    return Depends(check)


def founding(ledger: TheLedger, bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_FOUNDER)]) -> str:
    """Who founds townships. Raises `Unidentified` for another token than the ledger's own."""
    operators.check_founder(ledger, token_of(bearer))
    return "founder"


Founder = Annotated[str, Depends(founding)]
Operator = Annotated[Actor, acting(Role.OPERATOR)]
Clerk = Annotated[Actor, acting(Role.OPERATOR, Role.CLERK)]
Assessor = Annotated[Actor, acting(Role.OPERATOR, Role.CLERK, Role.ASSESSOR)]
Supervisor = Annotated[Actor, acting(Role.OPERATOR, Role.SUPERVISOR)]
Anybody = Annotated[Actor, acting(*Role)]
