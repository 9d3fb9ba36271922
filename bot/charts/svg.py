"""A picture written as SVG: its words are text, named and described for a screen reader.

Alone in a file it brings its colours for day and night; within a page it leaves them to the page's own style.
"""

from __future__ import annotations

from functools import singledispatch
from html import escape
from typing import TYPE_CHECKING

from bot.charts.palette import COLOURS, ChartTheme
from bot.charts.shapes import APART, TAIL, Disc, Ink, Polyline, Rectangle, TextLabel

if TYPE_CHECKING:
    from bot.charts.shapes import ChartDrawing, Shape

_FAMILY = "'PingFang SC','Noto Sans CJK SC','Noto Sans SC','Microsoft YaHei','Hiragino Sans GB',sans-serif"


def svg(sheet: ChartDrawing, theme: ChartTheme | None = None) -> str:
    """Return a picture as an SVG file; without a theme it follows what the reader's device prefers."""
    if theme is None:
        dark = f"@media (prefers-color-scheme: dark) {{{style(ChartTheme.DARK)}}}"
        colours = f"{style(ChartTheme.LIGHT)} {dark}"
    else:
        colours = style(theme)
    own = f"<style>text {{font-family: {_FAMILY}}} {colours}</style>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{inline(sheet, own=own)}\n'


def inline(sheet: ChartDrawing, *, own: str = "", name: str = "chart") -> str:
    """Return a picture as an element of a page, whose style gives the classes ``ink-…`` their colours.

    ``name`` tells pictures of one page apart.
    """
    size = f"{sheet.width:g} {sheet.height:g}"
    body = "".join(_written(shape) for shape in (_ground(sheet), *sheet.shapes))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {size}" width="{sheet.width:g}"'
        f' height="{sheet.height:g}" role="img" lang="{sheet.language}"'
        f' aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">{escape(sheet.title)}</title>'
        f'<desc id="{name}-desc">{escape(sheet.alt)}</desc>{own}{body}</svg>'
    )


def style(theme: ChartTheme) -> str:
    """Return the rules that give each ink its colour by one theme."""
    return " ".join(
        f".ink-{ink.value} {{fill: {colour}}} .line-{ink.value} {{stroke: {colour}}}"
        for ink, colour in COLOURS[theme].items()
    )


def _ground(sheet: ChartDrawing) -> Rectangle:
    return Rectangle(x=0, y=0, width=sheet.width, height=sheet.height, ink=Ink.GROUND)


@singledispatch
def _written(shape: Shape) -> str:
    raise TypeError(shape)


@_written.register
def _(shape: TextLabel) -> str:
    weight = ' font-weight="600"' if shape.bold else ""
    tail = (
        f'<tspan class="ink-{Ink.FAINT}" dx="{APART:g}" font-size="{TAIL:g}" font-weight="400">'
        f"{escape(shape.tail)}</tspan>"
        if shape.tail
        else ""
    )
    return (
        f'<text class="ink-{shape.ink}" x="{shape.x:.1f}" y="{shape.y:.1f}" font-size="{shape.size:g}"'
        f' text-anchor="{shape.anchor}"{weight}>{escape(shape.text)}{tail}</text>'
    )


@_written.register
def _(shape: Rectangle) -> str:
    round_ = f' rx="{shape.radius:g}"' if shape.radius else ""
    thin = f' fill-opacity="{shape.strength:.2f}"' if shape.strength < 1 else ""
    return (
        f'<rect class="ink-{shape.ink}" x="{shape.x:.1f}" y="{shape.y:.1f}" width="{shape.width:.1f}"'
        f' height="{shape.height:.1f}"{round_}{thin}/>'
    )


@_written.register
def _(shape: Polyline) -> str:
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in shape.points)
    if shape.filled:
        return f'<polygon class="ink-{shape.ink}" points="{points}"/>'
    return (
        f'<polyline class="line-{shape.ink}" points="{points}" fill="none" stroke-width="{shape.width:g}"'
        f' stroke-linejoin="round" stroke-linecap="round"/>'
    )


@_written.register
def _(shape: Disc) -> str:
    fill = Ink.GROUND if shape.hollow else shape.ink
    return (
        f'<circle class="ink-{fill} line-{shape.ink}" cx="{shape.x:.1f}" cy="{shape.y:.1f}"'
        f' r="{shape.radius - (1 if shape.hollow else 0):g}" stroke-width="{2 if shape.hollow else 0}"/>'
    )
