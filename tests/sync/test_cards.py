"""Cards of a store that ran alone, in the whole township: told to the ledger with the key that makes them genuine."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import insert

from catalog.units import Points
from pos.core import cards as rules
from pos.core.cards import CardState
from pos.core.entries import Signatures
from pos.core.people import Role
from pos.core.refusals import CardForeign, CardForged, CardUnknown
from pos.core.sync_refusals import GrantRefused, GrantUnanswered
from pos.counter import cards, day, people
from pos.ledger import cards as at_ledger
from pos.ledger import closing, heal, townships
from pos.ledger import tables as t
from pos.ledger.books import Act
from pos.storage import keys, registry, store
from pos.storage.installation import Identity
from pos.sync import asking, enrolment, telling
from pos.sync.errors import LedgerSays, SyncError, Unreachable
from pos.wire import messages, sealing, signing
from pos.wire.calls import Call, Op, Reply
from pos.wire.cards import CardsTold, StoreCards
from tests import shop
from tests.ledger.town import H1, TOWNSHIP, Town
from tests.shop import VILLAGE, Shop
from tests.sync.pair import OTHER, H, Pair, Straight, close, open_pair, reopened
from tests.sync.test_joining import join, renew
from tests.sync.test_sticks import back, out, take

NEXT = "990101101201"
NOBODYS = f"1234567890{rules.check_digits('1234567890')}"


def second(town: Town, folder: Path, village: str) -> Pair:
    """Another store of the township, its keeper and clerk those of the first; it has no household of its own."""
    identity = Identity("XH02" if village == VILLAGE else "QL01", "另一家店", village, "", "z9y8x7", 1, 480)
    if village != VILLAGE:
        town.ledger.act(TOWNSHIP, lambda act: townships.add_store(act, "QL01", NEXT, "青龙店", "op"))
    store.create(folder, identity)
    made = shop.reopened(folder)
    people.add_keeper(made.desk, Signatures("00"), shop.KEEPER, "孙店员", Role.KEEPER, shop.PINS[shop.KEEPER])
    pair = Pair(town, made)
    pair.shop.clock.wall = town.clock.wall
    enrolment.enrol(made.desk.store, pair.ask, made.desk.clock, TOWNSHIP, town.code(identity.store))
    pair.sync()
    return pair


def qr(of: Shop, short: str = "0042") -> str:
    """What the QR code of a household's card says."""
    return cards.qr_text(of.desk, of.cards[short])


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that ran alone and earned some points, in its first epoch under the ledger: to be copied."""
    folder = tmp_path_factory.mktemp("joined")
    pair = open_pair(folder, 0, enrolled=False)
    day.open_day(pair.shop.desk, pair.shop.by)
    pair.earn()
    day.close_day(pair.shop.desk, pair.shop.two)
    join(pair)
    close(pair)
    return folder


@pytest.fixture
def joined(once: Path, tmp_path: Path) -> Iterator[Pair]:
    """A copy of it."""
    shutil.copytree(once, tmp_path / "joined")
    pair = reopened(tmp_path / "joined")
    yield pair
    close(pair)


def test_a_card_from_the_time_alone_is_good_in_another_village(joined: Pair, tmp_path: Path) -> None:
    away = second(joined.town, tmp_path / "away", NEXT)
    text, by, desk = qr(joined.shop), away.shop.by, away.shop.desk
    with pytest.raises(CardForeign):
        cards.open_household(desk, text)
    for _ in range(2):
        asking.visit(desk.store, away.ask, desk.clock, by, text)
        assert cards.open_household(desk, text[2:14]).household.number == H
        # Its key is not here: each time it is shown the ledger looks at it, and says whether it was lost meanwhile.
        with pytest.raises(CardForeign):
            cards.open_household(desk, text)
    at_ledger.report_lost(joined.town.ledger, TOWNSHIP, text[2:14], "op")
    asking.visit(desk.store, away.ask, desk.clock, by, text)
    with desk.store.read() as connection:
        held = registry.card(connection, text[2:14])
    assert held
    assert held.state is CardState.LOST
    away.shop.close()


def test_a_forged_card_of_another_village_is_found_by_the_ledger(joined: Pair, tmp_path: Path) -> None:
    away = second(joined.town, tmp_path / "away", NEXT)
    desk, number = away.shop.desk, joined.shop.cards["0042"].number
    forged = rules.signed(number, b"\x01" * 32)
    with pytest.raises(CardForged):
        asking.visit(desk.store, away.ask, desk.clock, away.shop.by, forged)
    with pytest.raises(CardUnknown):
        asking.visit(desk.store, away.ask, desk.clock, away.shop.by, rules.signed(NOBODYS, b"\x01" * 32))
    with desk.store.read() as connection:
        assert registry.card(connection, number) is None
    away.shop.close()


def test_whoever_cannot_ask_says_so(joined: Pair, tmp_path: Path) -> None:
    away = second(joined.town, tmp_path / "away", NEXT)

    def tamper(_call: Call, _straight: Straight) -> Reply:
        raise Unreachable("unreachable", detail="cut")

    for tampered in (tamper, lambda _call, _straight: Reply(403, b'{"code":"token","fields":{}}')):
        away.tamper = tampered
        with pytest.raises(GrantUnanswered):
            asking.visit(away.shop.desk.store, away.ask, away.shop.desk.clock, away.shop.by, qr(joined.shop))
    away.shop.close()


def test_a_store_alone_has_nobody_to_ask(alone: Pair) -> None:
    with pytest.raises(GrantUnanswered):
        asking.visit(alone.shop.desk.store, alone.ask, alone.shop.desk.clock, alone.shop.by, qr(alone.shop))
    assert alone.calls == []


def test_two_stores_of_one_village_take_each_others_cards(joined: Pair, tmp_path: Path) -> None:
    next_door = second(joined.town, tmp_path / "next-door", VILLAGE)
    assert set(next_door.shop.desk.store.card_keys.values()) >= set(joined.shop.desk.store.card_keys.values())
    joined.sync()
    assert len(joined.shop.desk.store.card_keys) == 2
    joined.shop.reopen()
    assert cards.open_household(joined.shop.desk, qr(joined.shop)).household.number == H
    next_door.shop.close()


def in_use(town: Town, household: str = H) -> list[tuple[str, str]]:
    """The cards of a household at the ledger and their states, the newest last."""
    rows = sorted((row for row in town.rows(t.cards) if row.household == household), key=lambda row: row.version)
    return [(row.card, row.state) for row in rows]


def test_the_newest_of_two_cards_counts(pair: Pair) -> None:
    first = pair.shop.cards["0042"].number
    pair.sync()
    assert in_use(pair.town) == [(first, "active")]
    pair.town.clock.wall += 10_000
    at, _ = at_ledger.issue(pair.town.ledger, TOWNSHIP, H, "op")
    assert in_use(pair.town) == [(first, "replaced"), (at.number, "active")]
    pair.shop.clock.advance(20_000)
    third = cards.issue(pair.shop.desk, pair.shop.two, [H])[H].number
    pair.sync()
    assert in_use(pair.town) == [(first, "replaced"), (at.number, "replaced"), (third, "active")]
    pair.town.clock.wall += 90_000
    fourth, _ = at_ledger.issue(pair.town.ledger, TOWNSHIP, H, "op")
    pair.shop.clock.advance(20_000)
    late = cards.issue(pair.shop.desk, pair.shop.two, [H])[H].number
    for _ in range(2):
        pair.sync()
        assert in_use(pair.town)[-1] == (fourth.number, "active")
        assert (late, "replaced") in in_use(pair.town)
        with pair.shop.desk.store.read() as connection:
            held = [card.number for card in registry.cards_of(connection, H) if card.state is CardState.ACTIVE]
        assert held == [fourth.number]


def test_the_ledger_is_told_once_and_again_after_its_backup(pair: Pair) -> None:
    for _ in range(2):
        pair.sync()
    assert pair.ops.count(Op.CARDS) == 1
    pair.shop.clock.advance()
    cards.issue(pair.shop.desk, pair.shop.two, [OTHER])
    pair.sync()
    assert pair.ops.count(Op.CARDS) == 2
    pair.town.clock.wall += 5
    heal.restored(pair.town.ledger, TOWNSHIP, "op")
    pair.town.ledger.act(TOWNSHIP, lambda act: act.connection.execute(t.cards.delete()))
    pair.sync()
    assert {row.household for row in pair.town.rows(t.cards)} >= {H, OTHER}


def test_a_store_of_a_township_that_does_not_know_its_numbers(alone: Pair) -> None:
    local, meant = f"{VILLAGE}0002", H1

    def forget(act: Act) -> None:
        act.connection.execute(t.households.delete().where(t.households.c.household == local))

    alone.town.ledger.act(TOWNSHIP, forget)
    alone.enrol()
    alone.sync()
    assert in_use(alone.town, local) == []
    closing.approve_alone(alone.town.ledger, TOWNSHIP, "k7q2md", {local: meant}, "op")
    alone.sync()
    closing.close(alone.town.ledger, TOWNSHIP, "k7q2md", 0, "op", "joined")
    renew(alone)
    alone.sync()
    assert in_use(alone.town, meant) == [(alone.shop.cards["0002"].number, "active")]


def test_by_a_stick(pair: Pair, tmp_path: Path) -> None:
    up = out(pair, tmp_path)
    number, key = pair.shop.cards["0042"].number, pair.shop.desk.store.card_keys[keys.OWN]
    take(pair, back(pair, up))
    assert in_use(pair.town) == [(number, "active")]
    with pair.town.ledger.read() as connection:
        assert list(at_ledger.keys_of(connection, TOWNSHIP, VILLAGE).values()) == [key]


def test_cards_of_a_village_that_the_store_does_not_serve_are_passed_over(pair: Pair) -> None:
    elsewhere = f"{NEXT}0001"

    def work(act: Act) -> None:
        row = {"township": TOWNSHIP, "household": elsewhere, "village": NEXT, "home": None, "state": "normal"}
        act.connection.execute(insert(t.households).values(**row))

    pair.town.ledger.act(TOWNSHIP, work)
    with pair.shop.desk.store.write() as tx:
        tx.connection.exec_driver_sql(f"INSERT INTO households SELECT '{elsewhere}', '', '', 1, 'normal', '', 0, ''")
        tx.connection.exec_driver_sql(f"INSERT INTO cards VALUES ('{NOBODYS}', '{elsewhere}', 1, 'active')")
    pair.sync()
    assert in_use(pair.town, elsewhere) == []


@pytest.mark.parametrize("how", ["signature", "sealed", "other", "addressed"])
def test_what_the_store_did_not_seal_and_sign_is_refused(pair: Pair, how: str) -> None:
    link = pair.session().link
    (call,) = telling.questions(link)
    told = messages.loads(CardsTold, call.body)
    match how:
        case "sealed":
            told = replace(told, sealed=told.sealed[:-2] + ("00" if told.sealed[-2:] != "00" else "01"))
        case "other":
            inner = messages.dumps(StoreCards((), ()))
            box = sealing.seal(inner, sealing.public_of(sealing.new_secret()), sealing.CARDS)
            told = replace(told, sealed=box.hex())
        case "addressed":
            told = replace(told, device="other")
    line = messages.dumps(told)
    made = signing.sign(signing.REQUEST, line, link.key).hex() if how != "signature" else "00" * 64
    with pytest.raises((LedgerSays, SyncError)) as caught:
        link.ask(replace(call, body=line, signature=made))
    expected = {"signature": "signature", "addressed": "addressed"}.get(how, "malformed")
    assert caught.value.code == expected
    assert in_use(pair.town) == []


def test_points_are_earned_in_one_village_and_spent_in_the_other(joined: Pair, tmp_path: Path) -> None:
    away = second(joined.town, tmp_path / "away", NEXT)
    desk, by, text = away.shop.desk, away.shop.by, qr(joined.shop)
    asking.visit(desk.store, away.ask, desk.clock, by, text)
    held = joined.points()
    with pytest.raises(GrantRefused):
        asking.ask(desk.store, away.ask, desk.clock, by, H, Points(5_00))
    joined.sync()
    assert asking.ask(desk.store, away.ask, desk.clock, by, H, Points(5_00)) == Points(5_00)
    assert joined.points() == held - Points(5_00)
    away.shop.close()
