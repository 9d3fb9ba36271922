"""``chengwen corpus``: what the library holds, and taking something out of it."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands.session import of
from bot.errors import InputError
from bot.presentation.rendering import Block, BlockKind, TextStyle, line
from bot.terminal.console import screen, table
from retrieval.parsing.dates import iso_date
from retrieval.values.documents import Genre
from retrieval.values.errors import RetrievalError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.messages import Messages
    from retrieval.library import Library
    from retrieval.values.documents import Document, Section

    Row = dict[str, Any]

COLUMNS = ("id", "place", "date", "title", "passages", "source")
Json = Annotated[bool, typer.Option("--json", help="输出 JSON · as JSON")]

corpus = typer.Typer(help="看库里有什么，移除不要的。What the library holds.", no_args_is_help=True)


@corpus.command("list")
def list_(context: typer.Context, *, as_json: Json = False) -> None:
    """列出库里的文档。List the documents."""
    session = of(context)
    said = session.messages
    with session.wiring.library() as library:
        rows = [row(document, library) for document in library.documents()]
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    elif not rows:
        screen().show([line(said.say("corpus_empty"))])
    else:
        heads = [said.say(f"column_{name}") for name in COLUMNS]
        table(heads, [[_cell(one, name, said) for name in COLUMNS] for one in rows])
        passages = sum(one["passages"] for one in rows)
        texts = sum(one["genre"] != Genre.PREFACE for one in rows)
        screen().show(
            [line(said.say("corpus_sum", documents=texts, passages=passages), style=TextStyle.FAINT)]
        )


@corpus.command()
def show(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="ID", help="corpus list 里的编号 · an id of corpus list")],
    *,
    as_json: Json = False,
) -> None:
    """看一篇文档：来历、标题和全文。Show a document with its text."""
    session = of(context)
    with session.wiring.library() as library:
        document = library.document(name)
        if document is None:
            raise InputError(session.messages.say("no_document", id=name))
        about = row(document, library)
    if as_json:
        print(json.dumps(about | {"text": document.text}, ensure_ascii=False, indent=2))
    else:
        screen().show((*facts(document, session.messages), *text(document)))


@corpus.command("set")
def set_(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="ID", help="corpus list 里的编号 · an id of corpus list")],
    *,
    place: Annotated[str | None, typer.Option(metavar="PLACE", help="地方 · the place")] = None,
    date: Annotated[str | None, typer.Option(metavar="DATE", help="日期，如 2021-06 · the date")] = None,
    title: Annotated[str | None, typer.Option(metavar="TITLE", help="题目 · the title")] = None,
    speaker: Annotated[str | None, typer.Option(metavar="NAME", help="发言人 · the speaker")] = None,
) -> None:
    """改正一篇文档的地方、日期、题目或发言人，不重算向量；写成空的就撤销。Set facts of a document right."""
    session = of(context)
    told = {"place": place, "date": date, "title": title, "speaker": speaker}
    facts_ = {key: value.strip() for key, value in told.items() if value is not None}
    if not facts_:
        raise InputError(session.messages.say("set_nothing"))
    if facts_.get("date") and iso_date(facts_["date"]) is None:
        raise InputError(session.messages.say("set_date", date=facts_["date"]))
    with session.wiring.library(write=True) as library:
        source = next((one.source for one in library.documents() if one.id == name), None)
        try:
            done = library.correct(name, facts_)
        except RetrievalError as error:
            raise InputError(str(error)) from error
        if done is None or source is None:
            raise InputError(session.messages.say("no_document", id=name))
        if done.reason:
            raise InputError(done.reason)
        found = next(
            one for one in library.documents() if one.source == source and one.genre is not Genre.PREFACE
        )
        screen().show([line(session.messages.say("set_done", id=found.id)), *facts(found, session.messages)])


@corpus.command()
def remove(
    context: typer.Context,
    key: Annotated[
        str, typer.Argument(metavar="SOURCE", help="corpus list 里的来源 · a source of corpus list")
    ],
    *,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="不再确认 · don't ask")] = False,
) -> None:
    """从库里移除一个来源和其中的文档；文件本身不动。Remove a source; its file stays."""
    session = of(context)
    said = session.messages
    with session.wiring.library(write=True) as library:
        held = next((one.documents for one in library.sources() if one.key == key), None)
        if held is None:
            raise InputError(said.say("no_source", key=key))
        if not yes and not confirmed(said.say("remove_ask", key=key, documents=held), said):
            session.say("remove_kept")
            raise typer.Exit(1)
        library.remove(key)
    session.say("remove_done", key=key)


def _cell(one: Row, name: str, said: Messages) -> str:
    if name == "place" and one["genre"] == Genre.PREFACE:
        return said.say("preface")
    return str(one[name] or "")


def confirmed(asked: str, said: Messages) -> bool:
    """Ask at the terminal. Raises InputError where there is no one to ask."""
    if not sys.stdin.isatty():
        raise InputError(said.say("remove_unasked"))
    print(asked, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes", "是", "好")


def row(document: Document, library: Library) -> Row:
    """Return what is told of a document in a list."""
    return {
        "id": document.id,
        "place": document.place,
        "date": document.date or (str(document.year) if document.year else None),
        "title": document.title,
        "genre": str(document.genre),
        "speaker": document.speaker,
        "event": document.event,
        "sections": [f"{one.numeral} {one.title}".strip() for one in document.sections],
        "passages": len(library.passages(document.id)),
        "source": document.source,
    }


def facts(document: Document, said: Messages) -> Iterator[Block]:
    """Tell where a document comes from."""
    head = (document.place, document.date or str(document.year or ""), document.title)
    yield line(" · ".join(part for part in head if part), style=TextStyle.STRONG, kind=BlockKind.TITLE)
    told = {"event": document.event, "speaker": document.speaker, "source": document.source}
    for name, value in told.items():
        if value:
            yield line(said.say(f"{name}_of", **{name: value}), style=TextStyle.FAINT)


def text(document: Document) -> Iterator[Block]:
    """Return a document's paragraphs; headings stand out."""
    headings = {one.start: one for one in document.sections if one.title}
    at = 0
    for paragraph in document.text.splitlines(keepends=True):
        shown = paragraph.strip()
        if shown:
            style = TextStyle.STRONG if _headed(headings, at, paragraph) else TextStyle.PLAIN
            yield line(shown, style=style, apart=True)
        at += len(paragraph)


def _headed(headings: dict[int, Section], at: int, paragraph: str) -> bool:
    return any(at <= start < at + len(paragraph) for start in headings)
