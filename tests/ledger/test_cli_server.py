"""The ledger on its own machine: founding, certificates that terminals pin, what it does not serve, PostgreSQL."""

import ssl
import stat
from pathlib import Path

import httpx
import pytest

from pos.cli.ledger import authority
from tests.ledger.commands import PASSWORD, TOWNSHIP, begin, done, refused, served, told, typed
from tests.ledger.servers import Server

WALL = 1_768_430_520_000


def test_only_who_pins_the_right_authority_talks_to_the_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    home, other = begin(tmp_path / "ledger"), tmp_path / "other"
    done("certificate", "ledger.example", "10.1.2.3", "--home", home)
    done("certificate", "ledger.example", "--home", other)
    with served(home) as url:
        right = ssl.create_default_context(cafile=home / "tls" / "ca.pem")
        assert httpx.get(f"{url}/v1/ledger", verify=right, trust_env=False).json()["v"] == 1
        wrong = ssl.create_default_context(cafile=other / "tls" / "ca.pem")
        for context in (wrong, ssl.create_default_context()):
            with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
                httpx.get(f"{url}/v1/ledger", verify=context, trust_env=False)
        log_in = ("log-in", "--township", TOWNSHIP, "--name", "op-01", "--url", url)
        assert "连不上台账" in refused(*log_in, "--ca", other / "tls" / "ca.pem", code=2)
        done(*log_in, "--ca", home / "tls" / "ca.pem")
        assert told("operators", "list")[0]["name"] == "op-01"
        new = ("township", "create", "990102", "杏花镇", "--operator", "op-01", "--url", url)
        ca = ("--ca", home / "tls" / "ca.pem")
        assert "township token" in refused(*new, *ca, code=2)
        refused(*new, *ca, "--token", "0" * 64)
        done(*new, *ca, "--token", done("township", "token", "--home", home).strip())


def test_a_new_certificate_is_by_the_same_authority(tmp_path: Path) -> None:
    ca = authority.certify(tmp_path, ["ledger.example", "10.1.2.3"], WALL)
    pinned, first = ca.read_bytes(), (tmp_path / "server.pem").read_bytes()
    assert authority.certify(tmp_path, ["ledger.example"], WALL) == ca
    assert ca.read_bytes() == pinned
    assert (tmp_path / "server.pem").read_bytes() != first
    for secret in ("ca.key", "server.key"):
        assert stat.S_IMODE((tmp_path / secret).stat().st_mode) == 0o600


def test_a_ledger_is_founded_once(tmp_path: Path) -> None:
    home = tmp_path / "ledger"
    done("init", "--home", home)
    key = (home / "ledger.key").read_bytes()
    assert stat.S_IMODE((home / "ledger.key").stat().st_mode) == 0o600
    assert "已经有台账" in refused("init", "--home", home)
    assert (home / "ledger.key").read_bytes() == key


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("serve", "--host", "0.0.0.0"), "没有证书不能对外"),
        (("serve", "--host", "192.0.2.1", "--certificate", "{pem}", "--key", "{pem}"), "不能在 192.0.2.1"),
        (("serve", "--certificate", "{pem}"), "--certificate + --key"),
        (("init", "--database", "postgresql://nobody@127.0.0.1:9/none"), "打不开数据库"),
        (("township", "token"), "里没有台账"),
        (("township", "create", "990101", "镇", "--operator", "op-01"), "里没有台账"),
        (("log-in", "--township", "990101", "--name", "op-01"), "里没有台账"),
    ],
)
def test_what_cannot_be_tried_founds_nothing(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    (tmp_path / "pem").touch()
    given = [each.format(pem=tmp_path / "pem") for each in arguments]
    assert said in refused(*given, "--home", tmp_path / "ledger", code=2)
    assert not list((tmp_path / "ledger").glob("ledger.*"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--url", "http://ledger.example"), "用 https"),
        (("--url", "ledger.example"), "https://"),
        (("--url", "http://127.0.0.1:9"), "连不上台账"),
        (("--url", "https://127.0.0.1:9", "--home", "ledger"), "--url | --home"),
    ],
)
def test_where_nobody_logs_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str], said: str
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert said in refused("log-in", "--township", TOWNSHIP, "--name", "op-01", *arguments, code=2)
    assert "请先登录" in refused("stores", "list", code=2)


def test_a_log_in_is_kept_for_its_owner_alone_and_its_password_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    home = begin(tmp_path / "ledger")
    (kept,) = (tmp_path / "state").rglob("*.json")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert PASSWORD not in kept.read_text("utf-8")
    at = ("log-in", "--township", TOWNSHIP, "--name", "op-01", "--home", home)
    shown = typed(*at, text=f"{PASSWORD}\n", POS_LEDGER_PASSWORD=None)
    assert shown.exit_code == 0
    assert PASSWORD not in shown.output
    wrong = refused(*at, POS_LEDGER_PASSWORD="x")
    assert "姓名或密码不对" in wrong
    assert "Name or password" in wrong
    done("log-out")
    assert not kept.exists()


def test_postgresql_is_kept_beside_the_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    server: Server = request.getfixturevalue("server")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    home, address = tmp_path / "ledger", server.new_database()
    done("init", "--home", home, "--database", address)
    done("township", "create", TOWNSHIP, "柳塘镇", "--operator", "op-01", "--home", home)
    done("log-in", "--township", TOWNSHIP, "--name", "op-01", "--home", home)
    assert [each["name"] for each in told("operators", "list")] == ["op-01"]
    assert not (home / "ledger.db").exists()
    assert stat.S_IMODE((home / "database").stat().st_mode) == 0o600
