"""The grammar of account names and commodities."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.core import accounts
from pos.core.accounts import Account

PART = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=24)
WRITER = st.one_of(st.just("L"), st.builds("{}.{}".format, PART, st.integers(0, 999_999_999)))
KINDS = [
    "pts", "pend", "move", "hold", "debt", "issue", "budget", "spent", "gone", "carry", "value", "paid", "vch", "vout",
    "stock", "way", "in", "out", "bin", "brought", "drawer", "fund", "world", "due", "cost",
]  # fmt: skip


@given(st.sampled_from(KINDS), st.lists(PART, min_size=1, max_size=4), WRITER)
def test_names_and_accounts_are_the_same_thing(kind: str, parts: list[str], writer: str) -> None:
    name = f"{kind}:{'/'.join(parts)}@{writer}"
    account = accounts.parse(name)
    assert account == Account(kind, "/".join(parts), writer)
    assert str(account) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "pts",
        "pts:h",
        "pts:@L",
        "pts:h@",
        "pts:h@l",
        "pts:h@D.0",
        "pts:h@d",
        "pts:h@d.",
        "pts:h@d.01",
        "pts:h@d.-1",
        "pts:h@d.1000000000",
        "pts:H@L",
        "pts:h@L\n",
        " pts:h@L",
        "pts:h h@L",
        "pts:h//h@L",
        "pts:h/@L",
        "pts:/h@L",
        "pts:张@L",
        "pts:" + "a" * 25 + "@L",
        "pts:h@" + "a" * 25 + ".0",
        "gold:h@L",
        "PTS:h@L",
        "pts:h@L@L",
        "pts:h１@L",
    ],
)
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=re.escape(repr(name))):
        accounts.parse(name)


@pytest.mark.parametrize(
    ("kind", "commodity", "allowed"),
    [
        ("pts", "pt", True),
        ("pts", "cash", False),
        ("pts", "pt:x", False),
        ("carry", "frac", True),
        ("carry", "n:s03", True),
        ("carry", "n:", False),
        ("carry", "n", False),
        ("in", "g:salt", True),
        ("in", "cash", True),
        ("in", "cash:x", False),
        ("out", "cash", False),
        ("stock", "g:salt", True),
        ("stock", "m:p01", False),
        ("stock", "g:SALT", False),
        ("stock", "g:" + "a" * 25, False),
        ("bin", "m:p01", True),
        ("vch", "v:haircut", True),
        ("due", "due", True),
        ("due", "cash", False),
    ],
)
def test_which_account_holds_what(kind: str, commodity: str, allowed: bool) -> None:
    assert accounts.holds(kind, commodity) is allowed


def test_the_names_of_the_shop() -> None:
    by = accounts.writer("k7q2md", 0)
    assert str(accounts.points("0042", by)) == "pts:0042@k7q2md.0"
    assert str(accounts.stock("village", "0-38-1", by)) == "stock:shop/village/0-38-1@k7q2md.0"
    assert str(accounts.bin_(by)) == "bin:shop@k7q2md.0"
    assert str(accounts.drawer(by)) == "drawer:shop@k7q2md.0"
    assert str(accounts.moving("0042", by)) == "move:0042@k7q2md.0"
