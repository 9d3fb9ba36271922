"""What can be drawn of an answer: figures of one thing side by side, through the years, or in a grid."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Drawing(StrEnum):
    """How it is drawn."""

    BARS = "bars"  # a bar a place
    LINE = "line"  # through the years, a line a place
    GRID = "grid"  # how many, by place and field


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One figure of a drawing."""

    name: str  # the place, as it is called in the language of the answer; in a grid the row
    value: float
    text: str  # the figure as printed, with its unit and its 余, 近 or 以上
    bound: str = "exact"  # a value of retrieval.quantities.values.Bound
    high: float | None = None  # the upper end of a range
    year: int | None = None
    period: str = ""  # as printed, where the figure is of more than that year: 2018年以来
    column: str = ""  # in a grid
    number: int = 0  # under which the answer cites the sentence; 0 where it cites none


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Figures that can be set against each other, and what was left out and why."""

    drawing: Drawing
    title: str
    unit: str
    marks: tuple[Mark, ...]
    notes: tuple[str, ...] = ()  # what is not comparable, and who says nothing, in the answer's language
    aimed: bool = False  # whether the figures are aimed at and not reached


def renumbered(chart: Chart | None, numbers: Mapping[int, int]) -> Chart | None:
    """Return a chart whose marks bear other numbers, those without one left out; None where too few stay."""
    if chart is None:
        return None
    kept = tuple(replace(mark, number=numbers[mark.number]) for mark in chart.marks if mark.number in numbers)
    return replace(chart, marks=kept) if len(kept) > 1 else None
