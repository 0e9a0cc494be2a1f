"""The whole journal written out, in the form that `pos.wire.exported` checks anywhere."""

from pathlib import Path
from typing import BinaryIO

from pos.core import codec
from pos.core.refusals import StoreReadOnly
from pos.storage import books, feeds
from pos.storage.store import Store, sync
from pos.wire.exported import PURPOSE, VERSION, delivery


def export(store: Store, target: Path) -> None:
    """Sign the head and write the journal to `target`, whole or not at all. Raises a `StoreRefused`."""
    with store.write() as tx:
        signature = store.sign_head(tx, PURPOSE)
        head = tx.head
    unfinished = target.with_name(f"{target.name}.new")
    try:
        with unfinished.open("wb") as file, store.read() as connection:
            first = {"v": VERSION, "certificate": store.installation.certificate.hex()}
            _write(file, codec.dumps({**first, "signature": store.installation.signature.hex()}))
            records = feeds.by_entry(connection)
            for seq, line, _ in books.lines(connection):
                if seq > head.seq:
                    break
                _write(file, line)
                if seq in records:
                    _write(file, delivery(*records[seq]))
            _write(file, codec.dumps({"seq": head.seq, "hash": head.hash.hex(), "signature": signature.hex()}))
        sync(unfinished)
        unfinished.replace(target)
        sync(target.parent)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise StoreReadOnly(detail=str(error)) from None


def _write(file: BinaryIO, line: bytes) -> None:
    file.write(line + b"\n")
