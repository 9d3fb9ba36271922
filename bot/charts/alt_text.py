"""The words of a picture for those who can't see it, and its source lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from answering.values.chart import Drawing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.values.answer import Citation
    from answering.values.chart import Chart, Mark
    from bot.messages import Messages

_ROWS = 24  # told in words
_SOURCES = 6  # named one by one


def counted_in(chart: Chart, messages: Messages) -> str:
    """Return what stands under the title: the unit, the year where it is one, whether it is aimed at."""
    if chart.drawing is Drawing.GRID:
        return messages.say("chart_grid_unit")
    times = {dated(mark, messages) for mark in chart.marks}
    parts = (
        messages.say("chart_unit", unit=chart.unit) if chart.unit else "",
        next(iter(times)) if len(times) == 1 else "",
        messages.say("chart_aimed") if chart.aimed else "",
    )
    return " · ".join(part for part in parts if part)


def dated(mark: Mark, messages: Messages) -> str:
    """Return the time that a figure is of: the text's own words for more than a year, or its year."""
    return mark.period or (messages.say("chart_year", year=mark.year) if mark.year else "")


def sources(citations: Sequence[Citation], messages: Messages) -> list[str]:
    """Return a line for each text the figures were read from, with the numbers under which it is cited."""
    numbers: dict[str, list[int]] = {}
    for one in citations:
        numbers.setdefault(one.title, []).append(one.number)
    lines = [
        messages.say("chart_source", number="][".join(map(str, own)), title=title)
        for title, own in numbers.items()
    ]
    if len(lines) > _SOURCES:
        lines = [*lines[:_SOURCES], messages.say("chart_sources_rest", count=len(numbers))]
    return lines


def recognised(citations: Sequence[Citation], messages: Messages) -> list[str]:
    """Return the line that names the figures that were recognised from scans, where there are any."""
    numbers = "".join(f"[{one.number}]" for one in citations if one.recognised)
    return [messages.say("chart_recognised", numbers=numbers)] if numbers else []


def alt(chart: Chart, citations: Sequence[Citation], messages: Messages) -> str:
    """Return the picture in words: each figure as printed, what was left out, where it was read."""
    joint = messages.say("chart_joint")
    rows = joint.join(_row(mark, chart, messages) for mark in chart.marks[:_ROWS])
    notes = "".join(f"{note}。" if not note.endswith((".", "。")) else note for note in chart.notes)
    named = joint.join((*sources(citations, messages), *recognised(citations, messages)))
    return messages.say(
        "chart_alt",
        kind=messages.say(f"chart_kind_{chart.drawing.value}"),
        title=chart.title,
        unit=counted_in(chart, messages) or "–",
        rows=rows,
        notes=notes,
        sources=f"{messages.say('chart_sources')} {named}" if named else "",
    ).strip()


def _row(mark: Mark, chart: Chart, messages: Messages) -> str:
    differ = chart.drawing is Drawing.LINE or len({dated(one, messages) for one in chart.marks}) > 1
    when = dated(mark, messages) if differ else ""
    name = " ".join(part for part in (mark.name, mark.column, when) if part)
    return f"{name} {mark.text}"
