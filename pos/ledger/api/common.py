"""What every router shares: the ledger at hand, bodies within bounds, which device asks, rates, pages and texts."""

import hmac
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Header, Path, Query, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from limits import RateLimitItem
from pydantic import BaseModel, ConfigDict, Field, field_validator

from pos.core import accounts
from pos.ledger import keys
from pos.ledger.answers import Signed
from pos.ledger.refusals import TooLarge, TooMany, Unidentified
from pos.ledger.service import Ledger
from pos.wire import messages

T = TypeVar("T")
R = TypeVar("R")

MOST_NUMBER = 10**15
"""Of numbers and times: whole in every language that reads JSON."""
_INK = r"[^\s\x00-\x1f\x7f]"
_TEXT = rf"^{_INK}([^\x00-\x1f\x7f]*{_INK})?$"
"""Printable, and neither empty nor blank at its ends."""
LINE = r"^[^\x00-\x1f\x7f]*$"
"""Printable, or nothing."""


def text(most: int) -> Any:
    """A field of a line of text within `most` characters."""
    return Field(min_length=1, max_length=most, pattern=_TEXT)


Township = Annotated[str, Path(pattern="^[A-Za-z0-9-]{1,24}$", description="乡镇编码", examples=["990101"])]
Device = Annotated[str, Path(pattern="^[a-z0-9-]{1,15}$", description="设备号", examples=["k7q2md"])]
Epoch = Annotated[int, Path(ge=0, lt=10**9, description="设备启用期次", examples=[1])]
Household = Annotated[str, Path(pattern="^[0-9]{16}$", description="户号", examples=["9901011012000001"])]
Signature = Annotated[str, Header(alias=messages.SIGNATURE, description="Ed25519, hex", max_length=128)]
HouseholdNumber = Annotated[str, Field(pattern="^[0-9]{16}$", description="户号", examples=["9901011012000001"])]
Village = Annotated[str, Field(pattern="^[0-9]{12}$", description="行政村编码", examples=["990101101200"])]
Store = Annotated[str, Field(pattern="^[A-Z0-9]{1,8}$", description="兑换点编码", examples=["LT01"])]
Limit = Annotated[int, Query(ge=1, le=500, description="一页最多几条 · Most items of one page")]


class Asked(BaseModel):
    """What a request says: numbers are numbers, and nothing is there that nobody reads."""

    model_config = ConfigDict(strict=True, extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def _whole(cls, value: Any) -> Any:
        """JSON does not tell 3.0 from 3."""
        if isinstance(value, list):
            return [cls._whole(each) for each in value]
        return int(value) if isinstance(value, float) and value.is_integer() else value


class Message(BaseModel):
    """A refusal in words for people."""

    zh: str
    en: str


class Problem(BaseModel):
    """A refusal: `code` never changes, `fields` are the values it is about, `message` may be reworded."""

    code: Annotated[str, Field(examples=["household-unknown"])]
    fields: dict[str, int | str]
    message: Message


REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": description}
    for status, description in (
        (400, "not JSON"),
        (401, "whoever asks has not shown who they are"),
        (403, "whoever asks may not"),
        (404, "not there"),
        (409, "what is there already forbids it"),
        (413, "too much at once"),
        (422, "what was sent is not what it must be"),
        (429, "too often; `Retry-After` says how many seconds to wait"),
        (503, "nothing was done; the same request may be sent again"),
    )
}
"""What any route may answer beside its own."""


class Page(BaseModel, Generic[T]):
    """Items in order; with `after=next` come those that follow, and without a `next` there are none."""

    items: list[T]
    next: str | None = None


def paged(found: Sequence[R], limit: int, cursor: Callable[[R], str], item: Callable[[R], T]) -> Page[T]:
    """One page of rows, of which one more than `limit` were asked for."""
    return Page(
        items=[item(row) for row in found[:limit]], next=cursor(found[limit - 1]) if len(found) > limit else None
    )


async def ledger_of(request: Request) -> Ledger:
    """The ledger that the application serves."""
    found: Ledger = request.app.state.ledger
    return found


TheLedger = Annotated[Ledger, Depends(ledger_of)]


def limited(name: str) -> Any:
    """A dependency that raises `TooMany` when one client asks more of `name` than the application's rates allow.

    Each installation and each township counts by itself, since many may come from one address.
    """

    async def check(request: Request) -> None:
        rate: RateLimitItem = request.app.state.rates[name]
        whose = (request.path_params.get("township", ""), request.path_params.get("device", ""))
        if not request.app.state.limiter.hit(rate, name, client_of(request), *whose):
            raise TooMany("too-many", seconds=rate.get_expiry())

    return Depends(check)


def client_of(request: Request) -> str:
    """The address that a request comes from."""
    return request.client.host if request.client else ""


async def body_of(request: Request, most: int = messages.MOST_BYTES) -> bytes:
    """The request's body as it was sent. Raises `TooLarge` before more is read than it may hold."""
    stated = request.headers.get("content-length", "")
    if stated.isdecimal() and int(stated[:20]) > most:
        raise TooLarge("too-large", most=most)
    found = bytearray()
    async for chunk in request.stream():
        found += chunk
        if len(found) > most:
            raise TooLarge("too-large", most=most)
    return bytes(found)


_DEVICE = HTTPBearer(
    auto_error=False,
    scheme_name="device",
    description="设备注册时得到的令牌 · The token that an installation enrolled with",
)


async def known_device(
    ledger: TheLedger,
    township: Township,
    device: Device,
    epoch: Epoch,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_DEVICE)],
) -> str:
    """The writer whose token the request bears. Raises `Unidentified`."""
    writer = accounts.writer(device, epoch)
    shown = bearer.credentials if bearer else ""
    if not hmac.compare_digest(shown.encode(), keys.token(ledger.key, township, writer).encode()):
        raise Unidentified("token")
    return writer


def signed_answer(found: Signed, status: int = 200) -> Response:
    """A signed line as an answer; its bytes are what the signature covers."""
    headers = {messages.SIGNATURE: found.signature}
    return Response(found.line, status, headers, media_type="application/json")
