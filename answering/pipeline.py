"""A question in, a proved answer out."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING

from answering import compare, lexicon, outline, parts, single, tally, which
from answering.answer import Answer, Outcome, Turn
from answering.conversation import readings
from answering.desk import Desk, known_of
from answering.events import Done, Event, Stage, Step
from answering.gates import prove
from answering.intent import Intent
from answering.phrases import join
from answering.scope import LONGEST, plain
from answering.together import together

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from answering.evidence import Library
    from answering.question import Known


_QUESTIONS = 4  # answered of one message
_ONE_FACT = ("company", "organisation", "person", "date")


class Answerer:
    """Answers questions from a library, with no model."""

    def __init__(self, library: Library) -> None:
        self._library = library

    async def answer(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """Return the proved answer to ``question`` in the light of the conversation so far."""
        events = [event async for event in self.stream(question, history)]
        assert isinstance(events[-1], Done)  # the last event is the answer
        return events[-1].answer

    async def stream(self, question: str, history: Sequence[Turn] = ()) -> AsyncGenerator[Event, None]:
        """Yield what a face may show while the answer is being made, and the answer as the last event.

        Closing the generator ends the work, a call to a model included.
        """
        yield Step(stage=Stage.SEARCHING)
        yield Done(answer=await asyncio.to_thread(self.answer_now, question, history))

    def answer_now(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """Return the answer, blocking; the one walk that every face takes."""
        began = perf_counter()
        known = known_of(self._library)
        bare = plain(question) if len(question) <= LONGEST else question
        asked = parts.questions(bare)[:_QUESTIONS] if len(question) <= LONGEST else (question,)
        so_far = tuple(history)
        answers = []
        for one in asked:
            answers.append(self._one(one, so_far, known))
            so_far += (Turn(role="user", content=one),)
        answer = (
            replace(answers[0], question=question)
            if len(answers) == 1
            else together(question, asked, answers)
        )
        return replace(answer, seconds={**answer.seconds, "total": perf_counter() - began})

    def _one(self, question: str, history: Sequence[Turn], known: Known) -> Answer:
        began = perf_counter()
        frames = readings(question, history, known=known)
        seconds = {"frame": perf_counter() - began}
        answer = None
        for frame in frames:
            desk = Desk(frame, self._library, lexicon.load(), seconds=seconds)
            answer = prove(_refusal(desk) or _work(desk))
            if answer.outcome.is_answer:
                break
        assert answer is not None  # there is always one reading
        return replace(answer, seconds=seconds)


def _refusal(desk: Desk) -> Answer | None:
    question = desk.question
    if question.reason == "which_place":
        return _none(desk, Outcome.ASKED_BACK, "which_place")
    if question.reason:
        return _none(desk, Outcome.OUT_OF_SCOPE, question.reason)
    if not desk.library.documents():
        return _none(desk, Outcome.NOT_IN_CORPUS, "empty_corpus")
    if question.strangers and not question.places:
        return _none(desk, Outcome.NOT_IN_CORPUS, "other_place")
    if question.places and not desk.terms(question.content).total and question.intent is Intent.LOOKUP:
        return _none(desk, Outcome.ASKED_BACK, "which_subject")
    return None


def _work(desk: Desk) -> Answer:
    intent = desk.question.intent
    ways = {
        Intent.CORPUS: (outline.corpus, single.lookup),
        Intent.TITLE: (outline.title, single.lookup),
        Intent.OUTLINE: (outline.headings_with, outline.outline, single.listing, single.lookup),
        Intent.SECTION: (outline.section, single.lookup),
        Intent.WHICH: (which.which,),
        Intent.LIST: (outline.headings_with, single.listing, single.lookup),
        Intent.LOOKUP: (outline.headings_with, single.lookup),
    }
    if intent is Intent.LIST and desk.question.want.kind in _ONE_FACT:
        intent = Intent.LOOKUP
    if (answer := tally.tally(desk)) is not None:
        return answer
    weighing = (compare.compare, single.lookup) if len(desk.question.places) == 1 else (compare.compare,)
    for way in ways.get(intent, weighing):
        if (answer := way(desk)) is not None:
            return answer
    reason, near = single.why_not(desk)
    return _none(desk, Outcome.NOT_IN_CORPUS, reason, near=near)


def _none(desk: Desk, outcome: Outcome, reason: str, *, near: str = "") -> Answer:
    question = desk.question
    held = desk.library.places()
    details = {
        "places": desk.named(question.places or held),
        "held": desk.named(held),
        "asked": desk.named(question.strangers or question.places),
        "years": join(tuple(map(str, question.years)), question.language),
        "near": near,
    }
    return Answer(
        question=question.asked,
        outcome=outcome,
        language=question.language,
        reason=reason,
        details=details,
        places=question.places,
    )
