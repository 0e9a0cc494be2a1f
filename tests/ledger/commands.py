"""The ledger's commands as they are typed, and spreadsheets to give them."""

import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook  # type: ignore[import-untyped]
from typer.testing import CliRunner, Result

from pos.cli.main import app

PASSWORD = "谷雨那天村口种的三棵柿子树"
OTHER_PASSWORD = "霜降以后晒在房顶上的玉米"
TOWNSHIP = "990101"
_SECRETS = {"POS_LEDGER_PASSWORD": PASSWORD, "POS_LEDGER_NEW_PASSWORD": PASSWORD}


def typed(*arguments: object, text: str = "", **env: str | None) -> Result:
    """What `pos ledger ...` does; passwords come from the environment, as in a script."""
    words = ["ledger", *(str(argument) for argument in arguments)]
    return CliRunner().invoke(app, words, input=text, env={**_SECRETS, **env})


def done(*arguments: object, **env: str | None) -> str:
    """The output of a command that must end well."""
    result = typed(*arguments, **env)
    assert result.exit_code == 0, f"{arguments}: {result.output} {result.exception!r}"
    return result.output


def told(*arguments: object, **env: str | None) -> Any:
    """What a command says to a script."""
    return json.loads(done(*arguments, "--json", **env))


def refused(*arguments: object, code: int = 1, **env: str | None) -> str:
    """The output of a command that must be refused."""
    result = typed(*arguments, **env)
    assert isinstance(result.exception, SystemExit), f"{arguments}: {result.exception!r}"
    assert result.exit_code == code, f"{arguments}: {result.exit_code} {result.output} {result.exception!r}"
    return result.output


def begin(home: Path, name: str = "op-01") -> Path:
    """A ledger with a township whose operator is logged in."""
    done("init", "--home", home)
    done("township", "create", TOWNSHIP, "柳塘镇", "--operator", name, "--home", home)
    log_in(home, name)
    return home


def log_in(home: Path, name: str) -> None:
    """Act as somebody from now on."""
    done("log-in", "--township", TOWNSHIP, "--name", name, "--home", home)


def sheet(path: Path, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    """A spreadsheet."""
    book = Workbook(write_only=True)
    page = book.create_sheet()
    page.append(list(headings))
    for row in rows:
        page.append(list(row))
    data = io.BytesIO()
    book.save(data)
    path.write_bytes(data.getvalue())
    return path
