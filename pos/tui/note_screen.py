"""What notes of goods share: lines kept in the drafts file, a head, one line added at a time, written once with `+`."""

from collections.abc import Sequence
from typing import ClassVar, Generic, TypeVar

from drivers.scanner.codes import Code, Kind
from pos.core import codec, receiving
from pos.core.codec import CodecError
from pos.core.entries import Signatures
from pos.core.redemption import PickedGood
from pos.core.sheets import Sheet
from pos.counter.desk import Desk
from pos.counter.receiving import Stockroom, open_stockroom
from pos.counter.stock import Load
from pos.tui.base import Tone
from pos.tui.list_screen import ListScreen

D = TypeVar("D", receiving.Draft, Load)
L = TypeVar("L", receiving.Line, PickedGood)


class NoteScreen(ListScreen[L], Generic[D, L]):
    """An open note, `fresh` at first. A subclass names its `SLOT` in the drafts file and puts up its two forms."""

    NAME = "note"
    SLOT: ClassVar[str]

    def __init__(self, fresh: D) -> None:
        super().__init__()
        self.fresh: D = fresh
        self.draft: D = fresh
        self.room: Stockroom | None = None

    def ask_head(self) -> None:
        """Put up the form of who and whose."""
        raise NotImplementedError

    def ask_line(self, good: str = "") -> None:
        """Put up the form of one line; of this good, when one was scanned."""
        raise NotImplementedError

    def lines_of(self, draft: D) -> Sequence[L]:
        """The lines of the note."""
        raise NotImplementedError

    def write(self, desk: Desk, by: Signatures, draft: D) -> Sheet:
        """Put the note into the books."""
        raise NotImplementedError

    def read_anew(self) -> None:
        """Read what there is to choose from, and the note that was left open; once, for then it is here."""
        if self.room is not None:
            return
        station = self.till.station

        def read() -> tuple[Stockroom, D | None]:
            return open_stockroom(station.desk), self._kept(station.drafts.load(self.SLOT))

        def show(found: tuple[Stockroom, D | None]) -> None:
            self.room, kept = found
            self.take(kept or self.fresh)
            if kept is None:
                self.ask_head()

        self.ask(read, show)

    def take(self, draft: D) -> None:
        """Show this note."""
        self.draft, self.items = draft, self.lines_of(draft)
        self.go(len(self.items) - 1)

    def keep(self, draft: D) -> None:
        """Take over a change, on the screen and in the drafts file."""
        drafts = self.till.station.drafts
        self.ask(lambda: drafts.save(self.SLOT, codec.dumps(codec.plain(draft))), lambda _: None)
        self.say("")
        self.take(draft)

    def scanned(self, code: Code) -> None:
        """A good that was scanned is the next line's."""
        goods = self.room.goods.values() if self.room else ()
        good = next((each for each in goods if code.text in each.barcodes), None)
        if good is None or code.kind is Kind.SIGNED_CARD:
            self.refuse_scan(self.words("scanned.not-a-good"))
        else:
            self.ask_line(good.code)

    def action_head(self) -> None:
        """F2: who and whose."""
        if self.room is not None:
            self.ask_head()

    def action_enter(self) -> None:
        """Enter: one more line."""
        if self.room is not None:
            self.ask_line()

    def action_remove(self) -> None:
        """`-`: the chosen line off the note."""
        if self.items and not self.committing:
            self.keep(self.draft.without(self.chosen))
            self.say(self.words("ticket.removed"))

    def action_finish(self) -> None:
        """`+`: write it; the paper follows."""
        station, draft = self.till.station, self.draft

        def written(by: Signatures) -> Sheet:
            sheet = self.write(station.desk, by, draft)
            station.drafts.clear(self.SLOT)
            return sheet

        self.commit(written, self._done)

    def _done(self, sheet: Sheet) -> None:
        till = self.till
        self.dismiss()
        till.show_paper(sheet)
        if till.front is not None:
            till.front.say(self.words("sheet-screen.printing"), Tone.GOOD)

    def _kept(self, line: bytes | None) -> D | None:
        try:
            return codec.build(type(self.fresh), codec.loads(line)) if line is not None else None
        except CodecError:
            return None
