"""What the supervision group looks at: the checkpoint for the notice board, audit, differences, evidence."""

from typing import Annotated, Any

import typer

from pos.cli.common import say
from pos.cli.ledger.arguments import Json
from pos.cli.ledger.calling import office
from pos.cli.ledger.saying import as_json, show, when

Most = Annotated[int, typer.Option("--most", help="最多几条 · At most so many", min=1)]


def checkpoint(json: Json = False) -> None:
    """存证根：张贴到公示栏的一页 · The log's root, signed: the sheet for the notice board."""
    with office() as ledger:
        found: dict[str, Any] = ledger.ask("GET", "notice")
    if json:
        as_json(found)
        return
    point = found["checkpoint"]
    say(
        "office.notice", township=found["township"], local=found["local"], size=point["size"],
        root=" ".join(found["root"]), key=" ".join(found["key"]), signature=found["signature"],
    )  # fmt: skip


def audit(most: Most = 100, json: Json = False) -> None:
    """审计：谁做了什么，拒绝了什么，最近的在前 · Who did what, and what was refused; the newest first."""
    with office() as ledger:
        found = ledger.every("audit", most=most)
    columns = ("when", "actor", "act", "subject", "detail")
    show(found, columns, lambda each: (when(each["ms"]), *(each[name] for name in columns[1:])), json_=json)


def findings(
    settled: Annotated[bool, typer.Option("--settled", help="已销号的 · Those put aside")] = False, json: Json = False
) -> None:
    """差异：要有人看的 · Differences that somebody has to look at."""
    with office() as ledger:
        found = ledger.every("findings", query={"settled": settled})
    show(
        found,
        ("installation", "entry", "code", "detail", "when", "operator"),
        lambda each: (
            each["writer"], str(each["seq"]), each["code"], each["detail"], when(each["found"]),
            each["settled_by"] or "",
        ),
        json_=json,
    )  # fmt: skip


def evidence(json: Json = False) -> None:
    """被拒绝而保存下来的流水 · Batches that were kept although they were refused."""
    with office() as ledger:
        found = ledger.every("evidence")
    show(
        found,
        ("digest", "installation", "reason", "when"),
        lambda each: (each["digest"], each["writer"], each["reason"], when(each["found"])),
        json_=json,
    )
