"""The township's transparency log (RFC 6962): one leaf for each entry accepted, the ledger's own included.

A leaf's data is the entry's hash in its journal's chain. The tree is kept in tiles of 256 hashes, written once when
they are full: level 0 holds leaf hashes, level n the roots of level n - 1's tiles. What fills no tile yet is the edge,
in the township's row, lowest level first; the log's size says how much there is of each. A proof reads a few tiles,
however long the log has grown.
"""

from collections.abc import Iterator, Sequence
from itertools import count

from sqlalchemy import Connection, bindparam, select

from pos.ledger import bulk
from pos.ledger import tables as t
from pos.wire import merkle

HASH = 32
LEVELS = 8
TILE = 1 << LEVELS
"""Hashes of one tile; each spans so many levels of the tree."""

_COLUMNS = ("township", "level", "number", "hashes")
_TILE = select(t.log_tiles.c.hashes).where(
    t.log_tiles.c.township == bindparam("of"),
    t.log_tiles.c.level == bindparam("at"),
    t.log_tiles.c.number == bindparam("n"),
)
_EDGE = select(t.townships.c.log_size, t.townships.c.log_edge).where(t.townships.c.township == bindparam("of"))


class Growth:
    """The log as it grows within one act: new leaves in order, and what to write of them at the end."""

    def __init__(self, size: int, edge: bytes) -> None:
        self.size = size
        self._levels = [list(hashes) for hashes in _split_edge(size, edge)]
        self._full: list[tuple[int, int, bytes]] = []

    @property
    def edge(self) -> bytes:
        """The hashes that fill no tile yet."""
        return b"".join(found for level in self._levels for found in level)

    @property
    def root(self) -> bytes:
        """The root as it stands."""
        return merkle.root([peak for level in reversed(self._levels) for peak in _peaks(level)])

    def append(self, data: bytes) -> int:
        """Add a leaf and return its place."""
        self.size += 1
        self._add(0, merkle.leaf(data))
        return self.size - 1

    def _add(self, level: int, found: bytes) -> None:
        if level == len(self._levels):
            self._levels.append([])
        tile = self._levels[level]
        tile.append(found)
        if len(tile) == TILE:
            self._full.append((level, (self.size >> LEVELS * (level + 1)) - 1, b"".join(tile)))
            self._levels[level] = []
            self._add(level + 1, _folded(tile))

    def write(self, connection: Connection, township: str) -> None:
        """Write the tiles that are full."""
        bulk.add(connection, t.log_tiles, _COLUMNS, [(township, *tile) for tile in self._full])
        self._full = []


class Proofs:
    """Proofs over the log as one snapshot shows it."""

    def __init__(self, connection: Connection, township: str) -> None:
        self._connection, self._township = connection, township
        self._tiles: dict[tuple[int, int], Sequence[bytes]] = {}

    def root(self, size: int) -> bytes:
        """The root that the log had at `size`, which it must have reached."""
        return self._subtree(0, size) if size else merkle.EMPTY

    def inclusion(self, place: int, size: int) -> list[bytes]:
        """The hashes beside the way from leaf `place` to the root of the log of `size`."""
        return self._path(place, 0, size)

    def consistency(self, old: int, size: int) -> list[bytes]:
        """The hashes that show that the log of `size` only added to the one of `old`; both at least 0."""
        return self._added(old, 0, size, whole=True) if 0 < old < size else []

    def _path(self, place: int, start: int, end: int) -> list[bytes]:
        if end - start == 1:
            return []
        middle = start + _split(end - start)
        if place < middle:
            return [*self._path(place, start, middle), self._subtree(middle, end)]
        return [*self._path(place, middle, end), self._subtree(start, middle)]

    def _added(self, old: int, start: int, end: int, *, whole: bool) -> list[bytes]:
        if old == end:
            return [] if whole else [self._subtree(start, end)]
        middle = start + _split(end - start)
        if old <= middle:
            return [*self._added(old, start, middle, whole=whole), self._subtree(middle, end)]
        return [*self._added(old, middle, end, whole=False), self._subtree(start, middle)]

    def _subtree(self, start: int, end: int) -> bytes:
        count = end - start
        if count & (count - 1):
            middle = start + _split(count)
            return merkle.node(self._subtree(start, middle), self._subtree(middle, end))
        level = count.bit_length() - 1
        tile_level, height = divmod(level, LEVELS)
        return _folded(self._stored(tile_level, start >> LEVELS * tile_level, 1 << height))

    def _stored(self, level: int, first: int, count: int) -> Sequence[bytes]:
        number, offset = divmod(first, TILE)
        if (level, number) not in self._tiles:
            self._tiles[level, number] = self._read(level, number)
        return self._tiles[level, number][offset : offset + count]

    def _read(self, level: int, number: int) -> Sequence[bytes]:
        key = {"of": self._township}
        size, edge = self._connection.execute(_EDGE, key).one()
        if number == size >> LEVELS * (level + 1):
            return list(_split_edge(size, edge))[level]
        return _hashes(self._connection.execute(_TILE, {**key, "at": level, "n": number}).scalar_one())


def _split_edge(size: int, edge: bytes) -> Iterator[Sequence[bytes]]:
    """The edge's hashes by level, as many levels as there are."""
    for level in count():
        if not size >> LEVELS * level:
            return
        end = (size >> LEVELS * level) % TILE * HASH
        yield _hashes(edge[:end])
        edge = edge[end:]


def _hashes(data: bytes) -> Sequence[bytes]:
    return [data[at : at + HASH] for at in range(0, len(data), HASH)]


def _peaks(hashes: Sequence[bytes]) -> Iterator[bytes]:
    """Roots over powers of two of hashes, the largest and oldest first."""
    while hashes:
        many = 1 << len(hashes).bit_length() - 1
        yield _folded(hashes[:many])
        hashes = hashes[many:]


def _split(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1


def _folded(hashes: Sequence[bytes]) -> bytes:
    """The root over a power of two of hashes."""
    while len(hashes) > 1:
        hashes = [merkle.node(left, right) for left, right in zip(hashes[::2], hashes[1::2], strict=True)]
    return hashes[0]
