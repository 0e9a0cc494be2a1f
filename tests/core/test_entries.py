"""Entries and their canonical bytes: what was written reads as the same value, and nothing else reads at all."""

import dataclasses
import json
import types
from datetime import date
from enum import StrEnum
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.units import Points, Quantity
from pos.core import codec, entries
from pos.core.accounts import Account
from pos.core.acts import Act, ActCode
from pos.core.codec import CodecError
from pos.core.disputes import Dispute
from pos.core.entries import MOST_BYTES, Entry, Moment, Signatures, Unknown
from pos.core.inspection import Inspection
from pos.core.kinds import KINDS, LedgerBody, TerminalBody
from pos.core.receipts import Receipt
from pos.core.scales import ScaleCheck
from pos.core.transfers import Transfer
from tests.core.village import D, H

OF_ONE_ACT = {
    Dispute: ActCode.DISPUTE,
    Inspection: ActCode.INSPECTION,
    ScaleCheck: ActCode.INSPECTION,
}
TEXT = st.text(st.sampled_from([chr(c) for c in range(32, 127) if chr(c) not in '"\\']), max_size=12)
NUMBER = st.integers(-(2**62), 2**62)
PART = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=8)


def values(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of a type that an entry may hold."""
    if kind is int:
        return NUMBER
    if kind is str:
        return TEXT
    if kind is type(None):
        return st.none()
    if get_origin(kind) is tuple:
        return st.lists(values(get_args(kind)[0]), max_size=2).map(tuple)
    if get_origin(kind) in (Union, types.UnionType):
        return st.one_of([values(member) for member in get_args(kind)])
    if issubclass(kind, Quantity):
        return NUMBER.map(kind)
    if issubclass(kind, StrEnum):
        return st.sampled_from(kind)
    if issubclass(kind, date):
        return st.dates()
    hints = get_type_hints(kind)
    fields = {field.name: values(hints[field.name]) for field in dataclasses.fields(kind)}
    return st.builds(kind, **fields | {"code": st.just(OF_ONE_ACT[kind])} if kind in OF_ONE_ACT else fields)


ACCOUNTS = st.builds(Account, st.sampled_from(["pts", "stock", "issue"]), PART, st.sampled_from([D, "L"]))
TRANSFERS = st.lists(st.builds(Transfer, ACCOUNTS, ACCOUNTS, PART, st.integers(1, 10**12)), max_size=3).map(tuple)
MOMENTS = st.builds(Moment, NUMBER, NUMBER, TEXT)
SIGNATURES = st.builds(Signatures, TEXT, st.none() | TEXT)


def entry(body: Any, transfers: tuple[Transfer, ...] = (), seq: int = 38) -> Entry:
    """An entry around a body."""
    return Entry(seq, Moment(1_768_430_520_000, 1_000, "7f3a91c2"), Signatures("02"), body, transfers)


@pytest.mark.parametrize("kind", sorted(KINDS))
@settings(max_examples=25)
@given(data=st.data())
def test_every_kind_reads_back_as_it_was_written(kind: str, data: st.DataObject) -> None:
    written = Entry(
        data.draw(NUMBER),
        data.draw(MOMENTS),
        data.draw(SIGNATURES),
        data.draw(values(KINDS[kind])),
        data.draw(TRANSFERS),
        data.draw(NUMBER),
        data.draw(st.none() | NUMBER),
    )
    line = entries.encode(written)
    assert json.loads(line)["k"] == kind == written.kind
    assert entries.decode(line) == written
    assert entries.encode(entries.decode(line)) == line


@settings(max_examples=25)
@given(values(Receipt))
def test_a_receipt_reads_back_as_it_was_stored(receipt: Receipt) -> None:
    assert codec.build(Receipt, codec.loads(codec.dumps(codec.plain(receipt)))) == receipt


def test_the_kinds_are_those_of_the_books() -> None:
    terminal = (
        "weigh redeem voucher reverse take-back confirm accept give-back receive ship write-off adjust sell-material"
        " hand-over cash settle opening ask count day-open day-close refdata act"
    )
    ledger = "award grant hold cash-out unhold close release merge split undo forgive remedy shortage"
    assert set(KINDS) == {*terminal.split(), *ledger.split(), "sweep"}


def test_no_body_has_a_field_of_the_envelope() -> None:
    envelope = {"s", "k", "t", "m", "b", "o", "till", "op", "ap", "x"}
    for body in get_args(TerminalBody | LedgerBody):
        assert not envelope & {field.name for field in dataclasses.fields(body)}, body


LINE = (
    b'{"s":38,"k":"act","t":1768430520000,"m":1000,"b":"7f3a91c2","o":null,"till":1,"op":"02","ap":null,'
    b'"code":"clock","subject":"","ref":null,"digest":"","reason":"",'
    b'"x":[["issue:weigh@k7q2md.0","pts:9901011012000042@k7q2md.0","pt",100]]}'
)


def test_the_bytes_are_fixed_for_ever() -> None:
    earn = Transfer(Account("issue", "weigh", D), Account("pts", H, D), "pt", 100)
    assert entries.encode(entry(Act(ActCode.CLOCK), (earn,))) == LINE
    assert entries.decode(LINE) == entry(Act(ActCode.CLOCK), (earn,))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"s":38', b'"s":true'),
        (b'"s":38', b'"s":38.0'),
        (b'"s":38', b'"s":3.8e1'),
        (b'"s":38', b'"s":38e0'),
        (b'"s":38', b'"s":-0'),
        (b'"s":38', b'"s":038'),
        (b'"s":38', b'"s":"38"'),
        (b'"s":38', b'"s":null'),
        (b'"s":38', b'"s":NaN'),
        (b'"s":38', b'"s":Infinity'),
        (b'"s":38', b'"s":' + b"9" * 5_000),
        (b'"s":38', b'"s":38,"s":38'),
        (b'"s":38,"k":"act"', b'"k":"act","s":38'),
        (b'"s":38', b'"s": 38'),
        (b'"s":38', b'"s":38 '),
        (b'"s":38', b'"z":38'),
        (b'"s":38,', b""),
        (b'"t":1768430520000', b'"t":false'),
        (b'"o":null', b'"o":false'),
        (b'"o":null', b'"o":""'),
        (b'"till":1', b'"till":1.5'),
        (b'"b":"7f3a91c2"', b'"b":1'),
        (b'"op":"02"', b'"op":2'),
        (b'"op":"02"', b'"op":null'),
        (b'"ap":null', b'"ap":false'),
        (b'"k":"act"', b'"k":1'),
        (b'"code":"clock"', b'"code":"gold"'),
        (b'"code":"clock"', b'"code":1'),
        (b'"code":"clock"', b'"code":"\\u0063lock"'),
        (b'"ref":null', b'"ref":true'),
        (b'"ref":null', b'"ref":1.0'),
        (b'"reason":""', b'"reason":"","more":1'),
        (b'"reason":"",', b""),
        (b'"digest":"","reason":""', b'"reason":"","digest":""'),
        (b'"reason":""', '"reason":"张"'.encode()),
        (b'"reason":""', b'"reason":"\\n"'),
        (b'"reason":""', b'"reason":"\\""'),
        (b'"reason":""', b'"reason":"\xff"'),
        (b'"reason":""', b'"reason":"\x7f"'),
        (b'"reason":""', b'"reason":"' + b"a" * MOST_BYTES + b'"'),
        (b'"x":[[', b'"x":null,"y":[['),
        (b'"x":', b'"y":'),
        (b',100]]', b',100]],"z":1'),
        (b",100]]", b",true]]"),
        (b",100]]", b",1.0]]"),
        (b",100]]", b',"100"]]'),
        (b",100]]", b",100,1]]"),
        (b",100]]", b"]]"),
        (b"issue:weigh@k7q2md.0", b"issue:weigh@K7Q2MD.0"),
        (b"issue:weigh@k7q2md.0", b"gold:weigh@k7q2md.0"),
        (b'"issue:weigh@k7q2md.0"', b"1"),
        (b'"pt"', b"1"),
        (b"{", b"[{", ),
        (b"{", b" {"),
        (b"{", b"\xef\xbb\xbf{"),
    ],
)  # fmt: skip
def test_other_bytes_are_refused(old: bytes, new: bytes) -> None:
    assert LINE.count(old) == 1
    with pytest.raises(CodecError):
        entries.decode(LINE.replace(old, new))


@pytest.mark.parametrize(
    "line", [b"", b"null", b"[]", b"{}", b"38", LINE + b"\n", LINE[:-1], b"[" * 20_000, b"[" * 9_000]
)
def test_what_is_no_entry_at_all(line: bytes) -> None:
    with pytest.raises(CodecError):
        entries.decode(line)


def test_more_transfers_than_an_entry_carries() -> None:
    move = LINE[LINE.index(b'"x":[') + 5 : -2]
    assert len(entries.decode(LINE.replace(move, b",".join([move] * 64))).transfers) == 64
    with pytest.raises(CodecError):
        entries.decode(LINE.replace(move, b",".join([move] * 65)))


@given(st.data())
def test_a_changed_byte_is_another_entry_or_none(data: st.DataObject) -> None:
    place, byte = data.draw(st.integers(0, len(LINE) - 1)), data.draw(st.integers(0, 255))
    changed = LINE[:place] + bytes([byte]) + LINE[place + 1 :]
    try:
        found = entries.decode(changed)
    except CodecError:
        return
    assert entries.encode(found) == changed


@pytest.mark.parametrize("text", ["张秀英", 'a"b', "a\\b", "a\nb", "\x7f", "é"])
def test_no_name_gets_into_the_journal(text: str) -> None:
    with pytest.raises(CodecError):
        entries.encode(entry(Act(ActCode.LOOKUP, text)))


def test_a_line_has_a_longest() -> None:
    with pytest.raises(CodecError):
        entries.encode(entry(Act(ActCode.LOOKUP, "a" * MOST_BYTES)))


def test_an_unknown_kind_is_kept_as_it_is_and_posted_by_its_transfers() -> None:
    line = LINE.replace(b'"k":"act"', b'"k":"barter"').replace(b'"code":"clock"', b'"code":{"deep":[1,[null,"x"]]}')
    found = entries.decode(line)
    assert isinstance(found.body, Unknown)
    assert (found.kind, found.household, len(found.transfers)) == ("barter", None, 1)
    assert entries.encode(found) == line


@pytest.mark.parametrize("value", [b"true", b"[1,[false]]", b'{"a":{"b":true}}', b"1.5", b'{"a":1,"a":1}'])
def test_an_unknown_kind_is_canonical_all_the_same(value: bytes) -> None:
    line = LINE.replace(b'"k":"act"', b'"k":"barter"').replace(b'"clock"', value)
    with pytest.raises(CodecError):
        entries.decode(line)


@pytest.mark.parametrize(
    "line",
    [
        b'{"a": 1}',
        b'{"a":1,"a":1}',
        b'{"a":1,"a":2}',
        b"[1.5]",
        b"1e3",
        b"-0",
        b"NaN",
        b"[-Infinity]",
        b'"\\u0041"',
        b"\xff",
    ],
)
def test_plain_data_has_one_form(line: bytes) -> None:
    with pytest.raises(CodecError):
        codec.loads(line)


def test_fields_stand_in_their_order() -> None:
    moment = {"wall": 1, "mono": 2, "boot": "a"}
    assert codec.build(Moment, moment) == Moment(1, 2, "a")
    for other in (dict(reversed(moment.items())), {"wall": 1, "mono": 2}, {**moment, "more": 1}, [1, 2, "a"], None):
        with pytest.raises(CodecError):
            codec.build(Moment, other)


@dataclasses.dataclass(frozen=True)
class Left:
    """One of two classes that a union could not tell apart."""

    amount_of: int


@dataclasses.dataclass(frozen=True)
class Right:
    """The other."""

    amount_of: int


@dataclasses.dataclass(frozen=True)
class Odd:
    """A value with a field of an unfit type."""

    value: Left | Right


def test_types_without_a_canonical_form_are_bugs() -> None:
    with pytest.raises(TypeError):
        codec.build(Odd, {"value": {"amount_of": 1}})
    for value in (1.5, True, {"a": 1}, [1], object()):
        with pytest.raises(CodecError):
            codec.plain(value)
    assert codec.plain((Points(5), date(2026, 1, 15), None, "a")) == [5, "2026-01-15", None, "a"]
