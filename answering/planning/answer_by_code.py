"""Answer one question without a model: the texts' own sentences, their structure, code over figures."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from answering.aggregation import aggregate as tally
from answering.claims import answer_claims
from answering.composition.yes_no import names_figures
from answering.evidence.unknown_places import unheard
from answering.ledger.answer_promise import answer_promise
from answering.planning.composers import COMPOSERS
from answering.planning.refusals import is_named, not_found, refused
from answering.question.intent import Intent
from answering.values.answer import Answer, Outcome
from answering.values.hypothesis import QuestionKind
from answering.verification.extractive import prove

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.context import QuestionContext
    from answering.scoring.ranking import Ranking

_PASSED_OVER = frozenset((QuestionKind.RULE, QuestionKind.PROMISE, QuestionKind.CLAIM))
_ONE_FACT = ("company", "organisation", "person", "date")


def answer(desk: QuestionContext, kinds: Sequence[QuestionKind], ranking: Ranking) -> Answer:
    """Return the proved answer to the question of ``desk``, or why there is none.

    ``kinds`` are the kinds that the question may be of, the likeliest first; ``ranking`` has its sentences.
    """
    found = _refusal(desk) or _told_of_claim(desk, kinds) or _work(desk, kinds, ranking)
    return prove(found if found.verdict or kinds[0] is not QuestionKind.YES_NO else _untold(found))


def _told_of_claim(desk: QuestionContext, kinds: Sequence[QuestionKind]) -> Answer | None:
    """Return the verdict on a claim that facts bear out or refute, else what the ledger tells, else that nothing does."""
    checked = _checked(desk, kinds) if kinds[0] is QuestionKind.CLAIM else None
    if checked is not None and checked.verdict != "unknown":
        return checked
    return answer_promise(desk) or checked or _checked(desk, kinds)


def _checked(desk: QuestionContext, kinds: Sequence[QuestionKind]) -> Answer | None:
    """Return the verdict on a claim; what a term means is none, what asks whether a thing is so, and puts no figure, is asked of the ranking."""
    if kinds[0] is QuestionKind.DEFINITION:
        return None
    if kinds[0] is QuestionKind.YES_NO and not names_figures(desk.question.asked):
        return None
    return answer_claims(desk)


def _untold(found: Answer) -> Answer:
    """Return an answer to a yes-or-no question that tells neither."""
    return replace(found, verdict="unknown")


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


def _work(desk: QuestionContext, kinds: Sequence[QuestionKind], ranking: Ranking) -> Answer:
    if (told := tally.tally(desk)) is not None:
        return told
    # What by-laws, the ledger and the judge of claims have passed over is read as something else first.
    # What asks whether a thing is so gets a verdict or none: nothing else that may be told answers it.
    alone = kinds[:1] if kinds[0] is QuestionKind.YES_NO else kinds
    kinds = sorted(alone, key=lambda kind: kind in _PASSED_OVER)
    composers = (compose for kind in kinds for compose in COMPOSERS.get(_kind(desk, kind), ()))
    for compose in dict.fromkeys(composers):
        if (found := compose(desk, ranking)) is not None:
            return found
    return not_found(desk, ranking)


def _kind(desk: QuestionContext, kind: QuestionKind) -> QuestionKind:
    return QuestionKind.FACT if kind is QuestionKind.LIST and desk.question.want.kind in _ONE_FACT else kind
