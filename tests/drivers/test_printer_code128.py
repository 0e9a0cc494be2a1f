import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.printer.code128 import modules


def read(digits: str) -> list[str]:
    row = [255 * (module == "0") for module in f"{'0' * 10}{modules(digits)}{'0' * 10}"]
    picture = np.kron(np.array([row] * 30, dtype=np.uint8), np.ones((1, 3), dtype=np.uint8))
    return [
        found.text
        for found in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.Code128]))
    ]


@pytest.mark.parametrize("digits", ["990101101201", "001604019900", "999999999999", "12", "100", "1234567"])
def test_a_scanner_reads_it(digits: str) -> None:
    assert read(digits) == [digits]


@given(st.from_regex(r"[0-9]{12}", fullmatch=True))
@settings(max_examples=50)
def test_any_card_number_is_as_long_as_any_other(digits: str) -> None:
    assert len(modules(digits)) == 101
    assert read(digits) == [digits]
