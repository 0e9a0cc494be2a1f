"""What an act pins of prices and terms: the hash of the rows as they stand, so that an altered price is found."""

from collections.abc import Iterator

from sqlalchemy import Connection

from pos.storage.rows import digest

BOOK, TERMS, POLICY = "price-book", "terms", "policy"
"""Subjects of the acts that publish them."""

_BOOK = (
    "SELECT version, effective FROM price_books WHERE version = ?",
    "SELECT good, points, shelf FROM good_prices WHERE version = ? ORDER BY good",
    "SELECT material, per, amount FROM material_prices WHERE version = ? ORDER BY material",
    "SELECT service, points FROM service_prices WHERE version = ? ORDER BY service",
)
_POLICY = "SELECT version, effective, CAST(body AS TEXT) FROM policies WHERE version = ?"
_TERMS = "SELECT effective, fen_per_point, step FROM terms WHERE effective = ?"


def book(connection: Connection, version: int) -> str:
    """The hash of one version of the price book with all its prices."""
    return digest([_rows(connection, sql, version) for sql in _BOOK])


def terms(connection: Connection, effective: str) -> str:
    """The hash of the terms that hold from one date (ISO) on."""
    return digest(_rows(connection, _TERMS, effective))


def policy(connection: Connection, version: int) -> str:
    """The hash of one version of the village's policy."""
    return digest(_rows(connection, _POLICY, version))


def everything(connection: Connection) -> Iterator[tuple[str, str, str]]:
    """Every price book, terms and policy that is there: its act's subject, which one it is, and its hash."""
    for (version,) in connection.exec_driver_sql("SELECT version FROM price_books ORDER BY version"):
        yield BOOK, str(version), book(connection, version)
    for (effective,) in connection.exec_driver_sql("SELECT effective FROM terms ORDER BY effective"):
        yield TERMS, effective, terms(connection, effective)
    for (version,) in connection.exec_driver_sql("SELECT version FROM policies ORDER BY version"):
        yield POLICY, str(version), policy(connection, version)


def _rows(connection: Connection, sql: str, key: int | str) -> list[list[int | str]]:
    return [list(row) for row in connection.exec_driver_sql(sql, (key,))]
