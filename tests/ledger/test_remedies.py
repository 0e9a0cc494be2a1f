"""A redemption taken back where it was not made: each line once, never more than was paid; on both engines."""

from dataclasses import replace

import pytest

from catalog.units import Points
from pos.core import accounts, redemption, reversal, take_back
from pos.core.accounts import LEDGER, Account
from pos.core.redemption import Redeem
from pos.core.reversal import ReversalReason
from pos.core.take_back import BackLine, Condition
from pos.core.transfers import Transfer
from pos.ledger import closing, remedies
from pos.ledger import tables as t
from pos.ledger.refusals import Conflict, Invalid, NotFound
from tests.core.village import GOODS, basket, redeem_rules
from tests.ledger.till import Till
from tests.ledger.town import H1, TOWNSHIP, Town


class Sold:
    """A till that sold two of salt and one of soap: entry 3."""

    def __init__(self, town: Town) -> None:
        self.town, self.till = town, Till(town, town.device())
        by, device = self.till.writer, self.till.device
        shelf = [
            Transfer(Account("in", "purchase", by), accounts.stock("village", "0", by), f"g:{g}", 30) for g in GOODS
        ]
        device.move(*shelf)
        device.weigh(40_00)
        draft = replace(basket({"salt": 2, "soap": 1}), household=H1)
        self.decided = redemption.decide(draft, redeem_rules(), device.books, by)
        self.seq = device.write(self.decided)
        self.till.push()

    def undo(self, *lines: int) -> Points:
        """Take lines back at the ledger."""
        device = self.till.device
        return remedies.undo(
            self.town.ledger, TOWNSHIP, device.name, device.epoch, self.seq, lines, "op", "other-store"
        )

    @property
    def body(self) -> Redeem:
        """What was sold."""
        return self.decided.body


def at(town: Town, household: str = H1) -> int:
    """What the ledger holds."""
    return town.balance(accounts.points(household, LEDGER))


def test_each_line_comes_back_once(town: Town) -> None:
    sold = Sold(town)
    assert sold.undo(1) == Points(4_00)
    with pytest.raises(Conflict, match="lines-back"):
        sold.undo(1)
    assert sold.undo(2) == Points(20_00)
    sold.till.sync()
    assert sold.till.points() == 40_00
    assert {row.code for row in town.rows(t.reference)} == {
        f"LT01-{sold.till.device.name.upper()}.1-3/1",
        f"LT01-{sold.till.device.name.upper()}.1-3/2",
    }


def test_what_the_store_took_back_does_not_come_back_again(town: Town) -> None:
    sold = Sold(town)
    device = sold.till.device
    one = (BackLine("salt", 1, Condition.WHOLE),)
    moves = sold.decided.transfers
    device.write(take_back.decide(sold.seq, sold.body, moves, one, [], device.books, sold.till.writer))
    sold.till.push()
    assert sold.undo(1, 2) == Points(22_00)


def test_a_reversed_redemption_is_not_taken_back(town: Town) -> None:
    sold = Sold(town)
    device = sold.till.device
    moves, why = sold.decided.transfers, ReversalReason.OTHER
    device.write(reversal.decide(sold.seq, sold.body, moves, why, device.books, sold.till.writer))
    sold.till.push()
    with pytest.raises(Conflict, match="entry-reversed"):
        sold.undo(1)


def test_a_store_that_takes_back_again_is_found_out(town: Town) -> None:
    sold = Sold(town)
    sold.undo(1)
    device = sold.till.device
    moves, why = sold.decided.transfers, ReversalReason.OTHER
    seq = device.write(reversal.decide(sold.seq, sold.body, moves, why, device.books, sold.till.writer))
    sold.till.push()
    assert [(row.seq, row.code) for row in town.rows(t.findings)] == [(seq, "undone")]


def test_of_a_closed_epoch_comes_back_what_was_spent_there(town: Town) -> None:
    sold = Sold(town)
    device = sold.till.device
    closing.close(town.ledger, TOWNSHIP, device.name, 1, "op", "disk lost")
    assert sold.undo(2) == Points(20_00)
    spent = Account("spent", "goods", device.writer)
    assert (town.balance(spent), at(town)) == (4_00, 20_00)


@pytest.mark.parametrize("lines", [(), (0,), (3,), (1, 1)])
def test_bad_lines_are_refused(town: Town, lines: tuple[int, ...]) -> None:
    sold = Sold(town)
    with pytest.raises(Invalid, match="lines"):
        sold.undo(*lines)
    sold.seq = 2
    with pytest.raises(NotFound, match="entry-unknown"):
        sold.undo(1)
