"""What the power-cut tests record: `python -m tests.storage.recorded create|sales|drafts FOLDER …`.

Each thing done is said on standard output once the program was told that it is done.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from pos.core.receipts import Receipt, RedeemFacts
from pos.core.redemption import Shortfall
from pos.core.reversal import ReversalReason
from pos.counter.redeem import redeem
from pos.counter.reverse import reverse
from pos.counter.weigh_in import weigh_in
from pos.storage.drafts import Drafts
from pos.storage.store import create
from tests.shop import IDENTITY, Shop, reopened, weighed
from tests.storage.busy import seq_of


def say(text: str) -> None:
    """Acknowledge to the outside world."""
    os.write(1, f"{text}\n".encode())


def sales(folder: Path, number: int, pages: int, synchronous: int = 2) -> None:
    """So many mixed sales, the newest entry said after each; a checkpoint every so many pages.

    Every fifth is a weigh-in taken back at once, which is two.
    """
    shop = reopened(folder)
    driver = shop.desk.store._connection.connection.driver_connection
    assert driver is not None
    driver.execute(f"PRAGMA wal_autocheckpoint={pages}")
    driver.execute(f"PRAGMA synchronous={synchronous}")
    for turn in range(number):
        for receipt in _sale(shop, turn):
            paid_in_cash = isinstance(receipt.facts, RedeemFacts) and receipt.facts.cash
            say(str(seq_of(receipt.slip.number) + bool(paid_in_cash)))
    shop.close()


def _sale(shop: Shop, turn: int) -> Iterator[Receipt]:
    desk, by = shop.desk, shop.by
    match turn % 5:
        case 0:
            yield weigh_in(desk, by, shop.bag())
        case 1:
            yield redeem(desk, by, shop.basket({"g001": 2, "g013": 1}))
        case 2:
            yield (taken := weigh_in(desk, by, shop.bag(weighed("m04", 300 + turn), of="0006")))
            yield reverse(desk, by, seq_of(taken.slip.number), ReversalReason.WRONG_WEIGHT)
        case 3:
            yield redeem(desk, by, shop.basket({"g017": 1, "g013": 1}, of="0006", shortfall=Shortfall.CASH))
        case _:
            # less than the next one costs: that is paid in points and cash
            yield weigh_in(desk, by, shop.bag(weighed("p01", 5_000), of="0006"))


def drafts(folder: Path, number: int) -> None:
    """So many changes of one open ticket, each said when it is saved."""
    kept = Drafts(folder)
    for turn in range(number):
        assert kept.save("redeem", b"%d" % turn * 400)
        say(str(turn))
    kept.close()


def main(what: str, folder: Path, *numbers: int) -> None:
    """Do one of them."""
    match what:
        case "create":
            create(folder, IDENTITY)
            say("created")
        case "sales":
            sales(folder, *numbers)
        case "drafts":
            drafts(folder, *numbers)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *map(int, sys.argv[3:]))
