"""Charts into files: .png is painted, .svg is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.charts.palette import ChartTheme
from bot.charts.pictures import sheet
from bot.charts.png import png
from bot.charts.svg import svg
from bot.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from answering.values.answer import Citation
    from answering.values.chart import Chart
    from bot.messages import Messages

FORMS = (".png", ".svg")


def write(
    out: Path, chart: Chart, citations: Sequence[Citation], messages: Messages, *, dark: bool = False
) -> None:
    """Write a chart in the form that the file's name asks for. Raises InputError where it can't be written.

    A PNG is light unless ``dark``; an SVG follows the reader's device unless ``dark``.
    """
    picture = sheet(chart, citations, messages)
    if out.suffix.lower() == ".svg":
        data = svg(picture, ChartTheme.DARK if dark else None).encode()
    else:
        data = png(picture, ChartTheme.DARK if dark else ChartTheme.LIGHT)
    try:
        out.write_bytes(data)
    except OSError as error:
        raise InputError(f"写不了“{out}”（{error.strerror}）。请换一个位置。") from error
