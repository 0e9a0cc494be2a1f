"""What a screen looks like, as text: its cells as they stand, and below them what is coloured by a token.

Text rather than the SVGs of pytest-textual-snapshot: its fixture starts an app of its own for each picture, two seconds
for each of a hundred, where these are all taken of one till; a difference can be read in a review; and a release of
Textual that draws the same cells another way changes nothing here.
"""

import re
from pathlib import Path

from rich.style import Style
from textual.app import App
from textual.strip import Strip

from pos.tui import look

FOLDER = Path(__file__).parent / "snapshots"

_NAMED = {value.lower(): name for name, value in look.TOKENS.items() if name not in ("rule", "muted")}
_AGO = re.compile(r"\d+\.\d(?= 秒前)")
"""The one figure that runs on by itself: how long ago a device said something."""


def drawn(app: App[None]) -> str:
    """The whole terminal as it stands."""
    update = app.screen._compositor.render_update(full=True, screen_stack=app._background_screens)
    rows = [Strip.join(cuts) for cuts in update.strips]  # type: ignore[union-attr]
    cells = [_AGO.sub("0.0", row.text.rstrip()) for row in rows]
    told = [f"{place:2} {line}" for place, row in enumerate(rows, 1) if (line := _coloured(row))]
    return "\n".join([*cells, "-" * app.size.width, *told, ""])


def _coloured(row: Strip) -> str:
    runs: list[tuple[str, str]] = []
    for segment in row:
        name = _token(segment.style) or (runs[-1][0] if runs and not segment.text.strip() else "")
        if runs and runs[-1][0] == name:
            runs[-1] = (name, runs[-1][1] + segment.text)
        else:
            runs.append((name, segment.text))
    return "  ".join(f"{name} [{_AGO.sub('0.0', text.strip())}]" for name, text in runs if name and text.strip())


def _token(style: Style | None) -> str:
    if style is None:
        return ""
    found = [_NAMED.get(colour.name.lower(), "") for colour in (style.color, style.bgcolor) if colour is not None]
    return " on ".join(dict.fromkeys(filter(None, found)))


def differs(name: str, found: str, *, update: bool) -> str:
    """How `found` differs from the file of this name, which is written anew when `update` says so."""
    path = FOLDER / f"{name}.txt"
    if update:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(found, encoding="utf-8")
        return ""
    if not path.exists():
        return f"{name}: there is no such picture yet"
    wanted = path.read_text(encoding="utf-8")
    if wanted == found:
        return ""
    before, after = wanted.splitlines(), found.splitlines()
    lines = [
        f"{place:3} - {old}\n    + {new}"
        for place, (old, new) in enumerate(zip(before, after, strict=False), 1)
        if old != new
    ]
    if len(before) != len(after):
        lines.append(f"{len(before)} lines were {len(after)} now")
    return "\n".join([f"{name}:", *lines])
