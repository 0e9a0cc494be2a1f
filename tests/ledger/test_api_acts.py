"""Feeds and operators' acts over HTTP: who may, what is answered, and that bad input is a refusal with a code."""

from collections.abc import AsyncIterator

import httpx
import pytest

from catalog.goods import Good
from pos.core import codec
from pos.ledger import app, keys
from pos.wire import messages, signing
from pos.wire.feeds import GrantsPage, ReferencePage
from tests.ledger.office import open_office
from tests.ledger.test_awards import sheet
from tests.ledger.till import Till
from tests.ledger.town import H1, TOWNSHIP, Town

BASE = f"/v1/townships/{TOWNSHIP}"
GOOD = Good("g016", "食用油5升", "桶", ("6901234567892",), "syy", 1)


@pytest.fixture
async def http(town: Town) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application."""
    transport = httpx.ASGITransport(app=app.create(town.ledger), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://ledger") as found:
        yield found


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
        for header in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Bearer"}):
            assert (await http.get(f"{here}/{path}", headers=header)).json()["code"] == "token"
    assert (await http.get(f"{here}/visitors/123412341234", headers=bearer)).json()["code"] == "card-unknown"
    assert (await http.post(f"{here}/reminder", headers=bearer, content=b"{}")).json()["code"] == "malformed"


async def test_nobody_acts_without_a_token(http: httpx.AsyncClient) -> None:
    for header in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Basic b3A6b3A="}):
        answer = await http.put(f"{BASE}/rights/cap", json={"points": 1}, headers=header)
        assert (answer.status_code, answer.json()["code"]) == (401, "token")


async def test_a_village_gets_its_people_its_cards_and_its_awards(town: Town, http: httpx.AsyncClient) -> None:
    op, clerk, group = open_office(town, "op", "clerk", "group").values()
    village = {"village": H1[:12], "name": "柳塘村"}
    assert (await http.put(f"{BASE}/villages", json=[village], headers=op)).status_code == 204
    people = sheet(("户号", "户主", "村民小组", "人口"), (H1, "孙珍兰", "第1村民小组", 4))
    assert (await http.post(f"{BASE}/household-sheets", content=people, headers=op)).json() == []
    card = (await http.post(f"{BASE}/households/{H1}/cards", json={}, headers=clerk)).json()
    assert card["qr"].startswith(f"H1{card['card']}")
    assert (await http.put(f"{BASE}/cards/{card['card']}/lost", headers=clerk)).status_code == 204
    assert (await http.post(f"{BASE}/award-schemes/three", headers=op)).json() == 21
    facts = {"batch": "b1", "village": H1[:12], "period": "2026-01", "title": "考评", "meeting": "联席会"}
    rows = sheet(("户号", "事项"), (H1, "Z01"))
    bad = await http.post(
        f"{BASE}/award-sheets", params=facts, content=sheet(("户号", "事项"), (H1, "Z99")), headers=group
    )
    assert bad.json() == [{"row": 2, "code": "item-unknown", "text": "Z99"}]
    assert (await http.post(f"{BASE}/award-sheets", params=facts, content=rows, headers=group)).json() == []
    here = f"{BASE}/award-batches/b1"
    assert (await http.post(f"{here}/steps/review", headers=clerk)).status_code == 204
    assert (await http.post(f"{here}/publish", params={"days": 0}, headers=clerk)).status_code == 204
    assert (await http.post(f"{here}/steps/effective", headers=clerk)).status_code == 204
    assert (await http.post(f"{here}/grant", headers=clerk)).json()["code"] == "role"
    assert (await http.post(f"{here}/grant", headers=op)).json() == 1
    assert (await http.post(f"{here}/grant", headers=op)).json()["code"] == "batch-state"
    (batch,) = (await http.get(f"{BASE}/award-batches", headers=op)).json()["items"]
    assert (batch["state"], batch["objection_days"]) == ("granted", 0)
    assert (await http.get(f"{here}/board", headers=op)).json()[0]["name"] == "孙*兰"


async def test_the_catalogue_takes_facts_in_any_order(town: Town, http: httpx.AsyncClient) -> None:
    (op,) = open_office(town, "op").values()
    of = {"reason": "unsafe", "good": "g001", "batch": "20260105"}
    for body, status in ((of, 204), ({**of, "more": 1}, 422), ({**of, "batch": 1.5}, 422), ([[]], 422)):
        answer = await http.put(f"{BASE}/catalogue/recall", json=body, headers=op)
        assert answer.status_code == status
    assert (await http.get(f"{BASE}/catalogue/newest/good", headers=op)).json() == {}
    good = codec.plain(GOOD)
    assert (await http.put(f"{BASE}/catalogue/articles/good", json=good, headers=op)).status_code == 204
    found = (await http.get(f"{BASE}/catalogue/newest/good", headers=op)).json()
    assert found == {GOOD.code: codec.dumps(good).decode()}


async def test_rights_are_governed_and_bad_figures_refused(town: Town, http: httpx.AsyncClient) -> None:
    (op,) = open_office(town, "op").values()
    till = Till(town, town.device())
    here = f"{BASE}/devices/{till.device.name}/epochs/1"
    assert (await http.put(f"{BASE}/rights/cap", json={"points": 50_00}, headers=op)).status_code == 204
    assert (await http.put(f"{BASE}/rights/cap", json={"points": -1}, headers=op)).json()["code"] == "malformed"
    assert (await http.put(f"{BASE}/households/{H1}/kept", json={"points": 5}, headers=op)).status_code == 204
    held = await http.post(f"{BASE}/households/{H1}/points/hold", json={"points": 5, "reason": "x"}, headers=op)
    assert (held.status_code, held.json()["code"]) == (409, "points-not-here")
    assert (await http.post(f"{here}/close", json={"reason": "lost"}, headers=op)).json() == f"{till.device.name}.2"
    assert (await http.post(f"{here}/release", json={"reason": "paper"}, headers=op)).json() == 0
    assert (await http.post(f"{here}/resume", json={"reason": "x"}, headers=op)).json()["code"] == "epoch-closed"
