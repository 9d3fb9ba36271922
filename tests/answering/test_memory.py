from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest

from answering import Answer, Outcome, Turn
from answering.cache.answer_cache import AnswerMemory
from answering.generation.compose import Writer
from answering.llm.prompts import load
from answering.values.trace import Trace

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from answering.llm.protocol import ChatMessage, Piece
    from retrieval import Library

QUESTION = "绍兴市新增停车位多少个？"
MADE = Answer(question=QUESTION, outcome=Outcome.ANSWERED, trace=Trace(way="model"), seconds={"total": 3.0})


@dataclass
class Named:
    name: str = "some-model"

    async def stream(self, messages: Sequence[ChatMessage], *, limit: int) -> AsyncGenerator[Piece, None]:
        raise AssertionError("nobody asks it")
        yield


@dataclass
class Shelf:
    held: dict[str, Answer] = field(default_factory=dict)

    def get(self, key: str) -> Answer | None:
        return self.held.get(key)

    def put(self, key: str, answer: Answer) -> None:
        self.held[key] = answer


@pytest.fixture
def memory(library: Library) -> AnswerMemory:
    return AnswerMemory(cache=Shelf(), library=library, writer=Writer(model=Named(), prompts=load()))


def test_what_a_model_answered_is_given_again_to_the_same_question_in_other_dress(
    memory: AnswerMemory,
) -> None:
    memory.keep(memory.key(QUESTION), MADE)
    again = memory.recall(memory.key(f"  {QUESTION}"), f"请问{QUESTION}")
    assert again == replace(
        MADE, question=f"请问{QUESTION}", seconds={}, trace=replace(MADE.trace, cached=True)
    )
    assert memory.recall(memory.key("宁波市新增停车位多少个？"), "x") is None


@pytest.mark.parametrize(
    "answer",
    [
        replace(MADE, trace=Trace(way="code")),
        replace(MADE, outcome=Outcome.FAILED),
        replace(MADE, notes=("note_model_away",)),
    ],
    ids=["by code", "failed", "noted"],
)
def test_what_is_made_as_quickly_or_as_badly_is_not_kept(memory: AnswerMemory, answer: Answer) -> None:
    memory.keep("a", answer)
    assert memory.recall("a", QUESTION) is None


def test_another_model_size_switch_or_prompt_finds_nothing_of_the_one_before(memory: AnswerMemory) -> None:
    others = [
        replace(memory, writer=replace(memory.writer, model=Named("other-model"))),
        replace(memory, writer=replace(memory.writer, evidence_tokens=800)),
        replace(memory, writer=replace(memory.writer, answer_tokens=80)),
        replace(memory, switches="temperature 1"),
    ]
    keys = {one.key(QUESTION) for one in (memory, *others)}
    assert len(keys) == 5


def test_a_follow_up_stands_under_what_it_follows(memory: AnswerMemory) -> None:
    before = (Turn(role="user", content=QUESTION), Turn(role="assistant", content="近2万个。"))
    assert memory.key("那宁波市呢？", before) != memory.key("那宁波市呢？")
