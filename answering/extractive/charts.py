"""Charts of answers: the figures that were set against each other, each under the number that proves it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from answering.values.answer import Language
from answering.values.chart import Chart, Drawing, Mark, renumbered
from retrieval.text.normalize import to_traditional

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.values.answer import Answer, Citation
    from retrieval.quantities import Figure

_SPANNING = re.compile(r"以[来來]|期间|期間|[至—–~-]|前$")  # a time that is not one year


def mark(
    name: str, figure: Figure, number: int, *, year: int | None = None, period: str | None = None
) -> Mark:
    """Return a figure as it is drawn, in the text's own words."""
    return Mark(
        name=name,
        value=float(figure.value),
        high=None if figure.high is None else float(figure.high),
        text=" ".join(figure.text.split()),
        bound=figure.bound.value,
        year=year,
        period=period if period and _SPANNING.search(period) else "",
        number=number,
    )


def bars(title: str, marks: Sequence[Mark], *, unit: str, language: Language, aimed: bool = False) -> Chart:
    """Return a bar a place."""
    return Chart(
        drawing=Drawing.BARS, title=titled(title, language), unit=unit, marks=tuple(marks), aimed=aimed
    )


def titled(title: str, language: Language) -> str:
    """Return what a picture is headed with, in the script of its answer."""
    return to_traditional(title) if language is Language.HANT else title


def carried(base: Answer, written: Answer) -> Chart | None:
    """Return the chart that code made for an answer in other words, under the numbers it has there."""
    numbers = {one.number: _same(one, written.citations) for one in base.citations}
    return renumbered(base.chart, {old: new for old, new in numbers.items() if new})


def _same(one: Citation, others: Sequence[Citation]) -> int:
    """Return the number under which another answer cites the same words, whole; 0 where it does not."""
    fitting = (o for o in others if o.document == one.document and o.start <= one.start and one.end <= o.end)
    return next((other.number for other in fitting), 0)
