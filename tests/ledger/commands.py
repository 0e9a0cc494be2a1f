"""The ledger's commands as they are typed, and spreadsheets to give them."""

import io
import json
import socket
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from openpyxl import Workbook  # type: ignore[import-untyped]
from typer.testing import CliRunner, Result

from pos.cli.main import app
from pos.ledger.app import create
from pos.ledger.service import open_ledger

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
    result = typed(*arguments, text="", **env)
    assert result.exit_code == 0, f"{arguments}: {result.output} {result.exception!r}"
    return result.output


def told(*arguments: object, **env: str | None) -> Any:
    """What a command says to a script."""
    return json.loads(done(*arguments, "--json", **env))


def refused(*arguments: object, code: int = 1, **env: str | None) -> str:
    """The output of a command that must be refused."""
    result = typed(*arguments, text="", **env)
    assert isinstance(result.exception, SystemExit), f"{arguments}: {result.exception!r}"
    assert result.exit_code == code, f"{arguments}: {result.exit_code} {result.output} {result.exception!r}"
    return result.output


def begin(home: Path, name: str = "op-01") -> Path:
    """A ledger with a township whose operator is logged in."""
    done("init", "--home", home)
    done("township", "create", TOWNSHIP, "柳塘镇", "--operator", name, "--home", home)
    log_in(home, name)
    return home


def log_in(where: Path | str, name: str) -> None:
    """Act as somebody from now on, in process or at an address."""
    at = ("--home", where) if isinstance(where, Path) else ("--url", where)
    done("log-in", "--township", TOWNSHIP, "--name", name, *at)


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


@contextmanager
def served(home: Path) -> Iterator[str]:
    """The address of the ledger in a folder while it is served: over TLS once `certificate` was there."""
    tls = home / "tls" / "server.pem"
    pair = (tls, tls.with_suffix(".key")) if tls.exists() else (None, None)
    ledger = open_ledger(home)
    config = uvicorn.Config(create(ledger), log_level="critical", ssl_certfile=pair[0], ssl_keyfile=pair[1])
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http{'s' if tls.exists() else ''}://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
            ledger.close()
