"""备份: at the push of a key and after the close, beside the till; and 清单: a list tried and taken over by two."""

from pathlib import Path

from pos.counter import lists
from pos.counter.lists import Kind
from pos.storage import catalogue
from pos.tui.screens.backup import BackupScreen
from pos.tui.screens.close_day import CloseScreen
from pos.tui.screens.lists import ListsScreen
from pos.tui.widgets.ticket import Ticket
from tests.screens.conftest import SETTINGS, Till, opened_till
from tests.shop import AUDITOR, Shop


def lines(till: Till) -> str:
    return "\n".join(f"{row.text} {row.figure}" for row in till.app.screen.query_one("#lines", Ticket).rows)


def settings(stick: Path) -> str:
    return f'{SETTINGS}\n[day]\nspot_goods = 0\n[backup]\nfolder = "{stick}"\n'


async def test_one_more_now(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    async with opened_till(tmp_path / "shop", settings=settings(stick)) as till:
        await till.sign_in()
        till.app.push_screen(BackupScreen())
        await till.comes("backup")
        await till.until(lambda: str(stick) in till.text("#summary"))
        assert till.app.words("backup.not-yet") in till.text("#summary")
        await till.press("plus")
        await till.until(lambda: "×" in till.text("#summary"))
        assert "U 盘" in till.text("#summary")
        await till.until(lambda: "备×" in till.text("#status"))
        stick.mkdir()
        await till.press("plus")
        await till.until(lambda: "√" in till.text("#summary"))
        (made,) = stick.iterdir()
        assert made.name in till.text("#summary")
        await till.until(lambda: "k7q2md.0" in lines(till))
        await till.until(lambda: "备●" in till.text("#status"))


async def test_nowhere(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "shop") as till:
        await till.sign_in()
        till.app.push_screen(BackupScreen())
        await till.comes("backup")
        await till.press("plus")
        await till.says("refused.backup-nowhere")
        assert "备" not in till.text("#status")


async def test_an_auditor_only_looks(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "shop", settings=settings(tmp_path)) as till:
        await till.sign_in(AUDITOR)
        till.app.push_screen(BackupScreen())
        await till.comes("backup")
        await till.press("plus")
        await till.says("refused.not-permitted")
        assert not till.app.station.backups.state.running


async def test_after_every_close(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    async with opened_till(tmp_path / "shop", settings=settings(stick)) as till:
        await till.sign_in()
        await till.press("f7")
        await till.comes("close-day")
        screen = till.app.screen
        assert isinstance(screen, CloseScreen)
        await till.until(lambda: screen.items)
        while not all(step.done for step in screen.items):
            await till.press("enter", "escape")
        await till.press("plus", "2")
        await till.comes("sheet")
        await till.until(lambda: till.app.station.backups.state.made)
        assert [path.suffix for path in stick.iterdir()] == [".posbackup"]


def ready(shop: Shop) -> None:
    """A list of goods, exported and edited."""
    folder = shop.folder / lists.FOLDER
    lists.export(shop.desk, shop.by, Kind.GOODS, folder / "goods.csv")
    text = (folder / "goods.csv").read_text(encoding="utf-8-sig")
    (folder / "goods.csv").write_text(text.replace("食盐 400g", "食盐 500g"), encoding="utf-8")


async def test_a_list_taken_over(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "shop", prepare=ready) as till:
        await till.sign_in()
        till.app.push_screen(ListsScreen())
        await till.comes("list")
        await till.until(lambda: "商品" in lines(till))
        await till.press("enter")
        await till.comes("choose")
        await till.press("2")
        await till.comes("form")
        await till.press("plus")
        await till.comes("list-plan")
        await till.until(lambda: "食盐 500g" in lines(till))
        assert till.app.words("lists.sums", added=0, changed=1, unchanged=5, problems=0) in till.text("#summary")
        await till.press("plus")
        await till.approve()
        await till.comes("home")
        await till.until(lambda: till.app.words("lists.taken", added=0, changed=1) in till.message)
        with till.desk.store.read() as connection:
            assert "食盐 500g" in [good.name for good in catalogue.all_goods(connection)]


async def test_a_list_with_faults(tmp_path: Path) -> None:
    def spoilt(shop: Shop) -> None:
        ready(shop)
        path = shop.folder / lists.FOLDER / "goods.csv"
        path.write_text(path.read_text(encoding="utf-8").replace("2.00", "two", 1), encoding="utf-8")

    async with opened_till(tmp_path / "shop", prepare=spoilt) as till:
        await till.sign_in()
        till.app.push_screen(ListsScreen())
        await till.comes("list")
        await till.press("enter", "2")
        await till.comes("form")
        await till.press("plus")
        await till.comes("list-plan")
        await till.until(lambda: "第2行" in lines(till))
        for said in ("第2行", "积分", till.app.words("list-flaw.figure"), "two"):
            assert said in lines(till)
        await till.press("plus")
        await till.says("refused.list-faulty", problems=1)


async def test_a_list_written_out(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "shop") as till:
        await till.sign_in()
        till.app.push_screen(ListsScreen())
        await till.comes("list")
        await till.press("enter", "2")
        await till.says("lists.no-files")
        await till.press("enter", "1")
        path = tmp_path / "shop" / lists.FOLDER / "goods.xlsx"
        await till.says("lists.written", rows=6, file=path)
        assert path.exists()
