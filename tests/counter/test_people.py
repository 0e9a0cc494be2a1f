"""Log-in, wrong tries, and the second person."""

from collections.abc import Callable

import pytest

from pos.core.acts import Act
from pos.core.entries import Signatures
from pos.core.people import LONGEST_WAIT_S, KeeperExists, NumberWrong, Role, TooFewServe
from pos.core.refusals import (
    ApprovalNeeded,
    ApproverSame,
    KeeperUnknown,
    NotPermitted,
    PeopleRefused,
    PinLocked,
    PinWeak,
    PinWrong,
)
from pos.counter import people
from pos.storage import books
from pos.storage.verify import verify
from tests.shop import AUDITOR, CLERK, KEEPER, PINS, Shop
from tests.storage.contents import contents


def wrong(shop: Shop, times: int) -> list[object]:
    """The waits after so many wrong tries, each made as soon as it is taken."""
    waits = []
    for _ in range(times):
        with pytest.raises(PinWrong) as found:
            people.sign_in(shop.desk, KEEPER, "0000")
        waits.append(found.value.fields["wait"])
        shop.clock.advance(1000 * int(str(found.value.fields["wait"])))
    return waits


def test_log_in(shop: Shop) -> None:
    before = contents(shop.desk.store)
    found = people.sign_in(shop.desk, KEEPER, PINS[KEEPER])
    assert (found.number, found.name, found.role) == (KEEPER, "王玉兰", Role.KEEPER)
    assert contents(shop.desk.store) == before


@pytest.mark.parametrize("number", ["77", "", "2"])
def test_nobody_of_that_number(shop: Shop, number: str) -> None:
    with pytest.raises(KeeperUnknown):
        people.sign_in(shop.desk, number, "2580")


def test_somebody_who_left(shop: Shop) -> None:
    with shop.desk.store.write() as tx:
        tx.connection.exec_driver_sql("UPDATE keepers SET active = 0 WHERE number = ?", (KEEPER,))
    with pytest.raises(KeeperUnknown):
        people.sign_in(shop.desk, KEEPER, PINS[KEEPER])


def test_each_wrong_try_waits_longer(shop: Shop) -> None:
    assert wrong(shop, 6) == [0, 0, 5, 10, 20, 40]


def test_the_wait_has_an_end(shop: Shop) -> None:
    assert max(int(str(wait)) for wait in wrong(shop, 12)) == LONGEST_WAIT_S


def test_locked_until_the_wait_is_over(shop: Shop) -> None:
    wrong(shop, 2)
    with pytest.raises(PinWrong):
        people.sign_in(shop.desk, KEEPER, "0000")
    shop.clock.advance(3_500)
    for pin in ("0000", PINS[KEEPER]):
        with pytest.raises(PinLocked) as found:
            people.sign_in(shop.desk, KEEPER, pin)
        assert found.value.fields == {"seconds": 2}
    shop.clock.advance(1_500)
    people.sign_in(shop.desk, KEEPER, PINS[KEEPER])
    assert wrong(shop, 2) == [0, 0]


def test_a_restart_forgets_no_wrong_try(shop: Shop) -> None:
    wrong(shop, 2)
    with pytest.raises(PinWrong):
        people.sign_in(shop.desk, KEEPER, "0000")
    shop.reopen()
    with pytest.raises(PinLocked):
        people.sign_in(shop.desk, KEEPER, PINS[KEEPER])


def test_a_clock_set_back_locks_nobody_out(shop: Shop) -> None:
    wrong(shop, 2)
    with pytest.raises(PinWrong):
        people.sign_in(shop.desk, KEEPER, "0000")
    shop.clock.wall -= 86_400_000
    people.sign_in(shop.desk, KEEPER, PINS[KEEPER])


def test_one_persons_wrong_tries_lock_no_other_out(shop: Shop) -> None:
    wrong(shop, 5)
    people.sign_in(shop.desk, CLERK, PINS[CLERK])


def test_second_person(shop: Shop) -> None:
    assert people.approve(shop.desk, KEEPER, CLERK, PINS[CLERK]) == shop.two
    with pytest.raises(ApproverSame):
        people.approve(shop.desk, KEEPER, KEEPER, PINS[KEEPER])
    with pytest.raises(NotPermitted):
        people.approve(shop.desk, KEEPER, AUDITOR, PINS[AUDITOR])
    with pytest.raises(PinWrong):
        people.approve(shop.desk, KEEPER, CLERK, "0000")


@pytest.mark.parametrize(
    "pin", ["123", "1234", "12345678", "0123", "4321", "87654321", "1111", "99999999", "abcd", "123456789", "２５８０"]
)
def test_weak_pin(shop: Shop, pin: str) -> None:
    with pytest.raises(PinWeak):
        people.add_keeper(shop.desk, shop.two, "03", "赵店员", Role.KEEPER, pin)


def test_taking_somebody_on_takes_two(shop: Shop) -> None:
    before = contents(shop.desk.store)
    for by, refusal in ((shop.by, ApprovalNeeded), (Signatures("03", CLERK), KeeperUnknown)):
        with pytest.raises(refusal):
            people.add_keeper(shop.desk, by, "03", "赵店员", Role.KEEPER, "7319")
    assert contents(shop.desk.store) == before
    people.add_keeper(shop.desk, shop.two, "03", "赵店员", Role.KEEPER, "7319")
    assert people.sign_in(shop.desk, "03", "7319").role is Role.KEEPER


def test_pins_are_not_kept(shop: Shop) -> None:
    stored = repr(contents(shop.desk.store)["keepers"])
    assert not [pin for pin in PINS.values() if f"'{pin}'" in stored]
    assert stored.count("$argon2id$") == len(PINS)


def edits(shop: Shop) -> list[tuple[str, str]]:
    """Subject and reason of the acts that edited people, as the journal has them."""
    with shop.desk.store.read() as connection:
        head = books.head(connection, shop.desk.store.installation).seq
        bodies = [books.read_entry(connection, seq).body for seq in range(20, head + 1)]
    return [(body.subject, body.reason) for body in bodies if isinstance(body, Act) and "keepers/" in body.subject]


def test_a_number_is_used_once(shop: Shop) -> None:
    with pytest.raises(KeeperExists):
        people.add_keeper(shop.desk, shop.two, AUDITOR, "赵店员", Role.KEEPER, "7319")
    assert people.sign_in(shop.desk, AUDITOR, PINS[AUDITOR]).role is Role.AUDITOR


@pytest.mark.parametrize(
    ("number", "name"), [("3", "赵"), ("12345", "赵"), ("３３", "赵"), ("03", " "), ("03", "赵" * 21)]
)
def test_who_cannot_be_written_down(shop: Shop, number: str, name: str) -> None:
    with pytest.raises(NumberWrong):
        people.add_keeper(shop.desk, shop.two, number, name, Role.KEEPER, "7319")


def test_rename(shop: Shop) -> None:
    people.rename(shop.desk, shop.two, AUDITOR, "周小芳")
    assert people.sign_in(shop.desk, AUDITOR, PINS[AUDITOR]).name == "周小芳"
    assert edits(shop) == [("keepers/09", "renamed")]


def test_a_new_pin_ends_the_wait(shop: Shop) -> None:
    wrong(shop, 5)
    people.change_pin(shop.desk, shop.two, KEEPER, "7319")
    assert people.sign_in(shop.desk, KEEPER, "7319").number == KEEPER
    with pytest.raises(PinWrong):
        people.sign_in(shop.desk, KEEPER, PINS[KEEPER])
    with pytest.raises(PinWeak):
        people.change_pin(shop.desk, shop.two, KEEPER, "1234")


def test_gone_and_back(shop: Shop) -> None:
    people.deactivate(shop.desk, shop.two, AUDITOR)
    with pytest.raises(KeeperUnknown):
        people.sign_in(shop.desk, AUDITOR, PINS[AUDITOR])
    people.activate(shop.desk, shop.two, AUDITOR)
    people.sign_in(shop.desk, AUDITOR, PINS[AUDITOR])
    assert edits(shop) == [("keepers/09", "left"), ("keepers/09", "back")]
    assert verify(shop.folder).wrong is None


def test_two_must_stay_who_serve(shop: Shop) -> None:
    with pytest.raises(TooFewServe):
        people.deactivate(shop.desk, shop.two, CLERK)
    people.add_keeper(shop.desk, shop.two, "03", "赵店员", Role.KEEPER, "7319")
    people.deactivate(shop.desk, shop.two, CLERK)
    with pytest.raises(KeeperUnknown):
        people.approve(shop.desk, KEEPER, CLERK, PINS[CLERK])


@pytest.mark.parametrize("by", [Signatures(KEEPER), Signatures(AUDITOR, CLERK)])
def test_people_are_managed_by_two_who_serve(shop: Shop, by: Signatures) -> None:
    before = contents(shop.desk.store)
    acts: tuple[Callable[[], object], ...] = (
        lambda: people.rename(shop.desk, by, AUDITOR, "周"),
        lambda: people.deactivate(shop.desk, by, AUDITOR),
        lambda: people.activate(shop.desk, by, AUDITOR),
        lambda: people.change_pin(shop.desk, by, AUDITOR, "7319"),
    )
    for act in acts:
        with pytest.raises(PeopleRefused):
            act()
    assert contents(shop.desk.store) == before


def test_nobody_of_that_number_is_edited(shop: Shop) -> None:
    with pytest.raises(KeeperUnknown):
        people.rename(shop.desk, shop.two, "77", "周")


def test_the_journal_holds_no_name(shop: Shop) -> None:
    people.rename(shop.desk, shop.two, AUDITOR, "周小芳")
    people.rename(shop.desk, shop.two, AUDITOR, "周小芳")
    with shop.desk.store.read() as connection:
        lines = [line for _, line, _ in books.lines(connection)]
    assert not [line for line in lines if "周" in line.decode()]
    assert len({line.partition(b'"digest":')[2][:70] for line in lines[-2:]}) == 2, (
        "salted: the same name twice differs"
    )
