"""The ledger on its own machine: found it, certify it, serve it, and answer a stick without any network."""

import os
import signal
import socket
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from pos.cli.common import home_of, say
from pos.cli.ledger.arguments import Database, Home
from pos.cli.ledger.calling import DATABASE, founded, is_loopback, opened
from pos.cli.ledger.saying import REFUSED, fail

PORT = 8470
_GRACE_SECONDS = 20

Pem = Annotated[Path | None, typer.Option("--certificate", help="证书 PEM · Certificate", exists=True, dir_okay=False)]
Key = Annotated[Path | None, typer.Option("--key", help="证书的私钥 PEM · Its key", exists=True, dir_okay=False)]


def init(home: Home = None, database: Database = "") -> None:
    """建台账：签名密钥和数据库 · Found a ledger: its signing key and its database."""
    from pos.ledger import keys

    folder = home_of(home, "ledger")
    if (folder / keys.FILE).exists():
        fail("office.ledger-there", REFUSED, folder=folder)
    with founded(folder, database) as ledger:
        if database:
            _keep(folder / DATABASE, database)
        say("office.founded", folder=folder, key=ledger.public_key)
    say("office.founded-next", home=folder)


def serve(
    home: Home = None,
    database: Database = "",
    host: Annotated[str, typer.Option("--host", help="监听地址 · Address to listen at")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="端口 · Port; 0 chooses a free one", min=0, max=65535)] = PORT,
    certificate: Pem = None,
    key: Key = None,
) -> None:
    """运行台账服务，直到 Ctrl+C · Serve the ledger until Ctrl+C."""
    import uvicorn

    from pos.ledger import app, keys

    folder = home_of(home, "ledger")
    pem, secret = _pair(folder, certificate, key)
    if pem is None and not is_loopback(host):
        fail("office.public-plain", host=host)
    fresh = not (folder / keys.FILE).exists()
    with _listener(host, port) as listener, founded(folder, database) as ledger:
        if fresh:
            say("office.founded", folder=folder, key=ledger.public_key)
        name = f"[{host}]" if ":" in host else host
        url = f"{'https' if pem else 'http'}://{name}:{listener.getsockname()[1]}"
        say("office.serving", url=url)
        config = uvicorn.Config(
            app.create(ledger), log_level="warning", timeout_graceful_shutdown=_GRACE_SECONDS,
            ssl_certfile=pem, ssl_keyfile=secret,
        )  # fmt: skip
        # uvicorn raises again what stopped it, once every request is answered: the database is closed after that.
        signal.signal(signal.SIGTERM, lambda *_: None)
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listener])
    say("office.stopped")


def certificate(
    hosts: Annotated[list[str], typer.Argument(help="服务器的域名或 IP · Names and addresses of the server")],
    home: Home = None,
) -> None:
    """签发服务器证书；ca.pem 交给各店 · Certify the server; terminals pin ca.pem."""
    from pos.cli.ledger import authority
    from pos.clock import Clock

    folder = home_of(home, "ledger") / authority.FOLDER
    say("office.certified", ca=authority.certify(folder, hosts, Clock().wall()), days=authority.SERVER_DAYS)


def stick(
    file: Annotated[Path, typer.Argument(help="店里写的文件 · What a store wrote", exists=True, dir_okay=False)],
    to: Annotated[Path, typer.Option("--to", help="写到此文件 · File to write", dir_okay=False)],
    home: Home = None,
) -> None:
    """没有网络的店：答复U盘里的文件 · A store without a network: answer the file on its stick."""
    from pos.ledger import sticks
    from pos.ledger.refusals import LedgerRefused

    with opened(home_of(home, "ledger")) as ledger:
        try:
            found = sticks.answer(ledger, file.read_bytes())
        except LedgerRefused as refused:
            fail(f"ledger.{refused.code}", REFUSED)
    fresh = to.with_name(f"{to.name}.new")
    fresh.write_bytes(found)
    fresh.replace(to)
    say("office.stick", file=to)


def _pair(folder: Path, certificate: Path | None, key: Path | None) -> tuple[Path | None, Path | None]:
    """Certificate and key that were given, or those that `pos ledger certificate` made."""
    from pos.cli.ledger import authority

    if (certificate is None) is not (key is None):
        raise typer.BadParameter("--certificate + --key")
    made = folder / authority.FOLDER
    if certificate is None and (made / authority.SERVER).exists():
        return made / authority.SERVER, made / authority.SERVER_KEY
    return certificate, key


def _listener(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        fail("office.no-listener", host=host, port=port, detail=error)


def _keep(path: Path, address: str) -> None:
    """Keep a database's address, which may hold its password, where its owner alone can read it."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(address)
