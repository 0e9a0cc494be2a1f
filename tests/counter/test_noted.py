"""Everything that somebody should look at is an entry, by whom, and stands on the Z (domain reference 4.8, 4.12)."""

from dataclasses import replace
from datetime import date

from catalog.units import Grams
from pos.core.closing import Note, Noted, noted
from pos.core.disputes import Compared, Dispute
from pos.core.entries import Signatures
from pos.core.freezing import FreezeReason
from pos.core.households import LookupReason
from pos.core.redemption import OverrideReason, Shortfall
from pos.core.reversal import ReversalReason
from pos.core.sheets import Count, Sheet
from pos.core.take_back import BackLine, Condition
from pos.counter import (
    closing,
    day,
    disputes,
    exceptions,
    freezing,
    households,
    printer,
    reverse,
    scales,
    take_back,
)
from pos.counter import journal as journals
from pos.counter.redeem import redeem
from pos.counter.weigh_in import weigh_in
from pos.storage import closes
from tests.shop import AUDITOR, CLERK, KEEPER, Shop, typed

FIRST = date(2026, 1, 15)
BACK = BackLine("g001", 1, Condition.WHOLE)


def counted(sheet: Sheet, title: str) -> dict[object, dict[str, int]]:
    """A table of counts: by its first cell what was counted more than no time."""
    (table,) = [table for table in sheet.tables if table.title == title]
    names = [name.removeprefix("counted-") for name in table.columns[1:]]
    return {
        row[0]: {
            name: cell.pieces
            for name, cell in zip(names, row[1:], strict=True)
            if isinstance(cell, Count) and cell.pieces and name != "tickets"
        }
        for row in table.rows
    }


def notes(shop: Shop) -> list[Note]:
    with shop.desk.store.read() as connection:
        return list(noted(closes.entries_after(connection, 20)))


def test_each_of_them_is_an_entry(shop: Shop) -> None:
    desk, by, two = shop.desk, shop.by, shop.two
    weigh_in(desk, two, shop.bag(typed("p01", 5_000)))
    sold = journals.number_of(redeem(desk, by, shop.basket({"g016": 1}, shortfall=Shortfall.CASH)))
    reverse.reprint(desk, by, sold)
    reverse.reverse(desk, two, sold, ReversalReason.WRONG_ITEM)
    over = replace(
        shop.basket({"g001": 31}, of="0002"), overridden=("g001",), override_reason=OverrideReason.MISCOUNTED
    )
    redeem(desk, two, over)
    scales.vouch(desk, two, "FS-1", "not-zero")
    households.find(desk, by, "0042", LookupReason.CARD_FORGOTTEN)
    households.look_at(desk, by, shop.household("0042"), LookupReason.CARD_FORGOTTEN)
    disputes.record(
        desk,
        by,
        Dispute(shop.household("0042"), None, "p01", "FS-1", Grams(5_000), Grams(5_500), Compared.FAIR_SCALE),
    )
    freezing.freeze(desk, Signatures(AUDITOR), "g:g013", FreezeReason.COUNT)
    freezing.release(desk, Signatures(CLERK, KEEPER), "g:g013")
    day.confirm_clock(desk, two)
    found = notes(shop)
    assert [note.what for note in found] == [
        Noted.MANUAL,
        Noted.DRAWER,
        Noted.REPRINT,
        Noted.REVERSE,
        Noted.DRAWER,
        Noted.OVERRIDE,
        Noted.OVERRIDE,
        Noted.LOOKUP,
        Noted.LOOKUP,
        Noted.DISPUTE,
        Noted.FROZEN,
        Noted.RELEASED,
        Noted.CLOCK,
    ]
    assert found[0].approver == CLERK
    assert found[2].subject == f"#{sold}"
    assert closing.ahead(desk).notes[-len(found) :] == tuple(found)


def test_plain_business_is_not_listed(shop: Shop) -> None:
    weigh_in(shop.desk, shop.by, shop.bag())
    redeem(shop.desk, shop.by, shop.basket())
    assert notes(shop) == []


def test_each_is_in_the_exceptions_report_by_keeper_and_household(shop: Shop) -> None:
    desk, by, two = shop.desk, shop.by, shop.two
    weigh_in(desk, two, shop.bag(typed("p01", 5_000)))
    sold = journals.number_of(redeem(desk, by, shop.basket({"g016": 1}, shortfall=Shortfall.CASH)))
    reverse.reprint(desk, by, sold)
    take_back.take_back(desk, by, journals.number_of(redeem(desk, by, shop.basket({"g001": 1}, of="0006"))), (BACK,))
    reverse.reverse(desk, two, sold, ReversalReason.WRONG_ITEM)
    over = replace(
        shop.basket({"g001": 31}, of="0002"), overridden=("g001",), override_reason=OverrideReason.MISCOUNTED
    )
    redeem(desk, two, over)
    households.find(desk, by, "0042", LookupReason.CARD_FORGOTTEN)
    households.look_at(desk, by, shop.household("0042"), LookupReason.CARD_FORGOTTEN)
    printer.try_drawer(desk, by)
    sheet = exceptions.report(desk, by, FIRST, FIRST)
    keepers = counted(sheet, "by-keeper")[KEEPER]
    of = counted(sheet, "by-household")
    assert keepers == {
        "manual": 1, "reverse": 1, "take-back": 1, "reprint": 1, "override": 1, "lookup": 2, "drawer": 3
    }  # fmt: skip
    assert of["0042"] == {"manual": 1, "reverse": 1, "reprint": 1, "lookup": 1, "drawer": 2}
    assert of["0006"] == {"take-back": 1}
    assert of["0002"] == {"override": 1}
