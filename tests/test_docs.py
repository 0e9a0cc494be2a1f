"""The README names each command, each configuration key and each key of the keyboard."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import typer
import typer.main
from msgspec import Struct, structs

from pos import i18n

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def commands(app: typer.Typer) -> Iterator[str]:
    """Every visible command as it is typed, groups walked: `till`, `backup make`."""

    def walk(group: Any, path: str) -> Iterator[str]:
        for name, command in getattr(group, "commands", {}).items():
            if not command.hidden:
                yield f"{path} {name}".strip()
                yield from walk(command, f"{path} {name}")

    yield from walk(typer.main.get_command(app), "")


def config_keys(model: type[Struct]) -> Iterator[str]:
    """Every key of a model and of the models inside it, whatever optional, union or list wraps them."""

    def models(annotation: Any) -> Iterator[type[Struct]]:
        if isinstance(annotation, type) and issubclass(annotation, Struct):
            yield annotation
        for part in get_args(annotation):
            yield from models(part)

    for field in structs.fields(model):
        yield field.encode_name
        for inner in models(field.type):
            yield from config_keys(inner)


def names_command(text: str, command: str) -> bool:
    """Whether the text tells how to type the command."""
    return re.search(rf"\bpos {re.escape(command)}\b", text) is not None


def names_key(text: str, key: str) -> bool:
    """Whether the text has the key as `key = …`, `[key]` or in back quotes."""
    word = re.escape(key)
    return re.search(rf"\b{word} = |\[+(\w+\.)*{word}\]|`(\w+\.)*{word}`", text) is not None


def names_binding(text: str, cap: str, label: str) -> bool:
    """Whether the text has the key as it stands on the keyboard, followed by what it does."""
    return f"`{cap}` {label}" in text


def test_commands() -> None:
    from pos.cli.main import app

    assert not [command for command in commands(app) if not names_command(README, command)]


def test_config_keys() -> None:
    from pos.config import StationConfig

    assert not [key for key in sorted(set(config_keys(StationConfig))) if not names_key(README, key)]


def test_keys_of_the_keyboard() -> None:
    from pos.tui.keys import KEYS

    words = i18n.load("zh_CN")
    assert not [key for key in KEYS if not names_binding(README, key.cap, words(key.label))]


class Port(Struct):
    url: str


class Shop(Struct):
    scales: list[Port] | None = None
    name: str = ""


def test_the_walks_go_all_the_way_down() -> None:

    def act() -> None:
        """Do nothing."""

    app, group = typer.Typer(), typer.Typer()
    app.command("till")(act)
    app.command("secret", hidden=True)(act)
    group.command("make")(act)
    group.command("check")(act)
    app.add_typer(group, name="backup")

    assert list(config_keys(Shop)) == ["scales", "url", "name"]
    assert sorted(commands(app)) == ["backup", "backup check", "backup make", "till"]


def test_a_missing_name_is_found() -> None:
    text = "Run `pos till`.\n[[scales]]\nurl = 'COM3'\n| home | `F8` 流水 |\n"

    assert names_command(text, "till")
    assert not names_command(text, "ti")
    assert names_key(text, "scales")
    assert names_key(text, "url")
    assert not names_key(text, "name")
    assert names_binding(text, "F8", "流水")
    assert not names_binding(text, "F8", "报表")
    assert not names_binding(text, "F9", "流水")
