"""Asking the ledger: over the network or in process, as who is logged in; its refusals in its own words."""

import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import quote, urlsplit

import typer

from pos.cli.common import say
from pos.cli.ledger import kept
from pos.cli.ledger.kept import LogIn, Place
from pos.cli.ledger.saying import REFUSED, fail

if TYPE_CHECKING:
    import httpx

    from pos.ledger.service import Ledger

Query = Mapping[str, str | int | bool | None]

DATABASE = "database"
"""File in a ledger's folder with the address of its database, where that is not a file beside it."""
_TURNS = 10
_SECONDS = 600
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Office:
    """A way to a ledger; `token` shows who asks."""

    client: "httpx.Client"
    township: str = ""
    token: str = ""

    def ask(
        self, method: str, *path: str | int, query: Query | None = None, body: object = None, sheet: Path | None = None
    ) -> Any:
        """What is answered below the township, `None` for nothing; the end with 1 when it is refused."""
        parts = ("townships", self.township, *path) if self.township else path
        url = "/v1/" + "/".join(quote(str(part), safe="") for part in parts)
        asked: dict[str, Any] = {"params": {name: _plain(v) for name, v in (query or {}).items() if v is not None}}
        if sheet is not None:
            asked["content"] = sheet.read_bytes()
        elif body is not None:
            asked["json"] = body
        if self.token:
            asked["headers"] = {"Authorization": f"Bearer {self.token}"}
        return self._answered(method, url, asked)

    def every(self, *path: str | int, query: Query | None = None, most: int | None = None) -> list[Any]:
        """All items of a list that comes in pages, or the first `most`."""
        found: list[Any] = []
        cursor: str | None = None
        while most is None or len(found) < most:
            limit = _PAGE if most is None else min(_PAGE, most - len(found))
            page = self.ask("GET", *path, query={**(query or {}), "after": cursor, "limit": limit})
            found += page["items"]
            cursor = page["next"]
            if cursor is None:
                break
        return found

    def _answered(self, method: str, url: str, asked: dict[str, Any]) -> Any:
        import httpx

        for turn in range(_TURNS):
            try:
                answer = self.client.request(method, url, **asked)
            except httpx.HTTPError as error:
                fail("office.unreached", detail=str(error) or type(error).__name__)
            if answer.is_success:
                return answer.json() if answer.content else None
            refusal = _refusal(answer)
            if refusal["code"] != "too-many" or turn == _TURNS - 1:
                break
            time.sleep(int(refusal["fields"]["seconds"]))
        return _say_no(refusal)


def _plain(value: str | int | bool | None) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _refusal(answer: "httpx.Response") -> dict[str, Any]:
    try:
        found: dict[str, Any] = answer.json()
        return {"code": found["code"], "fields": dict(found["fields"]), "message": dict(found["message"])}
    except (ValueError, TypeError, LookupError):
        fail("office.strange", status=answer.status_code)


def _say_no(refusal: dict[str, Any]) -> NoReturn:
    about = ", ".join(f"{name}={value}" for name, value in refusal["fields"].items() if value != "")
    typer.echo(f"{refusal['message']['zh']}  [{refusal['code']}] {about}".rstrip(), err=True)
    typer.echo(refusal["message"]["en"], err=True)
    raise typer.Exit(REFUSED)


def logged_in() -> LogIn:
    """The log-in that was kept; the end with 2 without one."""
    found = kept.load()
    return found if found is not None else fail("office.log-in-first")


@contextmanager
def office() -> Iterator[Office]:
    """The ledger as who is logged in."""
    log_in = logged_in()
    with reached(log_in.place) as client:
        yield Office(client, log_in.township, log_in.token)


def act(method: str, *path: str | int, query: Query | None = None, body: object = None) -> None:
    """Do one thing as who is logged in, and say that it is done."""
    with office() as ledger:
        ledger.ask(method, *path, query=query, body=body)
    say("office.done")


@contextmanager
def reached(place: Place) -> Iterator["httpx.Client"]:
    """A client of the ledger at a place; the end with 2 for one that cannot be used."""
    import httpx

    if place.url:
        with httpx.Client(
            base_url=place.url, verify=_trusted(place), timeout=_SECONDS, trust_env=False, follow_redirects=False
        ) as client:
            yield client
        return
    from pos.cli.ledger.in_process import InProcess
    from pos.ledger import app

    with opened(Path(place.home)) as ledger, httpx.Client(
        base_url="http://ledger", transport=InProcess(app.create(ledger)), timeout=_SECONDS
    ) as client:  # fmt: skip
        yield client


@contextmanager
def opened(folder: Path, database: str = "") -> Iterator["Ledger"]:
    """The ledger in a folder that has one; the end with 2 when it cannot be opened."""
    from pos.ledger import keys

    if not (folder / keys.FILE).exists():
        fail("office.no-ledger", folder=folder)
    with founded(folder, database) as ledger:
        yield ledger


@contextmanager
def founded(folder: Path, database: str = "") -> Iterator["Ledger"]:
    """The ledger in a folder, made when there is none."""
    from sqlalchemy.exc import SQLAlchemyError

    from pos.ledger.service import open_ledger

    kept_address = folder / DATABASE
    if not database and kept_address.exists():
        database = kept_address.read_text(encoding="utf-8").strip()
    try:
        ledger = open_ledger(folder, database)
    except (SQLAlchemyError, OSError) as error:
        fail("office.no-database", detail=str(getattr(error, "orig", None) or error).strip()[:200])
    try:
        yield ledger
    finally:
        ledger.close()


def place_of(url: str, ca: Path | None, home: Path) -> Place:
    """The place that options name: an address, or else a folder. A password never crosses a network in clear."""
    if not url:
        return Place(home=str(home.absolute()))
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise typer.BadParameter(f"https://...  {url}", param_hint="--url")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        fail("office.plain")
    return Place(url=url.rstrip("/"), ca=str(ca.absolute()) if ca else "")


def is_loopback(host: str) -> bool:
    """Whether only this machine can be behind a host's name or address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _trusted(place: Place) -> ssl.SSLContext | bool:
    if not place.ca:
        return True
    try:
        # With a file of its own a context trusts nobody else.
        return ssl.create_default_context(cafile=place.ca)
    except OSError as error:
        fail("office.no-ca", file=place.ca, detail=error)
