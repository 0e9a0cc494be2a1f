"""The words of screens and paper, by symbolic message id (`refused.card-lost`), in Chinese and English.

The texts are `locale/<language>/LC_MESSAGES/pos.po`; `pybabel compile -d pos/locale -D pos` makes the `pos.mo` beside
each that is read here, with the standard library alone. Placeholders are those of `str.format`: `{short}`.
"""

from dataclasses import dataclass
from gettext import GNUTranslations
from pathlib import Path

LANGUAGES = ("zh_CN", "en")
LOCALE = Path(__file__).parent / "locale"


@dataclass(frozen=True, slots=True)
class Words:
    """One language's messages; call it with an id and the message's fields."""

    language: str
    translations: GNUTranslations

    def __call__(self, msgid: str, /, **fields: object) -> str:
        """The message; `KeyError` for an unknown id or a field that the message names and the caller forgot."""
        text = self.translations.gettext(msgid)
        if text == msgid:
            raise KeyError(msgid)
        return text.format(**fields)


def load(language: str) -> Words:
    """The words of one of `LANGUAGES`; `ValueError` for any other."""
    if language not in LANGUAGES:
        raise ValueError(f"no such language: {language!r}")
    with (LOCALE / language / "LC_MESSAGES" / "pos.mo").open("rb") as compiled:
        return Words(language, GNUTranslations(compiled))
