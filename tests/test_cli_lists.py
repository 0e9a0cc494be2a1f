"""`pos lists` as it is typed."""

from pathlib import Path

from typer.testing import CliRunner, Result

from pos.cli.main import app
from tests.shop import CLERK, KEEPER, PINS, open_shop

SIGNED = ("--keeper", KEEPER, "--pin", PINS[KEEPER])


def pos(*arguments: str | Path, typed: str = "") -> Result:
    return CliRunner().invoke(app, ["lists", *(str(argument) for argument in arguments)], input=typed)


def test_out_edited_and_in(tmp_path: Path) -> None:
    open_shop(tmp_path / "shop").close()
    home, file = ("--home", tmp_path / "shop"), tmp_path / "goods.csv"
    out = pos("export", "goods", "--to", file, *SIGNED, *home)
    assert out.exit_code == 0, out.output
    text = file.read_text(encoding="utf-8-sig")
    file.write_text(text.replace("2.00", "2.50"), encoding="gbk")
    dry = pos("import", "goods", file, "--dry-run", *home)
    assert dry.exit_code == 0, dry.output
    assert "更改 1" in dry.output
    assert "changed 1" in dry.output
    people = "\n".join((KEEPER, PINS[KEEPER], CLERK, PINS[CLERK]))
    done = pos("import", "goods", file, *home, typed=f"{people}\n")
    assert done.exit_code == 0, done.output
    assert "下次开班" in done.output
    assert "不变 6" in pos("import", "goods", file, *home).output


def test_every_bad_row_in_both_languages(tmp_path: Path) -> None:
    open_shop(tmp_path / "shop").close()
    file = tmp_path / "goods.csv"
    file.write_text("code,名称,colour\ng001,,red\nG 2,盐,\n", encoding="utf-8")
    done = pos("import", "goods", file, "--home", tmp_path / "shop")
    assert done.exit_code == 1
    for said in ("第1行 colour 不认识的列", "row 1 colour unknown column", "第2行 名称 没有填", "row 3 code a code is"):
        assert said in done.output
