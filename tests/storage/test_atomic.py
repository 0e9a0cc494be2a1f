"""Whatever a keeper does is done whole or not at all: an error, or the process's end, at each statement in turn."""

import ast
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path

import pytest

import pos.counter
from catalog.units import Points
from pos.core.people import Role
from pos.core.redemption import Shortfall
from pos.core.refusals import PinWrong
from pos.core.reversal import ReversalReason
from pos.counter import cards, day, paper, people, reverse, setup
from pos.counter.redeem import redeem
from pos.counter.weigh_in import weigh_in
from pos.storage import jobs
from pos.storage.jobs import JobState
from pos.storage.verify import verify
from tests.shop import BOOK, KEEPER, TERMS, VILLAGE_DATA, Shop, counted, opened, typed
from tests.storage.busy import seq_of
from tests.storage.contents import contents
from tests.storage.failing import Cut, Fuse, throw, wire_in
from tests.storage.goods_cases import GOODS_CASES
from tests.storage.money_cases import MONEY_CASES
from tests.storage.service_cases import SERVICE_CASES

UseCase = Callable[[Shop], Callable[[], object]]
"""Prepares a shop, and gives back what is to be done in it."""


def sold(shop: Shop) -> int:
    return seq_of(redeem(shop.desk, shop.by, shop.basket()).slip.number)


def _weigh(shop: Shop) -> Callable[[], object]:
    ticket = shop.bag(typed("p01", 5_000), counted("s03", 37))
    return lambda: weigh_in(shop.desk, shop.two, ticket)


def _redeem(shop: Shop) -> Callable[[], object]:
    ticket = shop.basket(of="0002")
    return lambda: redeem(shop.desk, shop.by, ticket)


def _redeem_with_cash(shop: Shop) -> Callable[[], object]:
    ticket = shop.basket({"g006": 1}, shortfall=Shortfall.CASH)
    return lambda: redeem(shop.desk, shop.by, ticket)


def _reverse(shop: Shop) -> Callable[[], object]:
    weigh_in(shop.desk, shop.by, shop.bag())
    seq = sold(shop)
    return lambda: reverse.reverse(shop.desk, shop.by, seq, ReversalReason.WRONG_ITEM)


def _reprint(shop: Shop) -> Callable[[], object]:
    weigh_in(shop.desk, shop.by, shop.bag())
    seq = sold(shop)
    return lambda: reverse.reprint(shop.desk, shop.by, seq)


def _came_out(shop: Shop) -> Callable[[], object]:
    weigh_in(shop.desk, shop.by, shop.bag())
    with shop.desk.store.write() as tx:
        job = jobs.waiting(tx.connection)[0].id
        jobs.mark(tx.connection, job, JobState.UNKNOWN)
    return lambda: paper.came_out(shop.desk, shop.by, job)


def _wrong_pin(shop: Shop) -> Callable[[], object]:
    def attempt() -> None:
        with pytest.raises(PinWrong):
            people.sign_in(shop.desk, KEEPER, "0000")

    return attempt


def _load(shop: Shop) -> Callable[[], object]:
    later = replace(VILLAGE_DATA, book=replace(BOOK, version=8), terms=replace(TERMS, effective=date(2027, 1, 1)))
    return lambda: setup.load(shop.desk, shop.two, later)


def _open_points(shop: Shop) -> Callable[[], object]:
    points = {f"99010110120{n:05d}": Points(100) for n in range(130)}
    return lambda: setup.open_points(shop.desk, shop.two, points)


def _open_day(shop: Shop) -> Callable[[], object]:
    day.close_day(shop.desk, shop.by)
    return lambda: day.open_day(shop.desk, shop.by)


USE_CASES: dict[str, UseCase] = {
    "weigh_in": _weigh,
    "redeem": _redeem,
    "redeem with cash": _redeem_with_cash,
    "reverse": _reverse,
    "reprint": _reprint,
    "came_out": _came_out,
    "sign_in": _wrong_pin,
    "add_keeper": lambda shop: lambda: people.add_keeper(shop.desk, shop.two, "03", "赵店员", Role.KEEPER, "7319"),
    "issue": lambda shop: lambda: cards.issue(shop.desk, shop.two, [shop.household("0042"), shop.household("0006")]),
    "report_lost": lambda shop: lambda: cards.report_lost(shop.desk, shop.by, shop.cards["0042"].number),
    "load": _load,
    "_open: points": _open_points,
    "_open: stock": lambda shop: (
        lambda: setup.open_stock(shop.desk, shop.two, [setup.OpeningLot("g001", 5, "donated", 0)])
    ),
    "open_day": _open_day,
    "close_day": lambda shop: lambda: day.close_day(shop.desk, shop.by),
    "confirm_clock": lambda shop: lambda: day.confirm_clock(shop.desk, shop.two),
    **GOODS_CASES,
    **MONEY_CASES,
    **SERVICE_CASES,
}


@pytest.mark.parametrize("name", USE_CASES)
def test_fails_at_each_statement(shop: Shop, name: str) -> None:
    act = USE_CASES[name](shop)
    before = contents(shop.desk.store)
    wire_in(shop, fuse := Fuse(throw))
    for n in count(1):
        fuse.left = n
        try:
            act()
        except Cut:
            assert contents(shop.desk.store) == before, f"{name} is half done after failing at {n}"
            continue
        break
    assert n > 3
    fuse.left = 0
    assert contents(shop.desk.store) != before
    assert verify(shop.folder).wrong is None


ONE_ROW = {
    "_make", "_take_on", "activate", "change_pin", "close", "countersign", "deactivate", "edit", "find", "freeze",
    "hand_out", "look_at", "merge", "print_at_counter", "print_report", "record", "release", "rename", "report_found",
    "set_quiet", "set_state", "sign", "take_back", "try_drawer", "vouch",
}  # fmt: skip
"""Not broken off here: each is one transaction like the others."""


def test_every_use_case_that_writes_is_tried() -> None:
    (folder,) = pos.counter.__path__
    writing = {
        function.name
        for path in Path(folder).glob("*.py")
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef) and "store.write()" in ast.unparse(function)
    }
    tried = {name.partition(" with")[0].partition(":")[0] for name in USE_CASES}
    assert tried <= writing
    assert writing <= tried | ONE_ROW


@pytest.mark.skipif(os.name == "nt", reason="Windows has no fork")
def test_killed_at_each_statement(tmp_path: Path) -> None:
    with opened(tmp_path / "shop") as shop, shop.desk.store.read() as connection:
        before = connection.exec_driver_sql("SELECT max(seq) FROM journal").scalar_one()
    command = [sys.executable, "-m", "tests.storage.killed", str(tmp_path / "shop")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    *killed, last = [tuple(map(int, line.split())) for line in done.stdout.splitlines()]
    assert len(killed) > 10
    assert {(status, head) for _, status, head in killed} == {(-9, before)}
    assert last[1:] == (0, before + 1)
    assert verify(tmp_path / "shop").wrong is None
