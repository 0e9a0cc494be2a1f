"""The seal: what comes out is what went in, or nothing does."""

import io
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.backup.sealed import OPEN, Lock, is_locked, lock, seal, unseal
from pos.core.refusals import StoreNewer
from pos.core.restore_refusals import BackupDamaged, BackupLocked, BackupRefused

LOCK = Lock(b"s" * 16, b"m" * 32)
SALT = b"f" * 16
CHUNK = 65_536


def sealed(text: bytes, with_lock: Lock = LOCK) -> bytes:
    return b"".join(seal([text], with_lock, SALT))


def opened(data: bytes, known: Lock = LOCK) -> bytes:
    return b"".join(unseal(io.BytesIO(data), "", known))


@given(st.lists(st.binary(max_size=90_000), max_size=4), st.sampled_from([LOCK, OPEN]))
def test_what_goes_in_comes_out(pieces: list[bytes], with_lock: Lock) -> None:
    data = b"".join(seal(iter(pieces), with_lock, SALT))
    assert opened(data, with_lock) == b"".join(pieces)


@pytest.mark.parametrize("length", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_at_the_edges_of_a_chunk(length: int) -> None:
    assert opened(sealed(bytes(length))) == bytes(length)


@pytest.mark.parametrize("with_lock", [LOCK, OPEN])
def test_cut_anywhere(with_lock: Lock) -> None:
    data = sealed(bytes(2 * CHUNK + 100), with_lock)
    whole = CHUNK + 16
    for length in {0, 1, 9, 41, 42, 43, 58, *range(0, len(data), 7_919), 42 + whole, 42 + 2 * whole, len(data) - 1}:
        with pytest.raises(BackupRefused):
            opened(data[:length], with_lock)


@pytest.mark.parametrize("with_lock", [LOCK, OPEN])
def test_any_bit_flipped(with_lock: Lock) -> None:
    data = sealed(b"goods" * 30, with_lock)
    for place in range(len(data) * 8):
        flipped = bytearray(data)
        flipped[place // 8] ^= 1 << place % 8
        # A header's salt that nobody knows asks for a passphrase; that is no way in either.
        with pytest.raises((BackupRefused, StoreNewer)):
            list(_unsealed_cheaply(bytes(flipped), with_lock))


def _unsealed_cheaply(data: bytes, known: Lock) -> Iterator[bytes]:
    """Unseal, without the half second that a passphrase takes."""
    return unseal(io.BytesIO(data), "", Lock(data[10:26], known.master) if data[10:26] != OPEN.salt else OPEN)


def test_chunks_that_changed_places_or_were_dropped() -> None:
    data = sealed(bytes(3 * CHUNK))
    whole = CHUNK + 16
    first, second, rest = data[42 : 42 + whole], data[42 + whole : 42 + 2 * whole], data[42 + 2 * whole :]
    for wrong in (second + first + rest, first + rest, first + first + rest, first + second + rest + rest):
        with pytest.raises(BackupRefused):
            opened(data[:42] + wrong)


def test_a_passphrase() -> None:
    right = lock("柳塘村 2026", b"0" * 16)
    data = sealed("村里的账".encode(), right)
    assert b"".join(unseal(io.BytesIO(data), "柳塘村 2026")) == "村里的账".encode()
    with pytest.raises(BackupLocked):
        list(unseal(io.BytesIO(data), "柳塘村 2025"))


def test_whether_one_is_asked_for() -> None:
    assert is_locked(io.BytesIO(sealed(b"x")))
    assert not is_locked(io.BytesIO(sealed(b"x", OPEN)))
    with pytest.raises(BackupDamaged):
        is_locked(io.BytesIO(b"PK\x03\x04 some other file of the same stick, longer than a header"))


def test_a_later_release_s_file() -> None:
    data = bytearray(sealed(b"x"))
    data[9] += 1
    with pytest.raises(StoreNewer):
        opened(bytes(data))
