"""``chengwen ingest``: files into the library, with a report of what was understood."""

from __future__ import annotations

import json
import sys
from collections import Counter
from contextlib import ExitStack
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.session import of
from bot.errors import InputError
from bot.presentation.rendering import Block, TextStyle, line, squeezed
from bot.terminal.console import screen
from retrieval.values.documents import Genre
from retrieval.values.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bot.messages import Messages
    from retrieval.ingest.preview import Preview
    from retrieval.ingest.report import FileReport, Report
    from retrieval.library import Library


REFUSED = "refused"
LIMIT = 64 * 1024 * 1024  # bytes of standard input; one more makes the reader refuse it


def ingest(  # noqa: PLR0913 - as long as the command line is
    context: typer.Context,
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH", help="文件或文件夹，- 为标准输入 · files, folders, - for standard input"
        ),
    ] = None,
    *,
    place: Annotated[
        str,
        typer.Option(
            metavar="PLACE", help="文件没写明时，属于哪个地方 · the place, where the text tells none"
        ),
    ] = "",
    date: Annotated[
        str,
        typer.Option(
            metavar="DATE", help="文件没写明时的日期，如 2021-06 · the date, where the text tells none"
        ),
    ] = "",
    title: Annotated[str, typer.Option(metavar="TITLE", help="文件没写明时的题目 · the title")] = "",
    speaker: Annotated[str, typer.Option(metavar="NAME", help="文件没写明时的发言人 · the speaker")] = "",
    rebuild: Annotated[
        bool,
        typer.Option(
            "--rebuild",
            help="先按资料库重建索引，换了向量模型后用 · rebuild the indexes, as after a change of model",
        ),
    ] = False,
    ray: Annotated[
        str,
        typer.Option(
            metavar="[ADDRESS]",
            help="分到 Ray 集群上做，不写地址就用本机 · spread over a Ray cluster, or this machine",
        ),
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON 报告 · the report as JSON")] = False,
) -> None:
    """把文件读进库：txt、Markdown、HTML、DOCX、PDF。Read files into the library."""
    from bot.operations.ray_cluster import cluster as joined  # noqa: PLC0415 - as the next
    from bot.terminal.progress import bar  # noqa: PLC0415 - rich's bars take 0.03 s, and help needs none

    session = of(context)
    named = tuple(paths or ())
    if not named and not rebuild:
        raise InputError("要读哪个文件？例如：chengwen ingest 报告.docx")
    told = {"place": place, "date": date, "title": title, "speaker": speaker}
    options = {name: value for name, value in told.items() if value}
    session.warn_words_alone()
    with ExitStack() as opened:
        cluster = opened.enter_context(joined(ray)) if ray else None
        library = opened.enter_context(session.wiring.library(write=True, rebuild=rebuild, cluster=cluster))
        progress = opened.enter_context(bar(session.messages))
        if rebuild:
            session.say("rebuilt")
        take = partial(library.ingest, workshop=cluster.prepare) if cluster else library.ingest
        reports = _take(library, named, partial(take, options=options, progress=progress), options)
        held = sum(one.genre is not Genre.PREFACE for one in library.documents())
        session.warn_away(library)
    if as_json:
        print(json.dumps([asdict(report) for report in reports], ensure_ascii=False, indent=2))
    elif named:
        screen().show(told_of(reports, held, session.messages))
    raise typer.Exit(1 if any(report.status == REFUSED for report in reports) else 0)


def _take(
    library: Library,
    named: Sequence[str],
    take: Callable[[Sequence[Path]], Report],
    options: Mapping[str, str],
) -> tuple[FileReport, ...]:
    paths = [Path(one) for one in named if one != "-"]
    reports = take(paths).files if paths else ()
    return (*reports, _take_stdin(library, options)) if "-" in named else reports


def _take_stdin(library: Library, options: Mapping[str, str]) -> FileReport:
    from retrieval.ingest.report import FileReport, Status  # noqa: PLC0415 - see bot.assembly.wiring
    from retrieval.loaders.load import read_bytes  # noqa: PLC0415 - see bot.assembly.wiring

    try:
        source = read_bytes(sys.stdin.buffer.read(LIMIT + 1), "stdin")
    except ReadError as error:
        return FileReport(path="stdin", status=Status.REFUSED, reason=str(error))
    return library.ingest_source(source, options=options)


def told_of(reports: Sequence[FileReport], held: int, said: Messages) -> tuple[Block, ...]:
    """Return what became of each file, and a line that sums it up."""
    if not reports:
        return (line(said.say("nothing_given")),)
    counts = Counter(str(report.status) for report in reports)
    names = {name: counts[name] for name in ("ingested", "unchanged", "refused")}
    return (
        *(_told(report, said) for report in reports),
        line(said.say("ingest_sum", **names, held=held), style=TextStyle.STRONG, apart=len(reports) > 1),
    )


def _told(report: FileReport, said: Messages) -> Block:
    key = str(report.status)
    facts = asdict(report) | {"path": squeezed(report.path)}  # a name may hold line ends
    style = TextStyle.STRONG if key == REFUSED else TextStyle.FAINT if key == "unchanged" else TextStyle.PLAIN
    return line(said.say(key, **{name: facts[name] for name in said.names(key)}), style=style)


def preview(
    context: typer.Context,
    paths: Annotated[list[str], typer.Argument(metavar="PATH", help="文件 · files")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON · as JSON")] = False,
) -> None:
    """先看一个文件会读出什么，不入库。See what a file would give."""
    from retrieval.ingest.preview import preview as read  # noqa: PLC0415 - see bot.assembly.wiring

    said = of(context).messages
    found = [read(Path(one), options={}) for one in paths]
    if as_json:
        print(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=2))
    else:
        for one in found:
            screen().show(tuple(told(one, said)))
    raise typer.Exit(1 if any(one.reason for one in found) else 0)


def told(found: Preview, said: Messages) -> Iterator[Block]:
    """Tell what a file holds, or why it would be refused."""
    if found.reason:
        yield line(
            said.say("refused", path=squeezed(found.path), reason=found.reason), style=TextStyle.STRONG
        )
        return
    texts = [one for one in found.documents if one.genre != Genre.PREFACE]
    yield line(said.say("preview", documents=len(texts), figures=found.figures), style=TextStyle.STRONG)
    for one in texts:
        head = (one.title, one.place or said.say("preview_no_place"), one.date or said.say("preview_no_date"))
        yield line(" · ".join(head), apart=True)
        yield line(
            said.say("preview_parts", sections=one.sections, passages=one.passages), style=TextStyle.FAINT
        )
