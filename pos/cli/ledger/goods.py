"""What is traded and for how much: catalogue, price books, terms, policies, recalls."""

import json as json_text
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pos.cli.common import refusing, say
from pos.cli.ledger.arguments import DryRun, Effective, Json, Listed, Scope, hundredths
from pos.cli.ledger.calling import Office, act, office
from pos.cli.ledger.saying import REFUSED, as_json, busy, counted, fail, points, show, table, word

if TYPE_CHECKING:
    from pos.cli.ledger.price_lists import Listing
    from pos.core.lists import Problem
    from pos.wire.reference import PricesFacts

catalogue = typer.Typer(no_args_is_help=True, help="商品、品类、服务 · What is traded")
prices = typer.Typer(no_args_is_help=True, help="价目 · Price books")
policy = typer.Typer(no_args_is_help=True, help="兑换规则 · What the village decided of redemptions")

PriceList = Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="FILE.xlsx | FILE.csv")]


class Kind(StrEnum):
    """Which list."""

    GOODS = "goods"
    MATERIALS = "materials"
    SERVICES = "services"


class Shown(StrEnum):
    """What the ledger tells its terminals."""

    GOODS = "goods"
    MATERIALS = "materials"
    SERVICES = "services"
    PRICES = "prices"
    TERMS = "terms"
    POLICY = "policy"


class Because(StrEnum):
    """Why goods are recalled."""

    UNSAFE = "unsafe"
    EXPIRED = "expired"
    MAKER = "maker"


_KINDS = {"goods": "good", "materials": "material", "services": "service"}
"""As the ledger names one of them."""


@catalogue.command("put")
def put(
    kind: Annotated[Kind, typer.Argument(help="哪种 · Which")], file: Listed, scope: Scope = "", dry_run: DryRun = False
) -> None:
    """录入或更改一份清单；价格用 prices publish 发布 · Add or change what a list names; not its prices."""
    from pos.wire import messages

    found = _read(kind.value, file)
    facts = {each.code: messages.dumps(each).decode() for each in found.articles}
    with office() as ledger:
        known = _newest(ledger, _KINDS[kind], scope)
        changed = [code for code, line in facts.items() if known.get(code) != line]
        if not dry_run:
            for code in counted(changed, "office.importing"):
                body = json_text.loads(facts[code])
                ledger.ask("PUT", "catalogue", "articles", _KINDS[kind], query={"scope": scope}, body=body)
    added = sum(code not in known for code in changed)
    sums = {"added": added, "changed": len(changed) - added, "unchanged": len(facts) - len(changed)}
    say("office.would-put" if dry_run else "office.put", **sums)


@catalogue.command("show")
def show_catalogue(
    kind: Annotated[Shown, typer.Argument(help="哪种 · Which")], scope: Scope = "", json: Json = False
) -> None:
    """台账里现有的 · What the ledger has."""
    with office() as ledger:
        found = [json_text.loads(line) for line in _newest(ledger, _KINDS.get(kind, kind.value), scope).values()]
    columns = _COLUMNS[kind]
    show(found, columns, lambda each: [_cell(each, column) for column in columns], json_=json)


_COLUMNS = {
    Shown.GOODS: ("code", "name", "unit", "barcodes", "monthly-limit"),
    Shown.MATERIALS: ("code", "name", "scale", "note"),
    Shown.SERVICES: ("code", "name", "unit", "provider"),
    Shown.PRICES: ("version", "effective", "goods", "materials", "services"),
    Shown.TERMS: ("effective", "fen-per-point", "step"),
    Shown.POLICY: ("version", "effective"),
}


def _cell(facts: dict[str, Any], column: str) -> str:
    value = facts[column.replace("-", "_")]
    if column == "barcodes":
        return " ".join(value)
    if column == "step":
        return points(value)
    return str(len(value)) if isinstance(value, list) else "" if value is None else str(value)


@prices.command("publish")
def publish(
    effective: Effective,
    goods: PriceList = None,
    materials: PriceList = None,
    services: PriceList = None,
    scope: Scope = "",
    dry_run: DryRun = False,
) -> None:
    """发布新一版价目：没有列出的照旧 · Publish the next price book: what is not listed stays as it was."""
    from pos.cli.ledger import price_lists
    from pos.core import codec

    files = {"goods": goods, "materials": materials, "services": services}
    lists = [_read(kind, file) for kind, file in files.items() if file is not None]
    if not lists:
        raise typer.BadParameter("--goods | --materials | --services")
    with office() as ledger, busy("office.importing"):
        known = _books(ledger, scope)
        before = _in_force(known, effective.date())
        version = max((each.version for each in known), default=0) + 1
        changed = [priced for each in lists for priced in each.priced]
        book = price_lists.book(before, effective.date(), version, changed)
        _publish(ledger, "prices", scope, codec.plain(book), dry_run=dry_run)
    later = sum(each.effective > book.effective for each in known)
    figures = {"goods": len(book.goods), "materials": len(book.materials), "services": len(book.services)}
    say("office.would-book" if dry_run else "office.book", version=version, effective=book.effective, **figures)
    if later:
        say("office.books-later", books=later)


@prices.command("show")
def show_prices(
    on: Annotated[datetime, typer.Option("--on", formats=["%Y-%m-%d"], help="这一天的 · Of this day")],
    scope: Scope = "",
    json: Json = False,
) -> None:
    """某一天的价目 · The price book of a day."""
    from pos.core import codec

    with office() as ledger:
        book = _in_force(_books(ledger, scope), on.date())
    if book is None:
        fail("office.no-book", REFUSED, on=on.date())
    if json:
        as_json(codec.plain(book))
        return
    say("office.book-of", version=book.version, effective=book.effective)
    table(("goods", "points", "shelf-yuan"), ((each.good, str(each.points), str(each.shelf)) for each in book.goods))
    rows = ((each.material, word(f"list-choice.{each.per}"), _paid(each.per, each.amount)) for each in book.materials)
    table(("materials", "per", "price"), rows)
    table(("services", "points"), ((each.service, str(each.points)) for each in book.services))


def terms(
    effective: Effective,
    fen_per_point: Annotated[int, typer.Option("--fen-per-point", help="一分值几分钱 · What a point is worth", min=1)],
    step: Annotated[int, typer.Option("--step", parser=hundredths, metavar="POINTS", help="进位 · Step: 0.10")],
    scope: Scope = "",
) -> None:
    """发布一分值多少钱，从某天起 · Publish what a point is worth, from a day on."""
    body = {"effective": effective.date().isoformat(), "fen_per_point": fen_per_point, "step": step}
    act("POST", "catalogue", "versions", "terms", query={"scope": scope}, body=body)


@policy.command("show")
def show_policy(scope: Scope = "") -> None:
    """最新一版规则，改好后用 publish 发布 · The newest policy as JSON, to be edited and published."""
    from pos.core import codec
    from pos.core.store_policy import StorePolicy

    with office() as ledger:
        known = {int(version): line for version, line in _newest(ledger, "policy", scope).items()}
    as_json(json_text.loads(known[max(known)])["policy"] if known else codec.plain(StorePolicy()))


@policy.command("publish")
def publish_policy(
    file: Annotated[Path, typer.Argument(help="FILE.json", exists=True, dir_okay=False)],
    effective: Effective,
    scope: Scope = "",
) -> None:
    """发布新一版规则，从某天起 · Publish the next policy, from a day on."""
    from pos.core import codec
    from pos.core.store_policy import StorePolicy

    try:
        given = json_text.loads(file.read_text(encoding="utf-8"))
        usual = codec.plain(StorePolicy())
        decided = codec.build(StorePolicy, {**usual, **given})
    except (ValueError, TypeError) as error:
        fail("office.no-policy", REFUSED, file=file.name, detail=str(error)[:80])
    with office() as ledger:
        version = max(map(int, _newest(ledger, "policy", scope)), default=0) + 1
        body = {"version": version, "effective": effective.date().isoformat(), "policy": codec.plain(decided)}
        _publish(ledger, "policy", scope, body, dry_run=False)
    say("office.policy", version=version, effective=effective.date())


def recall(
    good: Annotated[str, typer.Argument(help="商品编号 · The good's code")],
    reason: Annotated[Because, typer.Option("--reason", help="原因 · Why")],
    batch: Annotated[str, typer.Option("--batch", help="厂家批号；不给为全部 · The maker's batch; else all")] = "",
    lift: Annotated[bool, typer.Option("--lift", help="解除 · Let it go again")] = False,
) -> None:
    """停售：各点都不再发 · Have a good refused at every counter."""
    body = {"good": good, "batch": batch, "reason": reason.value}
    act("PUT", "catalogue", "recall", query={"lifted": lift}, body=body)


def _read(kind: str, file: Path) -> "Listing":
    """A list; the end with 1 when anything is wrong with it."""
    from pos.cli.ledger import price_lists

    with refusing():
        found = price_lists.read(kind, file)
    if found.problems:
        table(("row", "column", "value", "reason"), map(_fault, found.problems))
        say("office.faults", faults=len(found.problems), rows=len({each.row for each in found.problems}))
        raise typer.Exit(REFUSED)
    return found


def _fault(problem: "Problem") -> tuple[str, ...]:
    column = word(f"list-column.{problem.column}") if problem.column else ""
    return str(problem.row), column or problem.column, problem.text, word(f"list-flaw.{problem.flaw}")


def _newest(ledger: Office, kind: str, scope: str) -> dict[str, str]:
    found: dict[str, str] = ledger.ask("GET", "catalogue", "newest", kind, query={"scope": scope})
    return found


def _books(ledger: Office, scope: str) -> list["PricesFacts"]:
    from pos.wire import messages
    from pos.wire.reference import PricesFacts

    return [messages.loads(PricesFacts, line.encode()) for line in _newest(ledger, "prices", scope).values()]


def _in_force(books: list["PricesFacts"], on: date) -> "PricesFacts | None":
    """The book of a day: of those that have begun, the one with the latest day, and the highest number of that day."""
    begun = (each for each in books if each.effective <= on)
    return max(begun, key=lambda each: (each.effective, each.version), default=None)


def _publish(ledger: Office, kind: str, scope: str, body: object, *, dry_run: bool) -> None:
    if not dry_run:
        ledger.ask("POST", "catalogue", "versions", kind, query={"scope": scope}, body=body)


def _paid(per: str, amount: int) -> str:
    return str(amount) if per == "every" else f"{amount // 100}.{amount % 100:02}"
