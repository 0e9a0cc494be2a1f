"""The network: questions over HTTPS to one address, its certificate checked against the township's own authority.

Every wait and every size has its limit. What cannot be reached is `Unreachable`; what came back is for others to judge.
"""

import ssl
from pathlib import Path
from urllib.parse import quote

import httpx
import zstandard

from pos.sync.errors import SyncError, Unreachable, Untrusted
from pos.wire import messages
from pos.wire.calls import Call, Op, Reply

TIMEOUT = httpx.Timeout(30.0, connect=10.0)
WAIT_MOST = 300.0
_ZSTD_LEVEL = 3


class HttpTransport:
    """Asks the ledger at `url`, whose certificate `ca` (a PEM file) vouches for; the system's authorities without."""

    def __init__(self, url: str, ca: Path | None = None, timeout: httpx.Timeout = TIMEOUT) -> None:
        try:
            context = ssl.create_default_context(cafile=ca) if ca else ssl.create_default_context()
        except (OSError, ssl.SSLError) as error:
            raise SyncError("ca-unread", file=str(ca)) from error
        self._client = httpx.Client(base_url=url, verify=context, timeout=timeout, follow_redirects=False)

    def __call__(self, call: Call) -> Reply:
        """The reply. Raises `Unreachable`, or `Untrusted` for one that is too large or not from the ledger."""
        method, path = address(call)
        headers = {messages.SIGNATURE: call.signature} if call.signature else {}
        if call.token:
            headers["Authorization"] = f"Bearer {call.token}"
        body: bytes | None = call.body or None
        if call.op is Op.PUSH:
            body = zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compress(call.body)
            headers["Content-Encoding"] = "zstd"
        try:
            with self._client.stream(method, path, params=dict(call.query), content=body, headers=headers) as response:
                found = Reply(response.status_code, _read(response), response.headers.get(messages.SIGNATURE, ""))
                wait = response.headers.get("Retry-After", "")
        except httpx.HTTPError as error:
            if (wrong := _not_vouched_for(error)) is not None:
                raise Untrusted("certificate", detail=wrong) from error
            raise Unreachable("unreachable", detail=type(error).__name__) from error
        if found.status == httpx.codes.TOO_MANY_REQUESTS:
            raise Unreachable("later", min(float(wait), WAIT_MOST) if wait.isdecimal() else 0.0, status=found.status)
        return found

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _read(response: httpx.Response) -> bytes:
    """The body, no longer than a message may be, unpacked or not."""
    found = bytearray()
    for chunk in response.iter_bytes():
        found += chunk
        if len(found) > messages.MOST_BYTES:
            raise Untrusted("answer-large")
    return bytes(found)


def _not_vouched_for(error: BaseException) -> str | None:
    """What is wrong with the certificate of whoever answers, if that is what an error came from."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return cause.verify_message
        cause = cause.__cause__ or cause.__context__
    return None


def address(call: Call) -> tuple[str, str]:
    """Method and path of a question."""
    township = f"v1/townships/{quote(call.township, safe='')}"
    device = f"{township}/devices/{quote(call.device, safe='')}/epochs/{call.epoch}"
    match call.op:
        case Op.ENROL:
            return "POST", "v1/enrolments"
        case Op.PUSH:
            return "POST", f"{device}/entries"
        case Op.GRANTS:
            return "GET", f"{device}/grants"
        case Op.REFERENCE:
            return "GET", f"{device}/reference"
        case Op.REMIND:
            return "POST", f"{device}/reminder"
        case Op.CONSISTENCY:
            return "GET", f"{township}/log/consistency"
        case Op.CARDS:
            return "POST", f"{device}/cards"
        case Op.VISITOR:
            return "GET", f"{device}/visitors/{quote(call.card, safe='')}"
