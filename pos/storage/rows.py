"""Reference rows that may be edited: inserted, or changed where they stand, and hashed for the act that records it."""

import hashlib
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects.sqlite import insert as upsert_into

from pos.core import codec

_KEYS = {
    "households": ["number"],
    "members": ["household", "place"],
    "cards": ["number"],
    "goods": ["code"],
    "barcodes": ["barcode"],
    "lots": ["good", "place", "owner", "lot"],
    "materials": ["code"],
    "tares": ["code"],
    "campaigns": ["code"],
    "buyers": ["code"],
    "contracts": ["buyer", "material", "effective"],
    "own_households": ["party"],
    "suppliers": ["code"],
    "proposals": ["good"],
    "providers": ["code"],
    "services": ["code"],
    "household_pins": ["household"],
    "keepers": ["number"],
}


def save(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert rows, or change the ones that are there: those of a table that may be edited."""
    if not rows:
        return
    statement = upsert_into(table)
    keys = _KEYS[table.name]
    changes = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changes), rows)


def digest(rows: list[Any]) -> str:
    """SHA-256 (hex) of rows in canonical form, as an act records them."""
    return hashlib.sha256(codec.dumps(rows)).hexdigest()
