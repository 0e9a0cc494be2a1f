"""A line that an installation has signed, as a message. What is raised is a `LedgerRefused`."""

from typing import Protocol, TypeVar

from pos.core.codec import CodecError
from pos.ledger import rights
from pos.ledger.refusals import Forbidden, Invalid
from pos.ledger.service import Ledger
from pos.wire import messages, signing
from pos.wire.messages import AnotherVersion


class _Addressed(Protocol):
    @property
    def township(self) -> str: ...

    @property
    def device(self) -> str: ...

    @property
    def epoch(self) -> int: ...


M = TypeVar("M", bound=_Addressed)


def read(ledger: Ledger, kind: type[M], township: str, device: str, epoch: int, line: bytes, signature: str) -> M:
    """The message of a line that this installation signed for this ledger."""
    with ledger.read() as connection:
        key = rights.epoch_of(connection, township, device, epoch).key
    try:
        message, proof = messages.loads(kind, line), messages.hex_bytes(signature, 64)
    except AnotherVersion as error:
        raise Invalid("version", found=str(error)) from None
    except CodecError as error:
        raise Invalid("malformed", detail=str(error)[:80]) from None
    if not signing.signed(signing.REQUEST, line, proof, key):
        raise Forbidden("signature")
    if (message.township, message.device, message.epoch) != (township, device, epoch):
        raise Invalid("addressed")
    return message
