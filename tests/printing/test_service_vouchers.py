"""Vouchers and the store's copy: papers of their own behind the receipt; awards, change and notes on it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from catalog.units import Fen, Points
from drivers.printer.document import Barcode, Cut, Document, Qr
from drivers.printer.job import receipt_job
from drivers.printer.profile import Columns, PrinterProfile
from pos.core import cards
from pos.core.receipts import News, Receipt, RedeemFacts
from pos.core.redemption import Note, Shortfall
from pos.core.reversal import ReversalReason
from pos.counter.redeem import redeem
from pos.counter.reverse import reverse
from pos.printing.wording import document
from tests.counter.village_policy import FROM, village, wanting
from tests.drivers.strict_reader import Reading, read
from tests.printing.day import COPY, EN, ZH
from tests.shop import Shop
from tests.storage.busy import seq_of

TOMORROW = FROM + timedelta(days=1)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Shop]:
    with village(tmp_path / "shop", sign_above=Points(20_00)) as shop:
        yield shop


def paper(receipt: Receipt, columns: Columns, *, copy: bool = False) -> Document:
    return document(receipt, ZH, COPY if copy else None, columns)


def came_out(made: Document, columns: Columns) -> Reading:
    job = receipt_job("R", made, PrinterProfile("folder:unused", columns, "gbk"))
    return read(job.data, dots=columns * 12, charset="gbk", double_byte=True)


@pytest.mark.parametrize("columns", [32, 48])
def test_a_voucher_is_cut_off_by_itself(served: Shop, columns: Columns) -> None:
    ticket = replace(wanting(served, "v01", "v11", slot=TOMORROW), lines=served.basket({"g001": 1}).lines)
    receipt = redeem(served.desk, served.by, ticket)
    assert isinstance(receipt.facts, RedeemFacts)
    made = paper(receipt, columns)
    reading = came_out(made, columns)
    assert reading.cuts == 3
    numbers = [each.number for each in receipt.facts.vouchers]
    assert [block.digits for block in made.blocks if isinstance(block, Barcode)] == numbers
    assert [block.data for block in made.blocks if isinstance(block, Qr)][1:] == numbers
    assert all(cards.is_number(number) for number in numbers)
    text = reading.text
    for said in ("服务券", "理发券", "柳塘理发店", "有效至", "预约日期", TOMORROW.isoformat(), "户号 0002 李*贵"):
        assert said in text
    assert "合计3种3件17.00分" in text.replace(" ", "")  # 2 for salt, 10 and 5 for the services
    assert "李兴贵" not in text


def test_a_copy_is_marked_on_every_paper(served: Shop) -> None:
    receipt = redeem(served.desk, served.by, wanting(served, "v01"))
    text = came_out(paper(receipt, 32, copy=True), 32).text
    assert text.count("重打印") == 4


def test_a_reversal_prints_no_voucher(served: Shop) -> None:
    receipt = redeem(served.desk, served.by, wanting(served, "v01"))
    back = reverse(served.desk, served.by, seq_of(receipt.slip.number), ReversalReason.CHANGED_MIND)
    made = paper(back, 32)
    assert sum(1 for block in made.blocks if isinstance(block, Cut)) == 1
    assert "理发券" in came_out(made, 32).text


@pytest.mark.parametrize("columns", [32, 48])
def test_a_dear_ticket_has_a_copy_for_the_store_to_be_signed(served: Shop, columns: Columns) -> None:
    cheap = redeem(served.desk, served.by, served.basket({"g013": 2}, of="0002"))
    assert came_out(paper(cheap, columns), columns).cuts == 1
    dear = came_out(paper(redeem(served.desk, served.by, served.basket({"g013": 3}, of="0002")), columns), columns)
    assert dear.cuts == 2
    assert "存根联" in dear.text
    assert "签字" in dear.text
    assert dear.text.count("户号 0002 李*贵") == 2


@pytest.mark.parametrize("columns", [32, 48])
def test_change_awards_and_a_child_alone(served: Shop, columns: Columns) -> None:
    ticket = served.basket({"g006": 1}, shortfall=Shortfall.CASH)
    receipt = redeem(served.desk, served.two, replace(ticket, given=Fen(60_00), note=Note.CHILD_ALONE))
    news = (News("本月考评", Points(12_00)), News("扣分", Points(-2_00)))
    reading = came_out(paper(replace(receipt, slip=replace(receipt.slip, news=news)), columns), columns)
    lines = ["".join(line.text.split()) for line in reading.lines]
    for said in ("现金补差53.00元", "收现金60.00元", "找零7.00元", "本月考评+12.00分", "扣分-2.00分", "儿童独自前来"):
        assert said in lines


def test_in_english(served: Shop) -> None:
    receipt = redeem(served.desk, served.by, wanting(served, "v01"))
    made = document(receipt, EN, None, 48)
    text = came_out(made, 48).text
    assert "Service voucher" in text
    assert "Valid until" in text
