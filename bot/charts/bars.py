"""Bars across places: the name and the value on one line, the bar beneath, as a phone shows it best."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.charts.alt_text import dated
from bot.charts.canvas import EDGE, INNER
from bot.charts.line_breaks import clipped
from bot.charts.shapes import Ink, Rectangle, TextLabel
from retrieval.quantities.values import Bound

if TYPE_CHECKING:
    from answering.values.chart import Chart, Mark
    from bot.charts.canvas import ChartCanvas
    from bot.messages import Messages

MOST = 16
MORE = frozenset((Bound.MORE, Bound.ABOVE))
LESS = frozenset((Bound.LESS, Bound.BELOW))
_ROW, _THICK = 46.0, 11.0
_TIP = _THICK * 0.6  # room that the tip of a bar takes


def draw(page: ChartCanvas, chart: Chart, messages: Messages) -> None:
    """Draw a bar for each mark, in the order in which they come."""
    shown = chart.marks[:MOST]
    times = {dated(mark, messages) for mark in shown}
    low = min(0.0, *(mark.value for mark in shown))
    high = max(0.0, *(max(mark.value, mark.high or mark.value) for mark in shown))
    for mark in shown:
        name = mark.name
        _head(page, mark, name, dated(mark, messages) if len(times) > 1 else "")
        _bar(page, mark, low, high)
        page.y += _ROW
    if len(chart.marks) > MOST:
        page.small([messages.say("chart_rest", count=len(chart.marks) - MOST)])


def legend(page: ChartCanvas, chart: Chart, messages: Messages) -> None:
    """Say what the ends of bars mean, where there are such."""
    bounds = {mark.bound for mark in chart.marks[:MOST]}
    for wanted, key, right in ((MORE, "chart_more", True), (LESS, "chart_less", False)):
        if bounds & wanted:
            page.wedge(EDGE if right else EDGE + 6, page.y + 4, right=right)
            page.small([messages.say(key)], indent=14)
    if any(mark.high is not None for mark in chart.marks[:MOST]):
        page.add(Rectangle(x=EDGE, y=page.y + 5, width=8, height=8, ink=Ink.SOFT))
        page.small([messages.say("chart_range")], indent=14)


def _head(page: ChartCanvas, mark: Mark, name: str, when: str) -> None:
    y = page.y + 15
    room = page.value(mark.text, mark.number, y=y)
    beside = page.width(when, 12) + 6 if when else 0
    name = clipped(name, INNER - room - beside - 10, page.ruler, size=15)
    page.add(TextLabel(x=EDGE, y=y, text=name, size=15))
    if when:
        after = EDGE + page.width(name, 15) + 6
        page.add(TextLabel(x=after, y=y, text=when, size=12, ink=Ink.FAINT))


def _bar(page: ChartCanvas, mark: Mark, low: float, high: float) -> None:
    y, size = page.y + 23, (INNER - _TIP) / ((high - low) or 1.0)
    zero = EDGE - low * size
    end = EDGE + (mark.value - low) * size
    far = EDGE + (mark.high - low) * size if mark.high is not None else end
    page.add(Rectangle(x=EDGE, y=y, width=INNER, height=_THICK, ink=Ink.TRACK, radius=3))
    if far > end:
        page.add(Rectangle(x=end - 3, y=y, width=far - end + 3, height=_THICK, ink=Ink.SOFT, radius=3))
    left, width = min(zero, end), max(abs(end - zero), 2.0)
    page.add(Rectangle(x=left, y=y, width=width, height=_THICK, ink=Ink.FIRST, radius=3))
    if mark.bound in MORE and mark.value > 0:
        page.add(Rectangle(x=max(left, end - 4), y=y, width=min(4.0, width), height=_THICK, ink=Ink.FIRST))
        page.wedge(end, y, right=True, size=_THICK)
    elif mark.bound in LESS and mark.value > 0 and width > 8:
        page.add(Rectangle(x=end - 4, y=y, width=4, height=_THICK, ink=Ink.FIRST))
        page.wedge(end, y, right=False, size=_THICK, ink=Ink.TRACK)
