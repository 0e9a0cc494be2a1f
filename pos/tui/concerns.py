"""What the keeper should know about a scale, in few words."""

from datetime import date

from pos.core.scales import Standing
from pos.i18n import Words


def concerns(words: Words, standing: Standing) -> list[str]:
    """What the keeper should know about a scale, the gravest first, in few words and without its name."""
    until, days = standing.scale.verified_until, standing.days_left
    return [concern(words, each, until, days) for each in standing.concerns]


def concern(words: Words, code: str, until: date | None, days: int | None) -> str:
    """One of them, by its code; `until` is the last day of the verification, `days` how many are left."""
    return words(f"standing.{code}", date=until, days=days)
