"""How numbers stand on paper: thousands with commas, two decimals, a sign where something changes. ASCII alone."""

from datetime import date

from catalog.units import Fen, Points


def plain(quantity: Points | Fen) -> str:
    """Points or yuan: `1,234.50`, and `-0.50` below zero."""
    whole, rest = divmod(abs(quantity.amount), 100)
    return f"{'-' if quantity.amount < 0 else ''}{whole:,}.{rest:02d}"


def signed(quantity: Points | Fen) -> str:
    """A change in points or yuan: `+47.82`, `-34.00`, and `0.00` for none."""
    return f"{'+' if quantity.amount > 0 else ''}{plain(quantity)}"


def short(fen: int) -> str:
    """Yuan without decimals where there are none: `1` for 100 fen, `0.50` for 50."""
    return f"{fen // 100:,}" if fen % 100 == 0 else plain(Fen(fen))


def scale_and_date(text: str) -> tuple[str, str]:
    """The name and the verification date of a scale as a receipt's facts hold them; the date may be empty."""
    name, _, last = text.rpartition(" ")
    try:
        date.fromisoformat(last)
    except ValueError:
        return text, ""
    return name, last
