"""Colours as tokens for every style sheet: what a colour means, never what it looks like."""

from textual.theme import Theme

THEME = Theme(
    name="counter",
    primary="#5fafd7",
    secondary="#87afaf",
    accent="#ffd75f",
    success="#5fd75f",
    warning="#ffaf00",
    error="#ff5f5f",
    foreground="#e4e4e4",
    background="#101418",
    surface="#181e24",
    panel="#232b33",
)

TOKENS = {
    "settled": THEME.success or "",
    "waiting": THEME.warning or "",
    "refusing": THEME.error or "",
    "points": THEME.accent or "",
    "muted": "#8a949e",
    "chosen": "#2f4f66",
    "rule": "#3d4852",
}
