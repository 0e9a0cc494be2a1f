"""An exported journal is checked on another machine, with nothing but its own lines."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos import i18n
from pos.core.refusals import StoreMissing, StoreNewer, StoreReadOnly
from pos.storage import books
from pos.storage.export import export
from pos.storage.store import create, open_store
from pos.storage.verify import verify
from pos.wire.exported import verify_export
from tests.shop import IDENTITY, Shop
from tests.storage.busy import LAST, made


@pytest.fixture(scope="module")
def exported() -> bytes:
    return (made() / "export.ndjson").read_bytes()


def check(folder: Path, whole: bytes) -> tuple[str, int] | None:
    path = folder / "journal.ndjson"
    path.write_bytes(whole)
    wrong = verify_export(path).wrong
    return (wrong.code, wrong.entry) if wrong else None


def test_entries_byte_for_byte(shop: Shop, tmp_path: Path) -> None:
    target = tmp_path / "journal.ndjson"
    export(shop.desk.store, target)
    first, *lines, last = target.read_bytes().split(b"\n")[:-1]
    with shop.desk.store.read() as connection:
        assert lines == [line for _, line, _ in books.lines(connection)]
        head = books.head(connection, shop.desk.store.installation)
    assert tuple(json.loads(first)) == ("v", "certificate", "signature")
    assert bytes.fromhex(json.loads(first)["certificate"]) == shop.desk.store.installation.certificate
    assert (json.loads(last)["seq"], json.loads(last)["hash"]) == (head.seq, head.hash.hex())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["journal.ndjson", "shop"]


def test_agrees_with_the_store(exported: bytes, tmp_path: Path) -> None:
    path = tmp_path / "journal.ndjson"
    path.write_bytes(exported)
    assert verify_export(path) == verify(made())
    assert str(LAST) in verify_export(path).line(i18n.load("zh_CN"))


def test_head_is_signed_in_the_store_too(shop: Shop, tmp_path: Path) -> None:
    for _ in range(2):
        export(shop.desk.store, tmp_path / "journal.ndjson")
    with shop.desk.store.read() as connection:
        signed = connection.exec_driver_sql("SELECT seq, purpose FROM heads").all()
    assert [tuple(row) for row in signed] == [(20, "export")]
    assert verify(shop.folder).wrong is None


def test_empty_journal(tmp_path: Path) -> None:
    create(tmp_path, IDENTITY)
    store = open_store(tmp_path)
    export(store, tmp_path / "journal.ndjson")
    store.close()
    report = verify_export(tmp_path / "journal.ndjson")
    assert (report.entries, report.wrong) == (0, None)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (b'"v":1', b'"v": 1', ("certificate", 0)),
        (b'{"s":9,', b'{"s":8,', ("gap", 9)),
        (b'"pt",3400', b'"pt",9400', ("floor", 23)),
        (b'"op":"02"', b'"op":"01"', ("chain", LAST)),
        (b"pts:9901011012000042@k7q2md.0", b"pts:9901011012000042@another.0", ("author", 23)),
        (b'{"s":23,', b'{ "s":23,', ("signature", 22)),
    ],
)
def test_altered(exported: bytes, tmp_path: Path, old: bytes, new: bytes, expected: tuple[str, int]) -> None:
    assert old in exported
    assert check(tmp_path, exported.replace(old, new)) == expected


def test_a_line_left_out(exported: bytes, tmp_path: Path) -> None:
    lines = exported.splitlines(keepends=True)
    assert check(tmp_path, b"".join(lines[:5] + lines[6:])) == ("gap", 5)


@pytest.mark.parametrize("cut", [1, 2, 5])
def test_a_short_end(exported: bytes, tmp_path: Path, cut: int) -> None:
    lines = exported.splitlines(keepends=True)
    assert check(tmp_path, b"".join(lines[:-cut])) is not None
    assert check(tmp_path, b"".join(lines[: -cut - 1] + lines[-1:])) is not None


def test_something_behind_the_end(exported: bytes, tmp_path: Path) -> None:
    assert check(tmp_path, exported + b"{}\n") == ("form", LAST + 1)


def test_an_endless_line(exported: bytes, tmp_path: Path) -> None:
    assert check(tmp_path, b"x" * 10_000_000) == ("form", 0)


def test_from_a_later_version(exported: bytes, tmp_path: Path) -> None:
    (tmp_path / "journal.ndjson").write_bytes(exported.replace(b'"v":1', b'"v":2', 1))
    with pytest.raises(StoreNewer):
        verify_export(tmp_path / "journal.ndjson")


def test_nothing_there(tmp_path: Path, shop: Shop) -> None:
    with pytest.raises(StoreMissing):
        verify_export(tmp_path / "journal.ndjson")
    with pytest.raises(StoreReadOnly):
        export(shop.desk.store, tmp_path / "no folder" / "journal.ndjson")


@given(data=st.data())
def test_any_byte(exported: bytes, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(exported) - 1))
    altered = exported[:at] + bytes([exported[at] ^ data.draw(st.integers(1, 255))]) + exported[at + 1 :]
    try:
        assert check(tmp_path_factory.getbasetemp(), altered) is not None
    except StoreNewer:
        assert at == exported.index(b'"v":1') + 4
