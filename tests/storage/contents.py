"""Everything that a store's file holds, to be compared before and after."""

from typing import Any

from pos.storage import tables
from pos.storage.store import Store


def contents(of: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    with of.read() as connection:
        return {
            name: sorted((tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {name}")), key=repr)
            for name in tables.metadata.tables
        }
