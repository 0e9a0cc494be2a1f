"""Batches that no honest terminal sends: each refused with its code, noted, and nothing of it in the books."""

import gzip
import zlib
from collections.abc import AsyncIterator, Callable

import httpx
import pytest
import zstandard

from pos.core import accounts, codec
from pos.core.accounts import LEDGER, POINTS, Account
from pos.core.transfers import Transfer
from pos.ledger import app, closing, push, townships
from pos.ledger import tables as t
from pos.ledger.refusals import LedgerRefused
from pos.wire import messages, signing
from pos.wire.messages import Status
from tests.ledger.town import H1, H2, TOWNSHIP, Device, Town

ELSEWHERE = "990102"

Sent = tuple[bytes, str, str]
"""A body, its signature, and how it is compressed."""


def changed(device: Device, /, **fields: object) -> Sent:
    """A batch with other fields in its header, rightly signed."""
    return (*device.batch(**fields), "")  # type: ignore[arg-type]


def forged(device: Device) -> Sent:
    """A batch that another key signed."""
    body, _ = device.batch()
    return body, Device(device.store, device.name, 1).batch()[1], ""


def unsigned(device: Device) -> Sent:
    """A batch whose signature is no signature at all."""
    return device.batch()[0], "00", ""


def of_another(device: Device) -> Sent:
    """A batch of a device that is enrolled, brought in another one's name."""
    return changed(device, device="dev2")


def of_another_township(device: Device) -> Sent:
    """A batch that was meant for another township."""
    return changed(device, township=ELSEWHERE)


def of_another_epoch(device: Device) -> Sent:
    """A batch of another life of the same device."""
    return changed(device, epoch=2)


def of_the_future(device: Device) -> Sent:
    """A batch of a version that is yet to come."""
    return changed(device, v=messages.VERSION + 1)


def too_many(device: Device) -> Sent:
    """A batch of more entries than one may hold."""
    return changed(device, n=messages.MOST_ENTRIES + 1)


def no_batch(_device: Device) -> Sent:
    """Bytes that are nothing."""
    return b"\x00\xff", "", ""


def no_json(_device: Device) -> Sent:
    """A header that is no message of this protocol."""
    return b'{"v":1,"township":"990101"}\n', "", ""


def broken(device: Device) -> Sent:
    """A compressed body that was cut."""
    body, signature = device.batch()
    return zstandard.compress(body)[:-9] + b"\x07" * 9, signature, "zstd"


def strangely_packed(device: Device) -> Sent:
    """A compression that is not spoken here."""
    return (*device.batch(), "br")


def oversized(_device: Device) -> Sent:
    """More than is taken at once."""
    return b"x" * (messages.MOST_BYTES + 1), "", ""


def zstd_bomb(_device: Device) -> Sent:
    """A gigabyte in a few kilobytes."""
    packer = zstandard.ZstdCompressor(level=19).compressobj()
    return b"".join([*(packer.compress(bytes(1 << 20)) for _ in range(64)), packer.flush()]), "", "zstd"


def gzip_bomb(_device: Device) -> Sent:
    """The same by the other way of packing."""
    return gzip.compress(bytes(64 << 20), 9), "", "gzip"


REFUSED = [
    (forged, "signature"), (unsigned, "signature"), (of_another, "addressed"), (of_another_township, "addressed"),
    (of_another_epoch, "addressed"), (of_the_future, "version"), (too_many, "malformed"), (no_batch, "malformed"),
    (no_json, "malformed"), (broken, "malformed"), (strangely_packed, "encoding"), (oversized, "too-large"),
    (zstd_bomb, "too-large"), (gzip_bomb, "too-large"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "code"), REFUSED, ids=lambda each: each.__name__ if callable(each) else "")
def test_what_is_not_the_installations_own(town: Town, make: Callable[[Device], Sent], code: str) -> None:
    device = town.device()
    town.device("XH02")
    device.weigh(5_00)
    body, signature, encoding = make(device)
    before = len(town.rows(t.audit))

    with pytest.raises(LedgerRefused) as refused:
        push.push(town.ledger, TOWNSHIP, device.name, 1, body, signature, encoding)

    assert refused.value.code == code
    (noted,) = [row for row in town.rows(t.audit) if row.act == "refused"]
    assert (noted.actor, noted.subject, len(town.rows(t.audit))) == (device.writer, code, before + 1)
    assert (town.rows(t.journal), town.rows(t.evidence), town.balances()) == ([], [], {})
    assert town.push(device).status is Status.OK


def test_a_device_that_nobody_knows(town: Town) -> None:
    stranger = Device("LT01", "stranger", 1)
    stranger.weigh(5_00)

    with pytest.raises(LedgerRefused, match="device-unknown"):
        town.push(stranger)

    assert [row.actor for row in town.rows(t.audit) if row.act == "refused"] == ["stranger.1"]


def test_a_township_that_is_not_there_keeps_no_audit(town: Town) -> None:
    device = town.device()
    with pytest.raises(LedgerRefused, match="device-unknown"):
        push.push(town.ledger, ELSEWHERE, device.name, 1, *device.batch(township=ELSEWHERE))


def test_one_townships_device_is_a_stranger_in_the_next(town: Town) -> None:
    townships.create(town.ledger, ELSEWHERE, "下一镇", 480, "op")
    device = town.device()
    device.weigh(5_00)

    with pytest.raises(LedgerRefused, match="device-unknown"):
        push.push(town.ledger, ELSEWHERE, device.name, 1, *device.batch(township=ELSEWHERE))

    assert [row.subject for row in town.rows(t.audit) if row.township == ELSEWHERE and row.act == "refused"] == [
        "device-unknown"
    ]


def grasping(device: Device) -> str:
    """Points taken from an account of the ledger's."""
    here, there = accounts.points(H1, device.writer), accounts.points(H1, LEDGER)
    device.move(Transfer(there, here, POINTS, 100), check=False)
    return "writer"


def giving(device: Device) -> str:
    """Points given to another household's account at the ledger."""
    device.weigh(5_00)
    device.move(Transfer(accounts.points(H1, device.writer), accounts.points(H2, LEDGER), POINTS, 100), check=False)
    return "writer"


def overspent(device: Device) -> str:
    """More points spent than there are."""
    device.weigh(5_00)
    device.spend(5_01, check=False)
    return "floor"


def mixed(device: Device) -> str:
    """An account that cannot hold what it is given."""
    issue, here = Account("issue", "weigh", device.writer), accounts.points(H1, device.writer)
    device.move(Transfer(issue, here, "cash", 5), check=False)
    return "transfer"


def misnumbered(device: Device) -> str:
    """A number left out inside the batch."""
    device.weigh(5_00)
    line = device.lines[0].replace(b'{"s":1,', b'{"s":3,')
    device.add(line)
    return "gap"


def not_canonical(device: Device) -> str:
    """White space that no terminal writes."""
    device.weigh(5_00)
    line = device.lines.pop().replace(b'"k":', b'"k": ')
    device.hashes.pop()
    device.add(line)
    return "form"


WRONG = [grasping, giving, overspent, mixed, misnumbered, not_canonical]


@pytest.mark.parametrize("make", WRONG, ids=lambda make: make.__name__)
def test_what_is_signed_and_cannot_be_posted_is_kept_as_evidence(town: Town, make: Callable[[Device], str]) -> None:
    device = town.device()
    code = make(device)
    body, signature = device.batch()

    answer = town.send(device, body, signature)
    again = town.send(device, body, signature)

    assert (answer.status, answer.code, answer.seq) == (Status.REJECTED, code, 0)
    assert (again.status, again.code) == (Status.REJECTED, code)
    assert (town.rows(t.journal), town.balances()) == ([], {})
    assert [(row.reason, row.batch, row.signature.hex()) for row in town.rows(t.evidence)] == [(code, body, signature)]
    assert [row.subject for row in town.rows(t.audit) if row.act == "rejected"] == [code]


def test_entries_that_the_header_does_not_cover(town: Town) -> None:
    device = town.device()
    device.weigh(5_00)
    body, signature = device.batch()

    answer = town.send(device, body.replace(b'"pt",500', b'"pt",900'), signature)

    assert (answer.status, answer.code) == (Status.REJECTED, "chain")
    assert town.balances() == {}


def test_a_batch_of_long_ago_changes_nothing_after_its_epoch_ended(town: Town) -> None:
    device = town.device()
    device.weigh(5_00)
    old = device.batch()
    town.send(device, *old)
    device.spend(2_00)
    town.push(device, 2)
    closing.close(town.ledger, TOWNSHIP, device.name, 1, "op", "lost")
    closing.release(town.ledger, TOWNSHIP, device.name, 1, "op", "lost")
    before = town.balances()

    answer = town.send(device, *old)

    assert (answer.status, answer.seq) == (Status.OK, 2)
    assert town.balances() == before


@pytest.fixture
async def http(town: Town) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application."""
    transport = httpx.ASGITransport(app=app.create(town.ledger))
    async with httpx.AsyncClient(transport=transport, base_url="http://ledger") as found:
        yield found


async def test_the_same_over_http(town: Town, http: httpx.AsyncClient) -> None:
    device = town.device()
    device.weigh(5_00)
    path = f"/v1/townships/{TOWNSHIP}/devices/{device.name}/epochs/1/entries"
    body, signature = device.batch()

    async def status(content: bytes, encoding: str, signed: str = signature) -> tuple[int, str]:
        headers = {messages.SIGNATURE: signed, "Content-Encoding": encoding}
        answer = await http.post(path, content=content, headers=headers)
        return answer.status_code, str(codec.loads(answer.content)["code"])

    assert await status(b"x" * (messages.MOST_BYTES + 1), "") == (413, "too-large")
    assert await status(*zstd_bomb(device)[::2]) == (413, "too-large")
    assert await status(zlib.compress(body), "gzip") == (422, "malformed")
    assert await status(body, "", "00" * 64) == (422, "signature")
    assert await status(zstandard.compress(body), "zstd") == (200, "")
    noted = [row.subject for row in town.rows(t.audit) if row.act == "refused"]
    assert sorted(noted) == ["malformed", "signature", "too-large", "too-large"]


async def test_the_answer_over_http_is_signed_for_this_request(town: Town, http: httpx.AsyncClient) -> None:
    device = town.device()
    device.weigh(5_00)
    body, signature = device.batch()
    path = f"/v1/townships/{TOWNSHIP}/devices/{device.name}/epochs/1/entries"

    answer = await http.post(path, content=body, headers={messages.SIGNATURE: signature})

    proof = bytes.fromhex(answer.headers[messages.SIGNATURE])
    assert signing.signed(signing.ANSWER, answer.content, proof, town.ledger.public_key)
