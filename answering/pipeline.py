"""A question in, a proved answer out."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING

from answering import compare, lexicon, outline, single
from answering.answer import Answer, Outcome, Turn
from answering.desk import Desk
from answering.gates import prove
from answering.intent import Intent
from answering.question import Known, Question, read
from retrieval.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.places import Gazetteer

    from answering.evidence import Library


_ONE_FACT = ("company", "organisation", "person", "date")


class Answerer:
    """Answers questions from a library, with no model."""

    def __init__(self, library: Library) -> None:
        self._library = library

    async def answer(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """Return the proved answer to ``question`` in the light of the conversation so far."""
        return await asyncio.to_thread(self.answer_now, question, history)

    def answer_now(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """Return the answer, blocking; the one walk that every face takes."""
        began = perf_counter()
        known = self._known()
        frame = read(question, history, known=known)
        framed = perf_counter()
        desk = Desk(frame, self._library, lexicon.load(), years=_held_years(frame, known))
        answer = prove(_refusal(desk, known) or _work(desk))
        done = perf_counter()
        seconds = {"frame": framed - began, **desk.seconds, "total": done - began}
        return replace(answer, seconds=seconds)

    def _known(self) -> Known:
        documents = [d for d in self._library.documents() if d.genre is not Genre.PREFACE]
        held = tuple(sorted({d.year for d in documents if d.year is not None}))
        return Known(gazetteer=self._library.gazetteer, places=self._library.places(), years=held)


def _held_years(question: Question, known: Known) -> tuple[int, ...]:
    return tuple(y for y in question.years if y in known.years)


def _refusal(desk: Desk, known: Known) -> Answer | None:
    question = desk.question
    if question.reason == "which_place":
        return _none(desk, Outcome.ASKED_BACK, "which_place")
    if question.reason:
        return _none(desk, Outcome.OUT_OF_SCOPE, question.reason)
    if question.strangers and not question.places:
        return _none(desk, Outcome.NOT_IN_CORPUS, "other_place")
    if not known.places:
        return _none(desk, Outcome.NOT_IN_CORPUS, "empty_corpus")
    return None


def _work(desk: Desk) -> Answer:
    intent = desk.question.intent
    ways = {
        Intent.CORPUS: (outline.corpus, single.lookup),
        Intent.TITLE: (outline.title, single.lookup),
        Intent.OUTLINE: (outline.headings_with, outline.outline, single.listing, single.lookup),
        Intent.SECTION: (outline.section, single.lookup),
        Intent.WHICH: (compare.which,),
        Intent.LIST: (outline.headings_with, single.listing, single.lookup),
        Intent.LOOKUP: (outline.headings_with, single.lookup),
    }
    if intent is Intent.LIST and desk.question.want.kind in _ONE_FACT:
        intent = Intent.LOOKUP
    for way in ways.get(intent, (compare.compare,)):
        if (answer := way(desk)) is not None:
            return answer
    return _none(desk, Outcome.NOT_IN_CORPUS, single.why_not(desk))


def _none(desk: Desk, outcome: Outcome, reason: str) -> Answer:
    question = desk.question
    held = desk.library.places()
    details = {
        "places": "、".join(question.places or held),
        "held": "、".join(held),
        "asked": "、".join(question.strangers or question.places),
        "years": "、".join(map(str, question.years)),
    }
    return Answer(
        question=question.asked,
        outcome=outcome,
        language=question.language,
        reason=reason,
        details=details,
        places=question.places,
    )
