"""The one table of keys: screens build their bindings and their footer from it. Nothing else says what a key does.

Digits choose, Enter takes, `+` finishes, `-` or Delete removes, Esc steps back, F-keys change the job.
"""

from dataclasses import dataclass

from textual.binding import Binding

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
    Key("home", "f2", "F2", "redeem", "key.redeem"),
    Key("home", "f3", "F3", "weigh_in", "key.weigh-in"),
    Key("home", "f7", "F7", "close_day", "key.close-day"),
    Key("home", "f8", "F8", "journal", "key.journal"),
    Key("home", "f12", "F12", "app.lock", "key.lock"),
    Key("household", "f2", "F2", "redeem", "key.redeem"),
    Key("household", "f3", "F3", "weigh_in", "key.weigh-in"),
    Key("household", "f8", "F8", "journal", "key.journal"),
    Key("household", "escape", "Esc", "back", "key.back"),
    Key("weigh-in", "enter", "Enter", "enter", "key.take-weight"),
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
    Key("redeem", "f5", "F5", "cash", "key.cash"),
    Key("redeem", "f6", "F6", "collector", "key.collector"),
    Key("redeem", "plus", "+", "finish", "key.confirm"),
    Key("redeem", "escape", "Esc", "back", "key.back"),
    Key("receipt", "shift+f8", "Shift+F8", "reprint", "key.reprint"),
    Key("receipt", "delete", "Delete", "reverse", "key.reverse"),
    Key("receipt", "f8", "F8", "journal", "key.journal"),
    Key("receipt", "escape", "Esc", "back", "key.back"),
    Key("journal", "enter", "Enter", "enter", "key.show"),
    Key("journal", "shift+f8", "Shift+F8", "reprint", "key.reprint"),
    Key("journal", "delete", "Delete", "reverse", "key.reverse"),
    Key("journal", "f4", "F4", "whose", "key.whose"),
    Key("journal", "escape", "Esc", "back", "key.back"),
    Key("devices", "f5", "F5", "printed", "key.printed"),
    Key("devices", "f6", "F6", "print_again", "key.print-again"),
    Key("devices", "escape", "Esc", "back", "key.back"),
    Key(ANYWHERE, "f10", "F10", "devices", "key.devices"),
    Key(ANYWHERE, "f1", "F1", "help", "key.help"),
)

_TWINS = {"delete": "minus"}
"""Keys that the footer leaves out where the screen has the other one for the same."""


def keys_of(screen: str, *, dialog: bool = False) -> list[Key]:
    """The keys of one screen in footer order; a dialog has its own ones alone."""
    return [key for key in KEYS if key.screen == screen or (key.screen == ANYWHERE and not dialog)]


def bindings(screen: str, *, dialog: bool = False) -> list[Binding]:
    """Its bindings: the table decides, whatever has the focus."""
    return [Binding(key.key, key.action, show=False, priority=True) for key in keys_of(screen, dialog=dialog)]


def shown(screen: str, *, dialog: bool = False) -> list[Key]:
    """The keys that its footer names."""
    keys = keys_of(screen, dialog=dialog)
    held = {(key.key, key.action) for key in keys}
    return [key for key in keys if (_TWINS.get(key.key), key.action) not in held]
