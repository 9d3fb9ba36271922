"""Lines across years: a dot a figure, its value beside it where there is room, a line a place."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, product
from math import floor, hypot, log10
from typing import TYPE_CHECKING

from bot.charts.canvas import EDGE, INNER, WIDTH
from bot.charts.shapes import Disc, Ink, Polyline, TextAnchor, TextLabel

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from answering.values.chart import Chart, Mark
    from bot.charts.canvas import ChartCanvas
    from bot.messages import Messages

    Rect = tuple[float, float, float, float]

INKS = (Ink.FIRST, Ink.SECOND, Ink.THIRD, Ink.FOURTH)
_HEIGHT, _ABOVE = 190.0, 26.0
_SIDE = 26.0  # room at both ends for half a label
_SIZE = 13.0


@dataclass(frozen=True, slots=True)
class ChartScale:
    """Where years and values stand on the page."""

    years: tuple[int, int]
    low: float
    high: float
    top: float

    def x(self, year: int) -> float:
        """Return the x of a year."""
        first, last = self.years
        return EDGE + _SIDE + (INNER - 2 * _SIDE) * (year - first) / max(1, last - first)

    def y(self, value: float) -> float:
        """Return the y of a value."""
        return self.top + _HEIGHT * (self.high - value) / ((self.high - self.low) or 1.0)


def draw(page: ChartCanvas, chart: Chart, messages: Messages) -> None:
    """Draw a line for each name; a place beyond the fourth is left to the text."""
    lines = {name: own for name, own in _lines(chart) if own}
    if len(lines) > 1:
        _names(page, list(lines))
    marks = [mark for own in lines.values() for mark in own]
    scale = _scale(marks, page.y + _ABOVE)
    _ground(page, scale, marks, messages)
    taken: list[Rect] = []
    for ink, own in zip(INKS, lines.values(), strict=False):
        _line(page, own, scale, ink)
        taken += _covered([(scale.x(mark.year or 0), scale.y(mark.value)) for mark in own])
    taken.append((0, scale.top + _HEIGHT, WIDTH, scale.top + 2 * _HEIGHT))  # where the years stand
    for own in lines.values():
        _tell(page, own, scale, taken)
    page.y = scale.top + _HEIGHT + 24
    if scale.low > 0:
        page.small([messages.say("chart_cut", least=_short(scale.low, page.language) + chart.unit)])
    if any(mark.bound != "exact" for mark in marks):
        page.add(Disc(x=EDGE + 5, y=page.y + 9.5, radius=4, ink=Ink.FIRST, hollow=True))
        page.small([messages.say("chart_hollow")], indent=14)


def _lines(chart: Chart) -> Iterator[tuple[str, list[Mark]]]:
    names = list(dict.fromkeys(mark.name for mark in chart.marks))[: len(INKS)]
    for name in names:
        own = [mark for mark in chart.marks if mark.name == name and mark.year is not None]
        yield name, sorted(own, key=lambda mark: mark.year or 0)


def _names(page: ChartCanvas, names: Sequence[str]) -> None:
    x, y = EDGE, page.y + 12
    for ink, name in zip(INKS, names, strict=False):
        if x > EDGE and x + 14 + page.width(name, _SIZE) > WIDTH - EDGE:
            x, y = EDGE, y + 20
        page.add(Disc(x=x + 5, y=y - 4.5, radius=4, ink=ink), TextLabel(x=x + 14, y=y, text=name, size=_SIZE))
        x += 14 + page.width(name, _SIZE) + 16
    page.y = y + 8


def _scale(marks: Sequence[Mark], top: float) -> ChartScale:
    """Begin the upright axis at nought, unless that would press the line flat."""
    values = [mark.value for mark in marks]
    least, most = min(values), max(values)
    low = 0.0 if least >= 0 and most - least > 0.25 * most else _round(least - 0.35 * ((most - least) or 1))
    if least >= 0:
        low = max(0.0, low)
    years = [mark.year or 0 for mark in marks]
    return ChartScale(years=(min(years), max(years)), low=low, high=most if most > low else low + 1, top=top)


def _round(value: float) -> float:
    step = 10.0 ** floor(log10(abs(value))) / 10 if value else 1.0
    return floor(value / step) * step


def _ground(page: ChartCanvas, scale: ChartScale, marks: Sequence[Mark], messages: Messages) -> None:
    bottom = scale.top + _HEIGHT
    for part in (0.0, 0.5):
        y = scale.top + part * _HEIGHT
        page.add(Polyline(points=((EDGE, y), (WIDTH - EDGE, y)), ink=Ink.TRACK))
    page.add(Polyline(points=((EDGE, bottom), (WIDTH - EDGE, bottom)), ink=Ink.RULE, width=1.5))
    last = -WIDTH
    for year in sorted({mark.year or 0 for mark in marks}):
        text = messages.say("chart_year", year=year)
        half = page.width(text, 12) / 2
        if scale.x(year) - half > last + 6:
            page.add(
                TextLabel(
                    x=scale.x(year),
                    y=bottom + 18,
                    text=text,
                    size=12,
                    ink=Ink.FAINT,
                    anchor=TextAnchor.MIDDLE,
                )
            )
            last = scale.x(year) + half


def _short(value: float, language: str) -> str:
    """Return a value in 亿 or 万 where it is large."""
    for size, word in ((1e8, "亿"), (1e4, "万" if language == "zh-Hans" else "萬")):
        if language != "en" and abs(value) >= size:
            return f"{value / size:g}{word if size == 1e4 or language == 'zh-Hans' else '億'}"
    return f"{value:,.10g}"


def _line(page: ChartCanvas, own: Sequence[Mark], scale: ChartScale, ink: Ink) -> None:
    points = tuple((scale.x(mark.year or 0), scale.y(mark.value)) for mark in own)
    if len(points) > 1:
        page.add(Polyline(points=points, ink=ink, width=2.5))
    for mark, (x, y) in zip(own, points, strict=True):
        page.add(Disc(x=x, y=y, radius=4.5, ink=ink, hollow=mark.bound != "exact"))


def _covered(points: Sequence[tuple[float, float]]) -> list[Rect]:
    """Return small rectangles along a line, so that no value is written over it."""
    found = [(x - 4, y - 4, x + 4, y + 4) for x, y in points]
    for (x, y), (to_x, to_y) in pairwise(points):
        steps = max(1, int(hypot(to_x - x, to_y - y) / 6))
        along = ((x + (to_x - x) * n / steps, y + (to_y - y) * n / steps) for n in range(1, steps))
        found += [(a - 2, b - 2, a + 2, b + 2) for a, b in along]
    return found


def _tell(page: ChartCanvas, own: Sequence[Mark], scale: ChartScale, taken: list[Rect]) -> None:
    """Write the values that there is room for: the first and the last before others, then the largest."""
    points = [(scale.x(mark.year or 0), scale.y(mark.value)) for mark in own]
    order = sorted(range(len(own)), key=lambda n: (n not in (0, len(own) - 1), -abs(own[n].value)))
    for n in order:
        _told(page, own[n], points[n], taken)


def _told(page: ChartCanvas, mark: Mark, at: tuple[float, float], taken: list[Rect]) -> None:
    """Write a value above its dot, or beneath; nowhere where it would lie on another."""
    number = f"[{mark.number}]" if mark.number else ""
    wide = page.told(mark.text, _SIZE, number)
    x = min(max(at[0], EDGE + wide / 2), WIDTH - EDGE - wide / 2)
    for shift, y in product((0.0, -wide / 3, wide / 3), (at[1] - 10, at[1] + 21, at[1] - 18)):
        middle = min(max(x + shift, EDGE + wide / 2), WIDTH - EDGE - wide / 2)
        box = (middle - wide / 2, y - 11, middle + wide / 2, y + 2)
        if not any(_overlap(box, other) for other in taken):
            left = middle - wide / 2
            page.add(TextLabel(x=left, y=y, text=mark.text, size=_SIZE, bold=True, tail=number))
            taken.append(box)
            return


def _overlap(one: Rect, other: Rect) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
