"""``chengwen ask``: one question, or a batch of them."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path  # noqa: TC003 - typer reads it
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Protocol

import typer

from answering.values.answer import Answer, Outcome
from bot.commands.session import STDIN, Batch, Out, of, text_lines, whole_text
from bot.errors import InputError
from bot.messages import messages
from bot.observability.logs import record_failure
from bot.presentation import explanation as explaining
from bot.presentation import rendering
from bot.presentation.answer_records import (
    QuestionRecord,
    answer_record,
    cleaned,
    json_line,
    questions,
    turns,
)
from bot.presentation.partial_answer import follow
from bot.presentation.rendering import TextStyle, line
from bot.terminal.cited_tables import cited_sources
from bot.terminal.console import TerminalOutput, screen
from bot.terminal.live_answer import live

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from answering.values.answer import Turn
    from bot.messages import Messages
    from bot.presentation.partial_answer import StreamingAnswerer
    from bot.presentation.rendering import Block


class AnswererLike(Protocol):
    """Answers questions."""

    async def answer(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """Answer a question in the light of the turns before it."""
        ...


def ask(  # noqa: PLR0913 - as long as the command line is
    context: typer.Context,
    question: Annotated[
        str,
        typer.Argument(
            metavar="QUESTION", help="要问的话；- 从标准输入读 · the question, - for standard input"
        ),
    ] = "",
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="输出完整的回答记录 · the whole answer as JSON")
    ] = False,
    history: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="之前的对话，JSON 列表 · the conversation so far, a JSON list of turns"
        ),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="说明这个回答是怎么来的 · tell how the answer came about")
    ] = False,
    batch: Batch = None,
    out: Out = None,
) -> None:
    """提问，回答每句都注明出处。Ask; answers name their sources."""
    session = of(context)
    if batch is not None:
        if explain:
            raise InputError(
                "--explain 说明一个回答，不能和 --batch 一起用；整批的经过可以用 --json 逐条看。"
            )
        with reading(batch) as lines, session.library() as library, writing(out) as write:
            bad = answer_all(questions(lines), session.wiring.answerer(library), write)
        raise typer.Exit(session.sum_up(bad))
    asked = QuestionRecord(id="1", question=given(question), history=read_history(history))
    with session.library() as library:
        answerer = session.wiring.answerer(library)
        if as_json:
            answer = asyncio.run(answerer.answer(asked.question, asked.history))
            print(json.dumps(asdict(answer), ensure_ascii=False, indent=2))
        else:
            answer = asyncio.run(shown_answer(asked, answerer, screen(), session.messages))
    if explain and not as_json:
        explained = explaining.explain(answer, session.messages)
        screen().gap()
        screen().show(explained)
    raise typer.Exit(1 if answer.outcome is Outcome.FAILED else 0)


async def shown_answer(
    asked: QuestionRecord, answerer: StreamingAnswerer, on: TerminalOutput, said: Messages
) -> Answer:
    """Show an answer, in a terminal while it is being made, and return it."""
    async with live(on, said) as shown:
        tell = shown.hear if shown else lambda _heard: None
        try:
            answer = await follow(answerer, asked.question, asked.history, tell)
        except asyncio.CancelledError:
            if shown:
                shown.settle(answer_blocks(shown.stopped()))
            raise
        (shown.settle if shown else on.show)(answer_blocks(answer))
    return answer


def answer_blocks(answer: Answer) -> tuple[Block, ...]:
    """Return an answer with its sources."""
    said = messages(answer.language)
    told = (*rendering.blocks(answer, said), *rendering.notes(answer, said))
    if not answer.citations:
        return told
    sources = line(said.say("sources"), style=TextStyle.STRONG, apart=True)
    return (*told, sources, *cited_sources(answer, said))


def answer_all(
    asked: Iterable[QuestionRecord | InputError], answerer: AnswererLike, write: Callable[[object], None]
) -> int:
    """Answer a batch and write a record for each question; returns how many lines were bad."""
    bad = 0
    with asyncio.Runner() as runner:
        for one in asked:
            if isinstance(one, InputError):
                print(one, file=sys.stderr)
                bad += 1
                continue
            began = perf_counter()
            answer = runner.run(safely(one, answerer))
            seconds = perf_counter() - began
            text = rendering.plain(rendering.blocks(answer, messages(answer.language)))
            write(answer_record(one.id, answer, text, seconds=seconds))
    return bad


async def safely(asked: QuestionRecord, answerer: AnswererLike) -> Answer:
    """Answer; an unexpected error is logged and becomes an answer that failed, so that the others go on."""
    try:
        return await answerer.answer(asked.question, asked.history)
    except Exception as error:  # noqa: BLE001 - whatever it is, the next question may go well
        details = {"id": record_failure(error)}
        return Answer(question=asked.question, outcome=Outcome.FAILED, reason="failed", details=details)


def given(question: str) -> str:
    """Return the question of a command line, from standard input for ``-``. Raises InputError for none."""
    text = whole_text(text_lines(sys.stdin, STDIN), STDIN) if question == "-" else question
    if not text.strip():
        raise InputError('没有问题可答。例如：chengwen ask "吉林市新增了多少停车位？"')
    return cleaned(text.strip())


def read_history(path: Path | None) -> tuple[Turn, ...]:
    """Read a conversation from a file. Raises InputError."""
    if path is None:
        return ()
    with reading(path) as lines:
        text = whole_text(lines, str(path))
    try:
        return turns(json.loads(text))
    except ValueError as error:
        raise InputError(f"{path} 不是 JSON 列表。") from error
    except InputError as error:
        raise InputError(f"{path} {error}") from error


@contextmanager
def reading(path: Path) -> Iterator[Iterator[str]]:
    """Open a text, standard input for ``-``, and give its lines. Raises InputError, also from the lines."""
    if str(path) == "-":
        yield text_lines(sys.stdin, STDIN)
        return
    try:
        file = path.open(encoding="utf-8", errors="replace")
    except OSError as error:
        raise InputError(f"打不开 {path}：{error.strerror}。") from error
    with file:
        yield text_lines(file, str(path))


@contextmanager
def writing(path: Path | None) -> Iterator[Callable[[object], None]]:
    """Give a function that writes records to a file, standard output for none. Raises InputError."""
    if path is None or str(path) == "-":
        yield lambda record: print(json_line(record), flush=True)
        return
    try:
        file = path.open("w", encoding="utf-8")
    except OSError as error:
        raise InputError(f"写不了 {path}：{error.strerror}。") from error
    with file:
        yield lambda record: print(json_line(record), file=file, flush=True)
