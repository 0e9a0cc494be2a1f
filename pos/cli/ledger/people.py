"""Who acts: log-ins, operators, and how a township begins."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from pos.cli.common import home_of, say
from pos.cli.ledger import kept
from pos.cli.ledger.arguments import Ca, Home, Json, Url, Village
from pos.cli.ledger.calling import Office, act, office, opened, place_of, reached
from pos.cli.ledger.kept import LogIn, Place
from pos.cli.ledger.saying import fail, show, word

operators = typer.Typer(no_args_is_help=True, help="操作员 · Operators")
township = typer.Typer(no_args_is_help=True, help="乡镇 · Townships")

_HIDDEN = {"hide_input": True, "show_default": False}
Password = Annotated[str, typer.Option("--password", prompt="密码 · Password", envvar="POS_LEDGER_PASSWORD", **_HIDDEN)]
NewPassword = Annotated[
    str,
    typer.Option(
        "--new-password", prompt="新密码（至少12个字） · New password (12 characters or more)",
        confirmation_prompt="再输一次 · Once more", envvar="POS_LEDGER_NEW_PASSWORD", **_HIDDEN,
    ),
]  # fmt: skip
Name = Annotated[str, typer.Argument(help="操作员名称 · The operator's name: clerk-01")]


class Role(StrEnum):
    """What an operator is: named here too, since `--help` loads nothing of the ledger."""

    OPERATOR = "operator"
    CLERK = "clerk"
    ASSESSOR = "assessor"
    SUPERVISOR = "supervisor"
    READER = "reader"


def log_in(
    of: Annotated[str, typer.Option("--township", help="乡镇编码 · The township's code")],
    name: Annotated[str, typer.Option("--name", help="操作员名称 · The operator's name")],
    password: Password,
    url: Url = "",
    ca: Ca = None,
    home: Home = None,
) -> None:
    """登录，一个工作日有效；之后的命令都以此身份 · Log in for a working day."""
    place = _place(url, ca, home)
    with reached(place) as client:
        found = Office(client, of).ask("POST", "sessions", body={"name": name, "password": password})
    path = kept.save(LogIn(place, of, name, found["token"]))
    say("office.logged-in", name=name, role=word(f"office-role.{found['role']}"), file=path)


def log_out() -> None:
    """退出登录 · Log out."""
    with office() as ledger:
        kept.forget()
        ledger.ask("DELETE", "sessions")
    say("office.logged-out")


@township.command("create")
def create(
    code: Annotated[str, typer.Argument(help="乡镇编码 · The township's code")],
    name: Annotated[str, typer.Argument(help="乡镇名称 · Its name")],
    operator: Annotated[str, typer.Option("--operator", help="第一个操作员 · The first operator: op-01")],
    new_password: NewPassword,
    utc_offset_minutes: Annotated[int, typer.Option(help="时区 · Minutes east of UTC", min=-720, max=840)] = 480,
    url: Url = "",
    ca: Ca = None,
    home: Home = None,
    token: Annotated[
        str, typer.Option("--token", envvar="POS_LEDGER_FOUNDER", help="建镇令牌，用 --url 时要 · With --url")
    ] = "",
) -> None:
    """建立一个乡镇的账，和它的第一个操作员 · Begin a township's books, with its first operator."""
    place = _place(url, ca, home)
    if not place.url:
        token = _founder(Path(place.home))
    elif not token:
        fail("office.no-token")
    body = {
        "township": code, "name": name, "utc_offset_minutes": utc_offset_minutes, "operator": operator,
        "password": new_password,
    }  # fmt: skip
    with reached(place) as client:
        Office(client, token=token).ask("POST", "townships", body=body)
    say("office.township", name=name, code=code, operator=operator)


@township.command("token")
def token(home: Home = None) -> None:
    """显示建镇令牌：从别的机器建镇时要 · Show what allows to begin a township from another machine."""
    typer.echo(_founder(home_of(home, "ledger")))


@township.command("restored")
def restored() -> None:
    """台账刚从备份恢复：先运行这一条 · The ledger comes from its backup: run this before anything else."""
    with office() as ledger:
        ledger.ask("POST", "restored")
    say("office.restored")


@operators.command("list")
def everybody(json: Json = False) -> None:
    """所有操作员 · All operators."""
    with office() as ledger:
        found: list[dict[str, Any]] = ledger.ask("GET", "operators")
    show(
        found,
        ("operator", "role", "village", "dismissed"),
        lambda each: (
            each["name"], word(f"office-role.{each['role']}"), each["village"] or "", "" if each["active"] else "×",
        ),
        json_=json,
    )  # fmt: skip


@operators.command("add")
def add(
    name: Name,
    role: Annotated[Role, typer.Option("--role", help="角色 · Role")],
    new_password: NewPassword,
    village: Village = None,
) -> None:
    """新增操作员；文书要属于一个村 · Add an operator; a clerk belongs to a village."""
    body = {"name": name, "role": role.value, "village": village, "password": new_password}
    act("POST", "operators", body=body)


@operators.command("password")
def password(new_password: NewPassword, name: Annotated[str | None, Name] = None) -> None:
    """改密码；不给名称改自己的 · Change a password; one's own without a name."""
    path = ("operators", name, "password") if name else ("password",)
    with office() as ledger:
        ledger.ask("PUT", *path, body={"password": new_password})
    say("office.password")


@operators.command("dismiss")
def dismiss(name: Name) -> None:
    """停用操作员 · Let an operator act no more."""
    act("DELETE", "operators", name)


def _place(url: str, ca: Path | None, home: Path | None) -> Place:
    if url and home:
        raise typer.BadParameter("--url | --home")
    return place_of(url, ca, home_of(home, "ledger"))


def _founder(folder: Path) -> str:
    from pos.ledger import operators as founding

    with opened(folder) as ledger:
        return founding.founder_token(ledger)
