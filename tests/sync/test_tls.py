"""TLS with the township's own authority pinned: real certificates over loopback, and whoever shows another one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pos.cli.ledger import authority
from pos.cli.main import app
from pos.clock import Clock
from pos.config import load
from pos.sync import enrolment
from pos.sync.errors import SyncError, Untrusted
from pos.sync.session import Session
from pos.sync.transport import HttpTransport
from tests import shop
from tests.ledger.town import TOWNSHIP
from tests.sync.pair import Pair, close, open_pair
from tests.sync.served import served


@pytest.fixture
def pinned(tmp_path: Path) -> Iterator[tuple[Pair, Path]]:
    """A store of epoch 1 that has not joined, and the folder of the township's certificates."""
    pair = open_pair(tmp_path / "pair", enrolled=False)
    authority.certify(tmp_path / "tls", ["ledger.example"], Clock().wall())
    yield pair, tmp_path / "tls"
    close(pair)


def test_the_pinned_authority_vouches_for_the_ledger(pinned: tuple[Pair, Path]) -> None:
    pair, tls = pinned
    store, clock = pair.shop.desk.store, pair.shop.desk.clock
    with served(pair.town.ledger, tls) as url:
        way = HttpTransport(url, tls / authority.CA)
        enrolment.enrol(store, way, clock, TOWNSHIP, pair.town.code())
        assert Session(store, way, clock).run().outcome == ""
        way.close()


@pytest.mark.parametrize("how", ["another", "system", "host"])
def test_nothing_is_sent_to_whoever_it_does_not_vouch_for(pinned: tuple[Pair, Path], how: str, tmp_path: Path) -> None:
    pair, tls = pinned
    pair.enrol()
    other = authority.certify(tmp_path / "other", ["ledger.example"], Clock().wall())
    ca = {"another": other, "system": None, "host": tls / authority.CA}[how]
    with served(pair.town.ledger, tls, "127.0.0.2" if how == "host" else "127.0.0.1") as url:
        way = HttpTransport(url, ca)
        with pytest.raises(Untrusted) as caught:
            Session(pair.shop.desk.store, way, pair.shop.desk.clock).run()
        way.close()
    assert caught.value.code == pair.state.outcome == "certificate"
    assert ("127.0.0.2" in str(caught.value.fields["detail"])) is (how == "host")
    assert pair.state.acked == 0


def test_an_authority_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing", encoding="ascii")
    for path in (tmp_path / "ca.pem", tmp_path / "gone.pem"):
        with pytest.raises(SyncError) as caught:
            HttpTransport("https://127.0.0.1", path)
        assert caught.value.code == "ca-unread"


def test_the_command_says_in_words_what_is_wrong_and_joins_with_the_right_one(
    pinned: tuple[Pair, Path], tmp_path: Path
) -> None:
    pair, tls = pinned
    pair.shop.close()
    pair.town.clock.wall = Clock().wall()
    home, code = pair.shop.folder, pair.town.code()
    other = authority.certify(tmp_path / "other", [], Clock().wall())

    def sync(*arguments: object) -> tuple[int, str]:
        result = CliRunner().invoke(app, ["sync", *map(str, arguments), "--home", str(home)])
        return result.exit_code, result.output

    assert "单机运行" in sync("status")[1]
    with served(pair.town.ledger, tls) as url:
        failed, said = sync("enrol", f"{url}/{TOWNSHIP}", code, "--ca", other)
        assert (failed, "证书不对" in said, "certificate is not good" in said) == (1, True, True)
        assert load(home).sync.url == ""
        assert sync("enrol", url, code)[0] == 1
        assert sync("enrol", f"{url}/{TOWNSHIP}", code, "--ca", tls / authority.CA)[0] == 0
        failed, said = sync("now")
        assert (failed, "未上报 0 笔" in said) == (0, True)
        assert sync("export", tmp_path / "nowhere" / "file")[0] == 1
        assert sync("import", tmp_path / "none")[0] == 1
    assert sync("now")[0] == 1
    assert "连不上" in sync("status")[1]
    pair.shop = shop.reopened(home)
