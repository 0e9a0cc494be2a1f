"""The receipt check as a villager sees it, in a real browser at a telephone's width, and the notice for the board."""

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from babel.messages.pofile import read_po
from sqlalchemy import update

from pos import i18n
from pos.core import journal
from pos.core.reversal import Reverse
from pos.ledger import app, page, receipts
from pos.ledger import tables as t
from pos.ledger.receipts import Verdict
from pos.wire import merkle
from tests.ledger.served import serving
from tests.ledger.town import H1, Device, Town

CHROMIUM = shutil.which("chromium")
PHONE = (390, 844)


def paper(device: Device, seq: int) -> tuple[str, str]:
    """What stands on an entry's paper: number and check code."""
    number = journal.number(device.store, device.name, device.epoch, seq)
    return number, journal.check_code(device.hashes[seq])


@pytest.fixture
def device(town: Town) -> Device:
    """An installation that has synced a weigh-in and a redemption, and has one more entry."""
    device = town.device()
    device.weigh(12_34)
    device.spend(5_00)
    town.push(device)
    device.weigh(1_00)
    return device


@pytest.fixture
def site(town: Town) -> Iterator[str]:
    """Where the application is served, on this machine only."""
    with serving(app.create(town.ledger)) as address:
        yield address


@pytest.fixture
def browse(tmp_path: Path) -> Callable[..., str]:
    """Open an address in a headless browser; with a path a picture is taken, otherwise the page itself is answered."""

    def run(address: str, picture: Path | None = None, language: str = "zh-CN") -> str:
        assert CHROMIUM
        asked = f"--screenshot={picture}" if picture else "--dump-dom"
        size = f"--window-size={PHONE[0]},{PHONE[1]}"
        options = (
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            f"--accept-lang={language}",
            size,
        )
        command = [CHROMIUM, *options, f"--user-data-dir={tmp_path / 'browser'}", asked, address]
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout

    return run


def test_every_message_of_the_pages_is_said() -> None:
    folder = Path(page.__file__).parent
    sources = [folder / "page.py", *(folder / "templates").glob("*.html")]
    said = " ".join(source.read_text(encoding="utf-8") for source in sources)
    with (i18n.LOCALE / "en" / "LC_MESSAGES" / "pos.po").open("rb") as texts:
        known = {str(each.id).removeprefix("page.") for each in read_po(texts) if str(each.id).startswith("page.")}
    verdicts = {f"{why}{verdict}" for verdict in Verdict for why in ("", "why-")}
    assert not {name for name in known - verdicts if f"'{name}'" not in said and f'"page.{name}"' not in said}
    assert verdicts <= known


def test_a_synced_receipt_is_genuine_and_proven(town: Town, device: Device) -> None:
    checked = receipts.check(town.ledger, *paper(device, 2))
    stated = checked.stated
    assert stated is not None
    assert (checked.verdict, stated.kind, stated.store, stated.points, stated.cash) == (
        Verdict.GENUINE,
        "redeem",
        "LT01",
        -5_00,
        0,
    )
    inclusion, checkpoint = stated.proof.inclusion, stated.proof.checkpoint
    leaf = merkle.leaf(device.hashes[2])
    hashes = [bytes.fromhex(each) for each in inclusion.proof]
    assert merkle.included(leaf, inclusion.place, checkpoint.size, hashes, bytes.fromhex(checkpoint.root))
    assert H1 not in repr(checked)


def test_a_code_counts_however_it_is_typed(town: Town, device: Device) -> None:
    number, code = paper(device, 1)
    typed = code.replace("-", "").replace("0", "o").replace("1", "l").lower()
    assert receipts.check(town.ledger, number.lower(), typed).verdict is Verdict.GENUINE


def test_what_else_is_said_of_a_paper(town: Town, device: Device) -> None:
    number, code = paper(device, 1)

    def verdict(number: str, code: str) -> Verdict:
        return receipts.check(town.ledger, number, code).verdict

    assert verdict(*paper(device, 3)) is Verdict.WAITING
    assert verdict(number, "0000-0000-00") is Verdict.ALTERED
    assert verdict(paper(device, 2)[0], code) is Verdict.ALTERED
    for other in ("XH02-DEV1.1-1", "LT01-DEV9.1-1", "LT01-DEV1.2-1", "LT01-DEV1.1-0", "nonsense", "\x00", ""):
        assert verdict(other, code) is Verdict.UNKNOWN, other


def test_a_paper_of_a_copied_disk_is_told_from_the_true_one(town: Town, device: Device) -> None:
    clone = device.clone()
    clone.spend(2_00)
    device.spend(1_00)
    town.push(device, first=3)
    town.push(clone, first=3)
    assert receipts.check(town.ledger, *paper(device, 4)).verdict is Verdict.GENUINE
    assert receipts.check(town.ledger, *paper(clone, 4)).verdict is Verdict.COPIED


def test_a_reversed_entry_and_a_late_one_say_so(town: Town, device: Device) -> None:
    device.move(kind=Reverse.KIND, household=H1, ref=2)
    town.push(device, first=3)
    stated = receipts.check(town.ledger, *paper(device, 2)).stated
    assert stated
    assert (stated.reversed, stated.posted) == (True, True)
    town.set_state(device, "released")
    device.weigh(1_00)
    town.push(device, first=5)
    late = receipts.check(town.ledger, *paper(device, 5)).stated
    assert late
    assert (late.reversed, late.posted) == (False, False)


def test_a_ledger_that_was_tampered_with_does_not_vouch(town: Town, device: Device, engine: str) -> None:
    guard = {"sqlite": "journal_no_update", "postgresql": "journal_append_only ON journal"}[engine]
    town.ledger.act(town.township, lambda act: act.connection.exec_driver_sql(f"DROP TRIGGER {guard}"))
    c = t.journal.c
    changed = device.lines[1].replace(b",500]", b",100]")
    here = update(t.journal).where(c.writer == device.writer, c.seq == 2).values(bytes=changed)
    town.ledger.act(town.township, lambda act: act.connection.execute(here))
    assert receipts.check(town.ledger, *paper(device, 2)).verdict is Verdict.UNPROVEN
    assert receipts.check(town.ledger, *paper(device, 1)).verdict is Verdict.GENUINE


@pytest.mark.skipif(CHROMIUM is None, reason="no browser: apt-get install chromium")
@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_telephone_shows_it(
    town: Town, device: Device, site: str, browse: Callable[..., str], tmp_path: Path
) -> None:
    number, code = paper(device, 1)
    shown = browse(f"{site}/R/{number}/{code}")
    assert 'data-verdict="genuine"' in shown
    said = re.sub(r"<style>.*?</style>|<[^>]+>|\s+", " ", shown, flags=re.S)
    for text in ("小票属实", number, "称重", "积分兑换超市 LT01", "2026-01-15", "+12.34 分", "1 / 2", "已列入存证日志"):
        assert text in said, text
    assert H1 not in shown
    browse(f"{site}/R/{number}/{code}", picture := tmp_path / "receipt.png")
    width, height = (int.from_bytes(picture.read_bytes()[at : at + 4]) for at in (16, 20))
    assert (width, height) == PHONE
    assert town


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_what_the_answers_are_like(town: Town, device: Device, site: str) -> None:
    number, code = paper(device, 1)
    async with httpx.AsyncClient(base_url=site) as http:
        genuine = await http.get(f"/R/{number}/{code}")
        policy = genuine.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "script" not in genuine.text
        assert (genuine.headers["x-content-type-options"], genuine.headers["cache-control"]) == ("nosniff", "no-store")
        for asked, language in (("en-GB,en;q=0.9", "en"), ("zh-TW", "zh-CN"), ("fr, *", "zh-CN"), ("", "zh-CN")):
            answer = await http.get(f"/R/{number}/{code}", headers={"Accept-Language": asked})
            assert f'<html lang="{language}">' in answer.text
        other = "Y" if code.endswith("Z") else "Z"
        for path, status, verdict in (
            (f"/R/{number}/{code[:-1]}{other}", 200, "altered"),
            ("/R/" + "/".join(paper(device, 3)), 200, "waiting"),
            (f"/R/LT01-NONE.1-1/{code}", 404, "unknown"),
            ("/R/%3Cb%3E%00/%F0%9F", 404, "unknown"),
        ):
            answer = await http.get(path)
            assert (answer.status_code, f'data-verdict="{verdict}"' in answer.text) == (status, True), path
            assert "<b>" not in answer.text
        told = (await http.get(f"/v1/receipts/{number}/{code}")).json()
        assert (told["verdict"], told["stated"]["points"]) == ("genuine", 12_34)
    assert town


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_the_notice_is_the_newest_checkpoint(town: Town, device: Device, site: str) -> None:
    async with httpx.AsyncClient(base_url=site) as http:
        sheet = (await http.get(f"/N/{town.township}")).text
        pinned = (await http.get(f"/v1/townships/{town.township}/checkpoint")).json()
        told = (await http.get(f"/v1/townships/{town.township}/notice")).json()
        assert (await http.get("/N/990199")).json()["code"] == "township-unknown"
    root = pinned["checkpoint"]["root"]
    assert " ".join(root[at : at + 4] for at in range(0, 64, 4)) in sheet
    assert (told["checkpoint"], "".join(told["root"])) == (pinned["checkpoint"], root)
    assert device


@pytest.mark.parametrize("wall", [-(2**62), 2**62])
@pytest.mark.parametrize("engine", ["sqlite"])
async def test_a_clock_that_is_nowhere_still_has_a_page(town: Town, site: str, wall: int) -> None:
    device = town.device()
    device.weigh(1_00)
    line = device.lines.pop()
    device.hashes.pop()
    device.add(re.sub(rb'"t":-?[0-9]+', b'"t":%d' % wall, line))
    town.push(device)
    async with httpx.AsyncClient(base_url=site) as http:
        answer = await http.get("/R/" + "/".join(paper(device, 1)))
    assert (answer.status_code, "genuine" in answer.text) == (200, True)
