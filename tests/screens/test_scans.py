"""What becomes of a scan on its way to the screen: each scanner's settings, labels of a scale, a card left lying."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from textual.events import Paste

from drivers.events import Scanned
from drivers.scanner.gs1 import with_check_digit
from pos.storage import rows
from pos.storage import tables as t
from pos.tui.messages import DeviceEvent
from pos.tui.screens.redeem import RedeemScreen
from tests.screens.conftest import SETTINGS, Till, opened_till
from tests.shop import Shop

MEAT = with_check_digit("210001200000")
SOLD = """
scanner_aim = "require"
scale_labels = ["21IIIIIWWWWWC"]
[[scanners]]
name = "SC-1"
url = "socket://127.0.0.1:1"
aim = "off"
"""


def label(shop: Shop) -> None:
    """The salt has a number on the scale, too."""
    with shop.desk.store.write() as tx:
        rows.save(tx.connection, t.barcodes, [{"barcode": MEAT, "good": "g001"}])


@pytest.fixture
async def strict(tmp_path: Path) -> AsyncIterator[Till]:
    """A till whose typing scanner sends AIM identifiers, with a keeper logged in."""
    async with opened_till(tmp_path / "store", settings=SETTINGS + SOLD, prepare=label) as till:
        await till.sign_in()
        yield till


async def redeeming(till: Till) -> RedeemScreen:
    await till.scan("]C0" + till.cards["0042"][2:14])
    await till.comes("household")
    await till.press("f2")
    await till.comes("redeem")
    await till.idle()
    screen = till.app.screen
    assert isinstance(screen, RedeemScreen)
    return screen


def pieces(screen: RedeemScreen) -> dict[str, int]:
    return {line.good: line.quantity for line in screen.draft.lines}


async def test_each_scanner_has_its_own_setting(strict: Till) -> None:
    await strict.scan(strict.cards["0042"])
    await strict.says("scan.aim-missing")

    strict.app.post_message(DeviceEvent(Scanned("SC-1", "]Q1" + strict.cards["0042"], 10.0)))
    await strict.says("scan.form")
    strict.app.post_message(DeviceEvent(Scanned("SC-1", strict.cards["0042"], 11.0)))
    await strict.comes("household")


async def test_a_label_that_says_a_weight_is_refused_with_the_goods_name(strict: Till) -> None:
    screen = await redeeming(strict)
    await strict.scan("]E0" + with_check_digit("210001200532"))
    await strict.says("refused.sold-by-piece", item="食盐 400g")
    await strict.scan("]E0" + with_check_digit("210999900532"))
    await strict.says("refused.good-unknown", text="")

    assert pieces(screen) == {}


async def test_a_label_or_element_string_without_a_weight_is_a_piece(strict: Till) -> None:
    screen = await redeeming(strict)
    await strict.scan("]E0" + MEAT, "]C1" + "0102900000000018" + "15270131")
    await strict.until(lambda: pieces(screen) == {"g001": 2})


async def test_a_card_left_lying_is_said(serving: Till) -> None:
    for tick in range(40):
        serving.app.heard(serving.cards["0042"], 100 + tick / 10, "SC-1")
    await serving.says("scanned.lying")


async def test_a_pasted_scan_may_have_the_prefix(serving: Till) -> None:
    serving.app.expect_prefix("~")
    serving.app.post_message(Paste(f"~{serving.cards['0042']}\r"))
    await serving.comes("household")
