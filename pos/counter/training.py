"""练习: a store of its own to practise in, with the real store's lists and cards; nothing in it counts.

It begins anew each time, from the lists as they are. Its device name says for good what it is: neither can be opened in
the other's place, and its papers carry the mark in the store's name.
"""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

from sqlalchemy import Connection, select

from catalog.units import Points
from pos import config, database
from pos.clock import Clock
from pos.core.acts import Act, ActCode
from pos.core.entries import Signatures
from pos.core.households import HouseholdState
from pos.core.local_time import local_date
from pos.core.people import SERVES
from pos.core.refusals import StoreMissing
from pos.core.training import DEVICE
from pos.core.transfers import Decision
from pos.counter import setup
from pos.counter.desk import Desk
from pos.storage import catalogue, keys, people, registry, rows, services
from pos.storage import tables as t
from pos.storage.installation import Identity
from pos.storage.people import Keeper
from pos.storage.rows import digest
from pos.storage.store import FILE, create, open_store, refusing

FOLDER = "training"
POINTS = Points(200_00)
"""What every household has to practise with."""
PIECES = 50
_SERVED = (HouseholdState.NORMAL, HouseholdState.AWAY)


def prepare(real: Path, mark: str, clock: Clock | None = None) -> Path:
    """A fresh training store below the store in `real`, whose name carries `mark`; its folder.

    Raises `StoreMissing`, `StoreReal` for a training folder that holds a real store, or another `StoreRefused`.
    """
    if not (real / FILE).exists():
        raise StoreMissing(folder=str(real))
    folder = real / FOLDER
    if (folder / FILE).exists():
        open_store(folder, training=True).close()
        shutil.rmtree(folder)
    engine = database.inspector(real / FILE)
    try:
        with refusing(), engine.begin() as connection:
            _make(real, folder, mark, connection, clock or Clock())
    finally:
        engine.dispose()
    return folder


def _make(real: Path, folder: Path, mark: str, connection: Connection, clock: Clock) -> None:
    row = connection.execute(select(t.installation)).one()
    name = f"{mark}{row.name}"
    identity = Identity(row.store, name, row.village, row.telephone, DEVICE, 0, row.utc_offset_minutes)
    create(folder, identity)
    keys.share_cards(real, folder)
    if (real / config.FILE).exists():
        shutil.copyfile(real / config.FILE, folder / config.FILE)
    staff = people.everybody(connection)
    village = _village(connection, local_date(clock.wall(), row.utc_offset_minutes))
    cards = [dict(card._mapping) for card in connection.execute(select(t.cards))]
    store = open_store(folder, training=True)
    try:
        desk = Desk(store, clock)
        two = _take_on(desk, staff)
        setup.load(desk, two, village)
        served = [each.number for each in village.households if each.state in _SERVED]
        setup.open_points(desk, two, dict.fromkeys(served, POINTS))
        lots = [setup.OpeningLot(good.code, PIECES, "village", 0) for good in village.goods]
        setup.open_stock(desk, two, lots)
        with store.write() as tx:
            rows.save(tx.connection, t.cards, cards)
    finally:
        store.close()


def _take_on(desk: Desk, staff: list[Keeper]) -> Signatures:
    """Everybody with their own PINs; the first two who serve sign for what the store begins with."""
    first, second = [person.number for person in staff if person.active and person.role in SERVES][:2]
    saved = [people.row_of(replace(person, failures=0, locked_until=0)) | {"salt": keys.new_salt()} for person in staff]
    with desk.store.write() as tx:
        rows.save(tx.connection, t.keepers, saved)
        known = digest([{name: row[name] for name in ("number", "name", "role", "active", "salt")} for row in saved])
        act = Act(ActCode.REFERENCE, str(t.keepers.name), digest=known)
        tx.append(desk.now(), Signatures(first, second), Decision(act, ()))
    return Signatures(first, second)


def _village(connection: Connection, today: date) -> setup.Village:
    """The lists as they are in force today."""
    households = tuple(registry.household_of(row) for row in connection.execute(select(t.households)))
    return setup.Village(
        households,
        {each.number: registry.members(connection, each.number) for each in households},
        tuple(catalogue.all_goods(connection)),
        tuple(catalogue.materials(connection).values()),
        tuple(setup.Tare(*row) for row in catalogue.tares(connection)),
        catalogue.book(connection, catalogue.book_in_force(connection, today)),
        catalogue.terms_in_force(connection, today),
        providers=tuple(services.providers(connection).values()),
        services=tuple(services.services(connection).values()),
    )
