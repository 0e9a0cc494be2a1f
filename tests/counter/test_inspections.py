"""监督小组检查: what is drawn, what the record holds, and who signs it (domain reference 4.18)."""

from dataclasses import replace

import pytest

from catalog.units import Grams
from pos import i18n
from pos.core.entries import Signatures
from pos.core.inspection import (
    MOST_NOTE,
    Answer,
    Draft,
    Inspection,
    InspectionUnfinished,
    LoadSeen,
    NoteTooLong,
    Question,
    sample,
)
from pos.core.refusals import NotPermitted
from pos.counter import inspections, scales
from pos.counter.redeem import redeem
from pos.counter.weigh_in import weigh_in
from pos.printing.preview import preview
from pos.storage import books
from pos.storage import inspections as stored
from pos.storage.rows import digest
from pos.storage.verify import verify
from tests.shop import AUDITOR, Shop

AUDIT = Signatures(AUDITOR)


def answered(shop: Shop) -> Draft:
    """Everything looked at; one bag of salt too few, and the note says so."""
    draft = inspections.begin(shop.desk, AUDITOR)
    for question in Question:
        draft = draft.answering(question, Answer.YES)
    for ticket in draft.tickets:
        draft = draft.with_ticket(ticket.seq, Answer.YES)
    for shelf in draft.shelf:
        draft = draft.with_count(shelf.good, shelf.book, shelf.book - (shelf.good == "g001"))
    return replace(draft, load=LoadSeen("FS-1", Grams(5_000), Grams(5_050)), note="盐少一包，店员王玉兰已知")


def test_a_record(shop: Shop) -> None:
    weigh_in(shop.desk, shop.by, shop.bag())
    redeem(shop.desk, shop.by, shop.basket())
    draft = answered(shop)
    assert [each.seq for each in draft.tickets] == [21, 22]
    assert {each.good for each in draft.shelf} == {"g001", "g005", "g006", "g013", "g016", "g017"}
    sheet = inspections.sign(shop.desk, AUDIT, draft)
    with shop.desk.store.read() as connection:
        head = books.head(connection, shop.desk.store.installation).seq
        entry = books.read_entry(connection, head)
        line = next(line for seq, line, _ in books.lines(connection) if seq == head)
        row = connection.exec_driver_sql("SELECT note, salt FROM inspections").one()
    assert isinstance(entry.body, Inspection)
    assert entry.by == AUDIT
    assert entry.body.digest == digest([row.salt, row.note])
    assert "王" not in line.decode()
    text = "\n".join(preview(sheet, i18n.load("zh_CN"), 32))
    assert "盐少一包" in text
    assert "#21" in text
    assert verify(shop.folder).wrong is None


def test_the_note_can_be_erased(shop: Shop) -> None:
    inspections.sign(shop.desk, AUDIT, answered(shop))
    with shop.desk.store.write() as tx:
        seq = tx.head.seq
        assert stored.note(tx.connection, seq)
        tx.connection.exec_driver_sql("DELETE FROM inspections")
    with shop.desk.store.read() as connection:
        assert stored.note(connection, seq) == ""
        assert stored.newest(connection) == seq
    assert verify(shop.folder).wrong is None


def test_only_an_auditor_signs(shop: Shop) -> None:
    draft = answered(shop)
    for by in (shop.by, shop.two):
        with pytest.raises(NotPermitted):
            inspections.sign(shop.desk, by, draft)


def test_nothing_is_left_out(shop: Shop) -> None:
    weigh_in(shop.desk, shop.by, shop.bag())
    whole = answered(shop)
    for missing in (
        whole.answering(Question.FUND, Answer.OPEN),
        whole.with_ticket(21, Answer.OPEN),
        replace(whole, shelf=(replace(whole.shelf[0], counted=None), *whole.shelf[1:])),
        replace(whole, load=LoadSeen(), note=""),
    ):
        with pytest.raises(InspectionUnfinished) as found:
            inspections.sign(shop.desk, AUDIT, missing)
        assert found.value.fields == {"left": 1}
    inspections.sign(shop.desk, AUDIT, replace(whole, load=LoadSeen()))
    with pytest.raises(NoteTooLong):
        inspections.sign(shop.desk, AUDIT, replace(whole, note="字" * (MOST_NOTE + 1)))


def test_the_next_one_draws_from_what_came_since(shop: Shop) -> None:
    weigh_in(shop.desk, shop.by, shop.bag())
    inspections.sign(shop.desk, AUDIT, answered(shop))
    assert inspections.begin(shop.desk, AUDITOR).tickets == ()
    redeem(shop.desk, shop.by, shop.basket())
    assert [each.seq for each in inspections.begin(shop.desk, AUDITOR).tickets] == [23]


def test_a_record_is_no_check_of_a_scale(shop: Shop) -> None:
    inspections.sign(shop.desk, AUDIT, answered(shop))
    assert [each.scale.name for each in scales.standings(shop.desk).values()] == ["FS-1", "CT-1"]


def test_a_sample_is_drawn_by_the_seed_alone() -> None:
    every = range(100)
    first, again, other = sample(every, b"a"), sample(every, b"a"), sample(every, b"b")
    assert first == again != other
    assert len(set(first)) == 10
    assert list(first) == sorted(first)
    assert sample(range(3), b"a") == (0, 1, 2)
