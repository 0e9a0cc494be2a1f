"""Who acts: an operator's token, checked by what the application was given for it; without that nobody acts."""

from typing import Annotated, Any

from fastapi import Depends, Header, Request

from pos.ledger.api.common import TheLedger, Township
from pos.ledger.refusals import Forbidden

OPERATOR, CLERK, ASSESSOR, SUPERVISOR, READER = "operator", "clerk", "assessor", "supervisor", "reader"
"""Township operator, village clerk, assessment group, supervision group, read-only."""
EVERYBODY = (OPERATOR, CLERK, ASSESSOR, SUPERVISOR, READER)


def acting(*roles: str) -> Any:
    """A dependency that returns the operator's name. Raises `Forbidden` for a token without one of the `roles`."""

    def check(
        request: Request, ledger: TheLedger, township: Township, authorization: Annotated[str, Header()] = ""
    ) -> str:
        known = getattr(request.app.state, "operators", None)
        if known is None:
            raise Forbidden("token")
        name: str = known(ledger, township, authorization.removeprefix("Bearer "), roles)
        return name

    return Depends(check)


Operator = Annotated[str, acting(OPERATOR)]
Clerk = Annotated[str, acting(OPERATOR, CLERK)]
Assessor = Annotated[str, acting(OPERATOR, CLERK, ASSESSOR)]
Supervisor = Annotated[str, acting(OPERATOR, SUPERVISOR)]
Anybody = Annotated[str, acting(*EVERYBODY)]
