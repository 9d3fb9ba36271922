"""``chengwen ingest``: files into the library, with a report of what was understood."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from contextlib import ExitStack, suppress
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.session import of
from bot.errors import InputError
from bot.operations.web_page import fetch, is_address
from bot.presentation.head_facts import previewed_facts
from bot.presentation.rendering import Block, TextStyle, line, squeezed
from bot.terminal.console import screen
from retrieval.values.documents import Genre
from retrieval.values.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bot.commands.session import CommandSession
    from bot.messages import Messages
    from retrieval.ingest.preview import Preview
    from retrieval.ingest.report import FileReport, Report
    from retrieval.library import Library


REFUSED = "refused"
PAUSE = 3.0  # seconds between two looks at a watched folder
LIMIT = 64 * 1024 * 1024  # bytes of standard input; one more makes the reader refuse it


def ingest(  # noqa: PLR0913 - as long as the command line is
    context: typer.Context,
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH",
            help="文件、文件夹或网址，- 为标准输入 · files, folders, addresses, - for standard input",
        ),
    ] = None,
    *,
    place: Annotated[
        str,
        typer.Option(metavar="PLACE", help="属于哪个地方，以此为准 · the place, whatever the text tells"),
    ] = "",
    date: Annotated[
        str,
        typer.Option(metavar="DATE", help="日期，如 2021-06，以此为准 · the date, whatever the text tells"),
    ] = "",
    title: Annotated[str, typer.Option(metavar="TITLE", help="题目，以此为准 · the title")] = "",
    speaker: Annotated[str, typer.Option(metavar="NAME", help="发言人，以此为准 · the speaker")] = "",
    prune: Annotated[
        bool,
        typer.Option(
            "--prune",
            help="文件大多不见了也照样移除 · forget texts also where most files are gone",
        ),
    ] = False,
    watch: Annotated[
        bool,
        typer.Option("--watch", help="守着文件夹，有新文件就读，Ctrl+C 停止 · keep watching the folders"),
    ] = False,
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
    if watch and not all(Path(one).is_dir() for one in named):
        raise InputError("--watch 要守的是文件夹，例如：chengwen ingest --watch 稿件/")
    with ExitStack() as opened:
        cluster = opened.enter_context(joined(ray)) if ray else None
        library = opened.enter_context(session.wiring.library(write=True, rebuild=rebuild, cluster=cluster))
        progress = opened.enter_context(bar(session.messages))
        if rebuild:
            session.say("rebuilt")
        take = partial(library.ingest, workshop=cluster.prepare) if cluster else library.ingest
        take = partial(take, prune=prune)
        reports = _take(library, named, partial(take, options=options, progress=progress), options)
        held = sum(one.genre is not Genre.PREFACE for one in library.documents())
        session.warn_away(library)
    if as_json:
        print(json.dumps([asdict(report) for report in reports], ensure_ascii=False, indent=2))
    elif named:
        screen().show(told_of(reports, held, session.messages))
    if watch:
        _watch(session, [Path(one) for one in named], options, prune=prune)
    raise typer.Exit(1 if any(report.status == REFUSED for report in reports) else 0)


def _watch(
    session: CommandSession, folders: Sequence[Path], options: Mapping[str, str], *, prune: bool
) -> None:
    """Take in what is new in folders until the person stops it; the library is held only meanwhile."""
    from bot.operations.folder_watch import FolderWatch  # noqa: PLC0415 - numpy, and help needs none

    watching = FolderWatch(folders)
    watching.settle()
    session.say("watching", folders=session.messages.say("joint").join(map(str, folders)))
    with suppress(KeyboardInterrupt):
        while True:
            time.sleep(PAUSE)
            found = watching.look()
            if not found:
                continue
            with session.wiring.library(write=True) as library:
                paths = folders if found.gone else found.changed
                reports = library.ingest(paths, options=options, prune=prune).files
            told = [one for one in reports if one.status != "unchanged"]
            screen().show(tuple(_told(one, session.messages) for one in told))


def _take(
    library: Library,
    named: Sequence[str],
    take: Callable[[Sequence[Path]], Report],
    options: Mapping[str, str],
) -> tuple[FileReport, ...]:
    paths = [Path(one) for one in named if one != "-" and not is_address(one)]
    reports = take(paths).files if paths else ()
    fetched = tuple(_take_page(library, one, options) for one in named if is_address(one))
    stdin = (_take_stdin(library, options),) if "-" in named else ()
    return (*reports, *fetched, *stdin)


def _take_page(library: Library, url: str, options: Mapping[str, str]) -> FileReport:
    """Fetch a page and take it in under the address that it has in the end."""
    from retrieval.ingest.report import FileReport, Status  # noqa: PLC0415 - see bot.assembly.wiring
    from retrieval.loaders.load import read_page  # noqa: PLC0415 - see bot.assembly.wiring

    try:
        page = fetch(url)
        return library.ingest_source(read_page(page.data, page.url, page.media), options=options)
    except (InputError, ReadError) as error:
        return FileReport(path=url, status=Status.REFUSED, reason=str(error))


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
    texts = [
        (one, facts)
        for one, facts in zip(found.documents, found.facts, strict=True)
        if one.genre != Genre.PREFACE
    ]
    yield line(said.say("preview", documents=len(texts), figures=found.figures), style=TextStyle.STRONG)
    for one, facts in texts:
        head = (one.title, one.place or said.say("preview_no_place"), one.date or said.say("preview_no_date"))
        yield line(" · ".join(head), apart=True)
        yield line(
            said.say("preview_parts", sections=one.sections, passages=one.passages), style=TextStyle.FAINT
        )
        yield from previewed_facts(facts, said)
