"""`pos backup` and `pos restore` as they are typed."""

from pathlib import Path

from typer.testing import CliRunner, Result

from pos.cli.main import app
from pos.storage.verify import verify
from tests.shop import CLERK, KEEPER, PINS, Shop


def pos(*arguments: str | Path, typed: str = "") -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=typed)


def test_there_and_back(shop: Shop, stick: Path, tmp_path: Path) -> None:
    nowhere = pos("backup", "--home", shop.folder)
    assert nowhere.exit_code == 1
    assert "[backup]" in nowhere.output
    (shop.folder / "station.toml").write_text(f'[backup]\nfolder = "{stick}"\n')
    short = pos("backup", "--passphrase", "--home", shop.folder, typed="1234\n1234\n")
    assert short.exit_code == 1
    done = pos("backup", "--passphrase", "--home", shop.folder, typed="correct horse\ncorrect horse\n")
    assert done.exit_code == 0, done.output
    (file,) = stick.iterdir()
    assert str(file) in done.output
    assert "没有口令打不开" in done.output

    home = tmp_path / "new"
    people = "\n".join((KEEPER, PINS[KEEPER], CLERK, PINS[CLERK]))
    again = pos("restore", file, "--home", home, typed=f"correct horse\nn\n{people}\ny\n")
    assert again.exit_code == 0, again.output
    for said in ("重新开账", "This store runs alone", "要两个人"):
        assert said in again.output
    assert verify(home).wrong is None
    over = pos("restore", file, "--home", home)
    assert over.exit_code == 1
    assert "绝不覆盖" in over.output


def test_not_agreed(shop: Shop, stick: Path, tmp_path: Path) -> None:
    made = pos("backup", "--to", stick, "--home", shop.folder)
    assert "Not locked" in made.output
    (file,) = stick.iterdir()
    people = "\n".join((KEEPER, PINS[KEEPER], CLERK, PINS[CLERK]))
    options = ("--home", tmp_path / "new", "--card-key", shop.folder / "cards.key", "--enrolled")
    no = pos("restore", file, *options, typed=f"{people}\nn\n")
    assert no.exit_code == 1
    assert "冻结" in no.output
    wrong = pos("restore", file, *options, typed=f"{KEEPER}\n0000\n")
    assert wrong.exit_code == 1
    assert not (tmp_path / "new").exists()
    yes = pos("restore", file, *options, typed=f"{people}\ny\n")
    assert yes.exit_code == 0, yes.output
