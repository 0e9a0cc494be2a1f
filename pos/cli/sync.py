"""`pos sync`: join the village ledger, sync now, see how things stand, and carry files on a stick."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pos.cli.common import Home, both, home_of, refusing, say

if TYPE_CHECKING:
    from pos.storage.store import Store
    from pos.sync.errors import SyncError
    from pos.sync.pulse import SyncPulse

sync = typer.Typer(no_args_is_help=True, help="与村级台账同步 · Sync with the village ledger")


@sync.command()
def enrol(
    address: Annotated[str, typer.Argument(help="https://台账地址/乡镇编码 · https://LEDGER/TOWNSHIP")],
    code: Annotated[str, typer.Argument(help="一次性入网码 · The one-time code")],
    ca: Annotated[
        Path | None, typer.Option("--ca", help="乡镇证书 PEM · The township's authority", exists=True)
    ] = None,
    home: Home = None,
) -> None:
    """入网：让村级台账认识本店 · Join the village ledger."""
    from pos import config
    from pos.clock import Clock
    from pos.config import SyncConfig
    from pos.sync import enrolment, ways

    with _opened(home) as store:
        base, township = ways.split_address(address)
        settings = SyncConfig(url=base, ca=str(ca.absolute()) if ca else "")
        with closing(ways.transport_of(store.folder, settings)) as transport:
            kept = enrolment.enrol(store, transport, Clock(), township, code)
        config.put_sync(store.folder, {"url": settings.url, "ca": settings.ca})
        say("sync.enrolled", township=kept.township, device=store.identity.writer, key=kept.ledger[:16])
        if not store.identity.epoch:
            say("sync.alone-next")


@sync.command()
def renew(
    code: Annotated[str, typer.Argument(help="新一期的入网码 · The code for the next epoch")], home: Home = None
) -> None:
    """开始新的一期：单机店并入台账后，或发现本机是副本时（要两个人） · Begin a new epoch; takes two people."""
    from pos.clock import Clock
    from pos.counter import people
    from pos.counter.desk import Desk
    from pos.station import read_settings
    from pos.sync import renewal, ways

    with _opened(home) as store:
        desk = Desk(store)
        number: str = typer.prompt("店员号 · Keeper's number")
        people.sign_in(desk, number, typer.prompt("店员密码 · Keeper's PIN", hide_input=True))
        second: str = typer.prompt("授权人号 · Second person's number")
        pin: str = typer.prompt("授权人密码 · Second person's PIN", hide_input=True)
        by = people.approve(desk, number, second, pin)
        with closing(ways.transport_of(store.folder, read_settings(store.folder).sync)) as transport:
            renewal.renew(store, transport, Clock(), by, code)
        say("sync.renewed")


@sync.command()
def now(home: Home = None) -> None:
    """立即同步 · Sync now."""
    from pos.clock import Clock
    from pos.station import read_settings
    from pos.sync import ways
    from pos.sync.session import Session

    with _opened(home) as store:
        with closing(ways.transport_of(store.folder, read_settings(store.folder).sync)) as transport:
            for step in Session(store, transport, Clock()).steps():
                counted = f" {step.done}/{step.total}" if step.total else ""
                typer.echo(f"{' · '.join(words(f'sync-stage.{step.stage}') for words in both())}{counted}")
        _result(store)


@sync.command()
def status(home: Home = None) -> None:
    """同步到哪里了 · How things stand."""
    with _opened(home) as store:
        _result(store)


@sync.command("export")
def export_(
    target: Annotated[Path, typer.Argument(help="写到此文件或U盘目录 · File, or folder on a stick")], home: Home = None
) -> None:
    """没有网络：把要上报的写到U盘 · No network: write what the ledger lacks to a stick."""
    from pos.clock import Clock
    from pos.sync import sticks

    with _opened(home) as store:
        typer.echo(str(sticks.export(store, Clock(), target)))
        say("sync.exported")


@sync.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="台账的答复文件 · The ledger's answers", dir_okay=False)],
    home: Home = None,
) -> None:
    """读入台账的答复文件 · Take the ledger's answers from a stick over."""
    from pos.clock import Clock
    from pos.sync import sticks

    with _opened(home) as store:
        sticks.take(store, Clock(), file)
        _result(store)


@contextmanager
def _opened(home: Path | None) -> Iterator["Store"]:
    """The store, for this command alone; what the ledger or the network refuses is said in both languages."""
    from pos.storage.store import open_store
    from pos.sync.errors import SyncError

    with refusing():
        store = open_store(home_of(home))
        try:
            yield store
        except SyncError as error:
            _fail(error)
        finally:
            store.close()


def _fail(error: "SyncError") -> None:
    from pos.sync.wording import explained

    detail = " ".join(map(str, error.fields.values()))
    for words in both():
        typer.echo(explained(words, error.code, detail), err=True)
    raise typer.Exit(1)


def _result(store: "Store") -> None:
    from pos.clock import Clock
    from pos.sync import pulse
    from pos.sync.wording import lines

    found: SyncPulse = pulse.read(store)
    for words in both():
        typer.echo("\n".join(lines(words, found, store.identity.utc_offset_minutes, Clock().wall())))
