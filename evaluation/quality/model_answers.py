"""Questions answered in a model's words, with all that a person saw on the way."""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any

from answering.generation.compose import Writer
from answering.llm.prompts import load
from answering.pipeline import Answerer
from answering.values.events import Done, Said
from bot.assembly.wiring import Wiring
from bot.config.setting_values import environment
from bot.config.settings import Settings
from bot.messages import messages
from bot.presentation import rendering
from bot.presentation.answer_records import answer_record, question
from evaluation.datasets.material import MissingMaterialError
from evaluation.harness.recording_model import RecordingModel

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from answering.values.answer import Answer, Citation, Statement
    from retrieval.library import Library


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelAnswer:
    """One question, its answer, and every statement that was shown before it."""

    id: str
    answer: Answer
    said: tuple[tuple[Statement, tuple[Citation, ...]], ...]  # each with the citations known by then
    seconds: float
    raw: float | None  # seconds to the first whole sentence of the same stream; None where that was replayed
    proved: float | None  # seconds to the first statement shown

    @property
    def text(self) -> str:
        """The answer as a person reads it."""
        return rendering.plain(rendering.blocks(self.answer, messages(self.answer.language)))

    @property
    def record(self) -> dict[str, Any]:
        """The answer as the scorer reads it."""
        return answer_record(self.id, self.answer, self.text, seconds=self.seconds)


def writer(folder: Path) -> tuple[Writer, RecordingModel]:
    """Return the writer that the environment's settings ask for, its model listened to.

    Raises MissingMaterialError where no model is set.
    """
    chosen = Settings.load(environment(os.environ))
    model = Wiring(chosen).chat_model()
    if model is None:
        raise MissingMaterialError("no model is set: CHAT_MODEL (see .env.example), or make test-model")
    recorder = RecordingModel(model, folder)
    made = Writer(
        model=recorder,
        prompts=load(),
        evidence_tokens=chosen.chat_evidence_tokens,
        answer_tokens=chosen.chat_max_tokens,
    )
    return made, recorder


def sit(
    asked: Iterable[dict[str, Any]], library: Library, given: Writer, recorder: RecordingModel
) -> Sequence[ModelAnswer]:
    """Answer the questions one after the other."""
    answerer = Answerer(library, given)

    async def all_of_them() -> list[ModelAnswer]:
        return [await _one(row, answerer, recorder) for row in asked]

    return asyncio.run(all_of_them())


async def _one(row: dict[str, Any], answerer: Answerer, recorder: RecordingModel) -> ModelAnswer:
    known: dict[int, Citation] = {}
    said: list[tuple[Statement, tuple[Citation, ...]]] = []
    first: float | None = None
    one = question(json.dumps(row, ensure_ascii=False))
    heard, began = len(recorder.first), perf_counter()
    answer = None
    async for event in answerer.stream(one.question, one.history):
        if isinstance(event, Said):
            first = first or perf_counter()
            known |= {citation.number: citation for citation in event.citations}
            said.append((event.statement, tuple(known.values())))
        elif isinstance(event, Done):
            answer = event.answer
    assert answer is not None  # the last event holds it
    # Of the stream that the first statement came from: the last to have a whole sentence before it.
    raw = max((at for at in recorder.first[heard:] if first and at <= first), default=None)
    return ModelAnswer(
        id=one.id,
        answer=answer,
        said=tuple(said),
        seconds=perf_counter() - began,
        raw=raw - began if raw else None,
        proved=first - began if first else None,
    )
