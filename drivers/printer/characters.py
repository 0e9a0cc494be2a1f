"""Which characters a printer has, how wide they are, and what is printed for those it lacks."""

import unicodedata
from collections.abc import Callable
from functools import lru_cache

from drivers.printer.profile import Charset

GETA = "〓"
"""Stands for a character that cannot be printed, as Chinese and Japanese printers always have done."""

_SUBSTITUTES = str.maketrans(
    {
        "¥": "￥",
        **dict.fromkeys("•‧・･∙⋅", "·"),
        **dict.fromkeys("✓✔☑", "√"),
        **dict.fromkeys("✕✖╳✗✘", "×"),
        **dict.fromkeys("‐‑‒–−﹣", "-"),
        "―": "—",
        **dict.fromkeys("〜∼", "～"),
        "µ": "μ",
        "²": "2",
        "³": "3",
        "㎏": "kg",
    }
)
_CODEC = {"gbk": "gbk", "gb2312": "gbk", "gb18030": "gb18030"}
_EXTENSION_A = range(0x3400, 0x4DB6)
"""What GB18030 made mandatory in four bytes; its other four-byte characters are in no printer."""

_VARIATION_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))


def normalise(text: str) -> str:
    """Text in the characters printers have, without commands: control and invisible characters are gone."""
    return "".join(map(_visible, unicodedata.normalize("NFC", text).translate(_SUBSTITUTES)))


def _visible(character: str) -> str:
    """The character, a plain space for a space of another kind, or nothing."""
    category = unicodedata.category(character)
    if character in "\t\n\r" or (category in {"Zs", "Zl", "Zp"} and character != "\u3000"):
        return " "
    selector = any(ord(character) in points for points in _VARIATION_SELECTORS)
    return "" if selector or category in {"Cc", "Cf", "Cs"} else character


@lru_cache(maxsize=4096)
def in_rom(character: str, charset: Charset) -> bool:
    """Whether a printer with this character set has the character."""
    try:
        raw = character.encode(_CODEC[charset])
        # Python's gb2312 codec maps the same bytes for · and — to other characters, so ask it about bytes.
        raw.decode(charset)
    except UnicodeError:
        return False
    # the codec gives the areas that makers may fill as they like to private characters
    private = unicodedata.category(character) == "Co"
    return (len(raw) <= 2 and not private) or ord(character) in _EXTENSION_A


def columns(text: str) -> int:
    """Printer columns of normalised text at normal size: one for ASCII, two for all else, which is its GBK length.

    Terminal cells differ: `“ … · × ℃` are one cell and two columns.
    """
    return sum(1 if character.isascii() else 2 for character in text)


def printable(text: str, charset: Charset, drawable: Callable[[str], bool]) -> str:
    """Normalised text; 〓 for each character that is neither in the printer's ROM nor drawable as a picture."""
    return "".join(
        character if in_rom(character, charset) or drawable(character) else GETA for character in normalise(text)
    )


def encode(text: str, charset: Charset) -> bytes:
    """The bytes of printable text: one for ASCII, two for all else, four for what only a GB18030 ROM has."""
    raw = text.encode(_CODEC[charset])
    assert charset == "gb18030" or len(raw) == columns(text)
    return raw
