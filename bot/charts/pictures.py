"""A chart as a picture: laid out for a phone, in the language of its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from answering.values.chart import Drawing
from bot.charts import bars, grid, lines
from bot.charts.alt_text import alt, counted_in, recognised, sources
from bot.charts.canvas import ChartCanvas

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.values.answer import Citation
    from answering.values.chart import Chart
    from bot.charts.shapes import ChartDrawing
    from bot.messages import Messages


def sheet(chart: Chart, citations: Sequence[Citation], messages: Messages) -> ChartDrawing:
    """Lay a chart out; ``citations`` are those of its answer, under the numbers that the marks carry."""
    used = {mark.number for mark in chart.marks}
    cited = [one for one in citations if one.number in used]
    page = ChartCanvas(messages.language.value)
    page.heading(chart.title, counted_in(chart, messages))
    if chart.drawing is Drawing.GRID:
        grid.draw(page, chart, messages)
    elif chart.drawing is Drawing.LINE:
        lines.draw(page, chart, messages)
    else:
        bars.draw(page, chart, messages)
        bars.legend(page, chart, messages)
    page.small(chart.notes)
    if cited:
        page.rule()
        page.small(sources(cited, messages), most=2)
        page.small(recognised(cited, messages), most=2)
    return page.done(chart.title, alt(chart, cited, messages))
