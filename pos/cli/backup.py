"""`pos backup` and `pos restore`: a copy of the whole store in one file, and a new store begun from one."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pos.cli.common import Home, both, home_of, refusing, say

if TYPE_CHECKING:
    from pos.backup.bundle import Manifest
    from pos.backup.restore import Staged
    from pos.core.entries import Signatures


def backup(
    to: Annotated[Path | None, typer.Option("--to", help="备份到此目录 · Folder to write to", file_okay=False)] = None,
    passphrase: Annotated[
        bool, typer.Option("--passphrase", help="设定备份口令 · Choose the passphrase of backups from now on")
    ] = False,
    home: Home = None,
) -> None:
    """备份整个店，可在营业时进行 · Back the whole store up, also while it is open."""
    from pos.backup import make, runner
    from pos.backup import passphrase as locks
    from pos.clock import Clock
    from pos.core.restore_refusals import BackupNowhere
    from pos.station import read_settings

    folder = home_of(home)
    with refusing():
        config = read_settings(folder).backup
        target = to or runner.Backups(folder, config, Clock().wall).folder
        if target is None:
            raise BackupNowhere()
        if passphrase:
            text: str = typer.prompt("备份口令 · Passphrase", hide_input=True, confirmation_prompt=True)
            locks.choose(folder, text)
        keep = None if to else (config.keep_days, config.keep_months)
        made = make.back_up(folder, target, Clock().wall(), keep)
    typer.echo(str(made.path))
    say("backup.made", **_facts(made.manifest))
    say("backup.locked" if made.locked else "backup.open")


def restore(
    file: Annotated[Path, typer.Argument(help="备份文件 · A backup", exists=True, dir_okay=False)],
    home: Home = None,
    enrolled: Annotated[
        bool | None, typer.Option("--enrolled/--alone", help="有无村级台账 · Whether a village ledger knows the store")
    ] = None,
    epoch: Annotated[
        int | None, typer.Option("--epoch", help="台账给的期号 · Epoch that the ledger named", min=1)
    ] = None,
    card_key: Annotated[
        Path | None, typer.Option("--card-key", help="制卡密钥 cards.key · What makes cards genuine", dir_okay=False)
    ] = None,
    new_card_key: Annotated[
        bool, typer.Option("--new-card-key", help="换新密钥，卡要重印 · A new one: cards are printed anew")
    ] = False,
) -> None:
    """用备份恢复成新的一期（要两个人） · Begin a new installation from a backup; takes two people."""
    from pos.backup import bundle, restore, sealed
    from pos.clock import Clock

    target = home_of(home)
    with refusing():
        restore.check_free(target)
        with file.open("rb") as stream:
            locked = sealed.is_locked(stream)
            text: str = typer.prompt("备份口令 · Passphrase", hide_input=True) if locked else ""
            manifest = bundle.unpack(stream, text)
        say("restore.found", **_facts(manifest))
        if enrolled is None and not manifest.epoch:
            enrolled = typer.confirm("\n".join(words("restore.ask-ledger") for words in both()), default=None)
        kept = card_key.read_bytes() if card_key else None
        wish = restore.Wish(bool(enrolled), epoch, kept, new_card_key)
        with restore.staged(file, target, text, wish, Clock()) as found:
            say("restore.alone" if found.alone else "restore.rejoin", **_facts(manifest))
            say("restore.both")
            by = _two_people(found)
            typer.confirm("\n".join(words("restore.sure") for words in both()), abort=True)
            restore.agree(found, by)
    say("restore.done", folder=target)


def _two_people(found: "Staged") -> "Signatures":
    from pos.counter import people

    number: str = typer.prompt("店员号 · Keeper's number")
    people.sign_in(found.desk, number, typer.prompt("店员密码 · Keeper's PIN", hide_input=True))
    second: str = typer.prompt("授权人号 · Second person's number")
    return people.approve(found.desk, number, second, typer.prompt("授权人密码 · Second person's PIN", hide_input=True))


def _facts(manifest: "Manifest") -> dict[str, object]:
    from pos.core.local_time import local_time

    return {
        "name": manifest.name,
        "number": f"{manifest.store}-{manifest.writer}-{manifest.seq}".upper(),
        "made": local_time(manifest.made, manifest.utc_offset_minutes)[:16],
        "last": local_time(manifest.last, manifest.utc_offset_minutes)[:16],
    }
