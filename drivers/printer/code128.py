"""Code 128 (ISO/IEC 15417) of digits, as the ones and zeros of its modules without quiet zones."""

from barcode import Code128
from barcode.charsets import code128


def modules(digits: str) -> str:
    """An even number of ASCII digits in set C, two of them a symbol; an odd number as the library sets it."""
    if len(digits) % 2:
        bars: str = Code128(digits).build()[0]
        return bars
    # the library takes a leading 99 in set C for a change of set, and drops it
    symbols = [code128.START_CODES["C"], *(int(digits[at : at + 2]) for at in range(0, len(digits), 2))]
    check = sum(max(1, place) * symbol for place, symbol in enumerate(symbols)) % 103
    return "".join(code128.CODES[symbol] for symbol in (*symbols, check)) + f"{code128.STOP}11"
