"""流水: what happened, newest first; its receipts, copies and reversals."""

from textual.app import ComposeResult
from textual.events import Key
from textual.widgets import Static

from drivers.scanner.codes import Code, Kind
from pos.core.stock import Receive
from pos.counter import journal, reverse
from pos.counter.journal import Filed, Line
from pos.printing.figures import signed
from pos.tui.base import CounterScreen, Tone
from pos.tui.kinds import kind_word
from pos.tui.reversing import ask_reversal, ask_send_back
from pos.tui.widgets.cells import left
from pos.tui.widgets.ticket import Row, Ticket

PAGE = 50
"""Lines read at once."""
_KIND, _WHO = 10, 16


class JournalScreen(CounterScreen):
    """The journal's list, of one household or of all; older lines are read as the keeper goes down."""

    NAME = "journal"
    CSS_PATH = "journal.tcss"

    def __init__(self, household: str | None = None) -> None:
        super().__init__()
        self.household = household
        self.only = household is not None
        self.lines: list[Line] = []
        self.chosen = 0
        self.complete = False

    def body(self) -> ComposeResult:
        """Whose, and the lines."""
        yield Static(id="whose", markup=False)
        yield Ticket(id="lines")

    def on_mount(self) -> None:
        """Read the newest."""
        self._read_anew()

    def on_screen_resume(self) -> None:
        """A copy or a reversal may have come on top."""
        if self.lines:
            self._read_anew()

    def on_key(self, event: Key) -> None:
        """Arrows and page keys go up and down."""
        height = max(1, self.query_one("#lines").size.height - 1)
        steps = {"up": -1, "down": 1, "pageup": -height, "pagedown": height}
        if event.key in steps:
            event.stop()
            self._go(self.chosen + steps[event.key])

    def scanned(self, code: Code) -> None:
        """A card opens its household."""
        if code.kind in (Kind.CARD, Kind.SIGNED_CARD):
            self.till.open_card(code.text)
        elif code.kind is Kind.RECEIPT:
            self.till.open_receipt(code.text)
        else:
            self.refuse_scan(self.words("scanned.not-here"))

    def action_enter(self) -> None:
        """Enter: its paper."""
        if (line := self._line) is not None:
            desk, seq = self.till.station.desk, line.seq if line.has_paper or line.ref is None else line.ref
            self.ask(lambda: journal.paper(desk, seq), self._show_paper)

    def _show_paper(self, filed: Filed) -> None:
        self.till.show_paper(filed.paper, filed.copies)

    def action_reprint(self) -> None:
        """Shift+F8: one more copy."""
        if (line := self._line) is not None:
            desk, seq = self.till.station.desk, line.seq
            self.commit(lambda by: reverse.reprint(desk, by, seq), self._reprinted)

    def _reprinted(self, copy: int) -> None:
        self.say(self.words("done.reprinted", copy=copy), Tone.GOOD)
        self._read_anew()

    def action_reverse(self) -> None:
        """Delete: take it back, once."""
        line = self._line
        if line is None:
            return
        if line.reversed_by is not None:
            self.say(self.words("refused.already-reversed"), Tone.REFUSED)
        elif not line.reversible:
            self.say(self.words("refused.not-reversible"), Tone.REFUSED)
        elif line.kind == Receive.KIND:
            ask_send_back(self, line.seq)
        else:
            ask_reversal(self, line.seq)

    def action_whose(self) -> None:
        """F4: of this household, or of all."""
        if self.household is None:
            self.say(self.words("journal.no-household"), Tone.WAIT)
            return
        self.only = not self.only
        self._read_anew()

    @property
    def _line(self) -> Line | None:
        return self.lines[self.chosen] if self.chosen < len(self.lines) else None

    def _read_anew(self) -> None:
        kept = self._line
        self.lines, self.complete = [], False
        self._read(kept)

    def _read(self, kept: Line | None) -> None:
        desk, whose = self.till.station.desk, self.household if self.only else None
        before = self.lines[-1].seq if self.lines else None

        def add(page: list[Line]) -> None:
            self.lines += page
            self.complete = len(page) < PAGE
            places = [place for place, line in enumerate(self.lines) if kept is not None and line.seq == kept.seq]
            self.chosen = places[0] if places else 0
            self._show()

        self.ask(lambda: journal.page(desk, PAGE, whose, before), add)

    def _go(self, place: int) -> None:
        self.chosen = max(0, min(place, len(self.lines) - 1))
        self._show()
        if place >= len(self.lines) - 1 and not self.complete:
            self._read(self._line)

    def _show(self) -> None:
        whose = (
            self.words("journal.of", household=(self.household or "")[-4:]) if self.only else self.words("journal.all")
        )
        count = f"{self.chosen + 1}/{len(self.lines)}{'' if self.complete else '+'}" if self.lines else ""
        self.query_one("#whose", Static).update(f"{whose}   {count}" if self.lines else self.words("journal.empty"))
        self.query_one("#lines", Ticket).show(tuple(self._row(line) for line in self.lines), self.chosen)

    def _row(self, line: Line) -> Row:
        who = f"{line.household} {line.name}" if line.household else ""
        note = ""
        if line.reversed_by is not None:
            note = self.words("journal.reversed-by", number=line.reversed_by)
        elif line.ref is not None:
            note = self.words("journal.of-entry", number=line.ref)
        text = (
            f"{line.seq:>6}  {line.time[5:16]}  {left(kind_word(self.words, line.kind), _KIND)}{left(who, _WHO)}{note}"
        )
        return Row(text, signed(line.points) if line.points is not None else "", "reversed" if line.reversed_by else "")
