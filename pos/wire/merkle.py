"""The Merkle tree of RFC 6962, as everybody who checks the township's log needs it: hashes and both proofs.

Hashes are SHA-256, 32 bytes. Sizes count leaves, places count from 0. The checks are those of RFC 9162, 2.1.3.2 and
2.1.4.2.
"""

import hashlib
from collections.abc import Sequence

EMPTY = hashlib.sha256(b"").digest()
"""Root of a log without leaves."""


def leaf(data: bytes) -> bytes:
    """The hash of a leaf: for an entry, `data` is its hash in its journal's chain."""
    return hashlib.sha256(b"\x00" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees, the older one first."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(peaks: Sequence[bytes]) -> bytes:
    """The root over complete subtrees, the largest and oldest first."""
    if not peaks:
        return EMPTY
    found = peaks[-1]
    for peak in reversed(peaks[:-1]):
        found = node(peak, found)
    return found


def included(leaf_hash: bytes, place: int, size: int, proof: Sequence[bytes], expected: bytes) -> bool:
    """Whether `proof` shows the leaf at `place` to be under the root `expected` of the log of `size`."""
    if not 0 <= place < size:
        return False
    here, last, found = place, size - 1, leaf_hash
    for step in proof:
        if not last:
            return False
        if here & 1 or here == last:
            found = node(step, found)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            found = node(found, step)
        here, last = here >> 1, last >> 1
    return not last and found == expected


def consistent(old_size: int, old_root: bytes, size: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that the log of `size` only added to the one of `old_size`."""
    if old_size == size:
        return not proof and old_root == new_root
    if old_size == 0:
        return not proof and old_root == EMPTY
    if old_size > size:
        return False
    steps = list(proof) if old_size & (old_size - 1) else [old_root, *proof]
    if not steps:
        return False
    here, last = old_size - 1, size - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if not last:
            return False
        if here & 1 or here == last:
            old, new = node(step, old), node(step, new)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            new = node(new, step)
        here, last = here >> 1, last >> 1
    return not last and old == old_root and new == new_root
