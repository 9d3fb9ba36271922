"""What all pictures share: a heading above, what was left out and the sources below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.charts.font import ruler
from bot.charts.line_breaks import wrapped
from bot.charts.shapes import APART, TAIL, ChartDrawing, Ink, Polyline, TextAnchor, TextLabel

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.charts.shapes import Shape

WIDTH = 360.0  # CSS pixels: a phone's
EDGE = 16.0
INNER = WIDTH - 2 * EDGE
_TITLE, _SMALL = 18.0, 12.0


class ChartCanvas:
    """A picture in the making, from the top down; ``y`` is where the next thing begins."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.ruler = ruler(language)
        self.y = EDGE
        self._shapes: list[Shape] = []

    def add(self, *shapes: Shape) -> None:
        """Put shapes on the page."""
        self._shapes.extend(shapes)

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """Return the width of words in pixels."""
        return self.ruler.width(text, size, bold=bold)

    def told(self, text: str, size: float, tail: str) -> float:
        """Return the width of a value with what is behind it."""
        return self.width(text, size, bold=True) + (self.width(tail, TAIL) + APART if tail else 0)

    def heading(self, title: str, under: str) -> None:
        """Write the title, and in small what it is counted in."""
        for line in wrapped(title, INNER, self.ruler, size=_TITLE * 1.05, most=2):
            self.y += _TITLE
            self.add(TextLabel(x=EDGE, y=self.y, text=line, size=_TITLE, bold=True))
            self.y += 7
        self.small([under] if under else [], most=2)
        self.y += 8

    def small(self, texts: Iterable[str], *, most: int = 4, indent: float = 0) -> None:
        """Write paragraphs in small letters."""
        for text in texts:
            for line in wrapped(text, INNER - indent, self.ruler, size=_SMALL, most=most):
                self.y += _SMALL + 2
                self.add(TextLabel(x=EDGE + indent, y=self.y, text=line, size=_SMALL, ink=Ink.FAINT))
                self.y += 4

    def rule(self) -> None:
        """Draw a thin line across."""
        self.y += 8
        self.add(Polyline(points=((EDGE, self.y), (WIDTH - EDGE, self.y)), ink=Ink.RULE))
        self.y += 6

    def wedge(self, x: float, y: float, *, right: bool, size: float = 10, ink: Ink = Ink.FIRST) -> None:
        """Draw a small triangle whose flat side stands at ``x``."""
        tip = x + size * 0.6 if right else x - size * 0.6
        self.add(Polyline(points=((x, y), (tip, y + size / 2), (x, y + size)), ink=ink, filled=True))

    def value(self, text: str, number: int, *, y: float, size: float = 15) -> float:
        """Write a value at the right edge with its [n]; return how much room it took."""
        tail = f"[{number}]" if number else ""
        self.add(
            TextLabel(x=WIDTH - EDGE, y=y, text=text, size=size, bold=True, anchor=TextAnchor.END, tail=tail)
        )
        return self.told(text, size, tail)

    def done(self, title: str, alt: str) -> ChartDrawing:
        """Return the picture."""
        return ChartDrawing(
            width=WIDTH,
            height=round(self.y + EDGE - 4),
            shapes=tuple(self._shapes),
            title=title,
            alt=alt,
            language=self.language,
        )

    @property
    def shapes(self) -> Sequence[Shape]:
        """What is on the page so far."""
        return self._shapes
