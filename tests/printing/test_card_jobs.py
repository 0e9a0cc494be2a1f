"""A card printed at the counter: now or never, by two people, with a code that is stored nowhere."""

import pytest
import zxingcpp

from drivers.printer.raster import find_font
from drivers.simulated.printer import PrinterKind
from pos.core.cards import IdentityCheck
from pos.core.refusals import ApprovalNeeded, CardLost, CardReplaced, CardUnknown
from pos.counter import card_prints, cards
from pos.printing.loop import TOO_LATE
from pos.storage import jobs, registry
from pos.storage.jobs import JobState
from pos.storage.verify import verify
from tests.drivers.waiting import until
from tests.printing.pages import framed, raster
from tests.printing.test_loop import SHORT, printer, printing, rows, states
from tests.shop import Shop


def handed_out(shop: Shop) -> str:
    """A new card over the counter; what its code says."""
    number = shop.household("0042")
    cards.hand_out(shop.desk, shop.two, number, IdentityCheck.QUESTIONS)
    with shop.desk.store.read() as connection:
        return cards.qr_text(shop.desk, registry.cards_of(connection, number)[-1])


def test_it_comes_out_after_the_paper_to_sign(shop: Shop) -> None:
    code = handed_out(shop)
    with printer() as paper, printing(shop, paper.cable.url, font=find_font):
        until(lambda: states(shop) == ["confirmed"] * 2)
        assert "发卡登记单" in paper.texts[0]
        read = {found.text for found in zxingcpp.read_barcodes(framed(raster(paper.papers[1]), 20))}
    assert read == {code, code[2:14]}
    opened = cards.open_household(shop.desk, code)
    assert opened.household.short == "0042"
    assert verify(shop.folder).wrong is None


def test_what_it_says_is_in_no_file(shop: Shop) -> None:
    tag = handed_out(shop)[14:].encode()
    with shop.desk.store.write() as tx:
        assert len(jobs.waiting(tx.connection)) == 2
    assert not [path for path in shop.folder.iterdir() if tag in path.read_bytes()]


def test_a_printer_that_was_away_does_not_print_it_later(shop: Shop) -> None:
    with printer() as paper:
        paper.cable.unplug()
        handed_out(shop)
        with printing(shop, paper.cable.url, font=find_font):
            until(lambda: rows(shop)[0] == ("not_sent", "printer-unreachable"))
            shop.clock.advance(31_000)
            paper.cable.plug()
            until(lambda: rows(shop) == [("confirmed", ""), ("settled", TOO_LATE)])
        assert len(paper.papers) == 1


def test_nobody_is_asked_about_a_card(shop: Shop) -> None:
    card_prints.print_at_counter(shop.desk, shop.two, shop.cards["0042"].number)
    with shop.desk.store.write() as tx:
        [job] = jobs.waiting(tx.connection)
        jobs.mark(tx.connection, job.id, JobState.SENDING)
    with printer(PrinterKind(32, mute=True)) as paper, printing(shop, paper.cable.url, patience=SHORT, font=find_font):
        until(lambda: states(shop) == ["settled"])
        card_prints.print_at_counter(shop.desk, shop.two, shop.cards["0042"].number)
        until(lambda: states(shop) == ["settled", "settled"])


def test_a_card_replaced_meanwhile_is_not_printed(shop: Shop) -> None:
    card_prints.print_at_counter(shop.desk, shop.two, shop.cards["0042"].number)
    cards.issue(shop.desk, shop.two, [shop.household("0042")])
    with printer() as paper, printing(shop, paper.cable.url, font=find_font):
        until(lambda: rows(shop) == [("not_sent", "unprintable")])
        shop.clock.advance(31_000)
        until(lambda: rows(shop) == [("settled", TOO_LATE)])
        assert paper.papers == []


def test_no_font_to_draw_it_with(shop: Shop) -> None:
    card_prints.print_at_counter(shop.desk, shop.two, shop.cards["0042"].number)
    with printer() as paper, printing(shop, paper.cable.url):
        until(lambda: rows(shop) == [("not_sent", "font-missing")])
        assert paper.papers == []


def test_two_people_and_a_card_in_use(shop: Shop) -> None:
    number = shop.cards["0042"].number
    with pytest.raises(ApprovalNeeded):
        card_prints.print_at_counter(shop.desk, shop.by, number)
    cards.report_lost(shop.desk, shop.by, number)
    with pytest.raises(CardLost):
        card_prints.print_at_counter(shop.desk, shop.two, number)
    cards.issue(shop.desk, shop.two, [shop.household("0042")])
    with pytest.raises(CardReplaced):
        card_prints.print_at_counter(shop.desk, shop.two, number)
    with pytest.raises(CardUnknown):
        card_prints.face_of(shop.desk.store, 1)
