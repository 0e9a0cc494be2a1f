"""The township's log against an independent implementation of RFC 6962, and its proofs as a terminal checks them."""

import hashlib

import pytest
from pymerkle import InmemoryTree  # type: ignore[import-untyped]

from pos.ledger import answers, proofs
from pos.ledger import tables as t
from pos.ledger.books import Act
from pos.ledger.log import TILE, Proofs
from pos.ledger.refusals import Invalid, NotFound
from pos.wire import merkle, messages, signing
from tests.ledger.town import TOWNSHIP, Town

SIZES = (0, 1, 2, 3, 7, 8, 255, 256, 257, 511, 512, 513, 700)


def data(place: int) -> bytes:
    """What is logged at a place."""
    return hashlib.sha256(place.to_bytes(4, "big")).digest()


@pytest.fixture(scope="module")
def oracle() -> InmemoryTree:
    """The same leaves in another library."""
    tree = InmemoryTree(algorithm="sha256")
    for place in range(max(SIZES)):
        tree.append_entry(data(place))
    return tree


def grow(town: Town, start: int, end: int) -> bytes:
    """Let the log grow by one act; returns its root."""

    def work(act: Act) -> bytes:
        for place in range(start, end):
            assert act.log.append(data(place)) == place
        return act.log.root

    return town.ledger.act(TOWNSHIP, work)


def test_it_is_the_tree_of_rfc_6962_however_it_grew(town: Town, oracle: InmemoryTree) -> None:
    roots = [grow(town, start, end) for start, end in zip((0, *SIZES), SIZES, strict=False)]

    assert roots == [oracle.get_root(size) if size else merkle.EMPTY for size in SIZES]
    with town.ledger.read() as connection:
        shown = Proofs(connection, TOWNSHIP)
        assert [shown.root(size) for size in SIZES] == roots


def test_inclusion_is_proved(town: Town, oracle: InmemoryTree) -> None:
    grow(town, 0, max(SIZES))
    with town.ledger.read() as connection:
        shown = Proofs(connection, TOWNSHIP)
        for size in SIZES[1:]:
            root = shown.root(size)
            for place in sorted({0, 1, size // 3, size // 2, size - 1} & set(range(size))):
                proof, found = shown.inclusion(place, size), merkle.leaf(data(place))
                theirs = oracle.prove_inclusion(place + 1, size).path
                assert sorted([found, *proof]) == sorted(theirs)
                assert merkle.included(found, place, size, proof, root)
                assert not merkle.included(found, place + 1, size, proof, root)
                assert not merkle.included(merkle.leaf(b"another"), place, size, proof, root)
                assert not merkle.included(found, place, size, [*proof, root], root)
                assert not proof or not merkle.included(found, place, size, proof[:-1], root)


def test_consistency_is_proved(town: Town, oracle: InmemoryTree) -> None:
    grow(town, 0, max(SIZES))

    def root(size: int) -> bytes:
        return oracle.get_root(size) if size else merkle.EMPTY

    with town.ledger.read() as connection:
        shown = Proofs(connection, TOWNSHIP)
        for old in SIZES:
            for size in SIZES:
                if old > size:
                    continue
                proof, before, after = shown.consistency(old, size), root(old), root(size)
                assert merkle.consistent(old, before, size, after, proof)
                assert not merkle.consistent(old, before, size, after, [*proof, before])
                assert not merkle.consistent(old, data(0), size, after, proof)
                if 0 < old < size:
                    assert not merkle.consistent(old, before, size, data(0), proof)
                    assert not merkle.consistent(old, before, size, after, proof[:-1])


def test_a_shrunken_log_is_never_consistent() -> None:
    assert not merkle.consistent(2, data(0), 1, data(0), [])
    assert not merkle.consistent(1, data(0), 2, data(0), [])
    assert not merkle.included(data(0), 0, 0, [], merkle.EMPTY)


def test_full_tiles_are_written_once(town: Town) -> None:
    for start, end in ((0, 100), (100, 600), (600, 601)):
        grow(town, start, end)

    assert [(row.level, row.number, len(row.hashes)) for row in town.rows(t.log_tiles)] == [
        (0, 0, TILE * 32),
        (0, 1, TILE * 32),
    ]


def test_a_receipt_is_proved_to_be_in_the_log(town: Town) -> None:
    device, other = town.device(), town.device("XH02")
    for each in (device, other, device):
        each.note()
        town.push(each, first=len(each.lines))
    answer = town.push(device, first=3)

    found = proofs.inclusion(town.ledger, TOWNSHIP, device.name, 1, 2, answer.checkpoint.size)

    assert (found.place, found.hash) == (2, device.hashes[2].hex())
    path = [bytes.fromhex(step) for step in found.proof]
    leaf, root = merkle.leaf(device.hashes[2]), bytes.fromhex(answer.checkpoint.root)
    assert merkle.included(leaf, found.place, found.size, path, root)


def test_checkpoints_agree_and_are_signed(town: Town) -> None:
    device = town.device()
    device.note()
    first = town.push(device)
    device.note()
    second = town.push(device, first=2)

    for answer in (first, second):
        signature, line = bytes.fromhex(answer.checkpoint_signature), messages.dumps(answer.checkpoint)
        assert signing.signed(signing.CHECKPOINT, line, signature, town.ledger.public_key)
    sizes = (first.checkpoint.size, second.checkpoint.size)
    proof = proofs.consistency(town.ledger, TOWNSHIP, *sizes).proof
    roots = [bytes.fromhex(answer.checkpoint.root) for answer in (first, second)]
    assert merkle.consistent(sizes[0], roots[0], sizes[1], roots[1], [bytes.fromhex(step) for step in proof])
    with town.ledger.read() as connection:
        assert answers.newest(town.ledger, connection, TOWNSHIP)[0] == second.checkpoint


def test_what_is_not_in_the_log_is_not_proved(town: Town) -> None:
    device = town.device()
    device.note()
    town.push(device)

    for first, second in ((2, 1), (0, 2)):
        with pytest.raises(Invalid):
            proofs.consistency(town.ledger, TOWNSHIP, first, second)
    with pytest.raises(Invalid):
        proofs.inclusion(town.ledger, TOWNSHIP, device.name, 1, 1, 2)
    for seq, size in ((1, 0), (2, 1)):
        with pytest.raises(NotFound):
            proofs.inclusion(town.ledger, TOWNSHIP, device.name, 1, seq, size)
    with pytest.raises(NotFound):
        proofs.consistency(town.ledger, "nowhere", 0, 0)
