"""Bars as blocks of background colour: no sign of doubtful width. Imported with the screen that draws them alone."""

from collections.abc import Callable, Sequence

from rich.style import Style
from rich.text import Text
from textual.color import Color
from textual_plotext import PlotextPlot

from pos.tui.look import TOKENS

_MARK = "#"
_FEW = 4
"""Fewer bars than these are no wider."""

_APART, _MANY = 0.6, 12
"""What a bar takes of its place; more bars than these stand side by side."""

_NAMED = 5
"""Where there are many, the first and every fifth is named: names that overlap are drawn in no certain order."""

_COLOUR = Color.parse(TOKENS["points"]).rgb


class Bars(PlotextPlot):
    """One bar a name, as high as its value."""

    def show(self, names: Sequence[str], values: Sequence[int], figure: Callable[[int], str]) -> None:
        """Draw these: at least one is above zero, and what is below has no bar. `figure` words a value at the edge."""
        plot, most = self.plt, max(values)
        marks = range(0, most + 1, _step(most))
        plot.clear_figure()
        plot.frame(False)
        places = range(1, len(names) + 1)
        plot.bar(
            list(places),
            [max(0, value) for value in values],
            marker=_MARK,
            color=_COLOUR,
            width=_APART if len(names) <= _MANY else 1,
        )
        named: list[float] = [place for place in places if len(names) <= _MANY or place == 1 or place % _NAMED == 0]
        plot.xticks(named, [names[int(place) - 1] for place in named])
        plot.xlim(0, max(len(names), _FEW) + 1)
        plot.ylim(0, most)
        plot.yticks(list(marks), [figure(mark) for mark in marks])
        self.refresh()

    def render(self) -> Text:
        """The plot, its marks turned into background."""
        drawn = super().render()
        assert isinstance(drawn, Text), "a plot is drawn as text"
        text = Text(drawn.plain.replace(_MARK, " "), no_wrap=True)
        for span in drawn.spans:
            style = span.style
            assert isinstance(style, Style), "it comes from escape sequences"
            if _MARK in drawn.plain[span.start : span.end]:
                style = Style(bgcolor=style.color)
            text.stylize(style, span.start, span.end)
        return text


def _step(most: int) -> int:
    """A round distance between the values at the edge, five of them at most."""
    step = 1
    while step * 5 < most:
        step *= 10
    return next((each for each in (step // 5, step // 2) if each and each * 5 >= most), step)
