"""Points from the committee: what they are awarded for, and batches through their steps."""

from enum import StrEnum
from typing import Annotated, Any

import typer

from pos.cli.common import say
from pos.cli.ledger.arguments import DryRun, Json, Reason, Sheet, Village
from pos.cli.ledger.calling import act, office
from pos.cli.ledger.registry import send_sheet
from pos.cli.ledger.saying import points, show, when, word

awards = typer.Typer(no_args_is_help=True, help="积分上账 · Awards")

Batch = Annotated[str, typer.Argument(help="批次编号 · The batch: 2026-01-lt")]
Line = Annotated[int, typer.Argument(help="第几行 · Which line, from 1", min=1)]
InVillage = Annotated[str, typer.Option("--village", help="行政村编码 · The village's code")]
Meeting = Annotated[str, typer.Option("--meeting", help="会议 · The meeting that decided it")]
Item = Annotated[str, typer.Argument(help="事项编码 · The item's code: Z01")]


class Scheme(StrEnum):
    """Category trees with their items."""

    THREE = "three"
    SIX = "six"
    RING = "ring"


@awards.command("adopt")
def adopt(scheme: Annotated[Scheme, typer.Argument(help="三治、六类97项、1+5+N · Which")]) -> None:
    """采用一套积分办法的类别和事项 · Take a scheme's categories and items over."""
    with office() as ledger:
        added: int = ledger.ask("POST", "award-schemes", scheme.value)
    say("office.adopted", items=added)


@awards.command("items")
def items(village: Village = None, json: Json = False) -> None:
    """可以上账的事项 · What points are awarded for."""
    with office() as ledger:
        found = ledger.ask("GET", "award-items", query={"village": village})
    show(
        found,
        ("item", "scheme", "category", "name", "low", "high", "times", "village", "dismissed"),
        lambda each: (
            each["code"], each["scheme"], each["category"], each["name"], points(each["low"]), points(each["high"]),
            str(each["most_times"]), each["village"] or "", "" if each["active"] else "×",
        ),
        json_=json,
    )  # fmt: skip


@awards.command("add")
def add(
    item: Item,
    name: Annotated[str, typer.Argument(help="名称 · Name")],
    village: InVillage,
    meeting: Meeting,
    scheme: Annotated[Scheme, typer.Option("--scheme", help="哪套办法 · Scheme")],
    category: Annotated[str, typer.Option("--category", help="类别 · Category")],
    low: Annotated[int, typer.Option("--low", help="最低分值（整分） · Lowest figure, whole points")],
    high: Annotated[int, typer.Option("--high", help="最高分值（整分） · Highest")],
    times: Annotated[int, typer.Option("--times", help="最高倍数 · Highest multiplier", min=1)] = 1,
    private: Annotated[bool, typer.Option("--private", help="名称不公开 · Named on no paper")] = False,
) -> None:
    """新增村里自定的事项 · Add a village's own item, which a meeting decided."""
    body = {
        "code": item, "scheme": scheme.value, "category": category, "name": name, "low": low * 100,
        "high": high * 100, "most_times": times, "private": private, "village": village, "meeting": meeting,
    }  # fmt: skip
    act("POST", "award-items", body=body)


@awards.command("retire")
def retire(item: Item) -> None:
    """停用一个事项 · Award nothing more for an item."""
    act("DELETE", "award-items", item)


@awards.command("draft")
def draft(
    file: Sheet,
    batch: Annotated[str, typer.Option("--batch", help="批次编号 · The batch: 2026-01-lt")],
    village: InVillage,
    period: Annotated[str, typer.Option("--period", help="期间 · 2026-01, 2026-Q1, 2026-W03")],
    title: Annotated[str, typer.Option("--title", help="标题，印在小票上 · As the next receipt calls it")],
    meeting: Meeting,
    corrects: Annotated[str | None, typer.Option("--corrects", help="更正哪一批 · The batch it corrects")] = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """起草一批：户号、事项、分值、倍数 · Hand a batch in from a spreadsheet."""
    query = {
        "batch": batch, "village": village, "period": period, "title": title, "meeting": meeting, "corrects": corrects,
    }  # fmt: skip
    send_sheet("award-sheets", file, query, dry_run=dry_run, json=json)


@awards.command("list")
def batches(json: Json = False) -> None:
    """所有批次，最近的在前 · All batches, the newest first."""
    with office() as ledger:
        found = ledger.every("award-batches")
    show(found, ("batch", "village", "period", "title", "state", "drafted", "published", "granted"), _batch, json_=json)


def _batch(each: dict[str, Any]) -> tuple[str, ...]:
    times = (when(each[name]) for name in ("drafted", "published", "granted"))
    return (
        each["batch"], each["village"], each["period"], each["title"], word(f"office-state.{each['state']}"), *times,
    )  # fmt: skip


@awards.command("lines")
def lines(batch: Batch, json: Json = False) -> None:
    """一批的每一行、异议和处理 · The lines of a batch, with what was objected and decided."""
    with office() as ledger:
        found = ledger.every("award-batches", batch, "lines")
    show(
        found,
        ("row", "number", "item", "points", "times", "total", "objection", "outcome"),
        lambda each: (
            str(each["line"]), each["household"], each["item"], points(each["points"]), str(each["times"]),
            points(each["total"]), each["objection"] or "", each["outcome"] or "",
        ),
        json_=json,
    )  # fmt: skip


@awards.command("board")
def board(batch: Batch, json: Json = False) -> None:
    """公示名单：姓名已遮，不点名扣分 · What is hung up: masked names, no deduction named."""
    with office() as ledger:
        found = ledger.ask("GET", "award-batches", batch, "board")
    show(
        found,
        ("number", "head", "item", "points"),
        lambda each: (each["household"], each["name"], each["item"], points(each["points"])),
        json_=json,
    )


@awards.command("review")
def review(batch: Batch) -> None:
    """复核：不能是起草的人 · Agree to a draft, as somebody else than who drafted it."""
    _step(batch, "review")


@awards.command("publish")
def publish(
    batch: Batch, days: Annotated[int, typer.Option("--days", help="公示几天 · Days to object in", min=0)] = 3
) -> None:
    """公示 · Hang a reviewed batch up, for objections."""
    act("POST", "award-batches", batch, "publish", query={"days": days})


@awards.command("object")
def object_to(batch: Batch, line: Line, reason: Reason) -> None:
    """记下异议（原因用代码，如 not-mine） · Note an objection; the reason is a code."""
    act("POST", "award-batches", batch, "lines", line, "objection", body={"reason": reason})


@awards.command("decide")
def decide(
    batch: Batch,
    line: Line,
    upheld: Annotated[bool, typer.Option("--upheld/--dismissed", help="成立（这行撤下）或不成立 · Line out, or not")],
) -> None:
    """处理异议 · Settle an objection."""
    act("PUT", "award-batches", batch, "lines", line, "objection", body={"upheld": upheld})


@awards.command("effective")
def effective(batch: Batch) -> None:
    """公示期满，生效 · Let a published batch stand."""
    _step(batch, "effective")


@awards.command("withdraw")
def withdraw(batch: Batch) -> None:
    """撤回还没生效的一批 · Take a batch back that is not effective yet."""
    _step(batch, "withdraw")


@awards.command("grant")
def grant(batch: Batch) -> None:
    """上账：积分发到各户 · Post an effective batch."""
    with office() as ledger:
        households: int = ledger.ask("POST", "award-batches", batch, "grant")
    say("office.granted", households=households)


def _step(batch: str, step: str) -> None:
    act("POST", "award-batches", batch, "steps", step)
