"""What is frozen now; the journal says by whom, when and why."""

from sqlalchemy import Connection, delete, insert
from sqlalchemy.sql import text

from pos.database import Prepared
from pos.storage import tables as t

_FROZEN = Prepared(
    text(
        "SELECT f.item, f.seq, coalesce(g.name, m.name, f.item) FROM frozen f"
        " LEFT JOIN goods g ON 'g:' || g.code = f.item LEFT JOIN materials m ON 'm:' || m.code = f.item"
        " ORDER BY f.item"
    )
)


def frozen(connection: Connection) -> list[tuple[str, int, str]]:
    """The commodities that are frozen (`g:<good>`, `m:<material>`), the entry that froze each, and its name."""
    return _FROZEN.rows(connection)


def names(connection: Connection) -> dict[str, str]:
    """The names of the commodities that are frozen."""
    return {item: name for item, _, name in frozen(connection)}


def freeze(connection: Connection, commodity: str, seq: int) -> None:
    """Freeze a commodity by entry `seq`."""
    connection.execute(insert(t.frozen), {"item": commodity, "seq": seq})


def release(connection: Connection, commodity: str) -> None:
    """Let a commodity go on."""
    connection.execute(delete(t.frozen).where(t.frozen.c.item == commodity))
