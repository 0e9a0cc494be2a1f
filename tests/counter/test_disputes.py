"""重量异议: both readings are kept, an auditor alone closes it, and nobody can take it away."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from catalog.units import Grams
from pos.core import entries
from pos.core.codec import CodecError
from pos.core.disputes import HEAVIEST, Compared, Dispute, DisputeClosed, DisputeUnknown, Outcome
from pos.core.entries import Signatures
from pos.core.refusals import (
    EntryUnknown,
    HouseholdUnknown,
    MaterialUnknown,
    NotPermitted,
    OverMaximum,
    Refused,
    WrongScale,
)
from pos.core.sheets import Fact, Label, Mass, Sheet
from pos.counter import disputes, scales
from pos.counter.weigh_in import weigh_in
from pos.storage import books, jobs
from pos.storage.disputes import Tally, tally
from pos.storage.verify import verify
from tests.shop import AUDITOR, CLERK, START, Shop, weighed
from tests.storage.busy import seq_of
from tests.storage.contents import contents

AUDIT = Signatures(AUDITOR)


def weigh_ticket(shop: Shop) -> int:
    return seq_of(
        weigh_in(shop.desk, shop.by, shop.bag(weighed("p01", 18_650, 350), weighed("m01", 12_450))).slip.number
    )


def case(shop: Shop, ref: int | None = None) -> Dispute:
    return Dispute(shop.household("0042"), ref, "p01", "FS-1", Grams(18_650), Grams(19_100), Compared.FAIR_SCALE)


def recorded(shop: Shop, ref: int | None = None, by: Signatures | None = None) -> int:
    return seq_of(disputes.record(shop.desk, by or shop.by, case(shop, ref)).number)


def facts(sheet: Sheet) -> dict[str, object]:
    return {fact.label: fact.cell for fact in sheet.facts}


def refused(shop: Shop, dispute: Dispute) -> Refused:
    before = contents(shop.desk.store)
    with pytest.raises(Refused) as found:
        disputes.record(shop.desk, shop.by, dispute)
    assert contents(shop.desk.store) == before
    return found.value


def test_both_readings_and_how_the_scale_stands(shop: Shop) -> None:
    evidence = weighed("p01", 20_000).evidence
    scales.check(shop.desk, shop.by, Grams(20_000), Grams(20_000), evidence)
    ref = weigh_ticket(shop)
    sheet = disputes.record(shop.desk, shop.by, case(shop, ref))
    said = facts(sheet)
    assert (said["own-reading"], said["other-reading"]) == (Mass(Grams(18_650)), Mass(Grams(19_100)))
    assert said["difference"] == Mass(Grams(450))
    assert (said["tag"], said["of-receipt"]) == (sheet.number.rpartition("-")[2], str(ref))
    assert (said["scale"], said["verified-until"]) == ("FS-1", "2026-09-30")
    assert (said["last-check"], said["check-said"]) == ("2026-01-15", Label("passed"))
    assert sheet.signatures == ("household", "keeper", "auditor")
    with shop.desk.store.read() as connection:
        entry = books.read_entry(connection, seq_of(sheet.number))
        assert [job.paper for job in jobs.of_entry(connection, entry.seq)] == [sheet]
    assert (entry.body, entry.transfers, entry.household) == (case(shop, ref), (), shop.household("0042"))
    assert verify(shop.folder).wrong is None


def test_before_anything_was_written_and_a_scale_never_checked(shop: Shop) -> None:
    unmarked = replace(shop.desk.scales["FS-1"], verified_until=None)
    shop.desk = replace(shop.desk, scales={"FS-1": unmarked})
    sheet = disputes.record(shop.desk, AUDIT, case(shop))
    for label in ("of-receipt", "verified-until", "last-check"):
        assert Fact(label, Label("none")) in sheet.facts


def test_what_may_be_doubted_of_a_ticket(shop: Shop) -> None:
    found = disputes.doubted(shop.desk, weigh_ticket(shop))
    assert (found.materials, found.scales, found.own) == ((("p01", "黄板纸"), ("m01", "废铁")), ("CT-1", "FS-1"), None)
    one = seq_of(weigh_in(shop.desk, shop.by, shop.bag(weighed("p01", 18_650, 350))).slip.number)
    assert disputes.doubted(shop.desk, one).own == Grams(18_650)
    assert (one_of := disputes.doubted(shop.desk, one)).household == shop.household("0042")
    assert one_of.ref == one
    assert len(disputes.unwritten(shop.desk, shop.household("0042")).materials) == 6
    with pytest.raises(EntryUnknown):
        disputes.doubted(shop.desk, 1)


def test_what_is_no_dispute(shop: Shop) -> None:
    ref = weigh_ticket(shop)
    good = case(shop, ref)
    assert isinstance(refused(shop, replace(good, household="9")), HouseholdUnknown)
    assert isinstance(refused(shop, replace(good, household=shop.household("0002"))), EntryUnknown)
    assert isinstance(refused(shop, replace(good, ref=1)), EntryUnknown)
    assert isinstance(refused(shop, replace(good, ref=9999)), EntryUnknown)
    assert isinstance(refused(shop, replace(good, material="l01")), EntryUnknown)
    assert isinstance(refused(shop, replace(good, material="x")), MaterialUnknown)
    assert isinstance(refused(shop, replace(good, scale="FS-9")), WrongScale)
    assert isinstance(refused(shop, replace(good, other=HEAVIEST + Grams(1))), OverMaximum)
    assert isinstance(refused(shop, replace(good, own=Grams(-1))), OverMaximum)


def test_an_auditor_alone_closes_it_once(shop: Shop) -> None:
    seq = recorded(shop)
    for by in (shop.by, shop.two, Signatures(CLERK)):
        with pytest.raises(NotPermitted):
            disputes.close(shop.desk, by, seq, Outcome.OURS_RIGHT)
    disputes.close(shop.desk, AUDIT, seq, Outcome.OTHER_RIGHT)
    with pytest.raises(DisputeClosed):
        disputes.close(shop.desk, AUDIT, seq, Outcome.WITHDRAWN)
    for nothing in (seq + 1, 1, 9999):
        with pytest.raises(DisputeUnknown):
            disputes.close(shop.desk, AUDIT, nothing, Outcome.AGREED)
    [line] = disputes.listed(shop.desk)
    assert (line.case.outcome, line.case.closed_by) == (Outcome.OTHER_RIGHT, AUDITOR)
    assert (line.time, line.household, line.material) == ("2026-01-15 06:42", "0042 张*英", "黄板纸")
    assert verify(shop.folder).wrong is None


def test_open_ones_first(shop: Shop) -> None:
    first, second, third = (recorded(shop) for _ in range(3))
    disputes.close(shop.desk, AUDIT, third, Outcome.AGREED)
    assert [line.case.seq for line in disputes.listed(shop.desk)] == [second, first, third]


def test_the_day_close_counts_them(shop: Shop) -> None:
    early = recorded(shop)
    with shop.desk.store.read() as connection:
        opened = books.head(connection, shop.desk.store.installation).seq
    recorded(shop)
    recorded(shop, by=AUDIT)
    disputes.close(shop.desk, AUDIT, early, Outcome.AGREED)
    with shop.desk.store.read() as connection:
        assert tally(connection, opened) == Tally(recorded=2, closed=1, still_open=2)
        assert tally(connection, 0) == Tally(recorded=3, closed=1, still_open=2)


def test_nothing_removes_it(shop: Shop) -> None:
    seq = recorded(shop)
    for statement in ("DELETE FROM journal WHERE seq = ?", "UPDATE journal SET kind = 'act' WHERE seq = ?"):
        with pytest.raises(IntegrityError, match="append only"), shop.desk.store.write() as tx:
            tx.connection.exec_driver_sql(statement, (seq,))
    assert [line.case.seq for line in disputes.listed(shop.desk)] == [seq]


def test_it_stands_in_the_journal_as_it_was(shop: Shop) -> None:
    seq = recorded(shop)
    with shop.desk.store.read() as connection:
        entry = books.read_entry(connection, seq)
    line = entries.encode(entry)
    assert entries.decode(line) == entry
    assert b'"own":18650,"other":19100,"compared":"fair-scale","code":"dispute"' in line
    with pytest.raises(CodecError):
        entries.decode(line.replace(b'"code":"dispute"', b'"code":"lookup"'))
    assert date(2026, 1, 15).isoformat() == disputes.listed(shop.desk)[0].time[:10]
    assert entry.at.wall == START
