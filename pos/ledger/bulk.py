"""Many rows at once: COPY and arrays on PostgreSQL, JSON and `executemany` on SQLite.

Rows are plain tuples in the order of the columns given. What is inserted here cannot be there yet: the township's row
is locked and numbers were compared first, so a key that exists already is our bug.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

import psycopg
from sqlalchemy import Connection, Table
from sqlalchemy.sql.sqltypes import BigInteger, LargeBinary

from pos.core.transfers import BooksError
from pos.ledger import tables as t

Name = tuple[str, str]
"""A balance by the names of its account and commodity."""

Change = tuple[str, str, int, int, int]
"""Account, commodity, by how much, and the least and the most that the balance may be before."""

_FOUND_SQLITE = (
    "SELECT b.account, b.commodity, b.quantity FROM json_each(?) k JOIN balances b"
    " ON b.township = ? AND b.account = k.value ->> 0 AND b.commodity = k.value ->> 1"
)
_FOUND_POSTGRESQL = (
    "SELECT b.account, b.commodity, b.quantity"
    " FROM unnest(string_to_array(%s, ' '), string_to_array(%s, ' ')) k (account, commodity)"
    " JOIN balances b ON b.township = %s AND b.account = k.account AND b.commodity = k.commodity"
)
_MOVE_POSTGRESQL = (
    "UPDATE balances b SET quantity = k.new FROM unnest(string_to_array(%s, ' '), string_to_array(%s, ' '),"
    " string_to_array(%s, ' ')::bigint[], string_to_array(%s, ' ')::bigint[]) k (account, commodity, old, new)"
    " WHERE b.township = %s AND b.account = k.account AND b.commodity = k.commodity AND b.quantity = k.old"
)
"""Lists go as one text each, split by the server: no name has a space, and arrays cost the client ten times as much."""
_MOVE_SQLITE = "UPDATE balances SET quantity = ? WHERE quantity = ? AND township = ? AND account = ? AND commodity = ?"
_CHANGE_POSTGRESQL = (
    "UPDATE balances b SET quantity = b.quantity + k.net"
    " FROM unnest(string_to_array(%s, ' '), string_to_array(%s, ' '), string_to_array(%s, ' ')::bigint[],"
    " string_to_array(%s, ' ')::bigint[], string_to_array(%s, ' ')::bigint[]) k (account, commodity, net, least, most)"
    " WHERE b.township = %s AND b.account = k.account AND b.commodity = k.commodity"
    " AND b.quantity BETWEEN k.least AND k.most RETURNING b.account, b.commodity, b.quantity"
)
_CHANGE_SQLITE = (
    "UPDATE balances SET quantity = quantity + (k.value ->> 2) FROM json_each(?) k"
    " WHERE township = (k.value ->> 5) AND account = (k.value ->> 0) AND commodity = (k.value ->> 1)"
    " AND quantity BETWEEN (k.value ->> 3) AND (k.value ->> 4) RETURNING account, commodity, quantity"
)
"""The township stands in every row of the list, so that SQLite goes through these and not through the township."""
_HOUSEHOLDS_SQLITE = (
    "SELECT h.household, h.state, h.home FROM json_each(?) k"
    " JOIN households h ON h.township = ? AND h.household = k.value"
)
_HOUSEHOLDS_POSTGRESQL = (
    "SELECT h.household, h.state, h.home FROM unnest(string_to_array(%s, ' ')) k (household)"
    " JOIN households h ON h.township = %s AND h.household = k.household"
)
_BALANCE_COLUMNS = ("township", "account", "commodity", "writer", "quantity", "low", "high")


def add(connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows."""
    if not rows:
        return
    names = ", ".join(columns)
    if connection.dialect.name != "postgresql":
        marks = ", ".join("?" * len(columns))
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", list(rows))
        return
    with _cursor(connection).copy(f"COPY {table.name} ({names}) FROM STDIN (FORMAT BINARY)") as copy:
        copy.set_types([_type(table, column) for column in columns])
        for row in rows:
            copy.write_row(row)


def put(
    connection: Connection,
    table: Table,
    key: Sequence[str],
    columns: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
) -> None:
    """Insert rows, or give those whose `key` is there the new values."""
    if not rows:
        return
    mark = "%s" if connection.dialect.name == "postgresql" else "?"
    names, marks = ", ".join(columns), ", ".join([mark] * len(columns))
    values = ", ".join(f"{column} = excluded.{column}" for column in columns if column not in key)
    statement = (
        f"INSERT INTO {table.name} ({names}) VALUES ({marks}) ON CONFLICT ({', '.join(key)}) DO UPDATE SET {values}"
    )
    connection.exec_driver_sql(statement, list(rows))


def households(connection: Connection, township: str, numbers: Sequence[str]) -> dict[str, tuple[str, str]]:
    """State and home of those households that there are."""
    found: Iterable[Any]
    if connection.dialect.name == "postgresql":
        found = _cursor(connection).execute(_HOUSEHOLDS_POSTGRESQL, (" ".join(numbers), township))
    else:
        found = connection.exec_driver_sql(_HOUSEHOLDS_SQLITE, (json.dumps(numbers), township))
    return {household: (state, home or "") for household, state, home in found}


def balances(connection: Connection, township: str, names: Sequence[Name]) -> dict[Name, int]:
    """Those balances of `names` that there are."""
    rows: Iterable[Any]
    if connection.dialect.name == "postgresql":
        of, what = (" ".join(column) for column in zip(*names, strict=True))
        rows = _cursor(connection).execute(_FOUND_POSTGRESQL, (of, what, township))
    else:
        rows = connection.exec_driver_sql(_FOUND_SQLITE, (json.dumps(names), township))
    return {(account, commodity): quantity for account, commodity, quantity in rows}


def change_balances(connection: Connection, township: str, changes: Iterable[Change]) -> dict[Name, int]:
    """Change balances that are there and within what they may be, and return these as they are then."""
    # Always in the same order, so that two writers cannot wait for each other.
    asked = sorted(changes)
    if not asked:
        return {}
    rows: Iterable[Any]
    if connection.dialect.name == "postgresql":
        columns = [" ".join(map(str, column)) for column in zip(*asked, strict=True)]
        rows = _cursor(connection).execute(_CHANGE_POSTGRESQL, (*columns, township))
    else:
        listed = json.dumps([(*row, township) for row in asked])
        rows = connection.exec_driver_sql(_CHANGE_SQLITE, (listed,))
    return {(account, commodity): quantity for account, commodity, quantity in rows}


def move_balances(connection: Connection, township: str, moves: Iterable[tuple[str, str, int, int]]) -> None:
    """Set balances (account, commodity) from an old to a new quantity. Raises `BooksError` when one is not the old."""
    # Always in the same order, so that two writers cannot wait for each other.
    rows = sorted(moves)
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        columns = [" ".join(map(str, column)) for column in zip(*rows, strict=True)]
        moved = _cursor(connection).execute(_MOVE_POSTGRESQL, (*columns, township)).rowcount
    else:
        values = [(new, old, township, account, commodity) for account, commodity, old, new in rows]
        moved = connection.exec_driver_sql(_MOVE_SQLITE, values).rowcount
    if moved != len(rows):
        raise BooksError("a balance changed under the township's lock")


def add_balances(
    connection: Connection, township: str, new: Iterable[tuple[str, str, str, int, int | None, int | None]]
) -> None:
    """Insert balances that were not there: account, commodity, writer, quantity, lowest and highest."""
    add(connection, t.balances, _BALANCE_COLUMNS, [(township, *row) for row in new])


def _type(table: Table, column: str) -> str:
    match table.c[column].type:
        case BigInteger():
            return "int8"
        case LargeBinary():
            return "bytea"
        case _:
            return "text"


def _cursor(connection: Connection) -> psycopg.Cursor[Any]:
    driver: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]
    return driver.cursor()
