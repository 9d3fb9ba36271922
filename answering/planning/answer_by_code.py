"""Answer one question without a model: the texts' own sentences, their structure, code over figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from answering.aggregation import aggregate as tally
from answering.claims import answer_claims
from answering.evidence.unknown_places import unheard
from answering.extractive import comparison as compare
from answering.extractive import lookup as single
from answering.extractive import outline
from answering.extractive import which_places as which
from answering.ledger.answer_promise import answer_promise
from answering.planning.refusals import is_named, refused
from answering.question.intent import Intent
from answering.values.answer import Answer, Outcome
from answering.verification.extractive import prove

if TYPE_CHECKING:
    from answering.evidence.context import QuestionContext

_ONE_FACT = ("company", "organisation", "person", "date")


def answer(desk: QuestionContext) -> Answer:
    """Return the proved answer to the question of ``desk``, or why there is none."""
    return prove(_refusal(desk) or answer_promise(desk) or answer_claims(desk) or _work(desk))


def _refusal(desk: QuestionContext) -> Answer | None:
    question = desk.question
    if question.reason == "which_place":
        return refused(desk, Outcome.ASKED_BACK, "which_place")
    if question.reason:
        return refused(desk, Outcome.OUT_OF_SCOPE, question.reason)
    if not desk.library.documents():
        return refused(desk, Outcome.NOT_IN_CORPUS, "empty_corpus")
    if (
        question.strangers
        and not question.places
        and not any(is_named(p, desk.library) for p in question.strangers)
    ):
        return refused(desk, Outcome.NOT_IN_CORPUS, "other_place")
    if not question.places and (name := unheard(desk)):
        return refused(desk, Outcome.NOT_IN_CORPUS, "other_place", asked=name)
    if question.places and not desk.terms(question.content).total and question.intent is Intent.LOOKUP:
        return refused(desk, Outcome.ASKED_BACK, "which_subject")
    return None


def _work(desk: QuestionContext) -> Answer:
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
    if (told := tally.tally(desk)) is not None:
        return told
    weighing = (compare.compare, single.lookup) if len(desk.question.places) == 1 else (compare.compare,)
    for way in ways.get(intent, weighing):
        if (found := way(desk)) is not None:
            return found
    reason, near = single.why_not(desk)
    return refused(desk, Outcome.NOT_IN_CORPUS, reason, near=near)
