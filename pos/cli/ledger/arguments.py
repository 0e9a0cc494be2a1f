"""Arguments and options that several of the ledger's commands take."""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

_FIGURE = re.compile(r"([0-9]{1,8})(?:\.([0-9]{1,2}))?")
_WRITER = re.compile(r"([a-z0-9-]{1,15})[.]([0-9]{1,9})")


def hundredths(text: str) -> int:
    """A plain figure of points or yuan in 1/100; nothing is rounded."""
    found = _FIGURE.fullmatch(text.strip())
    if found is None:
        raise typer.BadParameter(f"12, 12.5, 12.50: {text}")
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


@dataclass(frozen=True, slots=True)
class Writer:
    """An installation in one of its lives."""

    device: str
    epoch: int

    @property
    def path(self) -> tuple[str, str, str, int]:
        """Where the API has it."""
        return "devices", self.device, "epochs", self.epoch


def writer(text: str) -> Writer:
    """An installation as papers and lists name it: `k7q2md.1`."""
    found = _WRITER.fullmatch(text.strip().lower())
    if found is None:
        raise typer.BadParameter(f"k7q2md.1: {text}")
    return Writer(found[1], int(found[2]))


Home = Annotated[Path | None, typer.Option("--home", help="台账目录 · Folder of the ledger", file_okay=False)]
Database = Annotated[
    str,
    typer.Option(
        "--database", envvar="POS_LEDGER_DATABASE", help="postgresql://... 不给则用目录里的文件 · Else a file there"
    ),
]
Url = Annotated[str, typer.Option("--url", help="台账网址 https://... · Address of the ledger")]
Ca = Annotated[Path | None, typer.Option("--ca", help="台账的根证书 PEM · Its authority", exists=True, dir_okay=False)]
Json = Annotated[bool, typer.Option("--json", help="给脚本用 · For scripts")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="只检查，什么也不改 · Look only, change nothing")]
Sheet = Annotated[Path, typer.Argument(help="FILE.xlsx", exists=True, dir_okay=False)]
Listed = Annotated[Path, typer.Argument(help="FILE.xlsx | FILE.csv", exists=True, dir_okay=False)]
Household = Annotated[str, typer.Argument(help="户号（16位） · The household's number")]
Store = Annotated[str, typer.Argument(help="兑换点编码 · The store's code")]
Village = Annotated[str | None, typer.Option("--village", help="行政村编码（12位） · The village's code")]
Scope = Annotated[str, typer.Option("--scope", help="村、兑换点；不给为全镇 · Village or store; else all")]
Reason = Annotated[str, typer.Option("--reason", help="原因，记入审计 · Why; kept in the audit")]
Amount = Annotated[int, typer.Argument(parser=hundredths, metavar="POINTS", help="积分 · Points: 12.50")]
Installation = Annotated[Writer, typer.Argument(parser=writer, metavar="DEVICE", help="设备.期 · k7q2md.1")]
Effective = Annotated[
    datetime, typer.Option("--effective", formats=["%Y-%m-%d"], help="起用日期 · From this day on: 2026-12-01")
]
