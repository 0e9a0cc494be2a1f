"""What every command shares: the store's folder, and refusals said in both languages."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pos import places

if TYPE_CHECKING:
    from pos.i18n import Words

Home = Annotated[Path | None, typer.Option("--home", help="店铺数据目录 · Folder of the store", file_okay=False)]


def home_of(given: Path | None, *parts: str) -> Path:
    """The folder `given`, or `parts` below the usual one."""
    if given is not None:
        return given
    return places.home().joinpath(*parts)


@contextmanager
def refusing() -> Iterator[None]:
    """Say what the shop refuses in both languages, and end with 1."""
    from pos.core.refusals import Refused

    try:
        yield
    except Refused as refused:
        complain(f"refused.{refused.code}", **refused.fields)
        raise typer.Exit(1) from None


def say(message: str, **fields: object) -> None:
    """A sentence in both languages."""
    for words in both():
        typer.echo(words(message, **fields))


def complain(message: str, **fields: object) -> None:
    """The same on the error stream."""
    for words in both():
        typer.echo(words(message, **fields), err=True)


def both() -> list["Words"]:
    """The words of every language, Chinese first."""
    from pos import i18n

    return [i18n.load(language) for language in i18n.LANGUAGES]
