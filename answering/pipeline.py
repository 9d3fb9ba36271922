"""A question in, a proved answer out."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING

from answering.evidence.context import known_of
from answering.evidence.printed_places import with_printed_places
from answering.generation.write_answer import stream_answer
from answering.ledger.promise_question import CERTAIN, on_both_sides
from answering.merge import together
from answering.multi_answer_events import MultiAnswerEvents
from answering.planning.plan import plan
from answering.question import decompose as parts
from answering.question.scope import LONGEST, plain
from answering.runtime.executor import run_in_worker_thread
from answering.values.answer import Answer, Turn
from answering.values.events import Done, Event, Stage, Step

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from answering.cache.answer_cache import AnswerMemory
    from answering.evidence.lines import SearchableLibrary
    from answering.generation.compose import Writer

_QUESTIONS = 4  # answered of one message


class Answerer:
    """Answers questions from a library: by code alone, or in a model's words where a writer is given.

    With a ``memory`` what a model wrote is given again as long as nothing has changed that it rests on.
    """

    def __init__(
        self, library: SearchableLibrary, writer: Writer | None = None, memory: AnswerMemory | None = None
    ) -> None:
        self._library = library
        self._writer = writer
        self._memory = memory

    async def answer(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """Return the proved answer to ``question`` in the light of the conversation so far."""
        async with aclosing(self.stream(question, history)) as events:
            async for event in events:
                if isinstance(event, Done):
                    return event.answer
        raise AssertionError("the last event is the answer")

    async def stream(self, question: str, history: Sequence[Turn] = ()) -> AsyncGenerator[Event, None]:
        """Yield what a face may show while the answer is being made, and the answer as the last event.

        Closing the generator ends the work, a call to a model included.
        """
        yield Step(stage=Stage.SEARCHING)
        if self._writer is None:
            yield Done(answer=await run_in_worker_thread(self.answer_now, question, history))
            return
        began = perf_counter()
        asked, so_far = _asked(question), tuple(history)
        answers: list[Answer] = []
        telling, writer = MultiAnswerEvents(), self._writer.for_question()
        for one in asked:
            async with aclosing(self._one(one, so_far, writer)) as events:
                async for event in events:
                    if isinstance(event, Done):
                        answers.append(event.answer)
                    else:
                        for heard in telling.hear(event):
                            yield heard
            if len(answers) < len(asked):
                for heard in telling.finish(asked, answers):
                    yield heard
            so_far += (Turn(role="user", content=one),)
        yield Done(answer=with_printed_places(_whole(question, asked, answers, began), self._library))

    async def _one(
        self, question: str, history: Sequence[Turn], writer: Writer
    ) -> AsyncGenerator[Event, None]:
        """Yield what is heard of the answer to one question of a message, the answer last."""
        memory, key = self._memory, ""
        if memory is not None:
            key = await asyncio.to_thread(memory.key, question, history)
            kept = await asyncio.to_thread(memory.recall, key, question)
            if kept is not None:
                yield Done(answer=kept)
                return
        async with aclosing(stream_answer(question, history, library=self._library, writer=writer)) as events:
            async for event in events:
                if memory is not None and isinstance(event, Done):
                    await asyncio.to_thread(memory.keep, key, event.answer)
                yield event

    def answer_now(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """Return the answer that code alone gives, blocking."""
        began = perf_counter()
        known = known_of(self._library)
        asked, so_far = _asked(question), tuple(history)
        answers = []
        for one in asked:
            answers.append(plan(one, so_far, library=self._library, known=known).answer())
            so_far += (Turn(role="user", content=one),)
        return with_printed_places(_whole(question, asked, answers, began), self._library)


def _asked(question: str) -> tuple[str, ...]:
    if len(question) > LONGEST:
        return (question,)
    if on_both_sides(question) >= CERTAIN:
        return (question,)  # the target and the result are two halves of one question
    return parts.questions(plain(question))[:_QUESTIONS]


def _whole(question: str, asked: Sequence[str], answers: Sequence[Answer], began: float) -> Answer:
    answer = (
        replace(answers[0], question=question) if len(answers) == 1 else together(question, asked, answers)
    )
    return replace(answer, seconds={**answer.seconds, "total": perf_counter() - began})
