"""``chengwen ask``: one question, or a batch of them."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path  # noqa: TC003 - typer reads it
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Protocol, TextIO

import typer

from answering.answer import Answer, Outcome
from bot import rendering
from bot.commands.batches import Batch, Out  # noqa: TC001 - typer reads them
from bot.commands.session import of
from bot.errors import InputError
from bot.logs import record_failure
from bot.messages import messages
from bot.records import Asked, answer_record, cleaned, json_line, questions, turns
from bot.rendering import Style, line
from bot.screen import Screen, screen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from answering.answer import Turn


class AnswererLike(Protocol):
    """Answers questions."""

    async def answer(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """Answer a question in the light of the turns before it."""
        ...


def ask(
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
    batch: Batch = None,
    out: Out = None,
) -> None:
    """提问，回答每句都注明出处。Ask; answers name their sources."""
    session = of(context)
    if batch is not None:
        with reading(batch) as lines, session.library() as library, writing(out) as write:
            bad = answer_all(questions(lines), session.wiring.answerer(library), write)
        raise typer.Exit(session.sum_up(bad))
    asked = Asked(id="1", question=given(question), history=read_history(history))
    with session.library() as library:
        answer = asyncio.run(session.wiring.answerer(library).answer(asked.question, asked.history))
    if as_json:
        print(json.dumps(asdict(answer), ensure_ascii=False, indent=2))
    else:
        show_answer(answer, screen())
    raise typer.Exit(1 if answer.outcome is Outcome.FAILED else 0)


def show_answer(answer: Answer, on: Screen) -> None:
    """Show an answer with its sources."""
    said = messages(answer.language)
    on.show(rendering.blocks(answer, said))
    if answer.citations:
        on.gap()
        on.show((line(said.say("sources"), style=Style.STRONG), *rendering.sources(answer)))


def answer_all(
    asked: Iterable[Asked | InputError], answerer: AnswererLike, write: Callable[[object], None]
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


async def safely(asked: Asked, answerer: AnswererLike) -> Answer:
    """Answer; an unexpected error is logged and becomes an answer that failed, so that the others go on."""
    try:
        return await answerer.answer(asked.question, asked.history)
    except Exception as error:  # noqa: BLE001 - whatever it is, the next question may go well
        details = {"id": record_failure(error)}
        return Answer(question=asked.question, outcome=Outcome.FAILED, reason="failed", details=details)


def given(question: str) -> str:
    """Return the question of a command line, from standard input for ``-``. Raises InputError for none."""
    text = sys.stdin.read() if question == "-" else question
    if not text.strip():
        raise InputError('没有问题可答。例如：chengwen ask "吉林市新增了多少停车位？"')
    return cleaned(text.strip())


def read_history(path: Path | None) -> tuple[Turn, ...]:
    """Read a conversation from a file. Raises InputError."""
    if path is None:
        return ()
    with reading(path) as lines:
        text = "".join(lines)
    try:
        return turns(json.loads(text))
    except ValueError as error:
        raise InputError(f"{path} 不是 JSON 列表。") from error
    except InputError as error:
        raise InputError(f"{path} {error}") from error


@contextmanager
def reading(path: Path) -> Iterator[TextIO]:
    """Open a text to read, standard input for ``-``. Raises InputError."""
    if str(path) == "-":
        yield sys.stdin
        return
    try:
        file = path.open(encoding="utf-8", errors="replace")
    except OSError as error:
        raise InputError(f"打不开 {path}：{error.strerror}。") from error
    with file:
        yield file


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
