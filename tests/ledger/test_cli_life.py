"""A township's life by commands alone: a real server on loopback with TLS, an office, and a real terminal."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from catalog.units import Points
from pos.cli.main import app
from pos.storage import catalogue
from tests import shop
from tests.ledger.commands import TOWNSHIP, done, refused, sheet, told
from tests.shop import CLERK, HOUSEHOLDS, KEEPER, PINS, VILLAGE

BATCH = "2026-01-lt"
H = HOUSEHOLDS[0].number


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the server, the office and the terminal have their folders."""
    folder = tmp_path_factory.mktemp("life")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        shop.open_shop(folder / "shop").close()
        yield folder


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[str]:
    """The address of a ledger that was founded, certified and is served by commands."""
    home = folder / "ledger"
    assert "pos ledger certificate" in done("init", "--home", home)
    done("certificate", "127.0.0.1", "--home", home)
    done("township", "create", TOWNSHIP, "柳塘镇", "--operator", "op-01", "--home", home)
    command = [sys.executable, "-u", "-m", "pos", "ledger", "serve", "--home", str(home), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8", env=os.environ) as process:
        assert process.stdout
        found = re.search(r"https://127\.0\.0\.1:\d+", process.stdout.readline())
        assert found
        yield found[0]
        process.send_signal(signal.SIGTERM)
        assert "台账已停止" in process.stdout.read()
        assert process.wait(30) == 0


def till(folder: Path, *arguments: str, text: str = "") -> str:
    """What `pos sync ...` says in the store."""
    result = CliRunner().invoke(app, ["sync", *arguments, "--home", str(folder / "shop")], input=text)
    assert result.exit_code == 0, f"{arguments}: {result.output} {result.exception!r}"
    return result.output


def log_in(folder: Path, server: str, name: str) -> None:
    """Act as somebody from now on, over the network."""
    ca = folder / "ledger" / "tls" / "ca.pem"
    done("log-in", "--township", TOWNSHIP, "--name", name, "--url", server, "--ca", ca)


def set_up(folder: Path) -> None:
    """Village, store and households."""
    done("villages", "import", sheet(folder / "v.xlsx", ("编码", "行政村"), [(VILLAGE, "柳塘村")]))
    done("stores", "add", "LT01", VILLAGE, "柳塘村积分兑换超市")
    rows = [(each.number, each.head, each.group, each.persons) for each in HOUSEHOLDS]
    done("households", "import", sheet(folder / "h.xlsx", ("户号", "户主", "村民小组", "人口"), rows))


def join(folder: Path, server: str) -> None:
    """The store, which ran alone, joins: its journal goes up, is approved, and a new epoch begins."""
    ca = str(folder / "ledger" / "tls" / "ca.pem")
    code = told("code", "LT01", "--alone")["code"]
    till(folder, "enrol", f"{server}/{TOWNSHIP}", code, "--ca", ca)
    till(folder, "now")
    done("approve", "k7q2md")
    till(folder, "now")
    assert "k7q2md.1" in done("close", "k7q2md.0", "--reason", "并入台账")
    code = done("code", "LT01", "--device", "k7q2md").splitlines()[0]
    till(folder, "renew", code, text="\n".join((KEEPER, PINS[KEEPER], CLERK, PINS[CLERK], "")))
    till(folder, "now")


def test_a_townships_life(folder: Path, server: str) -> None:
    log_in(folder, server, "op-01")
    set_up(folder)
    join(folder, server)
    (listed,) = told("stores", "list")
    newest = listed["installations"][0]
    assert (newest["device"], newest["epoch"], newest["state"], newest["behind"]) == ("k7q2md", 1, "open", 0)
    assert "k7q2md.1" in done("stores", "list")

    goods = folder / "goods.csv"
    goods.write_text("编号,名称,单位,积分,货架价(元)\ng001,食盐 400g,包,3.50,2.00\n", encoding="utf-8")
    done("catalogue", "put", "goods", goods)
    done("prices", "publish", "--goods", goods, "--effective", "2026-02-01")
    award(folder, server)
    till(folder, "now")

    counter = shop.reopened(folder / "shop")
    with counter.desk.store.read() as connection:
        book = catalogue.book_in_force(connection, date(2026, 2, 1))
        assert catalogue.good_prices(connection, book)["g001"].points == Points(350)
    assert counter.points() == shop.OPENING["0042"] + Points(500)
    counter.close()
    till(folder, "now")
    held = told("households", "show", H)["holding"]
    assert held["places"] == [{"writer": "k7q2md.1", "store": "LT01", "points": 1700}]
    by_stick(folder)
    notice = done("checkpoint")
    assert "柳塘镇 积分账本存证" in notice
    assert told("checkpoint")["checkpoint"]["size"] > 0
    assert {"draft", "reviewed", "published", "object", "upheld", "effective", "granted"} <= {
        line["act"] for line in told("audit", "--most", 200)
    }
    assert "op-02" in done("audit", "--most", "200")
    done("log-out")
    assert "pos ledger log-in" in refused("stores", "list", code=2)


def by_stick(folder: Path) -> None:
    """The same without a network: what the store writes is answered on the ledger's machine."""
    till(folder, "export", str(folder / "asked"))
    done("stick", folder / "asked", "--to", folder / "answers", "--home", folder / "ledger")
    till(folder, "import", str(folder / "answers"))
    (folder / "forged").write_bytes(b"{}\n")
    refused("stick", folder / "forged", "--to", folder / "no", "--home", folder / "ledger")
    assert not (folder / "no").exists()


def award(folder: Path, server: str) -> None:
    """A batch through all its steps; who drafted it may not review it, and one line is objected to."""
    assert "新增 21 项" in done("awards", "adopt", "three")
    assert "参加村民议事会" in done("awards", "items")
    done("operators", "add", "op-02", "--role", "operator")
    file = sheet(folder / "a.xlsx", ("户号", "事项", "倍数"), [(H, "Z01", 1), (HOUSEHOLDS[1].number, "Z02", 1)])
    about = (
        "--batch",
        BATCH,
        "--village",
        VILLAGE,
        "--period",
        "2026-01",
        "--title",
        "一月积分",
        "--meeting",
        "村民会议",
    )
    faulty = sheet(folder / "f.xlsx", ("户号", "事项"), [(H, "Z99"), (f"{VILLAGE}9999", "Z01")])
    said = refused("awards", "draft", faulty, *about)
    assert "事项 · item" in said
    assert "没有这户" in said
    assert "没有问题" in done("awards", "draft", file, *about, "--dry-run")
    assert told("awards", "list") == []
    done("awards", "draft", file, *about)
    assert "不能审核自己的批次" in refused("awards", "review", BATCH)
    log_in(folder, server, "op-02")
    done("awards", "review", BATCH)
    done("awards", "publish", BATCH, "--days", 0)
    assert "张*英" in done("awards", "board", BATCH)
    done("awards", "object", BATCH, 2, "--reason", "not-there")
    assert "还有异议没有处理" in refused("awards", "effective", BATCH)
    done("awards", "decide", BATCH, 2, "--upheld")
    assert "not-there" in done("awards", "lines", BATCH)
    done("awards", "effective", BATCH)
    assert "已上账：1 户" in done("awards", "grant", BATCH)
    assert "已上账 · granted" in done("awards", "list")
    assert "这个批次已不在这一步" in refused("awards", "withdraw", BATCH)
