"""How printing goes, as the screen shows it; loaded long before anything is printed."""

from dataclasses import dataclass

from pos.i18n import Words


@dataclass(frozen=True, slots=True)
class PaperState:
    """What the screen shows of printing: receipts not yet out, receipts in doubt, and why; `explain` words `cause`."""

    waiting: int = 0
    doubtful: int = 0
    cause: str = ""
    paper_low: bool = False


def explain(cause: str, words: Words) -> str:
    """A cause of `PaperState` or of a job, with what to do about it."""
    try:
        return words(f"paper.{cause}")
    except KeyError:
        return words(f"fault.{cause}")
