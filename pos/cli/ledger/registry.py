"""Who is served: villages, households, and their cards."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from pos.cli.common import say
from pos.cli.ledger.arguments import DryRun, Household, Json, Reason, Sheet, Store, Village, hundredths
from pos.cli.ledger.calling import Query, act, office
from pos.cli.ledger.saying import as_json, busy, faults, points, show, table, when, word

villages = typer.Typer(no_args_is_help=True, help="行政村 · Villages")
households = typer.Typer(no_args_is_help=True, help="农户 · Households")
cards = typer.Typer(no_args_is_help=True, help="积分卡 · Cards")

Card = Annotated[str, typer.Argument(help="卡号（12位） · The card's number")]
Days = Annotated[int, typer.Option("--days", help="几天以内 · Days back", min=1)]


class State(StrEnum):
    """A household's state that is set by hand."""

    NORMAL = "normal"
    AWAY = "away"
    FROZEN = "frozen"
    CLOSED = "closed"


def send_sheet(path: str, file: Path, query: Query, *, dry_run: bool, json: bool) -> None:
    """Hand a spreadsheet in, all of it or nothing; what is wrong with it is listed, and then it ends with 1."""
    with office() as ledger, busy("office.checking" if dry_run else "office.importing"):
        found = ledger.ask("POST", path, query={**query, "dry_run": dry_run}, sheet=file)
    faults(found, json_=json)
    if json:
        as_json(found)
    else:
        say("office.sound" if dry_run else "office.taken", file=file.name)


@villages.command("import")
def import_villages(file: Sheet, dry_run: DryRun = False, json: Json = False) -> None:
    """导入行政村：编码、行政村 · Take villages from a spreadsheet, all or nothing."""
    send_sheet("village-sheets", file, {}, dry_run=dry_run, json=json)


@villages.command("list")
def list_villages(json: Json = False) -> None:
    """所有行政村 · All villages."""
    with office() as ledger:
        found = ledger.ask("GET", "villages")
    show(found, ("village", "name"), lambda each: (each["village"], each["name"]), json_=json)


@households.command("import")
def import_households(file: Sheet, dry_run: DryRun = False, json: Json = False) -> None:
    """导入农户：户号、户主、村民小组、人口 · Take households from a spreadsheet, all or nothing."""
    send_sheet("household-sheets", file, {}, dry_run=dry_run, json=json)


@households.command("list")
def list_households(village: Village = None, json: Json = False) -> None:
    """农户，户主姓名已遮 · Households; names are masked."""
    with office() as ledger, busy("office.reading"):
        found = ledger.every("households", query={"village": village})
    show(
        found,
        ("number", "head", "group", "state", "home"),
        lambda each: (*(each[name] for name in ("household", "name", "group")), _state(each), each["home"] or ""),
        json_=json,
    )


@households.command("show")
def look_up(household: Household, json: Json = False) -> None:
    """一户的积分和卡；谁看过会记下 · A household's points and cards; who looked is noted."""
    with office() as ledger:
        found: dict[str, Any] = ledger.ask("GET", "households", household)
    if json:
        as_json(found)
        return
    holding = found["holding"]
    facts = (found["household"], found["head"], found["group"], _state(found))
    table(("number", "head", "group", "state", "home"), [(*facts, found["home"] or "")])
    figures = ("points", "pending", "aside", "owed")
    table(figures, [[points(holding[name]) for name in figures]])
    places = ((each["writer"], each["store"], points(each["points"])) for each in holding["places"])
    table(("installation", "store", "points"), places)
    table(("card", "version", "state", "issued"), map(_card, found["cards"]))


def _state(each: dict[str, Any]) -> str:
    return word(f"household-state.{each['state']}")


def _card(each: dict[str, Any]) -> tuple[str, ...]:
    return each["card"], str(each["version"]), word(f"office-state.{each['state']}"), when(each["issued"])


@households.command("statement")
def statement(household: Household, days: Days = 31, json: Json = False) -> None:
    """一户的积分往来，最近的在前 · What moved a household's points, the newest first."""
    with office() as ledger:
        found: list[dict[str, Any]] = ledger.ask("GET", "households", household, "statement", query={"days": days})
    show(
        found,
        ("when", "kind", "store", "paper", "points"),
        lambda each: (when(each["ms"]), each["kind"], each["store"], each["number"], points(each["points"])),
        json_=json,
    )


@households.command("state")
def state(household: Household, to: Annotated[State, typer.Argument(help="状态 · State")], reason: Reason) -> None:
    """改农户状态 · Set a household's state."""
    act("PUT", "households", household, "state", body={"state": to.value, "reason": reason})


@households.command("home")
def home(household: Household, store: Store) -> None:
    """换一个点存放这户的积分 · Have another store hold a household's points."""
    act("PUT", "households", household, "home", body={"store": store})


@households.command("merge")
def merge(
    household: Household, heir: Annotated[str, typer.Argument(help="并入哪一户 · Into this one")], reason: Reason
) -> None:
    """并户 · Merge a household into another one."""
    act("POST", "households", household, "merge", body={"heir": heir, "reason": reason})


@households.command("split")
def split(
    household: Household,
    part: Annotated[str, typer.Argument(help="新户号 · The new number")],
    head: Annotated[str, typer.Option("--head", help="户主 · Head")],
    group: Annotated[str, typer.Option("--group", help="村民小组 · Group")],
    persons: Annotated[int, typer.Option("--persons", help="人口 · Persons", min=1, max=99)],
    given: Annotated[
        int | None, typer.Option("--points", parser=hundredths, metavar="POINTS", help="带走 · Taken")
    ] = None,
) -> None:
    """分户；带走的积分先用 rights keep 收到台账 · Split a household; `rights keep` fetches its points first."""
    facts = {"number": part, "head": head, "group": group, "persons": persons}
    act("POST", "households", household, "split", body={"part": facts, "points": given or 0})


@households.command("erase")
def erase(household: Household) -> None:
    """抹去已并或已销户的姓名 · Erase who a merged or closed household was."""
    act("DELETE", "households", household, "people")


@cards.command("issue")
def issue(
    household: Household,
    reason: Annotated[str | None, typer.Option("--reason", help="原因 · Why")] = None,
    json: Json = False,
) -> None:
    """发新卡，旧卡作废 · Issue a card; earlier ones are replaced."""
    with office() as ledger:
        found = ledger.ask("POST", "households", household, "cards", body={"reason": reason})
    if json:
        as_json(found)
    else:
        say("office.card", card=found["card"], version=found["version"], qr=found["qr"])


@cards.command("lost")
def lost(card: Card) -> None:
    """挂失 · Have a card refused everywhere."""
    act("PUT", "cards", card, "lost")


@cards.command("found")
def found(card: Card) -> None:
    """挂失的卡找到了 · Take a lost card again."""
    act("DELETE", "cards", card, "lost")
