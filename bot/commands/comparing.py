"""``chengwen compare``: one thing of several places or years, as a table, a record or a picture."""

from __future__ import annotations

from typing import Annotated

import typer

from answering.pipeline import Answerer
from bot.commands.drawing import Chart, Dark, write_chart
from bot.commands.register import Json, Place  # noqa: TC001 - typer reads them
from bot.commands.session import of
from bot.errors import InputError
from bot.presentation.answer_records import json_line
from bot.presentation.fact_query import compared
from bot.presentation.fact_records import comparison_record
from bot.presentation.rendering import blocks, sources
from bot.terminal.console import screen


def compare(
    context: typer.Context,
    thing: Annotated[str, typer.Argument(metavar="THING", help="比什么：老旧小区改造 · what to compare")],
    *,
    place: Place = None,
    as_json: Json = False,
    chart: Chart = None,
    dark: Dark = False,
) -> None:
    """把各地（或一地各年）的同一件事放在一起比，不能比的说明原因。Set one thing side by side."""
    session = of(context)
    if not thing.strip():
        raise InputError(session.messages.say("compare_nothing"))
    with session.library() as library:
        places = session.wiring.searcher(library).places(tuple(place or ()), session.messages)
        answer = Answerer(library).answer_now(compared(thing, places, session.messages.language))
    if as_json:
        print(json_line(comparison_record(thing, answer)))
    else:
        screen().show(blocks(answer, session.messages))
    if not answer.outcome.is_answer:
        raise typer.Exit(1)
    if not as_json:
        screen().show(sources(answer))
    if chart:
        write_chart(session, answer.chart, chart, citations=answer.citations, dark=dark)
