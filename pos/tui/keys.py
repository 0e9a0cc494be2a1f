"""The one table of keys: screens build their bindings and their footer from it. Nothing else says what a key does.

Digits choose, Enter takes, `+` finishes, `-` or Delete removes, Esc steps back, F-keys change the job.
"""

from dataclasses import dataclass

from textual.binding import Binding

from pos.core.people import ANYONE, SERVES, Role

ANYWHERE = ""
"""The screen name of keys that work on every full screen."""


@dataclass(frozen=True, slots=True)
class Key:
    """What one key does on one screen: `cap` stands on the keyboard, `label` is the id of its word in the footer."""

    screen: str
    key: str
    cap: str
    action: str
    label: str
    roles: frozenset[Role] = ANYONE
    """Whose footer names it; what the others may not do is refused by the use case."""


KEYS: tuple[Key, ...] = (
    Key("login", "enter", "Enter", "enter", "key.log-in"),
    Key("login", "f1", "F1", "help", "key.help"),
    Key("login", "ctrl+q", "Ctrl+Q", "app.quit", "key.quit"),
    Key("approve", "enter", "Enter", "enter", "key.approve"),
    Key("approve", "escape", "Esc", "back", "key.back"),
    Key("confirm", "plus", "+", "finish", "key.confirm"),
    Key("confirm", "escape", "Esc", "back", "key.back"),
    Key("choose", "escape", "Esc", "back", "key.back"),
    Key("number", "enter", "Enter", "enter", "key.take"),
    Key("number", "escape", "Esc", "back", "key.back"),
    Key("help", "escape", "Esc", "back", "key.back"),
    Key("home", "enter", "Enter", "enter", "key.find-card"),
    Key("home", "f2", "F2", "redeem", "key.redeem", SERVES),
    Key("home", "f3", "F3", "weigh_in", "key.weigh-in", SERVES),
    Key("home", "f4", "F4", "camera", "key.camera"),
    Key("home", "f5", "F5", "receive", "key.receive", SERVES),
    Key("home", "f6", "F6", "stocktake", "key.stocktake", SERVES),
    Key("home", "f7", "F7", "close_day", "key.close-day", SERVES),
    Key("home", "f8", "F8", "journal", "key.journal"),
    Key("home", "asterisk", "*", "sync", "key.sync"),
    Key("home", "f12", "F12", "app.lock", "key.lock"),
    Key("home", "f11", "F11", "menu", "key.menu"),
    Key("form", "enter", "Enter", "enter", "key.next"),
    Key("form", "down", "Down", "enter", "key.next"),
    Key("form", "up", "Up", "previous", "key.previous"),
    Key("form", "left", "Left", "previous_choice", "key.choose"),
    Key("form", "right", "Right", "next_choice", "key.choose"),
    Key("form", "plus", "+", "finish", "key.confirm"),
    Key("form", "escape", "Esc", "back", "key.back"),
    Key("list", "enter", "Enter", "enter", "key.open"),
    Key("list", "escape", "Esc", "back", "key.back"),
    Key("report-list", "enter", "Enter", "enter", "key.open"),
    Key("report-list", "plus", "+", "finish", "key.as-sheet"),
    Key("report-list", "escape", "Esc", "back", "key.back"),
    Key("edit-list", "enter", "Enter", "enter", "key.open"),
    Key("edit-list", "f5", "F5", "add", "key.new"),
    Key("edit-list", "escape", "Esc", "back", "key.back"),
    Key("service-list", "enter", "Enter", "enter", "key.open"),
    Key("service-list", "f5", "F5", "add", "key.new"),
    Key("service-list", "f6", "F6", "attendance", "key.attendance"),
    Key("service-list", "escape", "Esc", "back", "key.back"),
    Key("voucher-list", "enter", "Enter", "enter", "key.open"),
    Key("voucher-list", "f5", "F5", "by_hand", "key.by-hand"),
    Key("voucher-list", "f6", "F6", "expire", "key.expire"),
    Key("voucher-list", "escape", "Esc", "back", "key.back"),
    Key("voucher", "plus", "+", "finish", "key.use-voucher"),
    Key("voucher", "delete", "Delete", "cancel", "key.give-back"),
    Key("voucher", "escape", "Esc", "back", "key.back"),
    Key("award-plan", "plus", "+", "finish", "key.post"),
    Key("award-plan", "f5", "F5", "faults", "key.faults"),
    Key("award-plan", "escape", "Esc", "back", "key.back"),
    Key("backup", "plus", "+", "finish", "key.back-up"),
    Key("backup", "escape", "Esc", "back", "key.back"),
    Key("list-plan", "plus", "+", "finish", "key.take-list"),
    Key("list-plan", "escape", "Esc", "back", "key.back"),
    Key("note", "enter", "Enter", "enter", "key.add-line"),
    Key("note", "f2", "F2", "head", "key.head"),
    Key("note", "minus", "-", "remove", "key.remove"),
    Key("note", "delete", "Delete", "remove", "key.remove"),
    Key("note", "plus", "+", "finish", "key.confirm"),
    Key("note", "escape", "Esc", "back", "key.back"),
    Key("stocktake", "enter", "Enter", "enter", "key.by-hand"),
    Key("stocktake", "f6", "F6", "left_out", "key.left-out"),
    Key("stocktake", "minus", "-", "remove", "key.count-anew"),
    Key("stocktake", "delete", "Delete", "remove", "key.count-anew"),
    Key("stocktake", "f9", "F9", "give_up", "key.give-up"),
    Key("stocktake", "plus", "+", "finish", "key.round-done"),
    Key("stocktake", "escape", "Esc", "back", "key.back"),
    Key("sell", "enter", "Enter", "enter", "key.take-weight"),
    Key("sell", "f2", "F2", "head", "key.head"),
    Key("sell", "f5", "F5", "tare", "key.tare"),
    Key("sell", "f6", "F6", "terms", "key.their-terms"),
    Key("sell", "f7", "F7", "manual", "key.manual"),
    Key("sell", "minus", "-", "remove", "key.remove"),
    Key("sell", "delete", "Delete", "remove", "key.remove"),
    Key("sell", "plus", "+", "finish", "key.confirm"),
    Key("sell", "escape", "Esc", "back", "key.back"),
    Key("hand-over", "enter", "Enter", "enter", "key.fill-in"),
    Key("hand-over", "minus", "-", "remove", "key.remove"),
    Key("hand-over", "delete", "Delete", "remove", "key.remove"),
    Key("hand-over", "plus", "+", "finish", "key.confirm"),
    Key("hand-over", "escape", "Esc", "back", "key.back"),
    Key("confirm-points", "enter", "Enter", "enter", "key.confirm-one"),
    Key("confirm-points", "plus", "+", "finish", "key.confirm-all"),
    Key("confirm-points", "escape", "Esc", "back", "key.back"),
    Key("opening", "enter", "Enter", "enter", "key.see-to"),
    Key("opening", "plus", "+", "finish", "key.open-day"),
    Key("opening", "escape", "Esc", "back", "key.back"),
    Key("close-day", "enter", "Enter", "enter", "key.see-to"),
    Key("close-day", "plus", "+", "finish", "key.close-day"),
    Key("close-day", "escape", "Esc", "back", "key.back"),
    Key("people", "enter", "Enter", "enter", "key.open"),
    Key("people", "plus", "+", "add", "key.take-on"),
    Key("people", "escape", "Esc", "back", "key.back"),
    Key("new-pin", "enter", "Enter", "enter", "key.take"),
    Key("new-pin", "escape", "Esc", "back", "key.back"),
    Key("inspection", "enter", "Enter", "enter", "key.answer"),
    Key("inspection", "plus", "+", "finish", "key.sign"),
    Key("inspection", "escape", "Esc", "back", "key.back"),
    Key("frozen", "enter", "Enter", "enter", "key.release"),
    Key("frozen", "plus", "+", "add", "key.freeze"),
    Key("frozen", "escape", "Esc", "back", "key.back"),
    Key("sync", "enter", "Enter", "enter", "key.seen"),
    Key("sync", "plus", "+", "finish", "key.sync-now"),
    Key("sync", "f5", "F5", "export", "key.to-stick"),
    Key("sync", "f6", "F6", "import", "key.from-stick"),
    Key("sync", "f7", "F7", "join", "key.join"),
    Key("sync", "escape", "Esc", "back", "key.back"),
    Key("camera", "escape", "Esc", "back", "key.back"),
    Key("household", "f2", "F2", "redeem", "key.redeem", SERVES),
    Key("household", "f3", "F3", "weigh_in", "key.weigh-in", SERVES),
    Key("household", "f4", "F4", "ask_points", "key.ask-points", SERVES),
    Key("household", "f5", "F5", "statement", "key.statement"),
    Key("household", "f6", "F6", "cards", "key.cards"),
    Key("household", "f8", "F8", "journal", "key.journal"),
    Key("household", "f9", "F9", "show", "key.show-balance"),
    Key("household", "f11", "F11", "menu", "key.menu"),
    Key("household", "escape", "Esc", "back", "key.back"),
    Key("weigh-in", "enter", "Enter", "enter", "key.take-weight"),
    Key("weigh-in", "f2", "F2", "payout", "key.payout"),
    Key("weigh-in", "f4", "F4", "scale", "key.scale"),
    Key("weigh-in", "f5", "F5", "tare", "key.tare"),
    Key("weigh-in", "f6", "F6", "deduct", "key.deduct"),
    Key("weigh-in", "f7", "F7", "manual", "key.manual"),
    Key("weigh-in", "minus", "-", "remove", "key.remove"),
    Key("weigh-in", "delete", "Delete", "remove", "key.remove"),
    Key("weigh-in", "plus", "+", "finish", "key.confirm"),
    Key("weigh-in", "escape", "Esc", "back", "key.back"),
    Key("redeem", "enter", "Enter", "enter", "key.add"),
    Key("redeem", "asterisk", "*", "quantity", "key.quantity"),
    Key("redeem", "minus", "-", "remove", "key.remove"),
    Key("redeem", "delete", "Delete", "remove", "key.remove"),
    Key("redeem", "f4", "F4", "note", "key.note"),
    Key("redeem", "f5", "F5", "cash", "key.cash"),
    Key("redeem", "f6", "F6", "collector", "key.collector"),
    Key("redeem", "f7", "F7", "override", "key.override"),
    Key("redeem", "f8", "F8", "wanted", "key.wanted"),
    Key("redeem", "f9", "F9", "given", "key.given"),
    Key("redeem", "plus", "+", "finish", "key.confirm"),
    Key("redeem", "escape", "Esc", "back", "key.back"),
    Key("receipt", "f5", "F5", "return", "key.return"),
    Key("receipt", "f6", "F6", "dispute", "key.dispute"),
    Key("receipt", "shift+f8", "Shift+F8", "reprint", "key.reprint"),
    Key("receipt", "delete", "Delete", "reverse", "key.reverse"),
    Key("receipt", "f8", "F8", "journal", "key.journal"),
    Key("receipt", "f9", "F9", "picture", "key.picture"),
    Key("receipt", "escape", "Esc", "back", "key.back"),
    Key("return", "enter", "Enter", "more", "key.one-more"),
    Key("return", "minus", "-", "fewer", "key.one-fewer"),
    Key("return", "asterisk", "*", "quantity", "key.quantity"),
    Key("return", "f5", "F5", "opened", "key.opened"),
    Key("return", "plus", "+", "finish", "key.confirm"),
    Key("return", "escape", "Esc", "back", "key.back"),
    Key("journal", "enter", "Enter", "enter", "key.show"),
    Key("journal", "shift+f8", "Shift+F8", "reprint", "key.reprint"),
    Key("journal", "delete", "Delete", "reverse", "key.reverse"),
    Key("journal", "f4", "F4", "whose", "key.whose"),
    Key("journal", "escape", "Esc", "back", "key.back"),
    Key("devices", "enter", "Enter", "enter", "key.open"),
    Key("devices", "f4", "F4", "scale", "key.scale"),
    Key("sheet", "plus", "+", "finish", "key.print"),
    Key("sheet", "f5", "F5", "export", "key.export"),
    Key("sheet", "escape", "Esc", "back", "key.back"),
    Key("report", "1", "1", "day", "key.day-report"),
    Key("report", "2", "2", "month", "key.month-report"),
    Key("report", "3", "3", "year", "key.year-report"),
    Key("report", "left", "Left", "earlier", "key.earlier"),
    Key("report", "right", "Right", "later", "key.later"),
    Key("report", "down", "Down", "chart", "key.chart"),
    Key("report", "plus", "+", "finish", "key.as-sheet"),
    Key("report", "escape", "Esc", "back", "key.back"),
    Key("devices", "f5", "F5", "printed", "key.printed"),
    Key("devices", "f6", "F6", "print_again", "key.print-again"),
    Key("devices", "f7", "F7", "acceptance", "key.acceptance"),
    Key("devices", "escape", "Esc", "back", "key.back"),
    Key("device", "enter", "Enter", "enter", "key.try"),
    Key("device", "escape", "Esc", "back", "key.back"),
    Key("scan-code", "escape", "Esc", "back", "key.back"),
    Key(ANYWHERE, "f10", "F10", "devices", "key.devices"),
    Key(ANYWHERE, "f1", "F1", "help", "key.help"),
)

_TWINS = {"delete": "minus", "down": "enter", "right": "left"}
"""Keys that the footer leaves out where the screen has the other one for the same."""

_OWN_HELP = frozenset({"login", "help"})
"""Dialogs that are no part of what the screen behind them does."""


def keys_of(screen: str, *, dialog: bool = False) -> list[Key]:
    """The keys of one screen in footer order; a dialog has its own ones, and the help of what is behind it."""

    def anywhere(key: Key) -> bool:
        return key.screen == ANYWHERE and (not dialog or (key.action == "help" and screen not in _OWN_HELP))

    return [key for key in KEYS if key.screen == screen or anywhere(key)]


def bindings(screen: str, *, dialog: bool = False) -> list[Binding]:
    """Its bindings: the table decides, whatever has the focus."""
    return [Binding(key.key, key.action, show=False, priority=True) for key in keys_of(screen, dialog=dialog)]


def shown(screen: str, role: Role | None = None, *, dialog: bool = False) -> list[Key]:
    """The keys that its footer names, for somebody of this role; every one where nobody is logged in."""
    keys = [key for key in keys_of(screen, dialog=dialog) if role is None or role in key.roles]
    held = {(key.key, key.label) for key in keys}
    return [key for key in keys if (_TWINS.get(key.key), key.label) not in held]
