"""A picture painted as PNG, at three pixels to the CSS pixel; needs no display and runs in any thread."""

from __future__ import annotations

import io
from functools import singledispatch
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, PngImagePlugin

from bot.charts.font import font
from bot.charts.palette import COLOURS, ChartTheme, mixed
from bot.charts.shapes import APART, TAIL, Disc, Ink, Polyline, Rectangle, TextAnchor, TextLabel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PIL import ImageFont

    from bot.charts.shapes import ChartDrawing, Shape

PIXELS = 3  # to a CSS pixel
_BEFORE = {
    TextAnchor.START: 0.0,
    TextAnchor.MIDDLE: 0.5,
    TextAnchor.END: 1.0,
}  # part of a label left of its x
_FINER = 2  # painted so many times larger, and then brought down: smooth edges


class _Canvas:
    def __init__(self, sheet: ChartDrawing, theme: ChartTheme) -> None:
        self.language = sheet.language
        self.scale = PIXELS * _FINER
        self.colours: Mapping[Ink, str] = COLOURS[theme]
        size = round(sheet.width * self.scale), round(sheet.height * self.scale)
        self.image = Image.new("RGB", size, self.colours[Ink.GROUND])
        self.draw = ImageDraw.Draw(self.image)
        self._faces: dict[tuple[float, bool], ImageFont.FreeTypeFont] = {}

    def face(self, size: float, *, bold: bool) -> ImageFont.FreeTypeFont:
        if (size, bold) not in self._faces:
            self._faces[size, bold] = font(self.language, size * self.scale, bold=bold)
        return self._faces[size, bold]

    def at(self, *values: float) -> list[float]:
        return [value * self.scale for value in values]


def png(sheet: ChartDrawing, theme: ChartTheme = ChartTheme.LIGHT) -> bytes:
    """Return a picture as the bytes of a PNG file, with its words for those who can't see it inside."""
    canvas = _Canvas(sheet, theme)
    for shape in sheet.shapes:
        _paint(shape, canvas)
    told = PngImagePlugin.PngInfo()
    told.add_itxt("Title", sheet.title)
    told.add_itxt("Description", sheet.alt)
    out = io.BytesIO()
    canvas.image.reduce(_FINER).quantize(256, dither=Image.Dither.NONE).save(out, "PNG", pnginfo=told)
    return out.getvalue()


@singledispatch
def _paint(shape: Shape, canvas: _Canvas) -> None:
    raise TypeError(shape, canvas)


@_paint.register
def _(shape: TextLabel, canvas: _Canvas) -> None:
    face, small = canvas.face(shape.size, bold=shape.bold), canvas.face(TAIL, bold=False)
    behind = small.getlength(shape.tail) + APART * canvas.scale if shape.tail else 0.0
    wide = face.getlength(shape.text) + behind
    left, y = shape.x * canvas.scale - wide * _BEFORE[shape.anchor], shape.y * canvas.scale
    canvas.draw.text((left, y), shape.text, fill=canvas.colours[shape.ink], font=face, anchor="ls")
    if shape.tail:
        faint = canvas.colours[Ink.FAINT]
        canvas.draw.text((left + wide, y), shape.tail, fill=faint, font=small, anchor="rs")


@_paint.register
def _(shape: Rectangle, canvas: _Canvas) -> None:
    colour = mixed(canvas.colours[shape.ink], canvas.colours[Ink.GROUND], shape.strength)
    corners = canvas.at(shape.x, shape.y, shape.x + shape.width, shape.y + shape.height)
    radius = min(shape.radius, shape.width / 2, shape.height / 2) * canvas.scale
    canvas.draw.rounded_rectangle(corners, radius=radius, fill=colour)


@_paint.register
def _(shape: Polyline, canvas: _Canvas) -> None:
    points = [(x * canvas.scale, y * canvas.scale) for x, y in shape.points]
    colour = canvas.colours[shape.ink]
    if shape.filled:
        canvas.draw.polygon(points, fill=colour)
    else:
        canvas.draw.line(points, fill=colour, width=round(shape.width * canvas.scale), joint="curve")


@_paint.register
def _(shape: Disc, canvas: _Canvas) -> None:
    centre, radius = (shape.x * canvas.scale, shape.y * canvas.scale), shape.radius * canvas.scale
    ink, ground = canvas.colours[shape.ink], canvas.colours[Ink.GROUND]
    fill = ground if shape.hollow else ink
    width = round(2 * canvas.scale) if shape.hollow else 0
    canvas.draw.circle(centre, radius, fill=fill, outline=ink, width=width)
