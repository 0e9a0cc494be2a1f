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
from pos.core.redemption import Shortfall
from pos.core.refusals import PinWrong
from pos.core.reversal import ReversalReason
from pos.counter import cards, day, paper, people, reverse, setup, training
from pos.counter import weigh_in as weighing
from pos.counter.redeem import redeem
from pos.counter.weigh_in import weigh_in
from pos.storage import jobs
from pos.storage.jobs import JobState
from pos.storage.store import Store, open_store
from pos.storage.verify import verify
from tests.shop import BOOK, KEEPER, TERMS, VILLAGE_DATA, Shop, counted, opened, typed
from tests.storage.busy import seq_of
from tests.storage.contents import contents
from tests.storage.desk_cases import DESK_CASES
from tests.storage.failing import Cut, Fuse, throw, wire_in
from tests.storage.goods_cases import GOODS_CASES
from tests.storage.list_cases import LIST_CASES
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
    "weigh_in.weigh_in": _weigh,
    "weigh_in.cancel": lambda shop: lambda: weighing.cancel(shop.desk, shop.by, shop.bag()),
    "redeem.redeem": _redeem,
    "redeem.redeem: cash": _redeem_with_cash,
    "reverse.reverse": _reverse,
    "reverse.reprint": _reprint,
    "paper.came_out": _came_out,
    "people.sign_in": _wrong_pin,
    "cards.issue": lambda shop: (
        lambda: cards.issue(shop.desk, shop.two, [shop.household("0042"), shop.household("0006")])
    ),
    "cards.report_lost": lambda shop: lambda: cards.report_lost(shop.desk, shop.by, shop.cards["0042"].number),
    "setup.load": _load,
    "setup._open: points": _open_points,
    "setup._open: stock": lambda shop: (
        lambda: setup.open_stock(shop.desk, shop.two, [setup.OpeningLot("g001", 5, "donated", 0)])
    ),
    "day.open_day": _open_day,
    "day.close_day": lambda shop: lambda: day.close_day(shop.desk, shop.by),
    "day.confirm_clock": lambda shop: lambda: day.confirm_clock(shop.desk, shop.two),
    **DESK_CASES,
    **GOODS_CASES,
    **LIST_CASES,
    **MONEY_CASES,
    **SERVICE_CASES,
}


@pytest.mark.parametrize("name", USE_CASES)
def test_fails_at_each_statement(shop: Shop, name: str) -> None:
    act = USE_CASES[name](shop)
    before = contents(shop.desk.store)
    wire_in(shop.desk.store, fuse := Fuse(throw))
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


def test_every_use_case_that_writes_is_tried() -> None:
    (folder,) = pos.counter.__path__
    writing = {
        f"{path.stem}.{function.name}"
        for path in Path(folder).glob("*.py")
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef) and "store.write()" in ast.unparse(function)
    }
    assert writing == {name.partition(":")[0] for name in USE_CASES} | IN_TRAINING


IN_TRAINING = {"training._make", "training._take_on"}
"""These write to a store that is made anew whatever became of the one before."""


def test_a_training_store_broken_off_is_made_anew(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaking(at: int) -> None:
        def wired(folder: Path, *, training: bool) -> Store:
            store = open_store(folder, training=training)
            wire_in(store, fuse := Fuse(throw))
            fuse.left = at
            return store

        monkeypatch.setattr(training, "open_store", wired)

    before = contents(shop.desk.store)
    for n in (1, 4, 16, 32):
        breaking(n)
        with pytest.raises(Cut):
            training.prepare(shop.folder, "练习", shop.desk.clock)
    breaking(0)
    practice = training.prepare(shop.folder, "练习", shop.desk.clock)
    assert verify(practice).wrong is None
    assert contents(shop.desk.store) == before


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
