"""What villagers want and the store does not have: noted, in the monthly report, struck off (domain reference 2.8)."""

import pytest

from pos.core.acts import Act, ActCode
from pos.core.entries import Signatures
from pos.core.refusals import EntryUnknown, NotPermitted
from pos.core.sheets import Count
from pos.counter import wanted
from pos.reports import summary
from pos.reports.period import Period, Span
from pos.storage import books
from pos.storage.verify import verify
from tests.shop import AUDITOR, Shop


def test_a_wish_is_noted_counted_and_struck_off(shop: Shop) -> None:
    for words in ("针线盒", "电池", "针线盒"):
        wanted.note(shop.desk, shop.by, words)
    period = Period(Span.MONTH, shop.desk.today().replace(day=1))
    sheet = summary.sheet(shop.desk, shop.by, summary.read(shop.desk, period))
    (table,) = [table for table in sheet.tables if table.title == "report-asked"]
    assert table.rows == (("针线盒", Count(2)), ("电池", Count(1)))
    newest = wanted.wishes(shop.desk)
    assert [wish.words for wish in newest] == ["针线盒", "电池", "针线盒"]
    wanted.strike(shop.desk, shop.by, newest[1].seq)
    with pytest.raises(EntryUnknown):
        wanted.strike(shop.desk, shop.by, newest[1].seq)
    assert [wish.words for wish in wanted.wishes(shop.desk)] == ["针线盒", "针线盒"]
    assert verify(shop.folder).wrong is None


def test_the_words_are_not_in_the_journal(shop: Shop) -> None:
    wanted.note(shop.desk, shop.by, "针线盒")
    with shop.desk.store.read() as connection:
        entry = books.read_entry(connection, wanted.wishes(shop.desk)[0].seq)
    assert isinstance(entry.body, Act)
    assert (entry.body.code, entry.body.subject, entry.body.reason) == (ActCode.WANTED, "", "")


def test_an_auditor_notes_nothing(shop: Shop) -> None:
    with pytest.raises(NotPermitted):
        wanted.note(shop.desk, Signatures(AUDITOR), "针线盒")
