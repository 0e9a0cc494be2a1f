r"""A line as somebody describes it: the dialect is its form, by default `{sign}{text:0>8} {unit}\r\n`.

Places in braces: `status` (ST, US), `sign` (+, -), `minus` (blank, -), `text` (figure with its point), `digits` (six
digits without it), `turned` (figure in eight characters from its end), `unit`, with the widths of Python's format. It
is mute out of range.
"""

from drivers.simulated.indication import Indication

STREAMS = True
DIALECTS = None
USUAL = r"{sign}{text:0>8} {unit}\r\n"


def frame(shown: Indication, dialect: str = USUAL) -> bytes:
    """The line. Raises `ValueError` for a form that cannot be filled."""
    if shown.over:
        return b""
    form = dialect.encode("latin-1").decode("unicode_escape")
    try:
        line = form.format(
            status="ST" if shown.stable else "US",
            sign=shown.sign,
            minus=shown.minus,
            text=shown.text,
            digits=shown.digits(shown.weight),
            turned=shown.text.rjust(8, "0")[::-1],
            unit=shown.symbol,
        )
    except (KeyError, IndexError, AttributeError) as error:
        raise ValueError(f"no such place in a line: {error}") from error
    return line.encode("latin-1")
