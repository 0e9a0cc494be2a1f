"""Requests that nobody should send: each is a 4xx with a code, words in both languages, and a line in the audit."""

import ast
import io
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import pos.ledger
from pos import i18n
from pos.ledger import app, award_items, cards, operators, refusals, registry
from pos.ledger import tables as t
from pos.ledger.registry import Resident
from tests.ledger.office import PASSWORD, open_office
from tests.ledger.test_awards import sheet
from tests.ledger.town import H1, TOWNSHIP, Town

BASE = f"/v1/townships/{TOWNSHIP}"
VILLAGE = H1[:12]
DEEP = b"[" * 100_000
LARGE = b"1" * 5_000
NUL, SURROGATE = '"a\\u0000b"', '"\\ud800"'


def served(town: Town, **rates: str) -> httpx.AsyncClient:
    """A client of the application, whose own errors are answers."""
    many = dict.fromkeys(app.RATES, "100000/minute")
    transport = httpx.ASGITransport(app=app.create(town.ledger, {**many, **rates}), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://ledger")


@pytest.fixture
async def http(town: Town) -> AsyncIterator[httpx.AsyncClient]:
    """A client that may ask as often as it likes."""
    async with served(town) as found:
        yield found


def refusals_noted(town: Town) -> list[tuple[str, str, str]]:
    """Township, what was asked for and why it was refused, of each refusal in the audit."""
    rows = [row for row in town.rows(t.audit) if row.act == "refused"]
    return [(row.township, row.subject, row.detail) for row in rows]


def codes() -> set[str]:
    """Every code that the ledger's sources refuse with, or find wrong in a list."""
    names = {name for name in vars(refusals) if isinstance(getattr(refusals, name), type)} | {"Problem"}
    found: set[str] = set()
    for path in Path(pos.ledger.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in names:
                texts = [each for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
                found |= {str(each.value) for each in texts[:1] if each.value}
    return found


def test_every_code_has_its_words() -> None:
    assert len(found := codes()) > 60
    for language in i18n.LANGUAGES:
        words = i18n.load(language)
        assert all(words(f"ledger.{code}") for code in found | {"not-found", "method", "unreadable", "malformed"})


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "unreadable"),
        (DEEP, 400, "unreadable"),
        (b"\xff\xfe", 400, "unreadable"),
        (b"[]", 422, "malformed"),
        (b'{"points": 1.5}', 422, "malformed"),
        (b'{"points": true}', 422, "malformed"),
        (b'{"points": "1"}', 422, "malformed"),
        (b'{"points": 1, "more": 1}', 422, "malformed"),
        (b'{"points": ' + b"9" * 400 + b"}", 422, "malformed"),
        (b'{"points": ' + LARGE + b"}", 400, "unreadable"),
        (b'{"points": -1}', 422, "malformed"),
        (b'{"points": NaN}', 422, "malformed"),
        (b" " * ((8 << 20) + 1), 413, "too-large"),
    ],
    ids=lambda value: str(value)[:24],
)
@pytest.mark.parametrize("engine", ["sqlite"])
async def test_bodies_that_are_not_what_they_must_be(
    town: Town, http: httpx.AsyncClient, body: bytes, status: int, code: str
) -> None:
    (op,) = open_office(town, "op").values()
    headers = {**op, "Content-Type": "application/json"}
    answer = await http.put(f"{BASE}/rights/cap", content=body, headers=headers)
    told = answer.json()
    assert (answer.status_code, told["code"]) == (status, code)
    assert told["message"]["zh"]
    assert told["message"]["en"]
    assert refusals_noted(town) == [(TOWNSHIP, "PUT /v1/townships/{township}/rights/cap", code)]


async def test_texts_that_no_database_takes(town: Town, http: httpx.AsyncClient) -> None:
    (op,) = open_office(town, "op").values()
    headers = {**op, "Content-Type": "application/json"}
    for text in (NUL, SURROGATE, '"\\u001b[2J"', '"' + "x" * 500 + '"', '" "', '""'):
        for path, body in (
            ("villages", f'[{{"village": "990101101400", "name": {text}}}]'),
            ("households", f'[{{"number": "{H1}", "head": {text}, "group": "1", "persons": 1}}]'),
            ("catalogue/articles/service", f'{{"code": "s1", "name": {text}, "provider": {text}, "cost_fen": 1}}'),
        ):
            answer = await http.put(f"{BASE}/{path}", content=body, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (422, "malformed"), (path, text)
    for path in ("%00", "%ED%A0%80", "x" * 5000, "..%2f..%2fetc", "%F0%9F"):
        answer = await http.get(f"{BASE}/award-batches/{path}/lines", headers=op)
        assert answer.status_code in (404, 422), path
        assert (await http.get(f"/v1/townships/{path}/checkpoint")).status_code in (404, 422)


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_sheets_that_are_none(town: Town, http: httpx.AsyncClient) -> None:
    (op,) = open_office(town, "op").values()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/workbook.xml", b"\x00" * (65 << 20))
    for data, code in (
        (b"", "sheet"),
        (b"PK\x03\x04", "sheet"),
        (packed.getvalue(), "too-large"),
        (b"\x00" * ((8 << 20) + 1), "too-large"),
        (sheet(("户号", "户主"), (H1, "孙珍兰")), "sheet-heading"),
    ):
        answer = await http.post(f"{BASE}/household-sheets", content=data, headers=op)
        assert answer.json()["code"] == code
    problems = await http.post(f"{BASE}/village-sheets", content=sheet(("编码", "行政村"), ("1", "x")), headers=op)
    assert problems.json() == [{"row": 2, "code": "village", "text": "1"}]


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_who_asks_too_often_is_refused_and_does_not_fill_the_audit(town: Town) -> None:
    async with served(town, read="5/minute", refused="3/minute") as http:
        told = [await http.get(f"{BASE}/checkpoint") for _ in range(12)]
    assert [answer.status_code for answer in told] == [200] * 5 + [429] * 7
    assert told[-1].json()["fields"] == {"seconds": 60}
    assert told[-1].headers["Retry-After"] == "60"
    assert len(refusals_noted(town)) == 3


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_addresses_and_methods_that_are_none(town: Town, http: httpx.AsyncClient) -> None:
    assert (await http.get("/v2/townships")).json()["code"] == "not-found"
    answer = await http.patch(f"{BASE}/sessions")
    assert (answer.status_code, answer.json()["code"], answer.headers["Allow"]) == (405, "method", "DELETE, POST")
    answer = await http.get(f"{BASE}/stores")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert town


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_a_clerk_acts_in_one_village(town: Town, http: httpx.AsyncClient) -> None:
    office = open_office(town, "op", "clerk", "foreign", "reader", "group")
    clerk, foreign = office["clerk"], office["foreign"]
    registry.put_households(town.ledger, TOWNSHIP, [Resident(H1, "孙珍兰", "第1村民小组", 4, None)], "op-01")
    award_items.adopt(town.ledger, TOWNSHIP, "three", "op-01")
    card = cards.issue(town.ledger, TOWNSHIP, H1, "op-01")[0].number
    people = [{"number": H1, "head": "孙珍兰", "group": "第1村民小组", "persons": 4}]
    batch: dict[str, Any] = {"batch": "b1", "village": VILLAGE, "period": "2026-01", "title": "考评", "meeting": "会"}
    batch["lines"] = [{"household": H1, "item": "Z01"}]
    asked: list[tuple[str, str, Any]] = [
        ("PUT", "households", people),
        ("PUT", f"households/{H1}/state", {"state": "away", "reason": "外出"}),
        ("GET", f"households/{H1}", None),
        ("GET", f"households/{H1}/statement", None),
        ("POST", f"households/{H1}/cards", {}),
        ("PUT", f"cards/{card}/lost", None),
        ("POST", "award-batches", batch),
        ("GET", f"households?village={VILLAGE}", None),
    ]
    for method, path, body in asked:
        answer = await http.request(method, f"{BASE}/{path}", json=body, headers=foreign)
        assert (answer.status_code, answer.json()["code"]) == (403, "village-foreign"), path
        if method != "GET":
            answer = await http.request(method, f"{BASE}/{path}", json=body, headers=office["reader"])
            assert answer.json()["code"] == "role"
    own = await http.post(f"{BASE}/award-batches", json=batch, headers=clerk)
    assert own.json() == []
    review = f"{BASE}/award-batches/b1/steps/review"
    assert (await http.post(review, headers=foreign)).json()["code"] == "village-foreign"
    assert (await http.post(review, headers=clerk)).json()["code"] == "same-person"
    listed = (await http.get(f"{BASE}/households", headers=clerk)).json()
    assert [(each["household"], each["name"]) for each in listed["items"]] == [(H1, "孙*兰"), (f"{H1[:-1]}2", "")]
    assert (await http.get(f"{BASE}/households", headers=foreign)).json() == {"items": [], "next": None}


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_the_holder_of_the_ledger_s_key_begins_a_township(town: Town, http: httpx.AsyncClient) -> None:
    body = {"township": "990102", "name": "杏花镇", "operator": "op-01", "password": PASSWORD}
    for token, status in (("", 401), ("x", 401), (operators.founder_token(town.ledger), 204)):
        answer = await http.post("/v1/townships", json=body, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == status
    there = "/v1/townships/990102"
    session = (await http.post(f"{there}/sessions", json={"name": "op-01", "password": PASSWORD})).json()
    bearer = {"Authorization": f"Bearer {session['token']}"}
    villages = [{"village": "990102101200", "name": "桃源村"}]
    assert (await http.put(f"{there}/villages", json=villages, headers=bearer)).status_code == 204
    store = {"store": "TY01", "village": "990102101200", "name": "积分兑换超市"}
    assert (await http.post(f"{there}/stores", json=store, headers=bearer)).status_code == 204
    assert len((await http.post(f"{there}/stores/TY01/codes", json={}, headers=bearer)).json()["code"]) == 14
    (found,) = (await http.get(f"{there}/stores", headers=bearer)).json()
    assert (found["store"], found["installations"], found["differences"]) == ("TY01", [], 0)
    assert (await http.get(f"{BASE}/stores", headers=bearer)).json()["code"] == "token"
    assert (await http.delete(f"{there}/sessions", headers=bearer)).status_code == 204
    assert (await http.get(f"{there}/stores", headers=bearer)).json()["code"] == "token"


async def test_lists_come_in_pages(town: Town, http: httpx.AsyncClient) -> None:
    (op,) = open_office(town, "op").values()
    residents = [Resident(f"{VILLAGE}{n:04d}", "孙珍兰", "第1村民小组", 4, None) for n in range(1, 8)]
    registry.put_households(town.ledger, TOWNSHIP, residents, "op-01")
    for path, wanted in (("households", 7), ("audit", len(town.rows(t.audit)))):
        seen: list[Any] = []
        after: str | None = ""
        while after is not None and len(seen) <= wanted:
            page = (await http.get(f"{BASE}/{path}", params={"limit": 2, "after": after}, headers=op)).json()
            seen, after = seen + page["items"], page["next"]
        assert len(seen) == wanted
        if path == "households":
            assert [each["household"] for each in seen] == [each.number for each in residents]


async def test_a_card_shows_its_own_household_and_no_name(town: Town, http: httpx.AsyncClient) -> None:
    registry.add_villages(town.ledger, TOWNSHIP, [(VILLAGE, "柳塘村")], "op-01")
    registry.put_households(town.ledger, TOWNSHIP, [Resident(H1, "孙珍兰", "第1村民小组", 4, None)], "op-01")
    card, qr = cards.issue(town.ledger, TOWNSHIP, H1, "op-01")
    device = town.device()
    device.weigh(12_34)
    device.spend(5_00)
    town.push(device)
    town.award(H1, 3_00)
    points = await http.get(f"{BASE}/own/points", headers={"X-Card": qr})
    assert points.json() == {"points": 10_34, "pending": 0, "aside": 0, "owed": 0}
    told = (await http.get(f"{BASE}/own/statement", headers={"X-Card": qr})).json()
    moved = sorted((each["kind"], each["store"], each["points"]) for each in told)
    assert moved == [("award", "", 3_00), ("redeem", "LT01", -5_00), ("weigh", "LT01", 12_34)]
    forged = qr[:-1] + ("0" if qr[-1] != "0" else "1")
    for shown in ("", card.number, forged, "H2" + qr[2:], qr.replace("H1", "H1\u00ff", 1)):
        answer = await http.get(f"{BASE}/own/points", headers={b"X-Card": shown.encode("latin-1")})
        assert (answer.status_code, answer.json()["code"]) == (401, "card-unknown")
    cards.report_lost(town.ledger, TOWNSHIP, card.number, "op-01")
    answer = await http.get(f"{BASE}/own/points", headers={"X-Card": qr})
    assert (answer.status_code, answer.json()["code"]) == (403, "card-lost")


PIECES = st.sampled_from(
    [
        b'"v":1',
        b'"v":2',
        b'"n":',
        b"9" * 30,
        b"-0",
        b"1e5",
        b"\\u0000",
        b"\\ud800",
        b"\x00",
        b"\n",
        b"\n\n",
        b"{}",
        b"]",
    ]
)


@st.composite
def mangled(draw: st.DrawFn, body: bytes) -> bytes:
    """A batch with pieces cut out, put in, repeated or overwritten."""
    found = bytearray(body)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(found)))
        end = draw(st.integers(start, min(start + 40, len(found))))
        found[start:end] = draw(st.one_of(PIECES, st.binary(max_size=12), st.just(bytes(found[start:end]) * 2)))
    return bytes(found)


async def test_no_batch_makes_a_500(town: Town, http: httpx.AsyncClient) -> None:
    device = town.device()
    device.weigh(12_00)
    device.spend(5_00)
    body, signature = device.batch()
    path = f"{BASE}/devices/{device.name}/epochs/1/entries"
    answers: list[tuple[bytes, str, str]] = []

    @settings(max_examples=60, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(
        mangled(body),
        st.sampled_from([signature, "", "00" * 64, "\u00ff"]),
        st.sampled_from(["", "zstd", "gzip", "br"]),
    )
    def gather(sent: bytes, signed: str, encoding: str) -> None:
        packed = zstandard.compress(sent) if encoding == "zstd" else sent
        answers.append((packed, signed, encoding))

    gather()
    for sent, signed, encoding in answers:
        headers = {b"X-Signature": signed.encode("latin-1"), b"Content-Encoding": encoding.encode()}
        answer = await http.post(path, content=sent, headers=headers)
        assert answer.status_code in (200, 404, 409, 413, 422), (sent, answer.text)
        assert answer.status_code == 200 or answer.json()["code"] or answer.json()["status"]
    assert {row.writer for row in town.rows(t.journal)} <= {device.writer}
