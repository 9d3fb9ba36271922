"""``chengwen preview``: what would be read of files, before anything is kept of them."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.session import of
from bot.presentation.rendering import Block, TextStyle, line
from bot.terminal.console import screen
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.messages import Messages
    from retrieval.ingest.preview import Preview


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
        yield line(said.say("refused", path=found.path, reason=found.reason), style=TextStyle.STRONG)
        return
    texts = [one for one in found.documents if one.genre != Genre.PREFACE]
    yield line(said.say("preview", documents=len(texts), figures=found.figures), style=TextStyle.STRONG)
    for one in texts:
        head = (one.title, one.place or said.say("preview_no_place"), one.date or said.say("preview_no_date"))
        yield line(" · ".join(head), apart=True)
        yield line(
            said.say("preview_parts", sections=one.sections, passages=one.passages), style=TextStyle.FAINT
        )
