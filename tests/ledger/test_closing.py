"""An installation's end: handing on, frozen points, release, late tails, remedies; a store that ran alone; a ledger
restored from its backup. On both engines."""

import pytest

from catalog.units import Points
from pos.core import accounts
from pos.core.accounts import LEDGER, Account
from pos.core.transfers import Transfer
from pos.ledger import closing, heal, remedies, rights
from pos.ledger import tables as t
from pos.ledger.refusals import Conflict, Forbidden, Invalid, NotFound
from pos.wire import signing
from pos.wire.messages import Status
from tests.ledger.till import Till
from tests.ledger.town import H1, H2, TOWNSHIP, Device, Town

LOCAL = "9901011012009999"


def successor(town: Town, old: Device, epoch: int = 2) -> Till:
    """The next life of a device."""
    device = Device(old.store, old.name, epoch)
    town.enrol(device)
    return Till(town, device)


def shelf(by: str) -> Account:
    """The village's stock of one lot."""
    return accounts.stock("village", "0", by)


def stocked(town: Town) -> Till:
    """A till with goods, cash, and a household's points."""
    till = Till(town, town.device())
    by = till.writer
    till.device.move(
        Transfer(Account("in", "purchase", by), shelf(by), "g:salt", 24),
        Transfer(Account("in", "opening", by), accounts.drawer(by), "cash", 50_00),
    )
    till.device.weigh(40_00)
    till.sync()
    return till


def close(town: Town, device: Device) -> str:
    """Close an epoch."""
    return closing.close(town.ledger, TOWNSHIP, device.name, device.epoch, "op", "disk lost")


def release(town: Town, device: Device) -> int:
    """Release an epoch's points."""
    return closing.release(town.ledger, TOWNSHIP, device.name, device.epoch, "op", "paper reconciled")


def at(town: Town, household: str, by: str = LEDGER) -> int:
    """Points of a household at a writer, by the ledger's rows."""
    return town.balance(accounts.points(household, by))


def test_goods_and_cash_go_on_at_once_and_points_stay(town: Town) -> None:
    old = stocked(town)
    assert close(town, old.device) == f"{old.device.name}.2"
    assert close(town, old.device) == f"{old.device.name}.2"

    new = successor(town, old.device)
    new.sync()
    books = new.device.books
    assert (books.of(shelf(new.writer), "g:salt"), books.of(accounts.drawer(new.writer), "cash")) == (24, 50_00)
    assert town.balance(shelf(new.writer), "g:salt") == 24
    assert (new.points(), at(town, H1, old.writer)) == (0, 40_00)


def test_a_tail_before_the_release_is_posted_and_hands_on_what_it_brings(town: Town) -> None:
    old = stocked(town)
    close(town, old.device)
    new = successor(town, old.device)
    new.sync()
    old.device.spend(15_00)
    old.device.move(Transfer(Account("in", "purchase", old.writer), shelf(old.writer), "g:salt", 6))
    assert old.push().status is Status.OK
    new.sync()
    assert (at(town, H1, old.writer), new.device.books.of(shelf(new.writer), "g:salt")) == (25_00, 30)


def test_released_points_go_to_the_successor_and_a_later_tail_to_the_shortage(town: Town) -> None:
    old = stocked(town)
    old.device.spend(15_00)
    old.device.weigh(3_00)
    with pytest.raises(Conflict, match="epoch-open"):
        release(town, old.device)
    close(town, old.device)
    assert release(town, old.device) == 1
    with pytest.raises(Conflict, match="epoch-released"):
        release(town, old.device)
    new = successor(town, old.device)
    new.sync()
    assert (new.points(), at(town, H1, old.writer)) == (40_00, 0)

    answer = old.push()
    assert (answer.status, answer.seq) == (Status.OK, 4)
    assert town.balance(Account("gone", f"shortage-{old.device.name}", LEDGER)) == 15_00
    late = {(row.seq, row.code) for row in town.rows(t.findings)}
    assert late == {(3, "late"), (4, "late")}

    paper = f"LT01-{old.device.name.upper()}.1-4"
    remedies.remedy(town.ledger, TOWNSHIP, H1, paper, Points(3_00), "op", "weighed in")
    with pytest.raises(Conflict, match="remedy-made"):
        remedies.remedy(town.ledger, TOWNSHIP, H1, paper, Points(3_00), "op", "again")
    remedies.settle_finding(town.ledger, TOWNSHIP, old.writer, 4, "late", "op", "remedy")
    with pytest.raises(NotFound, match="finding-unknown"):
        remedies.settle_finding(town.ledger, TOWNSHIP, old.writer, 4, "late", "op", "again")
    new.sync()
    assert new.points() == 43_00


def test_the_next_epoch_and_no_later_one_follows(town: Town) -> None:
    old = stocked(town)
    with pytest.raises(Conflict, match="epoch-open"):
        successor(town, old.device)
    close(town, old.device)
    with pytest.raises(Conflict, match="epoch-skipped"):
        successor(town, old.device, 3)


def test_a_store_that_ran_alone_gives_back_everything_and_begins_anew(town: Town) -> None:
    alone = Till(town, Device("LT01", "old1", 0))
    town.enrol(alone.device)
    for household, points in ((H1, 20_00), (LOCAL, 7_00)):
        alone.device.weigh(points, household)
    alone.sync()
    assert alone.points() == 20_00
    name = alone.device.name
    with pytest.raises(Conflict, match="households-unmapped"):
        closing.approve_alone(town.ledger, TOWNSHIP, name, {}, "op")
    closing.approve_alone(town.ledger, TOWNSHIP, name, {LOCAL: H2}, "op")
    alone.device.spend(5_00)
    alone.sync()
    assert (alone.points(), alone.points(LOCAL)) == (0, 0)
    assert (at(town, H1), at(town, H2), at(town, LOCAL)) == (15_00, 7_00, 0)

    close(town, alone.device)
    new = successor(town, alone.device, 1)
    new.sync()
    assert (new.points(H1), new.points(H2)) == (15_00, 7_00)


def test_a_released_store_that_ran_alone_frees_points_for_whom_its_numbers_stand(town: Town) -> None:
    alone = Till(town, Device("LT01", "old1", 0))
    town.enrol(alone.device)
    alone.device.weigh(7_00, LOCAL)
    alone.push()
    closing.approve_alone(town.ledger, TOWNSHIP, "old1", {LOCAL: H2}, "op")
    close(town, alone.device)
    release(town, alone.device)
    assert (at(town, H2), at(town, LOCAL)) == (7_00, 0)


def test_nothing_is_approved_before_the_whole_journal_is_there(town: Town) -> None:
    alone = Till(town, Device("LT01", "old1", 0))
    town.enrol(alone.device)
    alone.device.weigh(7_00)
    alone.device.note()
    town.push(alone.device, last=1)
    with pytest.raises(Conflict, match="not-uploaded"):
        closing.approve_alone(town.ledger, TOWNSHIP, "old1", {}, "op")


class Backup:
    """What a ledger remembers when it comes from its backup: everything up to a certain time, nothing after."""

    TABLES = (
        "journal", "transfers", "balances", "feeds", "feed_records", "targets", "epochs", "townships", "log_tiles",
        "findings", "evidence", "audit", "households",
    )  # fmt: skip

    def __init__(self, town: Town) -> None:
        self.town = town
        self.rows = {name: town.rows(t.metadata.tables[name]) for name in self.TABLES}

    def restore(self) -> None:
        """Put everything back as it was, as an operator does: by other means than the program."""
        with self.town.ledger.database._writer.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("SET session_replication_role = replica")
                wipe = [f"DELETE FROM {name}" for name in reversed(self.TABLES)]
                again: list[str] = []
            else:
                connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
                found = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
                wipe = [f"DROP TRIGGER {name}" for name, _ in found]
                wipe += [f"DELETE FROM {name}" for name in reversed(self.TABLES)]
                again = [sql for _, sql in found]
            for statement in wipe:
                connection.exec_driver_sql(statement)
            for name in self.TABLES:
                if self.rows[name]:
                    connection.execute(t.metadata.tables[name].insert(), [row._asdict() for row in self.rows[name]])
            for statement in again:
                connection.exec_driver_sql(statement)
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("SET session_replication_role = DEFAULT")


@pytest.mark.parametrize("told", [True, False])
def test_a_ledger_from_its_backup_is_reminded_by_its_devices(town: Town, told: bool) -> None:
    home = Till(town, town.device())
    town.award(H1, 30_00)
    town.ledger.act(TOWNSHIP, lambda act: rights.settle(act, [H1]))
    home.sync()
    backup = Backup(town)
    town.award(H1, 20_00)
    town.ledger.act(TOWNSHIP, lambda act: rights.settle(act, [H1]))
    home.sync()
    home.device.spend(45_00)
    home.sync()
    assert at(town, H1, home.writer) == 5_00

    backup.restore()
    if told:
        heal.restored(town.ledger, TOWNSHIP, "op")
    assert home.push(len(home.device.lines)).status is Status.REJECTED
    reminded = home.remind(1)
    assert (reminded.posted, reminded.newest_life > 1) == (1, True)
    assert home.remind(1).posted == 0
    assert home.sync().status is Status.OK
    assert (at(town, H1, home.writer), home.points()) == (5_00, 5_00)
    assert town.balance(accounts.debt(H1, LEDGER)) == -20_00

    town.award(H1, 20_00)
    town.ledger.act(TOWNSHIP, lambda act: rights.settle(act, [H1]))
    home.sync()
    home.sync()
    assert (town.balance(accounts.debt(H1, LEDGER)), home.points(), home.life) == (0, 5_00, reminded.newest_life)


def test_what_was_told_meanwhile_under_a_lost_number_is_told_again(town: Town) -> None:
    home = Till(town, town.device())
    home.sync()
    backup = Backup(town)
    town.award(H1, 20_00)
    town.ledger.act(TOWNSHIP, lambda act: rights.settle(act, [H1]))
    home.sync()
    backup.restore()
    town.award(H2, 6_00)
    town.ledger.act(TOWNSHIP, lambda act: rights.settle(act, [H2]))

    assert home.remind().posted == 1
    home.sync()
    assert (home.points(H1), home.points(H2), home.life > 1) == (20_00, 6_00, True)
    assert at(town, H1, home.writer) == 20_00


def test_a_delivery_that_was_forgotten_is_posted_again(town: Town) -> None:
    old = stocked(town)
    backup = Backup(town)
    close(town, old.device)
    new = successor(town, old.device)
    new.sync()
    backup.rows["epochs"] = town.rows(t.epochs)
    backup.restore()
    heal.restored(town.ledger, TOWNSHIP, "op")
    assert town.balance(shelf(new.writer), "g:salt") == 0
    assert new.remind().posted == len(new.records)
    assert new.sync().status is Status.OK
    assert town.balance(shelf(new.writer), "g:salt") == 24


def test_only_the_ledgers_own_records_are_believed(town: Town) -> None:
    home = Till(town, town.device())
    town.award(H1, 20_00)
    town.ledger.act(TOWNSHIP, lambda act: rights.settle(act, [H1]))
    home.sync()
    life, record, digest = home.records[0]
    home.records[0] = life, type(record)(1, record.line.replace("2000", "9000"), record.signature), digest
    with pytest.raises(Forbidden, match="record"):
        home.remind()
    name = home.device.name
    with pytest.raises(Invalid, match="malformed"):
        heal.remind(town.ledger, TOWNSHIP, name, 1, b"{}", "00" * 64)
    line = b'{"v":2}'
    with pytest.raises(Invalid, match="version"):
        heal.remind(town.ledger, TOWNSHIP, name, 1, line, signing.sign(signing.REQUEST, line, home.device.key).hex())
