"""Whole batches posted at once, against the rules' own books, which post one transfer after another."""

from random import Random

import pytest

from pos.core.accounts import Account
from pos.core.refusals import BelowFloor
from pos.core.transfers import Books, BooksError, Transfer
from pos.ledger import lines
from pos.ledger.books import Act
from pos.ledger.posting import Balances, Plan, WrongEntry
from tests.ledger.town import H1, H2, TOWNSHIP, Device, Town

BY = "dev1.1"
MOST = 6
"""Of one transfer: few enough for balances to come back to nothing, and to fall short, often."""


def transfer(chance: Random) -> Transfer:
    """Something a device may move: between accounts with a floor, a ceiling, and without bounds."""
    of = chance.choice((H1, H2))
    points, debt, issue = Account("pts", of, BY), Account("debt", of, BY), Account("issue", "weigh", BY)
    bin_, brought = Account("bin", "shop", BY), Account("brought", "weigh", BY)
    carry, value = Account("carry", of, BY), Account("value", "weigh", BY)
    ways = [
        (issue, points, "pt"), (issue, points, "pt"), (points, Account("spent", "goods", BY), "pt"),
        (points, Account("pts", of, "L"), "pt"), (debt, points, "pt"), (points, debt, "pt"),
        (brought, bin_, "m:p01"), (bin_, Account("out", "sold", BY), "m:p01"),
        (value, carry, "frac"), (carry, Account("paid", "points", BY), "frac"),
    ]  # fmt: skip
    return Transfer(*chance.choice(ways), chance.randint(1, MOST))


def first_refused(books: Books, device: Device) -> int:
    """Number of the first entry that the rules' books refuse, all before it posted there; 0 when they take all."""
    for seq, line in enumerate(device.lines, 1):
        try:
            books.post(BY, lines.read(line).transfers)
        except (BelowFloor, BooksError):
            return seq
    return 0


@pytest.mark.parametrize("seed", range(3))
def test_a_batch_is_posted_as_its_entries_would_be_one_by_one(town: Town, seed: int) -> None:
    chance, books, outcomes = Random(seed), Books("L"), set()
    for _ in range(25):
        device = Device("LT01", "dev1", 1)
        for _ in range(chance.randint(1, 5)):
            device.move(*(transfer(chance) for _ in range(chance.randint(0, 4))), check=False)
        there = Books("L", books.balances)
        wrong = first_refused(there, device)
        outcomes.add(bool(wrong))

        def post(act: Act, device: Device = device, loaded: bool = chance.random() < 0.5) -> None:
            balances = Balances(act.connection, TOWNSHIP)
            if loaded:
                balances.load([(f"pts:{H1}@{BY}", "pt"), (f"debt:{H2}@{BY}", "pt")])
            balances.post(Plan(BY, [lines.read(line) for line in device.lines]))
            balances.write()

        if wrong:
            with pytest.raises(WrongEntry) as refused:
                town.ledger.act(TOWNSHIP, post)
            assert refused.value.seq == wrong
        else:
            town.ledger.act(TOWNSHIP, post)
            books = there
        expected = {(str(account), what): balance for (account, what), balance in books.balances.items() if balance}
        assert {name: balance for name, balance in town.balances().items() if balance} == expected
    assert outcomes == {False, True}
