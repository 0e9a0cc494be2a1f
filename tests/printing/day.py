"""Receipts of one day with the entries they came from, and their papers read back."""

import hashlib
import json
from dataclasses import dataclass

from drivers.printer.document import Document
from drivers.printer.job import receipt_job
from drivers.printer.profile import Charset, Columns, PrinterProfile
from pos import i18n
from pos.core.entries import Entry
from pos.core.receipts import Receipt
from pos.core.weigh_in import TareFrom
from pos.printing.wording import Copy
from pos.storage import books
from tests.drivers.strict_reader import Cut, Reading, read
from tests.shop import Shop, counted, typed, weighed

ZH, EN = i18n.load("zh_CN"), i18n.load("en")
COPY = Copy(2, "01", "2026-01-16 08:00:00")

MIXED = (
    weighed("p01", 18_300, 1_650, tare_from=TareFrom.PRESET, deduction=5),
    weighed("m04", 850),
    typed("m01", 12_455),
    counted("h01", 12),
    counted("s03", 37),
)


@dataclass(frozen=True)
class Written:
    """A receipt with the entry it came from, that entry's hash by our own reckoning, and the entry before it."""

    receipt: Receipt
    entry: Entry
    digest: bytes
    original: Entry | None = None


def number(receipt: Receipt) -> int:
    return int(receipt.slip.number.rsplit("-", 1)[1])


def written(shop: Shop, receipt: Receipt) -> Written:
    seq = number(receipt)
    with shop.desk.store.read() as connection:
        entry = books.read_entry(connection, seq)
        before, line = (
            connection.exec_driver_sql("SELECT hash, bytes FROM journal WHERE seq = ?", (at,)).one()
            for at in (seq - 1, seq)
        )
        ref = getattr(entry.body, "ref", None)
        original = books.read_entry(connection, ref) if ref else None
    digest = hashlib.sha256(b"\x01" + before.hash + len(line.bytes).to_bytes(4, "big") + line.bytes).digest()
    assert json.loads(line.bytes)["s"] == seq
    return Written(receipt, entry, digest, original)


def printed(paper: Document, columns: Columns, charset: Charset = "gbk", double_byte: bool = True) -> Reading:
    job = receipt_job("R", paper, PrinterProfile("folder:unused", columns, charset))
    assert job.data.startswith(b"\x1b@")
    reading = read(job.data, dots=columns * 12, charset=charset, double_byte=double_byte)
    assert reading.cuts == 1
    assert isinstance(reading.items[-1], Cut)
    assert reading.pulses == 0
    assert reading.questions == [b"\x1dr\x01"]
    return reading
