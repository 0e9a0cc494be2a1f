"""One sale from confirm to commit, against what SQLite alone would ask for it; all sides interleaved in one run.

The sale is `pos.counter.redeem` of one good: people, card, household, day, prices and stock looked up, the rules'
decision, canonical bytes and hash, transfers, guarded balances, monthly count, print job, commit. Beside it:

* the very same statements with the same values, replayed on a copy by the bare sqlite3 module;
* the least that a durable redemption could be there: one journal row, two transfers, one guarded balance;
* the same sale in a store with a million earlier entries;
* one page appended to a file and synced: the disk's own share.

    python -m tests.bench.sale [FOLDER]      goals: 3.2 x, 6 x, 1.25 x
"""

import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import event

from catalog.units import Points
from pos.counter import setup
from pos.counter.redeem import redeem
from pos.storage.store import FILE
from tests.bench import history
from tests.bench.measure import Probe, percentile, timed
from tests.shop import Shop, open_shop

SALES, WARM_UP = 1500, 100
HISTORY = 1_000_000
GOALS = {"same": 3.2, "four rows": 6.0, "million": 1.25}

Recorded = list[tuple[str, Any, bool]]


def rich_shop(folder: Path, clerkless: int = 0) -> Shop:
    """A shop with stock and points for every sale of the run, and `clerkless` entries of history."""
    shop = open_shop(folder, day_open=False)
    setup.open_points(shop.desk, shop.two, {shop.household("0042"): Points(10**9)})
    setup.open_stock(shop.desk, shop.two, [setup.OpeningLot("g013", 10**6, "donated", 0)])
    return shop
