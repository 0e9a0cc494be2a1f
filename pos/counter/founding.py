"""Founding a store: the file, the first people, and the village's lists, from a folder of files."""

import csv
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pos.clock import Clock
from pos.core.entries import Signatures
from pos.core.people import Role
from pos.counter import cards, people, pins, setup
from pos.counter.desk import Desk
from pos.counter.village_files import VillageFiles
from pos.storage import keys
from pos.storage.installation import Identity
from pos.storage.store import create, open_store

CARDS = "cards.csv"
INSTALLER = "00"
"""Who signs the first entries, before anyone works here."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to be taken on."""

    number: str
    name: str
    role: Role
    pin: str


def found(
    folder: Path,
    village: VillageFiles,
    staff: tuple[Person, Person],
    utc_offset_minutes: int,
    clock: Clock | None = None,
) -> Mapping[str, str]:
    """Make a store in `folder` with its first two people, lists, opening balances and a card for each household.

    Returns the QR text of each household's card by household number. Raises `PinWeak` or a `StoreRefused`.
    """
    for person in staff:
        pins.check_pin(person.pin)
    identity = Identity(
        village.code, village.name, village.village_code, village.telephone, keys.new_device(), 0, utc_offset_minutes
    )
    create(folder, identity)
    store = open_store(folder)
    try:
        desk = Desk(store, clock or Clock())
        for person in staff:
            people.add_keeper(desk, Signatures(INSTALLER), person.number, person.name, person.role, person.pin)
        two = Signatures(staff[0].number, staff[1].number)
        setup.load(desk, two, village.village)
        setup.open_points(desk, two, village.points)
        setup.open_stock(desk, two, village.stock)
        issued = cards.issue(desk, two, [household.number for household in village.village.households])
        return {number: cards.qr_text(desk, card) for number, card in issued.items()}
    finally:
        store.close()


def write_cards(folder: Path, cards: Mapping[str, str]) -> None:
    """Write `cards.csv`, for the cards to be printed from: household and QR text, readable by its owner only."""
    handle = os.open(folder / CARDS, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("household", "qr"))
        writer.writerows(cards.items())
