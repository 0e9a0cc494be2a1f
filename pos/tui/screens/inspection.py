"""监督小组检查: a list to go through, in any order and over any time, that the auditor signs with the PIN."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from catalog.units import Grams
from pos.core import codec
from pos.core.entries import Signatures
from pos.core.inspection import MOST_NOTE, Answer, Draft, LoadSeen, Question, ShelfSeen
from pos.core.sheets import Sheet
from pos.counter import inspections
from pos.storage.drafts import Drafts
from pos.tui import parts
from pos.tui.base import Tone
from pos.tui.counts import MOST_PIECES
from pos.tui.form import FormScreen, Values
from pos.tui.list_screen import ListScreen
from pos.tui.load_dialogs import ask_kilograms
from pos.tui.number import NumberDialog, whole
from pos.tui.parts import Part
from pos.tui.widgets.ticket import Row

SLOT = "inspection"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list: a question, a ticket, a good, the load, or the note when it is none of these."""

    text: str
    figure: str
    question: Question | None = None
    seq: int = 0
    good: str = ""
    load: bool = False


class InspectionScreen(ListScreen[Line]):
    """Enter answers a line, `+` signs when every line is answered."""

    NAME = "inspection"
    TOPIC = "inspection"

    def __init__(self) -> None:
        super().__init__()
        self.draft = Draft()

    def read(self) -> Sequence[Line]:
        """The list: the one that was left, or a new one that the journal draws; the first answer keeps it."""
        station, auditor = self.till.station, self.till.by.operator
        draft = _kept(station.drafts)
        if draft.auditor != auditor:
            draft = inspections.begin(station.desk, auditor)
        self.draft = draft
        names = inspections.named(station.desk, draft)
        tickets = {each.seq: each.answer for each in draft.tickets}
        shelf = {each.good: each for each in draft.shelf}
        return [
            *(self._question(each.question, each.answer) for each in draft.answers),
            *(Line(each.text, self._answer(tickets[each.seq]), seq=each.seq) for each in names if each.seq),
            *(self._good(each.text, shelf[each.good]) for each in names if each.good),
            Line(self.words("inspect.load"), self._load(draft.load), load=True),
            Line(self.words("inspect.note"), draft.note[:20]),
        ]

    def _question(self, question: Question, answer: Answer) -> Line:
        return Line(self.words(f"inspect.{question}"), self._answer(answer), question)

    def _answer(self, answer: Answer) -> str:
        return self.words(f"seen.{answer}") if answer is not Answer.OPEN else ""

    def _good(self, name: str, seen: ShelfSeen) -> Line:
        """The book is shown only once it was counted."""
        figure = "" if seen.counted is None else self.words("inspect.counted", book=seen.book, counted=seen.counted)
        return Line(self.words("inspect.good", item=name), figure, good=seen.good)

    def _load(self, load: LoadSeen) -> str:
        if load.known is None or load.reading is None:
            return ""
        return self.words("inspect.weighed", known=load.known, reading=load.reading)

    def row(self, item: Line) -> Row:
        """What is looked at, and what was found."""
        return Row(f"{'●' if item.figure else '○'} {item.text}", item.figure)

    def summary(self) -> str:
        """How much is left."""
        return self.words("inspect.left", lines=self.draft.left) if self.draft.left else self.words("inspect.ready")

    def opened(self, item: Line) -> None:
        """Enter: answer it."""
        if item.question is not None or item.seq:
            offered = [(each.value, self.words(f"seen.{each}")) for each in (Answer.YES, Answer.NO, Answer.SKIPPED)]
            self.till.choose(item.text, offered, lambda value: self._answered(item, Answer(value)))
        elif item.good:
            self._ask_count(item)
        elif item.load:
            self._ask_load()
        else:
            self.till.open_screen(lambda: NoteScreen(self.draft, self._keep))

    def _answered(self, item: Line, answer: Answer) -> None:
        if item.question is not None:
            self._keep(self.draft.answering(item.question, answer))
        else:
            self._keep(self.draft.with_ticket(item.seq, answer))

    def _ask_count(self, item: Line) -> None:
        wrong = self.words("refused.quantity-range", most=MOST_PIECES)
        dialog = NumberDialog(item.text, self.words("unit.pieces"), whole(0, MOST_PIECES), wrong)

        def counted(pieces: int | None) -> None:
            if pieces is not None:
                desk = self.till.station.desk
                self.ask(
                    lambda: inspections.on_shelf(desk, item.good),
                    lambda book: self._keep(self.draft.with_count(item.good, book, pieces)),
                )

        self.app.push_screen(dialog, counted)

    def _ask_load(self) -> None:
        scales = list(self.till.station.desk.scales)
        if not scales:
            self.say(self.words("weigh.no-scale"), Tone.REFUSED)
        elif len(scales) == 1:
            self._ask_known(scales[0])
        else:
            self.till.choose(self.words("scale.which"), [(each, each) for each in scales], self._ask_known)

    def _ask_known(self, scale: str) -> None:
        def known(grams: Grams) -> None:
            ask_kilograms(
                self,
                self.words("inspect.what-it-says", scale=scale),
                lambda reading: self._keep(replace(self.draft, load=LoadSeen(scale, grams, reading))),
            )

        ask_kilograms(self, self.words("inspect.how-heavy"), known)

    def _keep(self, draft: Draft) -> None:
        drafts, line = self.till.station.drafts, codec.dumps(codec.plain(draft))
        self.ask(lambda: drafts.save(SLOT, line), lambda _: self.read_anew())

    def action_finish(self) -> None:
        """`+`: the auditor's own PIN signs it."""
        if self.draft.left:
            self.say(self.words("inspect.left", lines=self.draft.left), Tone.REFUSED)
        else:
            self.till.approve(self._sign, self.words("inspect.sign"), own=True)

    def _sign(self, signed: Signatures) -> None:
        desk, drafts, draft = self.till.station.desk, self.till.station.drafts, self.draft

        def sign(_: Signatures) -> Sheet:
            sheet = inspections.sign(desk, signed, draft)
            drafts.clear(SLOT)
            return sheet

        self.commit(sign, self._signed)

    def _signed(self, sheet: Sheet) -> None:
        self.till.go_home()
        self.till.call_later(self.till.show_paper, sheet)


class NoteScreen(FormScreen):
    """What an auditor writes beside the list; it can be erased later, the journal keeps its hash."""

    TOPIC = "inspection-note"

    def __init__(self, draft: Draft, keep: Callable[[Draft], object]) -> None:
        super().__init__()
        self.draft, self.keep = draft, keep

    def parts(self) -> Sequence[Part[object]]:
        """The note."""
        return (parts.text("note", initial=self.draft.note, optional=True, most=MOST_NOTE),)

    def finished(self, values: Values) -> None:
        """`+`: keep it with the list."""
        self.dismiss()
        self.keep(replace(self.draft, note=values["note"] or ""))


def _kept(drafts: Drafts) -> Draft:
    """The inspection that was left; an empty one where there is none that this release can read."""
    line = drafts.load(SLOT)
    try:
        return codec.build(Draft, codec.loads(line)) if line is not None else Draft()
    except codec.CodecError:
        return Draft()
