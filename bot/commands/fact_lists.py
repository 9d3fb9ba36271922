"""``chengwen figures`` and ``chengwen measures``: what the register holds, as lines, records or a sheet."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from answering.values.chart import Chart as ChartValue
from answering.values.chart import Drawing, Mark
from bot.commands.session import of
from bot.errors import InputError
from bot.presentation.answer_records import json_line
from bot.presentation.fact_query import asked, compared, is_thing
from bot.presentation.fact_records import (
    DocumentReader,
    beside,
    comparison_record,
    figure_record,
    measure_record,
)
from bot.presentation.rendering import TextStyle, blocks, line, sources
from bot.presentation.spreadsheets import write_csv, write_xlsx
from bot.terminal.console import screen, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.commands.session import CommandSession
    from bot.messages import Messages
    from retrieval.catalog.fact_query import Ask
    from retrieval.facts.models import MeasureRow
    from retrieval.library import Library

    Record = dict[str, Any]

    from answering.values import chart as charts
    from answering.values.answer import Citation


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


SHOWN = 200  # lines on a screen; records and sheets hold all
FIGURE_COLUMNS = (
    *("place", "metric", "value", "high", "unit", "bound", "kind", "period", "year", "field"),
    *("span", "sentence", "title", "date", "source", "page", "recognised", "link"),
)
MEASURE_COLUMNS = (
    *("place", "field", "action", "object", "kind", "period", "year", "figures"),
    *("text", "sentence", "title", "date", "source", "page", "recognised", "link"),
)

FIGURES_SHOWN = ("place", "metric", "span", "period", "kind", "field", "title")
MEASURES_SHOWN = ("place", "field", "action", "object", "kind", "period")
SORTS = ("text", "value", "place", "year", "metric", "field")

Place = Annotated[
    list[str] | None, typer.Option(metavar="PLACE", help="只看这个地方，可写几次 · only this place")
]
Field_ = Annotated[
    list[str] | None,
    typer.Option(metavar="FIELD", help="领域：民生、城建、交通…，可写几次 · field of work"),
]
Year = Annotated[list[int] | None, typer.Option(metavar="YEAR", help="所说的年份 · the year told of")]
Kinds = Annotated[
    list[str] | None,
    typer.Option(
        metavar="KIND", help="done 已做、target 目标、comparison 比较、state 现状、name 名称 · kind"
    ),
]
Sort = Annotated[
    str, typer.Option(metavar="BY", help="排序：text、value、place、year、metric；前加 - 倒序 · order")
]
Json = Annotated[bool, typer.Option("--json", help="一行一个 JSON · one JSON object a line")]
Csv = Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="写成 CSV · write CSV")]
Xlsx = Annotated[Path | None, typer.Option("--xlsx", metavar="FILE", help="写成 XLSX · write XLSX")]


@dataclass(frozen=True, slots=True)
class FactRecord:
    """One row to be told, with what a sheet has beside its record."""

    record: Record
    beside: Record  # sentence, link


@dataclass(frozen=True, slots=True, kw_only=True)
class FactOutput:
    """How rows are to be told."""

    sort: str
    as_json: bool
    csv: Path | None
    xlsx: Path | None
    columns: tuple[str, ...]
    shown: tuple[str, ...]  # columns on a screen


def figures(  # noqa: PLR0913 - as long as the command line is
    context: typer.Context,
    *,
    place: Place = None,
    field: Field_ = None,
    metric: Annotated[
        list[str] | None, typer.Option(metavar="WORDS", help="量的是什么，可写几次 · the thing measured")
    ] = None,
    year: Year = None,
    unit: Annotated[list[str] | None, typer.Option(metavar="UNIT", help="单位：个、元、%… · unit")] = None,
    kind: Kinds = None,
    sort: Sort = "text",
    as_json: Json = False,
    csv: Csv = None,
    xlsx: Xlsx = None,
) -> None:
    """列出材料里的数字，每个都指到原文。List the figures of the texts."""
    session = of(context)
    way = FactOutput(
        sort=sort, as_json=as_json, csv=csv, xlsx=xlsx, columns=FIGURE_COLUMNS, shown=FIGURES_SHOWN
    )
    with session.library() as library:
        ask = _ask(session, library, place, field, year, kind)
        wanted = replace(ask, things=tuple(metric or ()), units=tuple(unit or ()))
        texts = DocumentReader(library)
        entries = []
        for one in library.register.figures(wanted):
            document, row = texts.of(one.row.document), one.row
            record = figure_record(one, document)
            entries.append(FactRecord(record, beside(document, row.sentence, record["span"])))
    tell(session, entries, way)


def measures(  # noqa: PLR0913 - as long as the command line is
    context: typer.Context,
    *,
    place: Place = None,
    field: Field_ = None,
    metric: Annotated[
        list[str] | None, typer.Option(metavar="WORDS", help="措施里的词，可写几次 · words of the measure")
    ] = None,
    year: Year = None,
    kind: Kinds = None,
    sort: Sort = "text",
    as_json: Json = False,
    csv: Csv = None,
    xlsx: Xlsx = None,
    chart: Chart = None,
    dark: Dark = False,
) -> None:
    """列出做了的和要做的事，每件都指到原文。List the measures of the texts."""
    session = of(context)
    way = FactOutput(
        sort=sort, as_json=as_json, csv=csv, xlsx=xlsx, columns=MEASURE_COLUMNS, shown=MEASURES_SHOWN
    )
    with session.library() as library:
        ask = replace(_ask(session, library, place, field, year, kind), things=tuple(metric or ()))
        texts = DocumentReader(library)
        entries = []
        rows = library.register.measures(ask)
        if chart:
            write_chart(session, counted_chart(rows, session.messages), chart, dark=dark)
        for row in rows:
            document = texts.of(row.document)
            record = measure_record(row, document)
            entries.append(FactRecord(record, beside(document, row.sentence, record["text"])))
    if not chart or as_json or csv or xlsx:
        tell(session, entries, way)


def _ask(
    session: CommandSession,
    library: Library,
    place: list[str] | None,
    field: list[str] | None,
    year: list[int] | None,
    kind: list[str] | None,
) -> Ask:
    searcher = session.wiring.searcher(library)
    return asked(
        searcher,
        session.messages,
        places=place or (),
        fields=field or (),
        years=year or (),
        kinds=kind or (),
    )


def tell(session: CommandSession, entries: Sequence[FactRecord], way: FactOutput) -> None:
    """Print rows as records, write them to sheets, or show them as a table. Raises InputError."""
    entries = _sorted(session, entries, way.sort)
    if way.as_json:
        for one in entries:
            print(json_line(one.record))
    if way.csv or way.xlsx:
        _write(session, entries, way)
    if not (way.as_json or way.csv or way.xlsx):
        _show(session, entries, way)


def _write(session: CommandSession, entries: Sequence[FactRecord], way: FactOutput) -> None:
    heads = [session.messages.say(f"column_{name}") for name in way.columns]
    rows = [[_cell((one.record | one.beside)[name]) for name in way.columns] for one in entries]
    if way.csv:
        write_csv(way.csv, heads, rows)
        session.say("rows_written", rows=len(rows), out=way.csv)
    if way.xlsx:
        write_xlsx(
            way.xlsx,
            heads,
            rows,
            links=frozenset(n for n, name in enumerate(way.columns) if name.endswith("link")),
        )
        session.say("rows_written", rows=len(rows), out=way.xlsx)


def _show(session: CommandSession, entries: Sequence[FactRecord], way: FactOutput) -> None:
    if not entries:
        screen().show([line(session.messages.say("no_rows"))])
        return
    heads = [session.messages.say(f"column_{name}") for name in way.shown]
    shown = entries[:SHOWN]
    table(
        heads,
        [[_told(session, name, (one.record | one.beside)[name]) for name in way.shown] for one in shown],
    )
    key = "rows_sum" if len(shown) == len(entries) else "rows_some"
    told = {"rows": len(entries)} if key == "rows_sum" else {"rows": len(entries), "shown": len(shown)}
    screen().show([line(session.messages.say(key, **told), style=TextStyle.FAINT)])


def _told(session: CommandSession, column: str, value: object) -> str:
    if column in ("kind", "promise_state"):
        return session.messages.say(f"{column}_{value}")
    return str(_cell(value) or "")


def _sorted(session: CommandSession, entries: Sequence[FactRecord], by: str) -> Sequence[FactRecord]:
    """Put rows in order; figures of one class of unit stay together. Raises InputError."""
    name = by.removeprefix("-")
    if name not in SORTS:
        raise InputError(session.messages.say("sort_unknown", sort=by, sorts="、".join(SORTS)))
    if name == "text" or not entries or name not in entries[0].record:
        return list(reversed(entries)) if by.startswith("-") else entries
    told = [one for one in entries if one.record[name] is not None]
    rest = [one for one in entries if one.record[name] is None]
    told.sort(key=lambda one: one.record[name], reverse=by.startswith("-"))
    if name == "value":
        told.sort(key=lambda one: str(one.record["unit_class"]))
    return told + rest


def _cell(value: object) -> str | int | float | None:
    if isinstance(value, list):
        return "、".join(map(str, value))
    if isinstance(value, bool):
        return "✓" if value else None
    if value is None or isinstance(value, int | float):
        return value
    return " ".join(str(value).split())


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
    from answering.pipeline import Answerer  # noqa: PLC0415 - numpy, which help can spare

    session = of(context)
    if not thing.strip():
        raise InputError(session.messages.say("compare_nothing"))
    if not is_thing(thing):
        raise InputError(session.messages.say("compare_no_thing", thing=thing[:40]))
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
        screen().show(sources(answer, session.messages))
    if chart:
        write_chart(session, answer.chart, chart, citations=answer.citations, dark=dark)


def counted_chart(rows: Iterable[MeasureRow], messages: Messages) -> ChartValue:
    """Count measures by place and field; those of no place are left out."""
    counts = Counter((row.place, row.field) for row in rows if row.place)
    marks = tuple(
        Mark(name=place, column=field, value=count, text=str(count))
        for (place, field), count in counts.items()
        if place
    )
    return ChartValue(drawing=Drawing.GRID, title=messages.say("chart_grid"), unit="", marks=marks)
