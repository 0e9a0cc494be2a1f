"""What an entry is called on screen."""

from pos.i18n import Words


def kind_word(words: Words, kind: str) -> str:
    """The word for a kind of entry or of act; a later release may have written others."""
    try:
        return words(f"kind.{kind}")
    except KeyError:
        return words("kind.other")
