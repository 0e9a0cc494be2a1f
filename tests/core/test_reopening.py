"""A store without a ledger takes its own balances over: all of them, and nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from pos.core import accounts, reopening
from pos.core.accounts import Account
from pos.core.transfers import MOST_AN_ENTRY, Books, Key

OLD, NEW = "k7q2md.0", "b2c3d4.0"


def key(kind: str, subject: str, commodity: str) -> Key:
    return Account(kind, subject, OLD), commodity


ABOVE = [
    *(key("pts", f"99010110120100{n:02}", "pt") for n in range(40)),
    *(key("pend", f"99010110120100{n:02}", "pt") for n in range(3)),
    *(key("stock", f"shop/village/{lot}", "g:g001") for lot in ("0", "38-1", "0-38-1", "38-2")),
    *(key("bin", "shop", f"m:p{n:02}") for n in range(40)),
    key("drawer", "shop", "cash"),
    key("fund", "subsidy", "cash"),
    key("budget", "c1", "pt"),
]
EITHER = [
    key("carry", "9901011012010042", "frac"),
    key("carry", "9901011012010042", "n:s03"),
    key("due", "k-02", "due"),
]
BELOW = [key("debt", "9901011012010006", "pt")]
OTHERS = [key("issue", "weigh", "pt"), key("out", "handed", "g:g001"), key("spent", "goods", "pt")]

BALANCES = st.fixed_dictionaries(
    {
        **dict.fromkeys(ABOVE, st.integers(0, 10**9)),
        **dict.fromkeys([*EITHER, *OTHERS], st.integers(-(10**6), 10**6)),
        **dict.fromkeys(BELOW, st.integers(-(10**6), 0)),
    }
)


@given(BALANCES)
def test_every_balance_is_opened_again(balances: dict[Key, int]) -> None:
    books = Books(NEW)
    for decision in (
        *reopening.reopen(OLD, NEW, balances, "00"),
        *reopening.waiting(OLD, NEW, balances, "00").values(),
    ):
        assert 0 < len(decision.transfers) <= MOST_AN_ENTRY
        books.post(NEW, decision.transfers)
    expected = {(reopening.carried(of, NEW), what): n for (of, what), n in balances.items() if n}
    opened = {each: n for each, n in books.balances.items() if each[0].subject != "opening"}
    assert opened == {each: n for each, n in expected.items() if each[0].kind not in ("issue", "out", "spent")}
    assert sum(books.balances.values()) == 0


@given(st.lists(st.sampled_from(["0", "1-1", "1-2", "12-1", "0-1-1"]), unique=True))
def test_lots_stay_apart_from_each_other_and_from_new_ones(lots: list[str]) -> None:
    """A lot that comes in later is named after its entry and line: two numbers, the first above zero."""
    carried = [reopening.carried_lot(lot) for lot in lots]
    assert len(set(carried)) == len(lots)
    assert all(lot == "0" or lot.startswith("0-") for lot in carried)


def test_points_of_unused_vouchers_go_back() -> None:
    purse = (accounts.points("9901011012010042", OLD), "pt")
    assert reopening.given_back({"9901011012010042": 700}, {purse: 100}, OLD)[purse] == 800
    assert reopening.given_back({"9901011012010042": 700}, {}, OLD)[purse] == 700
