"""``chengwen check``: what a text claims, one claim after the other, each with a verdict and its proof."""

from __future__ import annotations

import asyncio
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.ask import answer_blocks, reading, safely
from bot.commands.session import of, whole_text
from bot.errors import InputError
from bot.messages import messages
from bot.presentation import rendering
from bot.presentation.answer_records import QuestionRecord, answer_record, cleaned, json_line
from bot.presentation.rendering import TextStyle, line
from bot.terminal.console import screen

if TYPE_CHECKING:
    from answering.values.answer import Answer

_SHORT = 200  # characters of a text that is checked whole where no sentence of it gives a figure
_LONGEST_NAME = 255  # bytes of a file's name on the systems we run on


def check(
    context: typer.Context,
    text: Annotated[
        str,
        typer.Argument(
            metavar="TEXT|FILE",
            help="要核实的话，或者文件；- 从标准输入读 · a claim, or a file of them, - for standard input",
        ),
    ],
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="每个说法一条 JSON 记录 · one JSON record for each claim")
    ] = False,
) -> None:
    """核实一段话或一篇文章里的说法，逐条给出结论和出处。Check claims, one by one, with their proof."""
    from answering.claims import CHECK, checkable  # noqa: PLC0415 - numpy, and help needs none

    session = of(context)
    words = cleaned(_given(text))
    with session.library() as library:
        answerer = session.wiring.answerer(library)
        claims = checkable(words, library.gazetteer, known=library.places())
        if not claims and len(words) < _SHORT:
            claims = (words.strip(),)
        if not claims:
            raise InputError("这段文字里没有可以核实的说法：没有数字，也没有位次。")
        with asyncio.Runner() as runner:
            for number, claim in enumerate(claims, 1):
                began = perf_counter()
                asked = QuestionRecord(id=str(number), question=CHECK + claim, history=())
                answer = runner.run(safely(asked, answerer))
                if as_json:
                    print(json_line(_record(asked, claim, answer, perf_counter() - began)), flush=True)
                else:
                    head = line(f"{number}. {claim}", style=TextStyle.STRONG, apart=number > 1)
                    screen().show((head, *answer_blocks(answer)))


def _record(asked: QuestionRecord, claim: str, answer: Answer, seconds: float) -> dict[str, object]:
    told = rendering.plain(rendering.blocks(answer, messages(answer.language)))
    return {"claim": claim, **answer_record(asked.id, answer, told, seconds=seconds)}


def _given(text: str) -> str:
    """Return the words of a file of that name, else the words themselves. Raises InputError for none."""
    if text == "-" or (len(text.encode()) <= _LONGEST_NAME and "\n" not in text and Path(text).is_file()):
        with reading(Path(text)) as lines:
            text = whole_text(lines, text)
    if not text.strip():
        raise InputError('没有可以核实的话。例如：chengwen check "杭州2025年有5000个充电桩"')
    return text
