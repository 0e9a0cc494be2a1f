"""Sales by processes that are killed at their n-th statement, for every n: `python -m tests.storage.killed FOLDER`.

Prints one line for each: n, how the process ended, and the journal's head as found afterwards.
"""

import os
import sys
from itertools import count
from pathlib import Path

from pos.counter.redeem import redeem
from pos.storage import books
from tests.shop import reopened
from tests.storage.failing import Fuse, die, wire_in


def sell(folder: Path, n: int) -> None:
    """One sale, killed at its n-th statement; ends by itself when there are fewer."""
    shop = reopened(folder)
    wire_in(shop.desk.store, fuse := Fuse(die))
    fuse.left = n
    redeem(shop.desk, shop.by, shop.basket({"g001": 1}, of="0002"))
    os._exit(0)


def head(folder: Path) -> int:
    """The journal's newest number."""
    shop = reopened(folder)
    with shop.desk.store.read() as connection:
        found = books.head(connection, shop.desk.store.installation).seq
    shop.close()
    return found


def main(folder: Path) -> None:
    """Kill at every statement in turn until a sale comes through."""
    for n in count(1):
        child = os.fork()
        if not child:
            sell(folder, n)
        _, status = os.waitpid(child, 0)
        print(n, os.waitstatus_to_exitcode(status), head(folder), flush=True)
        if not status:
            return


if __name__ == "__main__":
    main(Path(sys.argv[1]))
