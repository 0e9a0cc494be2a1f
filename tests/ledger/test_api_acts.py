"""Feeds and operators' acts over HTTP: who may, what is answered, and that bad input is a refusal with a code."""

from collections.abc import AsyncIterator

import httpx
import pytest

from pos.core import codec
from pos.ledger import app, keys
from pos.ledger.refusals import Forbidden
from pos.ledger.service import Ledger
from pos.wire import messages, signing
from pos.wire.feeds import GrantsPage, ReferencePage
from pos.wire.reference import Recall
from tests.ledger.test_awards import sheet
from tests.ledger.till import Till
from tests.ledger.town import H1, TOWNSHIP, Town

BASE = f"/v1/townships/{TOWNSHIP}"
PEOPLE = {"token-op": ("op", "operator"), "token-clerk": ("clerk", "clerk"), "token-group": ("group", "assessor")}


def known(_ledger: Ledger, _township: str, token: str, roles: tuple[str, ...]) -> str:
    """Whose token it is."""
    name, role = PEOPLE.get(token, ("", ""))
    if role not in roles:
        raise Forbidden("token")
    return name


def client(town: Town, *, operators: bool) -> httpx.AsyncClient:
    """A client of the application."""
    served = app.create(town.ledger)
    if operators:
        served.state.operators = known
    transport = httpx.ASGITransport(app=served, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://ledger")


@pytest.fixture
async def http(town: Town) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application, where operators are known."""
    async with client(town, operators=True) as found:
        yield found


def as_(name: str) -> dict[str, str]:
    """A token's header."""
    return {"Authorization": f"Bearer token-{name}"}


async def test_a_terminal_pulls_both_feeds_with_its_own_token(town: Town, http: httpx.AsyncClient) -> None:
    till = Till(town, town.device())
    bearer = {"Authorization": f"Bearer {keys.token(town.ledger.key, TOWNSHIP, till.writer)}"}
    here = f"{BASE}/devices/{till.device.name}/epochs/1"
    for path, kind in (("grants", GrantsPage), ("reference", ReferencePage)):
        answer = await http.get(f"{here}/{path}", headers=bearer)
        assert answer.status_code == 200
        signature = bytes.fromhex(answer.headers[messages.SIGNATURE])
        assert signing.signed(signing.ANSWER, answer.content, signature, town.ledger.public_key)
        assert messages.loads(kind, answer.content)
        for header in ({}, as_("op"), {"Authorization": "Bearer"}):
            assert (await http.get(f"{here}/{path}", headers=header)).json()["code"] == "token"
    assert (await http.get(f"{here}/visitors/123412341234", headers=bearer)).json()["code"] == "card-unknown"
    assert (await http.post(f"{here}/reminder", headers=bearer, content=b"{}")).json()["code"] == "malformed"


async def test_nobody_acts_where_no_operators_are_known(town: Town) -> None:
    async with client(town, operators=False) as nobody:
        answer = await nobody.put(f"{BASE}/rights/cap", json={"points": 1}, headers=as_("op"))
    assert (answer.status_code, answer.json()["code"]) == (403, "token")


async def test_a_village_gets_its_people_its_cards_and_its_awards(town: Town, http: httpx.AsyncClient) -> None:
    village = {"village": H1[:12], "name": "柳塘村"}
    assert (await http.put(f"{BASE}/villages", json=[village], headers=as_("op"))).status_code == 204
    people = sheet(("户号", "户主", "村民小组", "人口"), (H1, "孙珍兰", "第1村民小组", 4))
    assert (await http.post(f"{BASE}/household-sheets", content=people, headers=as_("op"))).json() == []
    card = (await http.post(f"{BASE}/households/{H1}/cards", json={}, headers=as_("clerk"))).json()
    assert card["qr"].startswith(f"H1{card['card']}")
    assert (await http.put(f"{BASE}/cards/{card['card']}/lost", headers=as_("clerk"))).status_code == 204
    assert (await http.post(f"{BASE}/award-schemes/three", headers=as_("op"))).json() == 21
    facts = {"batch": "b1", "village": H1[:12], "period": "2026-01", "title": "考评", "meeting": "联席会"}
    rows = sheet(("户号", "事项"), (H1, "Z01"))
    bad = await http.post(
        f"{BASE}/award-sheets", params=facts, content=sheet(("户号", "事项"), (H1, "Z99")), headers=as_("group")
    )
    assert bad.json() == [{"row": 2, "code": "item-unknown", "text": "Z99"}]
    assert (await http.post(f"{BASE}/award-sheets", params=facts, content=rows, headers=as_("group"))).json() == []
    here = f"{BASE}/award-batches/b1"
    assert (await http.post(f"{here}/steps/review", headers=as_("clerk"))).status_code == 204
    assert (await http.post(f"{here}/publish", params={"days": 0}, headers=as_("clerk"))).status_code == 204
    assert (await http.post(f"{here}/steps/effective", headers=as_("clerk"))).status_code == 204
    assert (await http.post(f"{here}/grant", headers=as_("clerk"))).json()["code"] == "token"
    assert (await http.post(f"{here}/grant", headers=as_("op"))).json() == 1
    assert (await http.post(f"{here}/grant", headers=as_("op"))).json()["code"] == "batch-state"
    (batch,) = (await http.get(f"{BASE}/award-batches", headers=as_("op"))).json()
    assert (batch["state"], batch["objection_days"]) == ("granted", 0)
    assert (await http.get(f"{here}/board", headers=as_("op"))).json()[0]["name"] == "孙*兰"


async def test_the_catalogue_takes_canonical_facts(town: Town, http: httpx.AsyncClient) -> None:
    of = codec.dumps(codec.plain(Recall("g001", "20260105", "unsafe")))
    assert (await http.put(f"{BASE}/catalogue/recall", content=of, headers=as_("op"))).status_code == 204
    assert (await http.put(f"{BASE}/catalogue/recall", content=of + b" ", headers=as_("op"))).json()[
        "code"
    ] == "malformed"
    assert (await http.get(f"{BASE}/catalogue/good", headers=as_("op"))).json() == {}
    assert town


async def test_rights_are_governed_and_bad_figures_refused(town: Town, http: httpx.AsyncClient) -> None:
    till = Till(town, town.device())
    here = f"{BASE}/devices/{till.device.name}/epochs/1"
    assert (await http.put(f"{BASE}/rights/cap", json={"points": 50_00}, headers=as_("op"))).status_code == 204
    assert (await http.put(f"{BASE}/rights/cap", json={"points": -1}, headers=as_("op"))).json()["code"] == "malformed"
    assert (await http.put(f"{BASE}/households/{H1}/kept", json={"points": 5}, headers=as_("op"))).status_code == 204
    held = await http.post(f"{BASE}/households/{H1}/points/hold", json={"points": 5, "reason": "x"}, headers=as_("op"))
    assert (held.status_code, held.json()["code"]) == (409, "points-not-here")
    assert (
        await http.post(f"{here}/close", json={"reason": "lost"}, headers=as_("op"))
    ).json() == f"{till.device.name}.2"
    assert (await http.post(f"{here}/release", json={"reason": "paper"}, headers=as_("op"))).json() == 0
    assert (await http.post(f"{here}/resume", json={"reason": "x"}, headers=as_("op"))).json()["code"] == "epoch-closed"
