"""Whose goods are, and who is owed money: what an owner is called on screen."""

from pos.i18n import Words

_OWN = "k-"
"""Before the number of a keeper who is an owner."""


def owner_word(words: Words, owner: str) -> str:
    """The word for an owner of goods; a party that is none, by its code."""
    if owner.startswith(_OWN):
        return words("form.owner-own", owner=owner.removeprefix(_OWN))
    try:
        return words(f"sheet.owner-{owner}")
    except KeyError:
        return owner
