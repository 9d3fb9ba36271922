"""Pictures that a command writes: the options for them, and the file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.values import chart as charts
    from answering.values.answer import Citation
    from bot.commands.session import CommandSession

Chart = Annotated[Path | None, typer.Option("--chart", metavar="FILE", help="画成图，.png 或 .svg · draw it")]
Dark = Annotated[bool, typer.Option("--dark", help="图用深色 · a dark picture")]


def write_chart(
    session: CommandSession,
    chart: charts.Chart | None,
    out: Path,
    *,
    citations: Sequence[Citation] = (),
    dark: bool = False,
) -> None:
    """Write a chart as a picture. Raises InputError where there is none, or it can't be written."""
    from bot.charts import files  # noqa: PLC0415 - the painter takes time to import, and is seldom needed

    if out.suffix.lower() not in files.FORMS:
        raise InputError(session.messages.say("chart_form", out=out))
    if chart is None or len(chart.marks) < 2:
        raise InputError(session.messages.say("chart_none"))
    files.write(out, chart, citations, session.messages, dark=dark)
    session.say("chart_written", out=out)
