"""入库: a receiving note, filled in line by line; `+` puts it into the books and prints it to be signed."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from catalog.units import Fen
from pos.core import receiving
from pos.core.entries import Signatures
from pos.core.fund import Source
from pos.core.receiving import DONATED, MOST_PACKS, SLIP, VILLAGE, Draft, Line
from pos.core.refusals import Refused
from pos.core.sheets import Sheet
from pos.core.stock import Origin
from pos.counter import receiving as counter
from pos.counter.desk import Desk
from pos.counter.receiving import Stockroom
from pos.storage.deliveries import Supplier
from pos.tui import goods_part, parts
from pos.tui.base import Tone
from pos.tui.form import FormScreen, Values
from pos.tui.note_screen import NoteScreen
from pos.tui.owners import owner_word
from pos.tui.parts import Part, Wrong
from pos.tui.widgets.cells import left
from pos.tui.widgets.pick import MOST_BY_DIGIT
from pos.tui.widgets.ticket import Row

_NAME = 20
_NOTE = 24
_NOBODY = "-"
_PACK = 999
"""Pieces in the largest pack."""


class ReceiveScreen(NoteScreen[Draft, Line]):
    """The note that is open; it stays open over a restart."""

    TOPIC = "receive"
    SLOT = "receive"

    def __init__(self) -> None:
        super().__init__(Draft())

    def ask_head(self) -> None:
        """Where it comes from, whose it is, under which paper."""
        if self.room is not None:
            self.till.push_screen(ReceiveHead(self.room, self.draft, self._headed))

    def ask_line(self, good: str = "") -> None:
        """One good: packs, cost, dates."""
        if self.room is not None:
            room, draft = self.room, self.draft
            self.till.push_screen(
                ReceiveLine(room, draft, good, lambda line: self.keep(replace(draft, lines=(*draft.lines, line))))
            )

    def lines_of(self, draft: Draft) -> Sequence[Line]:
        """The lines of the note."""
        return draft.lines

    def write(self, desk: Desk, by: Signatures, draft: Draft) -> Sheet:
        """Put it into the books."""
        return counter.receive(desk, by, draft)

    def row(self, item: Line) -> Row:
        """A line: good, pieces, last day, cost."""
        name = self.room.goods[item.good].name if self.room and item.good in self.room.goods else item.good
        pieces = self.words("stock.packs", packs=item.packs, pack=item.pack_of, pieces=item.pieces)
        day = self.words("stock.until", day=item.expiry) if item.expiry else ""
        short = self.room is not None and receiving.short_dated(item, self.room.rules.today, self._near)
        warning = self.words("stock.short") if short else ""
        return Row(f"{left(name, _NAME)} {left(pieces, 18)} {left(day, 14)} {warning}", self._cost(item))

    def summary(self) -> str:
        """Who and whose, and what it all comes to."""
        draft, words = self.draft, self.words
        supplier = self.room.suppliers.get(draft.supplier) if self.room else None
        origin = words(f"sheet.origin-{draft.origin}")
        who = " · ".join(text for text in (origin, self._owner(), supplier and supplier.name, draft.slip) if text)
        return f"{who}\n{self._comes_to()}"

    @property
    def _near(self) -> int:
        return self.till.station.desk.stock_policy.near_days

    def _owner(self) -> str:
        return owner_word(self.words, self.draft.owner)

    def _cost(self, line: Line) -> str:
        try:
            return str(receiving.cost(line, self.draft.origin, self.room.rules)) if self.room else ""
        except Refused:
            return ""

    def _comes_to(self) -> str:
        pieces = sum(line.pieces for line in self.draft.lines)
        try:
            cost = receiving.check(self.draft, self.room.rules) if self.room else Fen(0)
        except Refused as no:
            return self.words(f"refused.{no.code}", **no.fields)
        return self.words("receive.comes-to", lines=len(self.draft.lines), pieces=pieces, cost=cost)

    def _headed(self, draft: Draft) -> None:
        """The head is filled in; goods that come back from the road bring their lines with them."""
        desk = self.till.station.desk
        self.keep(draft)
        if draft.origin is Origin.SHIPPED and not draft.lines:
            self.ask(
                lambda: counter.come_back(desk, draft.slip),
                lambda lines: self.keep(replace(draft, lines=lines)),
                lambda _: self.say(self.words("receive.foreign-slip"), Tone.WAIT),
            )


class ReceiveHead(FormScreen):
    """Where goods come from and whose they are."""

    TOPIC = "receive-head"

    def __init__(self, room: Stockroom, draft: Draft, then: Callable[[Draft], object]) -> None:
        super().__init__()
        self.room, self.draft, self.then = room, draft, then

    def parts(self) -> Sequence[Part[Any]]:
        """Origin, owner, supplier, paper, giver, and which money is to pay for it."""
        words, draft, keeper = self.words, self.draft, self.till.keeper
        own = f"k-{keeper.number}" if keeper else "k-"
        owners = [(VILLAGE, words("sheet.owner-village")), (DONATED, words("sheet.owner-donated"))]
        if draft.owner not in (own, VILLAGE, DONATED):
            owners.append((draft.owner, owner_word(words, draft.owner)))
        sources = [(source.value, words(f"sheet.source-{source}")) for source in Source]
        origins = [(origin.value, words(f"sheet.origin-{origin}")) for origin in Origin]
        return (
            parts.choice("origin", origins, initial=draft.origin.value),
            parts.choice("owner", [*owners, (own, owner_word(words, own))], initial=draft.owner),
            self._supplier(),
            Part("slip", _slip, draft.slip, optional=True, most=24),
            parts.text("giver", initial=draft.giver, optional=True, most=30),
            parts.choice("funding", [("none", words("form.funding-none")), *sources], initial=draft.funding or "none"),
        )

    def _supplier(self) -> Part[Supplier | None]:
        """Chosen by its digit, or typed by its code where there are more than digits."""
        known, initial = self.room.suppliers, self.draft.supplier
        if not 0 < len(known) < MOST_BY_DIGIT:
            return parts.found("supplier", known.get, lambda each: each.name, initial=initial, optional=True)
        names = [(_NOBODY, self.words("form.supplier-none")), *((each.code, each.name) for each in known.values())]
        return Part("supplier", known.get, initial if initial in known else _NOBODY, choices=tuple(names))

    def finished(self, values: Values) -> None:
        """Give it back to the note; what was given is the donors' whatever stands in the line above."""
        origin = Origin(values["origin"])
        draft = replace(
            self.draft,
            origin=origin,
            owner=DONATED if origin is Origin.DONATION else values["owner"],
            supplier=values["supplier"].code if values["supplier"] else "",
            slip=values["slip"] or "",
            giver=values["giver"] or "",
            funding=values["funding"] if origin is Origin.PURCHASE and values["funding"] != "none" else "",
        )
        try:
            receiving.check_head(draft, self.room.rules)
        except Refused as no:
            self.refuse(no)
            return
        self.dismiss()
        self.then(draft)


class ReceiveLine(FormScreen):
    """One good that came in."""

    TOPIC = "receive-line"

    def __init__(self, room: Stockroom, draft: Draft, good: str, then: Callable[[Line], object]) -> None:
        super().__init__()
        self.room, self.draft, self.good, self.then = room, draft, good, then

    def parts(self) -> Sequence[Part[Any]]:
        """Good, packs, cost, dates, the maker's lot, and what the delivery note says."""
        return (
            goods_part.good(self.room.goods, self.good),
            parts.whole("packs", 1, MOST_PACKS),
            parts.whole("pack-of", 1, _PACK, optional=True),
            parts.yuan("pack-cost", optional=True),
            parts.day("expiry", optional=True),
            parts.day("produced", optional=True),
            parts.text("batch", optional=True, most=_NOTE),
            parts.whole("noted", 0, 999_999, optional=True),
        )

    def on_mount(self) -> None:
        """A good that was scanned is not asked for."""
        if self.good:
            self.call_after_refresh(self.action_enter)

    def comes_to(self, values: Values) -> str:
        """Pieces and cost, and what is to be looked at."""
        line, words = _line(values), self.words
        try:
            cost = receiving.check_line(line, self.draft, self.room.rules)
        except Refused as no:
            return words(f"refused.{no.code}", **no.fields)
        said = [words("receive.line-comes-to", pieces=line.pieces, cost=cost)]
        if receiving.short_dated(line, self.room.rules.today, self.till.station.desk.stock_policy.near_days):
            said.append(words("receive.short-dated"))
        if line.noted is not None:
            said.append(words("receive.differs", noted=line.noted))
        return "\n".join(said)

    def finished(self, values: Values) -> None:
        """Give it back to the note."""
        line = _line(values)
        try:
            receiving.check_line(line, self.draft, self.room.rules)
        except Refused as no:
            self.refuse(no)
            return
        self.dismiss()
        self.then(line)


def _line(values: Values) -> Line:
    pack_of = values["pack-of"] or 1
    pieces, noted = values["packs"] * pack_of, values["noted"]
    return Line(
        values["good"].code,
        values["packs"],
        pack_of,
        values["pack-cost"],
        values["expiry"],
        values["produced"],
        values["batch"] or "",
        None if noted == pieces else noted,
    )


def _slip(typed: str) -> str | Wrong:
    text = typed.lower()
    return text if SLIP.fullmatch(text) else Wrong("form.not-a-slip")
