"""Entries read by form: the same lines taken and refused as by the rules' own codec, with the same meaning."""

import json
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.core import entries
from pos.core.codec import CodecError
from pos.core.entries import Entry, Unknown
from pos.core.kinds import KINDS
from pos.core.transfers import Transfer
from pos.ledger import lines
from tests.core.test_entries import MOMENTS, SIGNATURES, values

LINE = (
    b'{"s":38,"k":"x-new","t":1768430520000,"m":1000,"b":"7f3a91c2","o":null,"till":1,"op":"02","ap":null,'
    b'"household":"9901011012000042","note":"true, 1.5 and -0","parts":[{"n":-7},null,""],"ref":9,'
    b'"x":[["pts:9901011012000042@k7q2md.1","spent:goods@k7q2md.1","pt",400],'
    b'["stock:shop/village/0@k7q2md.1","out:handed@k7q2md.1","g:g001",2]]}'
)
PLAIN = json.loads(LINE)


def written(**changed: Any) -> bytes:
    """The line with other values."""
    return json.dumps({**PLAIN, **changed}, separators=(",", ":")).encode()


def outcome(line: bytes) -> tuple[int, str, int, object, tuple[Transfer, ...]] | None:
    """What the rules' own codec makes of a line; `None` when it refuses."""
    with suppress(CodecError):
        entry = entries.decode(line)
        fields = dict(entry.body.fields) if isinstance(entry.body, Unknown) else {}
        household = fields.get("household")
        return entry.seq, entry.kind, entry.at.wall, household if type(household) is str else None, entry.transfers
    return None


def taken(line: bytes) -> tuple[int, str, int, object, tuple[Transfer, ...]] | None:
    """What the ledger makes of it."""
    with suppress(CodecError, ValueError):
        read = lines.read(line)
        return read.seq, read.kind, read.wall, read.household, read.transfers
    return None


def test_a_line_means_the_same() -> None:
    read = lines.read(LINE)

    assert taken(LINE) == outcome(LINE) is not None
    assert (read.ref, read.bytes, read.moves[1]) == (
        9,
        LINE,
        ("stock:shop/village/0@k7q2md.1", "out:handed@k7q2md.1", "g:g001", 2),
    )


@pytest.mark.parametrize(
    "line",
    [
        LINE.replace(b'"ref":9', b'"ref": 9'),
        LINE.replace(b'"ref":9', b'"ref":9.0'),
        LINE.replace(b'"ref":9', b'"ref":9e1'),
        LINE.replace(b'"ref":9', b'"ref":-0'),
        LINE.replace(b'"ref":9', b'"ref":true'),
        LINE.replace(b'"ref":9', b'"ref":09'),
        LINE.replace(b'"ref":9', b'"ref":9,"ref":9'),
        LINE.replace(b'"s":38', b'"s":38,"s":38'),
        LINE.replace(b'"s":38', b'"s":"38"'),
        LINE.replace(b'"s":38', b'"s":true'),
        LINE.replace(b'"s":38,"k":"x-new"', b'"k":"x-new","s":38'),
        LINE.replace(b'"op":"02"', b'"op":null'),
        LINE.replace(b'"op":"02"', '"op":"张"'.encode()),
        LINE.replace(b'"op":"02"', b'"op":"\\u0030"'),
        LINE.replace(b'"op":"02"', b'"op":"\\n"'),
        LINE.replace(b'"op":"02"', b'"op":"a\x7f"'),
        LINE.replace(b'"op":"02"', b'"op":"a\x01"'),
        LINE.replace(b",400]", b',"400"]'),
        LINE.replace(b",400]", b",400,0]"),
        LINE.replace(b'"x":[[', b'"y":[['),
        LINE[:-1] + b',"z":1}',
        LINE + b" ",
        LINE[:-1],
        b"[]",
        b"",
        b"null",
        b"\xff",
        pytest.param(b"[" * 5000, id="deep"),
        pytest.param(written(note="n" * 20_000), id="long"),
        pytest.param(written(x=[PLAIN["x"][0]] * 65), id="many"),
    ],
)
def test_what_no_terminal_writes_is_refused(line: bytes) -> None:
    assert outcome(line) is None
    with pytest.raises(CodecError):
        lines.read(line)


@given(at=st.integers(0, len(LINE) - 1), byte=st.integers(0, 255), length=st.integers(0, 3))
def test_changed_bytes_are_judged_alike(at: int, byte: int, length: int) -> None:
    line = LINE[:at] + bytes([byte]) * length + LINE[at + 1 :]
    assert taken(line) == outcome(line)


def together(each: Sequence[bytes]) -> list[lines.Line] | None:
    """What the ledger makes of lines as a batch has them."""
    return lines.read_together(b"".join(line + b"\n" for line in each), each)


@settings(max_examples=50)
@given(data=st.data())
def test_entries_of_every_kind_are_read_together_as_one_by_one(data: st.DataObject) -> None:
    kinds = data.draw(st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=3))
    bodies = [data.draw(values(KINDS[kind])) for kind in kinds]
    moves = lines.read(LINE).transfers
    written = [Entry(seq, data.draw(MOMENTS), data.draw(SIGNATURES), body, moves) for seq, body in enumerate(bodies, 1)]
    each = [entries.encode(entry) for entry in written]

    read = [lines.read(line) for line in each]
    assert [(of.seq, of.kind, of.wall, of.household or None, of.transfers) for of in read] == [
        (entry.seq, entry.kind, entry.at.wall, entry.household, moves) for entry in written
    ]
    assert together(each) == (None if any(b"true" in line or b"false" in line for line in each) else read)


@given(at=st.integers(0, len(LINE) - 1), byte=st.integers(0, 255), length=st.integers(0, 3), place=st.integers(0, 2))
def test_changed_bytes_are_not_taken_among_others(at: int, byte: int, length: int, place: int) -> None:
    good = LINE.replace(b"true", b"free")
    each = [good, good, good]
    each[place] = good[:at] + bytes([byte]) * length + good[at + 1 :]
    found = together(each)
    if found is None:
        assert b"\n" in each[place] or taken(each[place]) is None
    else:
        assert [(of.bytes, of) for of in found] == [(line, lines.read(line)) for line in each]


def test_a_body_that_does_not_fit_its_kind_is_taken_by_its_transfers() -> None:
    line = written(k="redeem")
    with pytest.raises(CodecError):
        entries.decode(line)

    assert lines.read(line).kind == "redeem"
    assert lines.read(line).entry() is None
    assert lines.read(LINE).entry() == entries.decode(LINE)


def test_numbers_that_no_column_holds_are_refused() -> None:
    for changed in ({"s": 2**63}, {"t": -(2**70)}, {"s": 0}, {"s": -1}):
        with pytest.raises(CodecError):
            lines.read(written(**changed))
    assert lines.read(written(ref=2**70)).ref is None
