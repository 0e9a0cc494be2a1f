"""Journals coming in: each row of the protocol's table, on both engines."""

from pos.core import accounts
from pos.core.accounts import LEDGER, Account
from pos.ledger import closing
from pos.ledger import tables as t
from pos.wire.messages import Status
from tests.ledger.town import H1, TOWNSHIP, Device, Town


def lines_of(town: Town, device: Device) -> list[bytes]:
    """The journal's bytes as the ledger keeps them."""
    rows = [row for row in town.rows(t.journal) if row.writer == device.writer]
    return [row.bytes for row in sorted(rows, key=lambda row: row.seq)]


def test_the_next_entries_are_posted(town: Town) -> None:
    device = town.device()
    device.weigh(12_00)
    device.spend(5_00)

    answer = town.push(device)

    assert (answer.status, answer.seq, answer.hash) == (Status.OK, 2, device.hashes[2].hex())
    assert (answer.stopped, answer.differences, answer.checkpoint.size) == ("", (), 2)
    assert lines_of(town, device) == device.lines
    assert town.balances() == {(str(account), what): n for (account, what), n in device.books.balances.items()}
    assert sorted((row.seq, row.n, row.quantity) for row in town.rows(t.transfers)) == [(1, 1, 12_00), (2, 1, 5_00)]


def test_the_same_again_changes_nothing(town: Town) -> None:
    device = town.device()
    device.weigh(12_00)
    body, signature = device.batch()

    first = town.send(device, body, signature)
    before = (town.balances(), town.rows(t.journal))
    again = town.send(device, body, signature)

    assert (again.status, again.seq, again.hash) == (first.status, first.seq, first.hash)
    assert (town.balances(), town.rows(t.journal)) == before


def test_an_overlap_is_trimmed(town: Town) -> None:
    device = town.device()
    device.weigh(12_00)
    device.note()
    town.push(device)
    device.spend(2_00)

    answer = town.push(device, first=2)

    assert (answer.status, answer.seq) == (Status.OK, 3)
    assert lines_of(town, device) == device.lines
    assert town.balance(accounts.points(H1, device.writer)) == 10_00


def test_no_entries_ask_where_the_journal_stands(town: Town) -> None:
    device = town.device()
    device.note()
    town.push(device)

    answer = town.push(device, first=2)

    assert (answer.status, answer.seq, answer.hash) == (Status.OK, 1, device.hashes[1].hex())


def test_a_gap_is_not_stored(town: Town) -> None:
    device = town.device()
    for _ in range(4):
        device.note()
    town.push(device, last=1)

    answer = town.push(device, first=3)

    assert (answer.status, answer.seq, answer.hash) == (Status.GAP, 1, device.hashes[1].hex())
    assert lines_of(town, device) == device.lines[:1]
    assert town.push(device, first=2).seq == 4


def test_a_fork_is_caught_kept_and_never_posted(town: Town) -> None:
    device = town.device()
    device.weigh(12_00)
    town.push(device)
    clone = device.clone()
    device.spend(5_00)
    town.push(device, first=2)
    for points in (7_00, 3_00):
        clone.spend(points)
    body, signature = clone.batch(first=2)

    answer = town.send(clone, body, signature)

    assert (answer.status, answer.seq, answer.hash) == (Status.FORK, 2, device.hashes[2].hex())
    assert answer.stopped == "fork"
    assert lines_of(town, device) == device.lines
    assert town.balance(accounts.points(H1, device.writer)) == 7_00
    assert town.balance(Account("gone", f"shortage-{device.name}", LEDGER)) == 10_00
    assert [(row.reason, row.batch, row.signature.hex()) for row in town.rows(t.evidence)] == [
        ("fork", body, signature)
    ]


def test_a_tail_that_empties_an_account_of_a_closed_epoch(town: Town) -> None:
    device = town.device()
    device.weigh(5_00)
    town.push(device)
    closing.close(town.ledger, TOWNSHIP, device.name, 1, "op", "lost")
    device.spend(5_00)

    answer = town.push(device, 2)

    assert (answer.status, answer.seq) == (Status.OK, 2)
    assert town.balance(accounts.points(H1, device.writer)) == 0
