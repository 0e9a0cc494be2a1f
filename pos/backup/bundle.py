"""What is in a backup: a signed manifest, and the files of a store one after the other, deflated and sealed.

`deflate(length (4 bytes, big-endian) | manifest | signature (64 bytes) | each part's bytes)`, sealed as in `sealed`.
The manifest names every part with its size and SHA-256, and is signed with the installation's key.
"""

import hashlib
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos.backup.sealed import OPEN, Lock, seal, unseal
from pos.core import codec
from pos.core.codec import CodecError
from pos.core.journal import Certificate
from pos.core.restore_refusals import BackupDamaged, BackupForged
from pos.wire import signing

_DOMAIN = b"redemption-pos backup 1\x00"
_PIECE = 262_144
_MOST_MANIFEST = 1_000_000
_SIGNATURE_BYTES = 64
_PART = re.compile(
    r"(store\.db|drafts\.db|station\.toml|cards\.key|earlier/[a-z0-9-]{1,24}\.(0|[1-9][0-9]{0,8})/store\.db)"
)


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the store."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup is of: whose books, up to which entry (and its hash, hex), when (wall clock, ms), by what."""

    v: int
    store: str
    name: str
    device: str
    epoch: int
    seq: int
    hash: str
    last: int
    """When the newest entry was written; wall clock, ms."""
    made: int
    utc_offset_minutes: int
    program: str
    schema: int
    certificate: str
    """The installation's self-signed certificate and its signature, hex."""
    signature: str
    parts: tuple[Part, ...]

    @property
    def writer(self) -> str:
        """The installation's name in its accounts."""
        return f"{self.device}.{self.epoch}"

    @property
    def has_card_key(self) -> bool:
        """Whether what makes cards genuine is in it."""
        return any(part.name == "cards.key" for part in self.parts)

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the manifest, and so of everything in the backup."""
        return hashlib.sha256(_line(self)).hexdigest()


def part(name: str, path: Path) -> Part:
    """A file as the manifest names it."""
    found = hashlib.sha256()
    size = 0
    for piece in _pieces(path):
        found.update(piece)
        size += len(piece)
    return Part(name, size, found.hexdigest())


def packed(
    manifest: Manifest, key: Ed25519PrivateKey, files: Mapping[str, Path], lock: Lock, salt: bytes
) -> Iterator[bytes]:
    """The bytes of the backup file; `files` are the manifest's parts by name, `salt` 16 random bytes."""
    return seal(_deflated(_plain(manifest, key, files)), lock, salt)


def unpack(file: BinaryIO, passphrase: str = "", known: Lock = OPEN, into: Path | None = None) -> Manifest:
    """Read a whole backup, and write its parts `into` a folder if one is given; what is there is overwritten.

    Raises `BackupLocked`, `BackupDamaged`, `BackupForged`, `StoreNewer`, or an `OSError` of the folder.
    """
    stream = _Stream(_inflated(unseal(file, passphrase, known)))
    manifest = _manifest(stream)
    for each in manifest.parts:
        _unpack_part(stream, each, into)
    stream.end()
    return manifest


def _plain(manifest: Manifest, key: Ed25519PrivateKey, files: Mapping[str, Path]) -> Iterator[bytes]:
    line = _line(manifest)
    yield len(line).to_bytes(4, "big") + line + signing.sign(_DOMAIN, line, key)
    for each in manifest.parts:
        yield from _pieces(files[each.name])


def _line(manifest: Manifest) -> bytes:
    return codec.dumps(codec.plain(manifest))


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _deflated(pieces: Iterable[bytes]) -> Iterator[bytes]:
    deflate = zlib.compressobj()
    for piece in pieces:
        yield deflate.compress(piece)
    yield deflate.flush()


def _inflated(pieces: Iterable[bytes]) -> Iterator[bytes]:
    inflate = zlib.decompressobj()
    try:
        for piece in pieces:
            # In pieces of bounded size: what is sealed may have been made to swell.
            while piece:
                yield inflate.decompress(piece, _PIECE)
                piece = inflate.unconsumed_tail
        yield inflate.flush()
    except zlib.error:
        raise BackupDamaged(place=0) from None
    if not inflate.eof or inflate.unused_data:
        raise BackupDamaged(place=0)


class _Stream:
    """Bytes to be taken in the sizes asked for. Raises `BackupDamaged` when there are too few, or any left."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""

    def take(self, size: int) -> Iterator[bytes]:
        """The next `size` bytes, in pieces."""
        while size:
            if not self._rest:
                self._rest = next((piece for piece in self._pieces if piece), b"")
                if not self._rest:
                    raise BackupDamaged(place=0)
            piece, self._rest = self._rest[:size], self._rest[size:]
            size -= len(piece)
            yield piece

    def end(self) -> None:
        """Nothing may be left; the stream is read out, so that its own end is checked too."""
        if self._rest or any(self._pieces):
            raise BackupDamaged(place=0)


def _manifest(stream: _Stream) -> Manifest:
    size = int.from_bytes(b"".join(stream.take(4)), "big")
    if size > _MOST_MANIFEST:
        raise BackupDamaged(place=0)
    line, proof = b"".join(stream.take(size)), b"".join(stream.take(_SIGNATURE_BYTES))
    try:
        manifest = codec.build(Manifest, codec.loads(line))
        certificate = certificate_of(manifest)
    except (CodecError, ValueError):
        raise BackupDamaged(place=0) from None
    if certificate is None or not signing.signed(_DOMAIN, line, proof, certificate.key):
        raise BackupForged()
    if (certificate.store, certificate.device, certificate.epoch) != (manifest.store, manifest.device, manifest.epoch):
        raise BackupForged()
    names = [each.name for each in manifest.parts]
    if "store.db" not in names or len({*names}) != len(names) or not all(map(_PART.fullmatch, names)):
        raise BackupDamaged(place=0)
    return manifest


def certificate_of(manifest: Manifest) -> Certificate | None:
    """The certificate in a manifest, when its own key signed it. Raises `ValueError` for text that is none."""
    return signing.read_certificate(bytes.fromhex(manifest.certificate), bytes.fromhex(manifest.signature))


def _unpack_part(stream: _Stream, each: Part, into: Path | None) -> None:
    found = hashlib.sha256()
    with _written(each.name, into) as file:
        for piece in stream.take(each.size):
            found.update(piece)
            if file is not None:
                file.write(piece)
    if found.hexdigest() != each.sha256:
        raise BackupDamaged(place=0)


def _written(name: str, into: Path | None) -> "nullcontext[None] | BinaryIO":
    if into is None:
        return nullcontext()
    path = into / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    return path.open("wb")
