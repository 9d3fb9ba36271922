"""Answer one question without a model: the texts' own sentences, their structure, code over figures."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from answering.aggregation import aggregate as tally
from answering.claims import answer_claims, has_assertions, is_tagged
from answering.composition.doubted import doubted_figure
from answering.composition.outlines import numbered_headings
from answering.composition.several import announced_list
from answering.composition.yes_no import names_figures, yes_or_no
from answering.evidence.unknown_places import unheard
from answering.ledger.answer_promise import answer_promise
from answering.ledger.promise_match import sought
from answering.ledger.promise_question import promise_question
from answering.planning.answer_decision import answers
from answering.planning.composers import COMPOSERS, OF_WHOLE_TEXTS
from answering.planning.list_decision import is_asked_to_answer, list_answers
from answering.planning.refusals import is_named, not_found, refused
from answering.question.intent import Intent
from answering.question.message_classifier import load
from answering.question.referred_item import ordinal_of
from answering.scoring.list_choice import asked_count
from answering.scoring.part_choice import is_at, parts_of
from answering.values.answer import Answer, Outcome, Shape, StatementKind
from answering.values.hypothesis import QuestionKind
from answering.verification.extractive import prove
from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from answering.evidence.context import QuestionContext
    from answering.planning.composers import Composer
    from answering.scoring.ranking import Ranking

_PASSED_OVER = frozenset((QuestionKind.RULE, QuestionKind.PROMISE, QuestionKind.CLAIM))
_WHICH = re.compile("哪[几些](?:条|点|项|个?方面|个?部分|块)")  # members asked for by name, however many
_OF_TEXTS = (QuestionKind.OUTLINE.value, QuestionKind.SUMMARY.value)
_SLIGHT, _TOLD = 0.3, 0.3  # weight of all terms that is too little to ask of, and the share that must be told
_UNSEEN = 0.3  # share of a question that no text has, from which it is asked whether a list answers
_SURELY = 2.5  # log-odds that the best sentence answers, from which it decides on a claim without figures
_ONE_FACT = ("company", "organisation", "person", "date")


def answer(desk: QuestionContext, kinds: Sequence[QuestionKind], ranking: Ranking) -> Answer:
    """Return the proved answer to the question of ``desk``, or why there is none.

    ``kinds`` are the kinds that the question may be of, the likeliest first; ``ranking`` has its sentences.
    """
    found = (
        _refusal(desk)
        or doubted_figure(desk, ranking)
        or _told_of_claim(desk, kinds, ranking)
        or _work(desk, kinds, ranking)
    )
    if _asks_whether(desk, kinds) and not found.outcome.is_answer and ranking.odds >= _SURELY:
        found = yes_or_no(desk, ranking) or found
    return prove(found if found.verdict or kinds[0] is not QuestionKind.YES_NO else _untold(found))


def _asks_whether(desk: QuestionContext, kinds: Sequence[QuestionKind]) -> bool:
    """Tell whether a question asks if something is so, and puts no figure that a fact would have to bear out."""
    asks = desk.question.confirm or kinds[0] in (QuestionKind.YES_NO, QuestionKind.CLAIM)
    asks = asks and desk.question.want.kind != "figure"  # 装了几台 asks for how many
    return asks and not desk.question.reason and not names_figures(desk.question.asked)


def _told_of_claim(desk: QuestionContext, kinds: Sequence[QuestionKind], ranking: Ranking) -> Answer | None:
    """Return the verdict on a claim that facts bear out or refute, else what the ledger tells, else that nothing does.

    What puts no figure is held against the sentence that surely answers it.
    """
    asks_fulfilment = QuestionKind.PROMISE in kinds and not is_tagged(desk.question.asked)
    leads = kinds[0] is QuestionKind.CLAIM and not asks_fulfilment
    checked = _checked(desk, kinds) if leads else None
    if checked is not None and checked.verdict != "unknown":
        return checked
    if checked is not None and not has_assertions(desk) and ranking.odds >= _SURELY:
        return yes_or_no(desk, ranking) or checked
    halves = promise_question(desk.question, None).halves
    if kinds[0] is QuestionKind.COMPARISON and QuestionKind.PROMISE not in kinds and not halves:
        return checked  # two years are set side by side, and not a target and what became of it
    return answer_promise(desk) or checked or _checked(desk, kinds)


def _checked(desk: QuestionContext, kinds: Sequence[QuestionKind]) -> Answer | None:
    """Return the verdict on a claim; what a term means is none, what asks whether a thing is so, and puts no figure, is asked of the ranking."""
    if kinds[0] is QuestionKind.DEFINITION:
        return None
    if kinds[0] is QuestionKind.YES_NO and not names_figures(desk.question.asked):
        return None
    if desk.question.doubted:
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
    if desk.question.item and desk.question.want.kind in ("", "manner"):
        alone = [QuestionKind.HOW, *alone]  # a member pointed to, and nothing asked of it: all of it is
    kinds = sorted(alone, key=lambda kind: kind in _PASSED_OVER)
    sure = alone[0] is QuestionKind.CLAIM and _asks_whether(desk, alone) and ranking.odds >= _SURELY
    for compose, found in proposals(desk, kinds, ranking, first=(yes_or_no,) if sure else ()):
        if alone[0] is QuestionKind.PROMISE and not _names_aim(found, desk):
            continue
        if _answers(desk, ranking, compose, found):
            return found
    return not_found(desk, ranking)


def _answers(desk: QuestionContext, ranking: Ranking, compose: Composer, found: Answer) -> bool:
    """Tell whether what a composer found answers, by the scores that were learned for its kind.

    As many as are asked for are the list that is asked for, and what asks for nothing but a text gets its outline.
    """
    name = compose.__name__
    if not decided(compose, found) and not answers(desk, ranking, found, name):
        return False
    if ranking.reading.unseen < _UNSEEN or not is_asked_to_answer(desk, name):
        return True
    if asked_count(desk.question.folded) == _members(found) or _is_pointed_to(found, desk):
        return True
    return desk.terms(_subject(ranking)).total < _SLIGHT or list_answers(desk, ranking, found, name)


def _members(found: Answer) -> int:
    """Return how many headings, or else members of a list, an answer shows."""
    headings = sum(one.manner is StatementKind.HEADING for one in found.statements)
    return headings or sum(one.level == 1 for one in found.statements)


def decided(compose: Composer, found: Answer) -> bool:
    """Tell whether it is decided otherwise that something answers: by the odds of a list, its number, or a verdict.

    A list that the best sentence announces has no odds of its own.
    """
    if compose is announced_list:
        return False
    return found.verdict is not None or found.shape is Shape.LIST or compose is numbered_headings


def proposals(
    desk: QuestionContext,
    kinds: Sequence[QuestionKind],
    ranking: Ranking,
    *,
    first: Sequence[Composer] = (),
) -> Iterator[tuple[Composer, Answer]]:
    """Yield what could answer a question of these kinds, in the order in which it is tried, ``first`` before all."""
    tried = (compose for kind in kinds for compose in COMPOSERS.get(_kind(desk, kind), ()))
    for compose in dict.fromkeys((*first, *tried)):
        if (found := compose(desk, ranking)) is None:
            continue
        if compose not in OF_WHOLE_TEXTS or _speaks_of(found, desk, ranking):
            yield compose, found


def _speaks_of(found: Answer, desk: QuestionContext, ranking: Ranking) -> bool:
    """Tell whether headings, or a list that was counted, speak of what a question asks of.

    They do where it asks for as many, points to the part by its number, or asks in words for nothing else.
    """
    folded = desk.question.folded
    pointed = _is_pointed_to(found, desk)
    if pointed is not None:
        return pointed
    if asked_count(folded) == _members(found) or _WHICH.search(folded):
        return True
    if desk.question.want.kind in _ONE_FACT:
        return False
    sought = _subject(ranking)
    terms = desk.terms(sought)
    shown = (desk.seen.get((one.document, one.start)) for one in found.citations)
    lines = [line for line in shown if line is not None]
    gist = desk.hypothesis.kind is QuestionKind.SUMMARY  # told by what its sentences are about, too
    around = "|".join(x.context if gist else fold("|".join(x.passage.heading)) for x in lines)
    told = fold("|".join(f"{one.title}|{one.quote}" for one in found.citations))
    if terms.total < _SLIGHT:
        return sought != ranking.reading.content  # nothing but a text, and not simply nothing
    return terms.coverage(told, told, around) >= _TOLD


def _subject(ranking: Ranking) -> str:
    """Return what a question asks of, without the words that ask for an outline or a summary."""
    return load().without_words_for(ranking.reading.content, "kind", _OF_TEXTS)


def _is_pointed_to(found: Answer, desk: QuestionContext) -> bool | None:
    """Tell whether a question asks of a part of a text by its number, and is answered from there.

    None where it gives no number, or one that may count the members of a part.
    """
    ordinal = ordinal_of(desk.question.folded)
    if ordinal is None or desk.hypothesis.kind not in (QuestionKind.OUTLINE, QuestionKind.SUMMARY):
        return None
    first = found.citations[0]
    parts = [one for one in parts_of(desk.document(first.document)) if one.section is not None]
    spans = [one.section for one in parts if one.place == ordinal or is_at(one, ordinal)]
    if any(span is not None and span.start <= first.start < span.end for span in spans):
        return True
    return False if 0 < max((one.place for one in parts), default=0) < ordinal else None


def _names_aim(found: Answer, desk: QuestionContext) -> bool:
    """Tell whether what the ledger does not hold is answered with the thing that was aimed at, by its weightiest word."""
    terms = desk.terms(sought(desk.question.content))
    heaviest = max(terms.all, key=lambda term: term.weight, default=None)
    told = fold("|".join(f"{one.title}|{one.quote}" for one in found.citations))
    return heaviest is None or heaviest not in terms.missing(told)


def _kind(desk: QuestionContext, kind: QuestionKind) -> QuestionKind:
    return QuestionKind.FACT if kind is QuestionKind.LIST and desk.question.want.kind in _ONE_FACT else kind
