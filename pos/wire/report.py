"""What is said of a journal that was taken up again."""

from dataclasses import dataclass

from pos.i18n import Words
from pos.wire.refold import Refold, Wrong


@dataclass(frozen=True, slots=True)
class Report:
    """How many entries are sound, the newest sound one's check code, and the first thing wrong."""

    entries: int
    check: str
    wrong: Wrong | None = None

    def line(self, words: Words) -> str:
        """The report in one line."""
        if self.wrong is None:
            return words("verify.sound", entries=self.entries, check=self.check)
        return words(f"verify.{self.wrong.code}", entry=self.wrong.entry, detail=self.wrong.detail)


def report(refold: Refold | None, wrong: Wrong | None = None) -> Report:
    """What there is to say of a journal taken up so far."""
    return Report(refold.seq, refold.check, wrong) if refold else Report(0, "", wrong)
