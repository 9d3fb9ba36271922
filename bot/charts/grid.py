"""A grid: a row a place, a column a field, in each cell how many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.charts.canvas import EDGE, INNER
from bot.charts.line_breaks import clipped
from bot.charts.shapes import Ink, Rectangle, TextAnchor, TextLabel

if TYPE_CHECKING:
    from answering.values.chart import Chart
    from bot.charts.canvas import ChartCanvas
    from bot.messages import Messages


ROWS, COLUMNS = 20, 7
_NARROW, _WIDE, _CELL, _GAP = 50.0, 112.0, 32.0, 3.0
# Up to these shares of the most, an ink so strong; letters are read well on each of them.
_STEPS = ((0.1, 0.12), (0.25, 0.25), (0.5, 0.4), (0.75, 0.55))


def draw(page: ChartCanvas, chart: Chart, messages: Messages) -> None:
    """Draw a cell for each row and column; the fullest columns, at most seven."""
    cells = {(mark.name, mark.column): mark.value for mark in chart.marks}
    rows = list(dict.fromkeys(mark.name for mark in chart.marks))
    sums = {c: sum(v for (_, column), v in cells.items() if column == c) for _, c in cells}
    columns = sorted(sums, key=lambda c: -sums[c])[:COLUMNS]
    most = max((value for (_, c), value in cells.items() if c in columns), default=1.0) or 1.0
    named = min(_WIDE, max(_NARROW, *(page.width(row, 14) + 8 for row in rows[:ROWS])))
    wide = (INNER - named) / max(1, len(columns))
    _heads(page, columns, EDGE + named, wide)
    for row in rows[:ROWS]:
        name = clipped(row, named - 6, page.ruler, size=14)
        page.add(TextLabel(x=EDGE, y=page.y + 21, text=name, size=14))
        for n, column in enumerate(columns):
            _cell(page, EDGE + named + n * wide, wide, (cells.get((row, column), 0.0), most))
        page.y += _CELL
    if len(rows) > ROWS:
        page.small([messages.say("chart_rest", count=len(rows) - ROWS)])


def _heads(page: ChartCanvas, columns: list[str], left: float, wide: float) -> None:
    """Write the names of columns, those of four characters in two lines."""
    halves = [(c[: len(c) // 2], c[len(c) // 2 :]) if len(c) > 3 else ("", c) for c in columns]
    double = any(first for first, _ in halves)
    for n, (first, second) in enumerate(halves):
        x = left + (n + 0.5) * wide
        for text, y in ((first, page.y + 12), (second, page.y + (27 if double else 12))):
            if text:
                page.add(TextLabel(x=x, y=y, text=text, size=12, ink=Ink.FAINT, anchor=TextAnchor.MIDDLE))
    page.y += 34 if double else 19


def _cell(page: ChartCanvas, x: float, wide: float, filled: tuple[float, float]) -> None:
    value, most = filled
    strength = next((step for share, step in _STEPS if value <= share * most), 1.0) if value else 1.0
    ink = Ink.FIRST if value else Ink.TRACK
    size = {"width": wide - _GAP, "height": _CELL - _GAP}
    page.add(Rectangle(x=x, y=page.y, ink=ink, radius=4, strength=strength, **size))
    if value:
        on = Ink.ON_FIRST if strength == 1.0 else Ink.TEXT
        middle = x + (wide - _GAP) / 2
        page.add(
            TextLabel(
                x=middle,
                y=page.y + 19,
                text=f"{value:g}",
                size=13,
                ink=on,
                anchor=TextAnchor.MIDDLE,
                bold=True,
            )
        )
