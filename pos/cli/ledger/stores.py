"""Stores and the installations in them: seen, enrolled, approved, closed, released."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from pos.cli.common import both, refusing, say
from pos.cli.ledger.arguments import Installation, Json, Reason, Store, hundredths
from pos.cli.ledger.calling import act, office
from pos.cli.ledger.saying import age, as_json, fail, table, when, word

stores = typer.Typer(no_args_is_help=True, help="兑换点 · Stores")

Served = Annotated[str, typer.Argument(help="行政村编码 · The village's code")]
Figure = Annotated[int | None, typer.Option(parser=hundredths, metavar="POINTS", help="积分上限 · Most points")]
Days = Annotated[int | None, typer.Option(min=0, max=366, help="几天没有同步 · Days without a sync")]


@stores.command("add")
def add(store: Store, village: Served, name: Annotated[str, typer.Argument(help="名称 · Name")]) -> None:
    """新增兑换点 · Add a store."""
    act("POST", "stores", body={"store": store, "village": village, "name": name})


@stores.command("route")
def route(store: Store, village: Served) -> None:
    """让一个点（如流动车）再服务一个村 · Let a store, such as a van, serve another village, too."""
    act("POST", "routes", body={"store": store, "village": village})


@stores.command("list")
def fleet(json: Json = False) -> None:
    """各点：最近同步、未同步、差异 · Each store: when it was last heard, what is behind, differences."""
    from pos.clock import Clock

    with office() as ledger:
        found: list[dict[str, Any]] = ledger.ask("GET", "stores")
    now = Clock().wall()
    if json:
        as_json(found)
        return
    columns = ("store", "installation", "heard", "age", "entries", "behind", "waiting", "differences", "state", "name")
    table(columns, (row for each in found for row in _rows(each, now)))


def _rows(store: dict[str, Any], now: int) -> Sequence[Sequence[str]]:
    differences = str(store["differences"] or "")
    rows = [
        (
            store["store"], f"{each['device']}.{each['epoch']}", when(each["seen"])[5:], age(each["seen"], now),
            str(each["entries"]), str(each["behind"] or ""), str(each["grants_waiting"] or ""), differences,
            _state(each), store["name"],
        )
        for each in store["installations"]
    ]  # fmt: skip
    none = (store["store"], "", "", "", "", "", "", differences, word("office-state.none"), store["name"])
    return rows or [none]


def _state(each: dict[str, Any]) -> str:
    if each["stopped"]:
        return f"{word('office-state.stopped')} ({each['stopped']})"
    if each["approved"] is None:
        return word("office-state.alone")
    return word(f"office-state.{each['state']}")


def code(
    store: Store,
    device: Annotated[str | None, typer.Option("--device", help="换新的那台设备 · Its next installation")] = None,
    alone: Annotated[bool, typer.Option("--alone", help="单机用过的店 · A store that ran alone")] = False,
    sale: Figure = None,
    granted: Figure = None,
    minted_day: Figure = None,
    minted_unheard: Figure = None,
    soft_days: Days = None,
    hard_days: Days = None,
    json: Json = False,
) -> None:
    """一次性入网码，一周有效；可限一笔、授权、每天与未同步时称重的积分 · A one-time code, with limits."""
    limits = {
        "sale": sale, "granted": granted, "minted_day": minted_day, "minted_unheard": minted_unheard,
        "soft_days": soft_days, "hard_days": hard_days,
    }  # fmt: skip
    with office() as ledger:
        found = ledger.ask("POST", "stores", store, "codes", body={"device": device, "alone": alone, "limits": limits})
    if json:
        as_json(found)
        return
    typer.echo(found["code"])
    say("office.code", store=store)


def approve(
    device: Annotated[str, typer.Argument(help="设备号 · The device")],
    stand_ins: Annotated[
        Path | None,
        typer.Option("--households", help="本店户号、户号两列 · FILE.xlsx|csv: local, household", exists=True),
    ] = None,
) -> None:
    """批准单机店并入台账 · Approve a store that ran alone: it gives back everything for its next epoch."""
    act("POST", "devices", device, "approval", body={"households": _stand_ins(stand_ins) if stand_ins else []})


def close(device: Installation, reason: Reason) -> None:
    """结束一期：货和钱交给下一期，积分先冻结 · End an epoch: goods and cash go on, points stay frozen."""
    with office() as ledger:
        successor: str = ledger.ask("POST", *device.path, "close", body={"reason": reason})
    say("office.closed", successor=successor)


def release(device: Installation, reason: Reason) -> None:
    """放回已结束一期里冻结的积分 · Free a closed epoch's points."""
    with office() as ledger:
        freed: int = ledger.ask("POST", *device.path, "release", body={"reason": reason})
    say("office.released", households=freed)


def resume(device: Installation, reason: Reason) -> None:
    """让停发的设备重新得到授权 · Grant again to an installation that was stopped."""
    act("POST", *device.path, "resume", body={"reason": reason})


def _stand_ins(file: Path) -> list[dict[str, str]]:
    """Which household each number of a store that ran alone stands for."""
    from pos.counter.spreadsheets import read_rows

    with refusing():
        (_top, *heads), *rows = read_rows(file) or [("1",)]
    named = {words(f"office-column.{name}"): name for words in both() for name in ("local", "household")}
    names = [named.get(head, head) for head in heads]
    if names[:2] != ["local", "household"]:
        fail("office.stand-ins", file=file.name)
    return [dict(zip(names[:2], cells[:2], strict=True)) for _row, *cells in rows]
