"""Price books published anew: each change is a new version of every book that is or will be in force."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from catalog.prices import PriceBook
from pos.core.acts import Act, ActCode
from pos.core.entries import Signatures
from pos.core.transfers import Decision
from pos.counter.desk import Desk
from pos.storage import catalogue, published
from pos.storage.books import Transaction


def books_from(connection: Connection, on: date) -> Iterator[PriceBook]:
    """The book in force, and the newest of each later date."""
    newest = {effective: version for version, effective in sorted(catalogue.book_dates(connection).items())}
    for version in (catalogue.book_in_force(connection, on), *(newest[day] for day in sorted(newest) if day > on)):
        yield catalogue.book(connection, version)


def publish(desk: Desk, by: Signatures, tx: Transaction, book: PriceBook) -> None:
    """Publish `book` under the next version's number, with its act."""
    version = max(catalogue.book_dates(tx.connection)) + 1
    catalogue.publish(tx.connection, replace(book, version=version))
    act = Act(ActCode.REFERENCE, published.BOOK, digest=published.book(tx.connection, version))
    tx.append(desk.now(), by, Decision(act, ()))
