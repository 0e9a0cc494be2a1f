"""The API's description: what schemathesis makes of it is answered as described, and every answer has its words.

All its checks run, on requests that fit the description and on requests that do not, with real names and real tokens.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import schemathesis
import schemathesis.engine
from hypothesis import strategies
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events

from pos.ledger import app, award_items, cards, keys, operators, registry
from pos.ledger.registry import Resident
from tests.ledger.office import PASSWORD, open_office
from tests.ledger.served import serving
from tests.ledger.test_awards import sheet
from tests.ledger.town import H1, TOWNSHIP, Town

EXAMPLES = 1
MANY = {**dict.fromkeys(app.RATES, "1000000/minute"), "refused": "1/minute"}
"""Whoever asks so much is answered all the same."""
FURTHER = (
    "articles/[a-z]+|versions/[a-z]+|recall|enrolments|entries|reminder|log/[a-z]+|[a-z]+-sheets|award-items|operators"
    "|merge|split|forgiveness|epochs/[^/]+/cards"
)
FURTHER_RULES = ["2xx", "401", "403", "404", "409", "413", "422"]
"""What may be answered where more must hold than a description can say: figures that fit together, sizes reached."""
LISTS = [
    sheet(("编码", "行政村"), (H1[:12], "柳塘村")),
    sheet(("户号", "户主", "村民小组", "人口"), (H1, "孙珍兰", "第1村民小组", 4)),
    sheet(("户号", "事项"), (H1, "Z01")),
    b"PK\x03\x04 no sheet",
]
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def settled(town: Town) -> tuple[Town, dict[str, Any]]:
    """A township where most things have happened once, and how schemathesis is to ask about them."""
    office = open_office(town)
    other = operators.Actor("op-02", operators.Role.OPERATOR)
    operators.add(town.ledger, TOWNSHIP, other, PASSWORD, "op-01")
    spare = operators.log_in(town.ledger, TOWNSHIP, "op-02", PASSWORD).token
    registry.put_households(town.ledger, TOWNSHIP, [Resident(H1, "孙珍兰", "第1村民小组", 4, None)], "op-01")
    award_items.adopt(town.ledger, TOWNSHIP, "three", "op-01")
    card, qr = cards.issue(town.ledger, TOWNSHIP, H1, "op-01")
    device = town.device()
    device.weigh(12_00)
    device.spend(5_00)
    town.push(device)
    bearers = {
        "operator": office["op"]["Authorization"].removeprefix("Bearer "),
        "device": keys.token(town.ledger.key, TOWNSHIP, device.writer),
        "founder": operators.founder_token(town.ledger),
    }
    known = {"township": TOWNSHIP, "device": device.name, "epoch": 1, "household": H1, "card": card.number}
    return town, {
        "auth": {"openapi": {**{name: {"bearer": each} for name, each in bearers.items()}, "card": {"api_key": qr}}},
        "parameters": {f"path.{name}": value for name, value in known.items()},
        "operations": [
            # These end the token that they are asked with.
            *(
                {
                    "include-name": f"{what} /v1/townships/{{township}}/{where}",
                    "headers": {"Authorization": f"Bearer {spare}"},
                }
                for what, where in (("DELETE", "sessions"), ("PUT", "password"))
            ),
            {
                "include-path-regex": f"/({FURTHER})$",
                "checks": {"positive_data_acceptance": {"expected-statuses": FURTHER_RULES}},
            },
        ],
    }


@pytest.fixture(scope="module", autouse=True)
def _media() -> None:
    """Bodies that are no JSON: spreadsheets, real and not, and lines."""
    schemathesis.openapi.media_type(SPREADSHEET, strategies.sampled_from(LISTS))
    schemathesis.openapi.media_type("application/x-ndjson", strategies.binary(max_size=200))


def failures(address: str, config: Mapping[str, Any]) -> Iterator[str]:
    """What schemathesis finds, of all checks that it has."""
    generation = {"max-examples": EXAMPLES, "deterministic": True, "no-shrink": True, "mode": "all"}
    phases = {
        "examples": {"enabled": False},
        "coverage": {"unexpected-methods": ["PATCH"]},
        "stateful": {"enabled": False},
    }
    settings = {**config, "generation": generation, "phases": phases, "checks": {"enabled": True}, "workers": 1}
    schema = schemathesis.openapi.from_url(f"{address}/openapi.json", config=SchemathesisConfig.from_dict(settings))
    for event in schemathesis.engine.from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished) and event.status in (Status.FAILURE, Status.ERROR):
            for checks in event.recorder.checks.values():
                for check in checks:
                    if check.failure_info:
                        failure = check.failure_info.failure
                        yield f"{event.label}: {failure.title} {failure.message} {check.failure_info.code_sample}"
        if isinstance(event, events.NonFatalError | events.FatalError):
            yield str(event)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_schemathesis_finds_nothing(settled: tuple[Town, dict[str, Any]]) -> None:
    town, config = settled
    with serving(app.create(town.ledger, MANY)) as address:
        found = list(failures(address, config))
    assert not found, "\n".join(found)
