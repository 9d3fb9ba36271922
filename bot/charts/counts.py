"""How many measures there are, by place and field, as a chart."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from answering.values.chart import Chart, Drawing, Mark

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.messages import Messages
    from retrieval.facts.models import MeasureRow


def grid(rows: Iterable[MeasureRow], messages: Messages) -> Chart:
    """Count measures by place and field; those of no place are left out."""
    counts = Counter((row.place, row.field) for row in rows if row.place)
    marks = tuple(
        Mark(name=place, column=field, value=count, text=str(count))
        for (place, field), count in counts.items()
        if place
    )
    return Chart(drawing=Drawing.GRID, title=messages.say("chart_grid"), unit="", marks=marks)
