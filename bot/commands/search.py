"""``chengwen search``: the passages themselves, without an answer."""

from __future__ import annotations

import sys
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Protocol

import typer

from bot.commands.ask import given, reading, writing
from bot.commands.session import Batch, Out, of
from bot.errors import InputError
from bot.presentation.answer_records import hit_record, hits_record, json_line, questions
from bot.presentation.rendering import Block, BlockKind, TextRun, TextStyle, body, line
from bot.terminal.console import screen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bot.messages import Messages
    from bot.presentation.answer_records import QuestionRecord
    from retrieval.values.documents import Hit


def search(  # noqa: PLR0913 - as long as the command line is
    context: typer.Context,
    words: Annotated[
        str, typer.Argument(metavar="WORDS", help="问题或几个词 · a question or some words")
    ] = "",
    *,
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="最多几段 · how many passages")] = 8,
    place: Annotated[
        list[str] | None, typer.Option(metavar="PLACE", help="只找这个地方，可写几次 · only this place")
    ] = None,
    year: Annotated[
        list[int] | None, typer.Option(metavar="YEAR", help="只找这一年，可写几次 · only this year")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON · the hits as JSON")] = False,
    batch: Batch = None,
    out: Out = None,
) -> None:
    """只找段落，不作回答。Find passages, without an answer."""
    session = of(context)
    text = given(words) if batch is None else ""
    with session.library() as library:
        searcher = session.wiring.searcher(library)
        chosen = searcher.places(place or (), session.messages)
        find = partial(searcher.find, k=k, places=chosen, years=tuple(year or ()))
        if batch is not None:
            with reading(batch) as lines, writing(out) as write:
                raise typer.Exit(session.sum_up(find_all(questions(lines), find, write)))
        began = perf_counter()
        hits = find(text)
        seconds = perf_counter() - began
    if as_json:
        record = {"question": text, "hits": [hit_record(hit) for hit in hits], "seconds": round(seconds, 4)}
        print(json_line(record))
    else:
        screen().show(found(hits, session.messages))


class PassageSearch(Protocol):
    """Finds passages for a question."""

    def __call__(self, text: str) -> Sequence[Hit]:
        """Return the best hits."""
        ...


def find_all(
    asked: Iterable[QuestionRecord | InputError], find: PassageSearch, write: Callable[[object], None]
) -> int:
    """Search for a batch and write a record for each question; returns how many lines were bad."""
    bad = 0
    for one in asked:
        if isinstance(one, InputError):
            print(one, file=sys.stderr)
            bad += 1
            continue
        began = perf_counter()
        hits = find(one.question)
        write(hits_record(one.id, hits, seconds=perf_counter() - began))
    return bad


def found(hits: Sequence[Hit], said: Messages) -> tuple[Block, ...]:
    """Return hits as blocks: where each stands, how good it is, its words."""
    if not hits:
        return (line(said.say("no_hits")),)
    return tuple(block for number, hit in enumerate(hits, 1) for block in _hit(number, hit))


def _hit(number: int, hit: Hit) -> tuple[Block, ...]:
    place = [TextRun(f" {hit.document.place}", TextStyle.STRONG)] if hit.document.place else []
    path = " · ".join(part for part in (hit.document.title, *hit.passage.heading) if part)
    runs = (
        TextRun(f"{number}.", TextStyle.MARKER),
        *place,
        TextRun(f" {path}"),
        TextRun(f"  {hit.score:.3f}", TextStyle.FAINT),
    )
    return (Block(runs, BlockKind.TITLE), line(body(hit.passage), kind=BlockKind.QUOTE))
