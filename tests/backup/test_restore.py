"""A restored store is a new installation: alone it opens its balances again, with a ledger it starts without any."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import insert

from catalog.units import Points
from pos.backup import passphrase, restore
from pos.backup.make import back_up
from pos.backup.restore import Wish
from pos.core import accounts, award_file, reopening
from pos.core.accounts import Account
from pos.core.acts import Act, ActCode
from pos.core.entries import Signatures
from pos.core.freezing import FreezeReason
from pos.core.limits import Policy
from pos.core.redeem_refusals import AwardFileFaulty
from pos.core.refusals import ApprovalNeeded, ClockBack, StoreNewer
from pos.core.restore_refusals import (
    BackupDamaged,
    BackupLocked,
    BackupRefused,
    CardKeyMissing,
    RejoinNeeded,
    RestoreOccupied,
)
from pos.core.transfers import Key
from pos.counter import award_files, campaigns, cards, day, freezing
from pos.counter.redeem import quote, redeem
from pos.counter.weigh_in import weigh_in
from pos.storage import books, predecessor, succession
from pos.storage import tables as t
from pos.storage.verify import verify
from tests import shop as shops
from tests.counter.test_vouchers import issued
from tests.counter.village_policy import HAIRCUT, village
from tests.shop import CLERK, KEEPER, Shop

OPEN = Wish(new_card_key=True)


def saved(shop: Shop, stick: Path) -> Path:
    return back_up(shop.folder, stick, shop.clock.wall).path


def restored(file: Path, home: Path, shop: Shop, wish: Wish = OPEN, text: str = "") -> Shop:
    """The store that two people have restored."""
    with restore.staged(file, home, text, wish, shop.clock.clock()) as found:
        restore.agree(found, shop.two)
    return shops.reopened(home)


def held(shop: Shop) -> Counter[tuple[str, str, str]]:
    """What this installation's accounts hold, by kind, subject and commodity."""
    with shop.desk.store.read() as connection:
        found = succession.balances(connection)
    kept = ("pts", "pend", "debt", "carry", "stock", "bin", "drawer", "fund", "due", "budget", "way")
    return Counter({(key.kind, key.subject, what): n for (key, what), n in found.items() if n and key.kind in kept})


def test_alone_it_goes_on_with_what_it_had(shop: Shop, stick: Path, tmp_path: Path) -> None:
    new = restored(saved(shop, stick), tmp_path / "new", shop)
    before, after = shop.desk.store.identity, new.desk.store.identity
    assert (after.store, after.name, after.epoch) == (before.store, before.name, 0)
    assert after.device != before.device
    assert held(new) == held(shop)
    assert new.points("0042") == shop.points("0042")
    assert verify(new.folder).wrong is None
    assert verify(new.folder / "earlier" / "k7q2md.0") == verify(shop.folder)
    with new.desk.store.read() as connection:
        first, found = books.read_entry(connection, 1), predecessor.predecessor(connection)
    assert found is not None
    assert (found.writer, found.seq, found.alone) == ("k7q2md.0", 22, True)
    assert first.body == Act(ActCode.RESTORED, "lt01-k7q2md.0-22", digest=found.hash.hex())
    assert first.by == shop.two
    day.open_day(new.desk, new.by)
    redeem(new.desk, new.by, new.basket(of="0002"))
    weigh_in(new.desk, new.by, new.bag())
    assert verify(new.folder).wrong is None
    new.close()


def test_what_waits_what_is_owed_and_what_is_frozen_come_along(tmp_path: Path, stick: Path) -> None:
    with village(tmp_path / "shop", voucher_days=30) as shop:
        shop.desk = replace(shop.desk, weighing=Policy(wait=True))
        weigh_in(shop.desk, shop.by, shop.bag())
        before = {short: shop.points(short) for short in ("0042", "0002")}
        issued(shop, HAIRCUT.code)
        rows = (("1", "batch", "b1"), ("2", "period", "2026-01"), ("3", "title", "扣分"), ("4", "total", "-500"))
        lines = (("5", "household", "points"), ("6", "0006", "-500"))
        file = award_file.read([*rows, *lines], shop.desk.store.identity.village)
        award_files.post(shop.desk, shop.two, file)
        freezing.freeze(shop.desk, Signatures(shops.AUDITOR), "g:g016", FreezeReason.PRICE)
        new = restored(saved(shop, stick), tmp_path / "new", shop)
    # A voucher's redemption lies in the closed books: its points go back.
    assert {short: new.points(short) for short in before} == before
    assert held(new)["debt", shop.household("0006"), "pt"] < 0
    day.open_day(new.desk, new.by)
    confirmed = campaigns.confirm(new.desk, Signatures(CLERK), [new.household("0042")])
    assert confirmed == Points(47_82)
    assert new.points("0042") == before["0042"] + confirmed
    assert [each.commodity for each in freezing.listed(new.desk)] == ["g:g016"]
    with pytest.raises(AwardFileFaulty):
        award_files.post(new.desk, new.two, file)
    assert verify(new.folder).wrong is None
    new.close()


def test_lots_are_told_from_those_that_come_in_later() -> None:
    old, new = "k7q2md.0", "b2c3d4.0"
    shelf, opened = accounts.stock("village", "38-1", old), accounts.stock("village", "0", old)
    balances: dict[Key, int] = {
        (shelf, "g:g001"): 5,
        (opened, "g:g001"): 7,
        (Account("in", "purchase", old), "g:g001"): -5,
    }
    (decision,) = reopening.reopen(old, new, balances, "00")
    assert {(str(move.source), str(move.destination), move.quantity) for move in decision.transfers} == {
        (f"in:opening@{new}", f"stock:shop/village/0-38-1@{new}", 5),
        (f"in:opening@{new}", f"stock:shop/village/0@{new}", 7),
    }


def test_balances_below_zero_are_opened_the_other_way() -> None:
    debt, carry = accounts.debt("9", "a.0"), accounts.carry("9", "a.0")
    (decision,) = reopening.reopen("a.0", "b.0", {(debt, "pt"): -300, (carry, "frac"): -2}, "00")
    assert {(str(move.source), str(move.destination), move.quantity) for move in decision.transfers} == {
        ("debt:9@b.0", "issue:opening@b.0", 300),
        ("carry:9@b.0", "value:opening@b.0", 2),
    }


def test_enrolled_it_starts_with_nothing_and_waits(shop: Shop, stick: Path, tmp_path: Path) -> None:
    new = restored(saved(shop, stick), tmp_path / "new", shop, replace(OPEN, enrolled=True))
    after = new.desk.store.identity
    assert (after.device, after.epoch) == (shop.desk.store.identity.device, 1)
    assert held(new) == Counter()
    assert new.points("0042") == Points(0)
    day.open_day(new.desk, new.by)
    weigh_in(new.desk, new.by, new.bag())
    for use in (lambda: redeem(new.desk, new.by, new.basket()), lambda: quote(new.desk, new.basket())):
        with pytest.raises(RejoinNeeded) as refused:
            use()
        assert refused.value.fields == {"before": "k7q2md.0"}
    with new.desk.store.read() as connection:
        found = predecessor.predecessor(connection)
    assert found is not None
    assert not found.alone
    with new.desk.store.write() as tx:
        row = {"one": 1, "township": "t", "ledger": "", "token": "", "line": b"", "signature": bytes(64)}
        tx.connection.execute(insert(t.enrolment), row)
    with new.desk.store.read() as connection:
        predecessor.check_rejoined(connection)
    assert verify(new.folder).wrong is None
    new.close()


def test_a_restored_store_that_never_joined_keeps_its_number(shop: Shop, stick: Path, tmp_path: Path) -> None:
    wish = replace(OPEN, enrolled=True)
    new = restored(saved(shop, stick), tmp_path / "new", shop, wish)
    again = restored(saved(new, stick), tmp_path / "again", new, OPEN)
    assert again.desk.store.identity.epoch == new.desk.store.identity.epoch == 1
    assert sorted(path.name for path in (again.folder / "earlier").iterdir()) == ["k7q2md.0", "k7q2md.1"]
    named = restored(saved(new, stick), tmp_path / "named", new, replace(wish, epoch=7))
    assert named.desk.store.identity.epoch == 7
    for each in (new, again, named):
        each.close()


def test_cards_stay_genuine(shop: Shop, stick: Path, tmp_path: Path) -> None:
    text = cards.qr_text(shop.desk, shop.cards["0042"])
    key = (shop.folder / "cards.key").read_bytes()
    plain = saved(shop, stick)
    with pytest.raises(CardKeyMissing):
        restored(plain, tmp_path / "none", shop, Wish())
    assert not (tmp_path / "none").exists()
    given = restored(plain, tmp_path / "given", shop, Wish(card_key=key))
    passphrase.choose(shop.folder, "correct horse")
    shop.clock.advance()
    locked = saved(shop, stick)
    within = restored(locked, tmp_path / "within", shop, Wish(), "correct horse")
    for new in (given, within):
        assert cards.open_household(new.desk, text).household.short == "0042"
        new.close()
    with pytest.raises(BackupLocked):
        restored(locked, tmp_path / "wrong", shop, Wish(), "correct house")


def test_nothing_is_restored_over_anything(shop: Shop, stick: Path, tmp_path: Path) -> None:
    file = saved(shop, stick)
    with pytest.raises(RestoreOccupied):
        restored(file, shop.folder, shop)
    (tmp_path / "file").write_text("")
    with pytest.raises(RestoreOccupied):
        restored(file, tmp_path / "file", shop)
    (tmp_path / "empty").mkdir()
    restored(file, tmp_path / "empty", shop).close()


def test_two_people_or_nothing(shop: Shop, stick: Path, tmp_path: Path) -> None:
    file, home = saved(shop, stick), tmp_path / "new"
    with pytest.raises(ApprovalNeeded), restore.staged(file, home, "", OPEN, shop.clock.clock()) as found:
        restore.agree(found, Signatures(KEEPER))
    with restore.staged(file, home, "", OPEN, shop.clock.clock()):
        pass
    assert sorted(path.name for path in tmp_path.iterdir()) == ["shop", "stick"]


def test_a_clock_before_the_backup(shop: Shop, stick: Path, tmp_path: Path) -> None:
    file = saved(shop, stick)
    shop.clock.wall -= 86_400_000
    with pytest.raises(ClockBack):
        restored(file, tmp_path / "new", shop)
    assert not (tmp_path / "new").exists()


def test_a_file_that_is_cut_or_altered(shop: Shop, stick: Path, tmp_path: Path) -> None:
    data, home = saved(shop, stick).read_bytes(), tmp_path / "new"
    bad = stick / "bad"
    for place in range(0, len(data), 4_999):
        for wrong in (data[:place], data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]):
            bad.write_bytes(wrong)
            with pytest.raises((BackupRefused, StoreNewer)):
                restored(bad, home, shop)
    bad.write_bytes(data[:9] + b"\x02" + data[10:])
    with pytest.raises(StoreNewer):
        restored(bad, home, shop)
    bad.write_bytes(b"")
    with pytest.raises(BackupDamaged):
        restored(bad, home, shop)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["shop", "stick"]
