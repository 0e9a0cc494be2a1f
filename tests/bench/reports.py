"""Reports at the end of a year of a village of 483 households: what each takes until it could be shown.

The journal has some 25 documents a day (domain reference 3.5); each of 313 days is closed and adds 60 rows of sums.

    python -m tests.bench.reports      goal: 100 ms
"""

import sqlite3
import sys
import tempfile
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

from pos.core.entries import Signatures
from pos.counter import day
from pos.reports import donors, notices, registers, summary
from pos.reports.notices import Profile, Total
from pos.reports.period import parse
from pos.reports.registers import Register
from pos.storage.store import FILE
from tests.bench import history
from tests.bench.measure import percentile, timed
from tests.shop import opened, reopened

DAYS, DOCUMENTS, GOAL_MS, RUNS = 313, 25, 100, 20
FIRST = date(2025, 1, 15)
YEAR = FIRST.year


def close_days(folder: Path) -> None:
    """Write a Z document and its sums for each day of the year before the store's own."""
    goods = [f"g{code:03}" for code in range(1, 24)]
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as file:
        number, seq, sheet, closing_ = file.execute("SELECT * FROM z_documents").fetchone()
        file.execute("PRAGMA synchronous=OFF")
        file.execute("BEGIN")
        file.execute("UPDATE closed_days SET day = ?", (FIRST.isoformat(),))
        for each in range(1, DAYS):
            at = (number + each, seq + each * DOCUMENTS, sheet, closing_)
            file.execute("INSERT INTO z_documents VALUES (?, ?, ?, ?)", at)
            file.execute("INSERT INTO closed_days VALUES (?, ?)", (at[0], (FIRST + timedelta(each)).isoformat()))
            sides = [("stock:shop/village/all@k7q2md.0", "out:handed@k7q2md.0", f"g:{good}") for good in goods]
            sides += [("brought:weigh@k7q2md.0", "bin:shop@k7q2md.0", f"m:p{code:02}") for code in range(24)]
            sides += [
                ("issue:weigh@k7q2md.0", "pts:all@k7q2md.0", "pt"),
                ("pts:all@k7q2md.0", "spent:goods@k7q2md.0", "pt"),
            ]
            file.executemany("INSERT INTO day_flows VALUES (?, ?, ?, ?, 7)", [(at[0], *side) for side in sides])
            counts = [(at[0], what) for what in ("redeem", "weigh", "noted-drawer")]
            file.executemany("INSERT INTO day_counts VALUES (?, ?, 12)", counts)
        file.execute("COMMIT")


def main() -> int:
    """Print what each report takes; 1 when one is above its goal."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "shop"
        with opened(folder) as shop:
            day.close_day(shop.desk, shop.two)
        history.write(folder, (DAYS - 1) * DOCUMENTS)
        close_days(folder)
        shop = reopened(folder)
        desk, by, first, last = shop.desk, Signatures("02"), date(YEAR, 1, 1), date(YEAR, 12, 31)
        month = date(YEAR, 6, 1), date(YEAR, 6, 30)
        reports = {
            "day": lambda: summary.read(desk, parse(f"{YEAR}-06-20")),  # type: ignore[arg-type]
            "month": lambda: summary.read(desk, parse(f"{YEAR}-06")),  # type: ignore[arg-type]
            "year": lambda: summary.read(desk, parse(f"{YEAR}")),  # type: ignore[arg-type]
            "notice of a month": lambda: notices.notice(desk, by, *month, Total.SPENT, Profile.MASKED),
            "notice of the year": lambda: notices.notice(desk, by, first, last, Total.SPENT, Profile.MASKED),
            "stock book of a month": lambda: registers.register(desk, by, Register.STOCK, *month),
            "register of a month": lambda: registers.register(desk, by, Register.DAILY, *month),
            "gifts of the year": lambda: donors.read(desk, first, last),
        }
        slow = 0
        for report, read in reports.items():
            took = percentile([timed(read) for _ in range(RUNS)], 50)
            slow += took > GOAL_MS * 1000
            print(f"{report:24} {took // 1000:5} ms")
        shop.close()
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
