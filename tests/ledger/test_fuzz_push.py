"""Anything at all pushed by anybody: an answer or a refusal, never a surprise, and the books stay whole."""

import zlib
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress

import httpx
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pos.core import accounts, codec
from pos.core.accounts import LEDGER
from pos.ledger import app, push
from pos.ledger import tables as t
from pos.ledger.refusals import LedgerRefused
from pos.wire import messages
from pos.wire.messages import Status
from tests.ledger.town import H1, TOWNSHIP, Device, Town

FEW = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
"""Towns are shared between examples: what one left must not spoil the next."""

NUMBERS = st.integers(-(2**70), 2**70) | st.integers(-3, 600)
WORDS = st.text(max_size=20) | st.sampled_from(["", "weigh", "redeem", "ask", "reverse", "give-back", "act", H1, "L"])
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)
KINDS = st.sampled_from(
    ["weigh", "redeem", "ask", "reverse", "take-back", "give-back", "act", "accept", "x-new", "refdata"]
)
WRITERS = st.sampled_from([LEDGER, "dev1.1", "dev2.1", "dev1.0"])
ACCOUNTS = st.builds(
    "{}:{}@{}".format,
    st.sampled_from(["pts", "debt", "move", "pend", "issue", "spent", "stock", "vch", "x", "drawer", "hold"]),
    st.sampled_from([H1, "weigh", "goods", "shop/village/0", "", "A"]),
    WRITERS,
)
COMMODITIES = st.sampled_from(["pt", "frac", "cash", "g:g001", "v:haircut", "m:p01", "due", "?"])
MOVES = st.lists(
    st.tuples(ACCOUNTS, ACCOUNTS, COMMODITIES, st.integers(1, 500) | st.sampled_from([0, -1, 10**12, 10**12 + 1])),
    max_size=3,
)


@st.composite
def entries(draw: st.DrawFn) -> dict[str, object]:
    """An entry that has the form of one, and says anything."""
    head = {
        "k": draw(KINDS), "t": draw(NUMBERS), "m": draw(NUMBERS), "b": "7f3a91c2", "o": draw(st.none() | NUMBERS),
        "till": 1, "op": draw(st.sampled_from(["02", ""])), "ap": draw(st.none() | st.just("01")),
    }  # fmt: skip
    known = {"household": WORDS | NUMBERS, "ref": NUMBERS | WORDS, "points": NUMBERS, "code": WORDS, "subject": WORDS}
    body = draw(st.fixed_dictionaries({}, optional=known)) | draw(st.dictionaries(WORDS, JSON, max_size=2))
    return {**head, **{name: value for name, value in body.items() if name not in ("s", "x")}, "x": draw(MOVES)}


def sent(town: Town, device: Device, body: bytes, signature: str, encoding: str = "") -> str:
    """What became of it: a status or a code."""
    try:
        return push.push(town.ledger, TOWNSHIP, device.name, 1, body, signature, encoding).status
    except LedgerRefused as refused:
        return refused.code


def whole(town: Town) -> None:
    """Every commodity sums to zero, and points have their floor."""
    sums: Counter[str] = Counter()
    for row in town.rows(t.balances):
        sums[row.commodity] += row.quantity
        assert row.quantity >= 0 or not row.account.startswith(("pts:", "pend:", "move:", "hold:", "vch:"))
    assert not any(sums.values())


@pytest.fixture
def device(town: Town) -> Device:
    """A device with something in its journal that the ledger has."""
    device = town.device()
    device.weigh(5_00)
    device.spend(1_00)
    town.push(device)
    return device


@FEW
@given(lines=st.lists(entries(), min_size=1, max_size=4), gap=st.integers(-1, 1))
def test_entries_that_say_anything(town: Town, device: Device, lines: Sequence[dict[str, object]], gap: int) -> None:
    there = len(device.lines)
    told = device.clone()
    for seq, line in enumerate(lines, there + 1 + (gap if len(lines) > 3 else 0)):
        with suppress(UnicodeEncodeError):
            told.add(codec.dumps({"s": seq, **line}))

    status = sent(town, device, *told.batch(there + 1))

    assert status in (Status.OK, Status.REJECTED)
    if status == Status.OK:
        device.lines, device.hashes = told.lines, told.hashes
    assert len(town.rows(t.journal)) >= there
    whole(town)


@FEW
@given(header=st.dictionaries(st.sampled_from(["v", "n", "prev", "head", "life", "boot"]), JSON))
def test_headers_that_say_anything(town: Town, device: Device, header: dict[str, object]) -> None:
    with suppress(UnicodeEncodeError):
        body, signature = device.batch(**header)  # type: ignore[arg-type]
        assert sent(town, device, body, signature) in ("ok", "gap", "fork", "rejected", "version", "malformed")
    whole(town)


@FEW
@given(data=st.data())
def test_bytes_that_were_spoiled(town: Town, device: Device, data: st.DataObject) -> None:
    further = device.clone()
    further.weigh(1_00)
    body, signature = further.batch(further.weigh(2_00) - 1)
    at = data.draw(st.integers(0, len(body) - 1))
    spoiled = body[:at] + data.draw(st.binary(max_size=3)) + body[at + data.draw(st.integers(0, 3)) :]
    pack = data.draw(st.sampled_from(["", "zstd", "gzip", "br"]))

    status = sent(town, device, spoiled, signature, pack)

    assert (status == Status.OK) == (spoiled == body and not pack)
    assert sent(town, device, *device.batch()) == Status.OK
    whole(town)


def plainly(data: bytes) -> bytes:
    """Packed not at all."""
    return data


@pytest.fixture
async def http(town: Town) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application, which lets through what the application did not foresee."""
    transport = httpx.ASGITransport(app=app.create(town.ledger, {"push": "1000000/second"}))
    async with httpx.AsyncClient(transport=transport, base_url="http://ledger") as found:
        yield found


PACKED: dict[str, Callable[[bytes], bytes]] = {
    **dict.fromkeys(("", "identity", "br", "?"), plainly),
    "zstd": zstandard.compress,
    "gzip": zlib.compress,
}


@FEW
@given(
    body=st.binary(max_size=400) | st.builds(codec.dumps, JSON.filter(lambda data: "\\ud" not in repr(data))),
    encoding=st.sampled_from(sorted(PACKED)),
    signature=st.text("0123456789abcdefgG", max_size=200),
    where=st.tuples(st.sampled_from([TOWNSHIP, "0", "-"]), st.sampled_from(["dev1", "-"]), st.integers(-1, 10**10)),
)
async def test_requests_that_say_anything(
    town: Town, http: httpx.AsyncClient, body: bytes, encoding: str, signature: str, where: tuple[str, str, int]
) -> None:
    township, name, epoch = where
    path = f"/v1/townships/{township}/devices/{name}/epochs/{epoch}/entries"
    headers = {messages.SIGNATURE: signature, "Content-Encoding": encoding}

    answer = await http.post(path, content=PACKED[encoding](body), headers=headers)

    assert 400 <= answer.status_code < 500
    assert answer.json()["code"]
    assert town.rows(t.journal) == []


def test_the_device_still_works_after_all_that(town: Town, device: Device) -> None:
    for body in (b"", b"\n", b"{}\n", b"[" * 100_000, b'{"v":' + b"9" * 5000 + b"}\n"):
        assert sent(town, device, body, "") in ("malformed", "version")
    assert town.push(device).status is Status.OK
    assert town.balance(accounts.points(H1, device.writer)) == 4_00
