"""The real library with the texts that ship, questions that it answers, and the bare pipeline over it."""

from __future__ import annotations

import asyncio
import json
import os
from contextlib import nullcontext
from dataclasses import dataclass
from time import perf_counter, process_time
from typing import TYPE_CHECKING

from answering.pipeline import Answerer
from answering.values.answer import Outcome
from bot.assembly.wiring import Wiring
from bot.config.settings import Settings
from bot.messages import messages
from bot.presentation.rendering import blocks, notes
from bot.telegram.formatting import html
from evaluation.datasets.material import QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from answering.values.answer import Answer

ASIDE = 16  # answers made at a time, as in the bot


@dataclass(frozen=True, slots=True, kw_only=True)
class Bare:
    """What the pipeline made of questions, without any bot around it."""

    seconds: float
    spent: float  # seconds of the processor
    answers: tuple[Answer, ...]


def pool() -> tuple[str, ...]:
    """Return the project's own single questions on the texts that ship."""
    lines = (QUESTIONS / "seed-own.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    return tuple(row["question"] for row in rows if row["answerable"] and not row["history"])


def bare(home: Path, questions: Sequence[str]) -> Bare:
    """Fill the home with the texts that ship, and answer questions straight through the pipeline."""
    wiring = Wiring(Settings.load({"CHENGWEN_HOME": str(home)}))
    with wiring.filled(lambda: nullcontext(lambda *_: None)) as library:
        answerer = Answerer(library)
        for question in questions[:5]:
            answerer.answer_now(question)
        return asyncio.run(_answered(answerer, questions))


async def _answered(answerer: Answerer, questions: Iterable[str]) -> Bare:
    room = asyncio.Semaphore(ASIDE)

    async def one(question: str) -> Answer:
        async with room:
            return await answerer.answer(question)

    began, spent = perf_counter(), process_time()
    answers = await asyncio.gather(*map(one, questions))
    return Bare(seconds=perf_counter() - began, spent=process_time() - spent, answers=tuple(answers))


def usable(home: Path) -> tuple[str, ...]:
    """Return the questions whose answer is one message with sources, by which it can be told apart."""
    questions = pool()
    made = bare(home, questions)
    return tuple(one for one, answer in zip(questions, made.answers, strict=True) if _is_plain(answer))


def load() -> str:
    """Return how busy the machine is."""
    return f"{len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f} when it was measured"


def _is_plain(answer: Answer) -> bool:
    said = messages(answer.language)
    sent = html.messages((*blocks(answer, said), *notes(answer, said)))
    return answer.outcome is Outcome.ANSWERED and bool(answer.citations) and len(sent) == 1
