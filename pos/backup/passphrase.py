"""The passphrase of a store's backups: what it becomes is kept beside the store, so that nobody types it every night.

The file `backup.key` is readable by its owner only. It opens the backups of this store, and nothing else.
"""

import os
from pathlib import Path

from pos.backup import sealed
from pos.backup.sealed import KEY_SALT_BYTES, MASTER_BYTES, Lock
from pos.core.refusals import StoreCorrupt
from pos.core.restore_refusals import PassphraseShort
from pos.storage import keys

FILE = "backup.key"
SHORTEST = 8
"""Characters."""


def load(store: Path) -> Lock | None:
    """The lock of this store's backups; None where no passphrase was set. Raises `StoreCorrupt`."""
    try:
        found = (store / FILE).read_bytes()
    except FileNotFoundError:
        return None
    if len(found) != KEY_SALT_BYTES + MASTER_BYTES:
        raise StoreCorrupt(detail=FILE)
    return Lock(found[:KEY_SALT_BYTES], found[KEY_SALT_BYTES:])


def choose(store: Path, text: str) -> None:
    """Lock the backups of this store from now on. Raises `PassphraseShort`, or an `OSError` of the folder."""
    if len(text) < SHORTEST:
        raise PassphraseShort(least=SHORTEST)
    made = sealed.lock(text, bytes.fromhex(keys.new_salt()))
    fresh = store / f"{FILE}.new"
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(made.salt + made.master)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(store / FILE)
