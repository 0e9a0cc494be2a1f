"""The business day: prices in force from opening to close, a signed head at its end, and a clock that went back."""

from dataclasses import replace
from datetime import date

import pytest

from catalog.prices import GoodPrice
from catalog.units import Fen, Points
from pos.core import codec
from pos.core.acts import Act, ActCode
from pos.core.day import DayClose
from pos.core.entries import Signatures
from pos.core.journal import Certificate
from pos.core.refusals import ApprovalNeeded, ClockBack, DayAlreadyOpen, DayNotOpen, PriceMissing
from pos.counter import day, setup
from pos.counter.redeem import redeem
from pos.counter.weigh_in import weigh_in
from pos.storage import books
from pos.storage.verify import verify
from pos.wire import signing
from tests.shop import BOOK, KEEPER, START, TERMS, VILLAGE_DATA, Shop
from tests.storage.contents import contents

DAY_MS = 86_400_000


def dearer(shop: Shop, effective: date) -> None:
    """Publish a price book in which salt costs three points, from this date on."""
    prices = {**BOOK.goods, "g001": GoodPrice(Points(300), Fen(300))}
    later = replace(BOOK, version=8, effective=effective, goods=prices)
    terms = replace(TERMS, effective=effective, fen_per_point=200)
    setup.load(shop.desk, shop.two, replace(VILLAGE_DATA, book=later, terms=terms))


def salt(shop: Shop) -> Points:
    before = shop.points("0002")
    redeem(shop.desk, shop.by, shop.basket({"g001": 1}, of="0002"))
    return before - shop.points("0002")


def test_opening_states_what_holds_until_close(shop: Shop) -> None:
    day.close_day(shop.desk, shop.by)
    opened_day = day.open_day(shop.desk, shop.by)
    assert (opened_day.business_date, opened_day.book) == (date(2026, 1, 15), 7)
    assert (opened_day.fen_per_point, opened_day.step, opened_day.terms) == (100, Points(1), date(2026, 1, 1))
    with shop.desk.store.read() as connection:
        assert books.day(connection) == opened_day


def test_the_date_is_the_stores_own(shop: Shop) -> None:
    day.close_day(shop.desk, shop.by)
    shop.clock.wall = START + 17 * 3_600_000 + 17 * 60_000
    assert day.open_day(shop.desk, shop.by).business_date == date(2026, 1, 15)
    day.close_day(shop.desk, shop.by)
    shop.clock.advance(60_000)
    assert day.open_day(shop.desk, shop.by).business_date == date(2026, 1, 16)


def test_opened_once(shop: Shop) -> None:
    with pytest.raises(DayAlreadyOpen) as found:
        day.open_day(shop.desk, shop.by)
    assert found.value.fields == {"date": "2026-01-15"}


def test_closed_once(shop: Shop) -> None:
    assert day.close_day(shop.desk, shop.by).title == "z"
    with pytest.raises(DayNotOpen):
        day.close_day(shop.desk, shop.by)


def test_prices_hold_until_close(shop: Shop) -> None:
    dearer(shop, date(2026, 1, 15))
    assert salt(shop) == Points(200)
    shop.clock.advance(DAY_MS)
    assert salt(shop) == Points(200)
    day.close_day(shop.desk, shop.by)
    day.open_day(shop.desk, shop.by)
    assert salt(shop) == Points(300)
    weigh_in(shop.desk, shop.by, shop.bag())
    assert shop.points() == Points(1200 + 2391)
    assert verify(shop.folder).wrong is None


def test_prices_wait_for_their_day(shop: Shop) -> None:
    dearer(shop, date(2026, 1, 17))
    for expected in (Points(200), Points(200), Points(300)):
        assert salt(shop) == expected
        day.close_day(shop.desk, shop.by)
        shop.clock.advance(DAY_MS)
        day.open_day(shop.desk, shop.by)


def test_no_prices_no_day(shop: Shop) -> None:
    day.close_day(shop.desk, shop.by)
    shop.clock.wall -= 60 * DAY_MS
    day.confirm_clock(shop.desk, shop.two)
    with pytest.raises(PriceMissing):
        day.open_day(shop.desk, shop.by)


def test_close_signs_the_head(shop: Shop) -> None:
    redeem(shop.desk, shop.by, shop.basket({"g001": 1}))
    day.close_day(shop.desk, shop.by)
    installation = shop.desk.store.installation
    with shop.desk.store.read() as connection:
        head = books.head(connection, installation)
        signed = connection.exec_driver_sql("SELECT seq, purpose, signature FROM heads").one()
        body = books.read_entry(connection, head.seq).body
    assert isinstance(body, DayClose)
    assert (body.business_date, body.opened, body.entries, body.z) == (date(2026, 1, 15), 20, 22, 1)
    assert tuple(signed)[:2] == (head.seq, "day-close")
    key = codec.build(Certificate, codec.loads(installation.certificate)).key
    assert signing.head_fits(key, signed.signature, installation.genesis, head.seq, head.hash)


def test_clock_that_went_back(shop: Shop) -> None:
    shop.clock.wall -= 1
    with pytest.raises(ClockBack):
        day.close_day(shop.desk, shop.by)
    before = contents(shop.desk.store)
    with pytest.raises(ApprovalNeeded):
        day.confirm_clock(shop.desk, shop.by)
    assert contents(shop.desk.store) == before
    day.confirm_clock(shop.desk, shop.two)
    with shop.desk.store.read() as connection:
        act = books.read_entry(connection, 21)
    assert (act.body, act.by, act.at.wall) == (Act(ActCode.CLOCK), Signatures(KEEPER, "01"), START - 1)
    day.close_day(shop.desk, shop.by)
    assert verify(shop.folder).wrong is None


def test_a_clock_that_jumped_ahead_goes_on(shop: Shop) -> None:
    shop.clock.advance(400 * DAY_MS)
    redeem(shop.desk, shop.by, shop.basket({"g001": 1}))


def test_still_open_after_a_restart(shop: Shop) -> None:
    shop.reopen()
    assert salt(shop) == Points(200)
