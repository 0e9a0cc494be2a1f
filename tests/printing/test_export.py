"""`pos receipt export`: any receipt as a PDF or a picture, out of what was stored with its entry."""

import os
from pathlib import Path

import pytest
from PIL import Image, ImageChops
from typer.testing import CliRunner, Result

from drivers.printer import raster
from pos.cli.main import app
from pos.core.receipts import Receipt
from pos.counter.redeem import redeem
from pos.counter.reverse import reprint
from pos.printing.preview import picture
from tests import shop as shops
from tests.printing.day import ZH, number
from tests.shop import Shop

FONT = raster.find_font()
pytestmark = pytest.mark.skipif(FONT is None, reason=raster.FONT_HELP)


@pytest.fixture(scope="module")
def sold(tmp_path_factory: pytest.TempPathFactory) -> tuple[Shop, Receipt]:
    """A store with one sale and a copy of its receipt, closed: a store has one owner."""
    with shops.opened(tmp_path_factory.mktemp("export") / "store") as shop:
        receipt = redeem(shop.desk, shop.by, shop.basket({"g001": 1}))
        reprint(shop.desk, shop.by, number(receipt))
    return shop, receipt


def exported(shop: Shop, which: str, to: Path) -> Result:
    return CliRunner().invoke(app, ["receipt", "export", which, "--to", str(to), "--home", str(shop.folder)])


def test_a_picture_is_the_paper(sold: tuple[Shop, Receipt], tmp_path: Path) -> None:
    shop, receipt = sold
    assert FONT is not None
    for which in (receipt.slip.number, str(number(receipt))):
        done = exported(shop, which, tmp_path / "r.png")
        assert done.exit_code == 0, done.output
        with Image.open(tmp_path / "r.png") as image:
            expected = picture(receipt, ZH, 32, FONT)
            assert image.size == expected.size
            assert (
                ImageChops.difference(image.convert("L"), expected.point(lambda dot: 0 if dot < 128 else 255)).getbbox()
                is None
            )


def test_a_pdf_has_the_papers_size(sold: tuple[Shop, Receipt], tmp_path: Path) -> None:
    shop, receipt = sold
    assert exported(shop, receipt.slip.number, tmp_path / "收据.PDF").exit_code == 0
    data = (tmp_path / "收据.PDF").read_bytes()
    assert data.startswith(b"%PDF")
    assert b"%%EOF" in data[-10:]
    assert f"{384 * 72 / 203:.1f}"[:4].encode() in data


@pytest.mark.parametrize("which", ["999", "LT01-K7Q2MD.0-999", "XX99-K7Q2MD.0-{number}", "abc", "", "9" * 40, "１"])
def test_a_receipt_that_is_not_there(which: str, sold: tuple[Shop, Receipt], tmp_path: Path) -> None:
    shop, receipt = sold
    done = exported(shop, which.format(number=number(receipt)), tmp_path / "r.pdf")
    assert done.exit_code == 1
    assert len(done.output.splitlines()) == 2, "in both languages"
    assert list(tmp_path.iterdir()) == []


def test_other_formats_are_refused(sold: tuple[Shop, Receipt], tmp_path: Path) -> None:
    shop, receipt = sold
    done = exported(shop, receipt.slip.number, tmp_path / "r.docx")
    assert done.exit_code == 1
    assert "只能导出成" in done.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="/dev/null/ is no folder anywhere but there")
def test_a_file_that_cannot_be_written(sold: tuple[Shop, Receipt]) -> None:
    shop, receipt = sold
    done = exported(shop, receipt.slip.number, Path("/dev/null/r.pdf"))
    assert done.exit_code == 1
    assert "r.pdf" in done.output


def test_without_a_font_it_says_how_to_get_one(
    sold: tuple[Shop, Receipt], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(raster, "find_font", lambda: None)
    done = exported(sold[0], "1", tmp_path / "r.pdf")
    assert done.exit_code == 1
    assert "fonts-wqy-zenhei" in done.output
