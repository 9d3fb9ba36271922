"""The answer to a question on target and result: both sides quoted, what became of it, and whether the claim holds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from answering.extractive.draft_answer import AnswerDraft
from answering.ledger.promise import Promise, PromiseQuote, PromiseState
from answering.ledger.promise_ledger import held_ledger, held_promises
from answering.ledger.promise_match import FittingPromise, fitting, main_targets, of_product, sought
from answering.ledger.promise_question import PromiseQuestion, promise_question
from answering.ledger.result_choice import told_later
from answering.ledger.target_choice import of_economy, repeated_figures
from answering.lexicon.phrases import phrase
from answering.values.answer import Answer, Computation, Outcome, Shape, StatementKind
from retrieval.facts.sentence_reading import COUNTRY
from retrieval.quantities import Sort, figures
from retrieval.text.normalize import fold
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from answering.evidence.context import QuestionContext

_NAMES = 0.4  # share of what is asked for that a promise of another place than the country has to name
_WELL = 0.6  # fit from which on a promise answers a question that only may be on target and result
_NAMED = 0.2  # by which a promise of another place has to fit better where the question names none
_REACHED = (PromiseState.MET, PromiseState.EXCEEDED)


def answer_promise(desk: QuestionContext) -> Answer | None:
    """Return what became of the targets that a question asks of; None where it asks of none, or none is known."""
    question = desk.question
    place = _place(desk)
    asked = promise_question(question, _newest(desk, place))
    if not asked.repeatable or not (asked.possible or repeated_figures(asked.content)):
        return None
    places = (place,) if question.places or question.national else _likeliest(desk, asked)
    found: list[FittingPromise] = []
    for name in places:
        dated = _dated(desk, asked, name)
        best = fitting(desk, asked, dated)
        if not best and asked.certain and asked.years and of_economy(desk, asked.content):
            best = of_product(dated)
        if best and (not found or best[0].fit > found[0].fit + _NAMED):
            found = best
    if found and _answers(asked, found):
        return _told(desk, asked, [_with_result(desk, asked, one.promise) for one in found])
    if asked.several and asked.years and asked.possible and (asked.certain or asked.of_targets):
        main = main_targets(_dated(desk, asked, place))
        if len(main) > 1:
            return _listed(desk, asked, main)
    return None


def _with_result(desk: QuestionContext, asked: PromiseQuestion, one: Promise) -> Promise:
    ledger = held_ledger(desk.library, one.place)
    return told_later(desk, sought(asked.content), ledger, one)


def _likeliest(desk: QuestionContext, asked: PromiseQuestion) -> tuple[str, ...]:
    """Return the places that a question without one may be on: the country, and the two whose targets name most of it."""
    terms = desk.terms(sought(asked.content))
    if not terms.total:
        return (COUNTRY,)
    named = []
    for place in _places(desk)[1:]:
        held = (
            terms.coverage(
                fold(one.metric), fold("|".join(side.quote for side in (one.target, one.result) if side))
            )
            for one in _dated(desk, asked, place)
        )
        named.append((max(held, default=0.0), place))
    fitting_ones = sorted((one for one in named if one[0] >= _NAMES), key=lambda one: (-one[0], one[1]))
    return (COUNTRY, *(place for _, place in fitting_ones[:2]))


def _answers(asked: PromiseQuestion, found: Sequence[FittingPromise]) -> bool:
    """Tell whether promises are what is asked for: the less the words say so, the better they have to fit.

    A result that no text can tell yet answers only what asks for one.
    """
    best = found[0]
    if all(one.promise.note == "no_later_text" for one in found) and not (
        asked.halves or asked.likely == 1.0 or (best.repeated and asked.certain)
    ):
        return False
    if asked.certain:
        return True
    measured = {one.promise.metric for one in found if one.promise.target and one.promise.target.figure}
    named = len(measured) == len(found) > 1 and asked.outcome
    return named or (best.fit >= _WELL and (asked.possible or best.repeated))


def _dated(desk: QuestionContext, asked: PromiseQuestion, place: str) -> list[Promise]:
    held = held_promises(desk.library, place)
    return [one for one in held if not asked.years or one.year in asked.years]


def _place(desk: QuestionContext) -> str:
    return desk.question.places[0] if desk.question.places else COUNTRY


def _places(desk: QuestionContext) -> tuple[str, ...]:
    """Return the places that a question without one may be on: the country first."""
    named = {d.place for d in desk.library.documents() if d.genre is Genre.REPORT and d.place}
    return (COUNTRY, *sorted(named))


def _newest(desk: QuestionContext, place: str) -> int | None:
    years = [
        d.year
        for d in desk.library.documents()
        if d.genre is Genre.REPORT and d.year and (d.place or COUNTRY) == place
    ]
    return max(years, default=None)


def _told(desk: QuestionContext, asked: PromiseQuestion, promises: Sequence[Promise]) -> Answer:
    """Tell one thing, or several that were named."""
    first = promises[0]
    if all(one.state is PromiseState.NOT_TOLD for one in promises):
        return _untold(desk, asked, first)
    told = [one for one in promises if one.result is not None] or list(promises)
    draft = AnswerDraft(desk.question)
    wrong = _wrong_premise(desk, told)
    for one in told:
        _both_sides(draft, desk, one)
    return _done(draft, verdict="false" if wrong else _verdict(asked, told))


def _listed(desk: QuestionContext, asked: PromiseQuestion, promises: Sequence[Promise]) -> Answer:
    """Tell of all main targets, or of those in the states asked for, and how many there are in each state."""
    draft = AnswerDraft(desk.question)
    wanted = [one for one in promises if not asked.states or one.state in asked.states]
    _counts(draft, desk, promises)
    for one in wanted or promises:
        _both_sides(draft, desk, one)
    return _done(draft, verdict=_verdict(asked, promises))


def _counts(draft: AnswerDraft, desk: QuestionContext, promises: Sequence[Promise]) -> None:
    """Say how many targets there are, and how many in each state, over the citations of all."""
    numbers = [number for one in promises for number in _cited(draft, desk, one)]
    counts = [(state, sum(one.state is state for one in promises)) for state in PromiseState]
    words = [
        phrase(
            "promise_count",
            draft.language,
            count=many,
            state=phrase(f"promise_{state.value}", draft.language),
        )
        for state, many in counts
        if many
    ]
    joint = ", " if draft.language.value == "en" else "，"
    for many in (len(promises), *(many for _, many in counts if many)):
        draft.computed.append(Computation(value=many, op="count", of=(1.0,) * many))
    text = phrase("promise_counts", draft.language, count=len(promises), states=joint.join(words))
    draft.say(text, *dict.fromkeys(numbers), manner=StatementKind.COMPUTED)


_BESIDE = {  # what is quoted beside the result, by the note of a promise
    "in_step": "promise_beside",
    "by_halves": "promise_rest",
    "by_direction": "promise_rest",
    "in_part": "promise_rest",
}


def _both_sides(draft: AnswerDraft, desk: QuestionContext, one: Promise) -> None:
    """Quote target and result, say what became of it, and what other texts tell."""
    numbers = _cited(draft, desk, one)
    if one.target is not None:
        draft.say(one.target.quote, numbers[0], lead=phrase("promise_target", draft.language, year=one.year))
    if one.result is not None:
        draft.say(
            one.result.quote, numbers[-1], lead=phrase("promise_result", draft.language, year=_written(one))
        )
    key = (
        f"promise_note_{one.note}"
        if one.note in ("other_span", "other_unit", "in_words", "in_part", "level_and_growth_differ")
        else ""
    )
    key = key or f"promise_{one.state.value}"
    draft.say(phrase(key, draft.language), *numbers, manner=StatementKind.FRAME)
    for other in one.others:
        number = _cite(draft, desk, other)
        key = _BESIDE.get(one.note, "promise_other")
        draft.say(other.quote, number, lead=phrase(key, draft.language, title=other.title))


def _written(one: Promise) -> int:
    return one.year + 1


def _cited(draft: AnswerDraft, desk: QuestionContext, one: Promise) -> list[int]:
    return [_cite(draft, desk, side) for side in (one.target, one.result) if side is not None]


def _cite(draft: AnswerDraft, desk: QuestionContext, side: PromiseQuote) -> int:
    passages = desk.library.passages(side.document)
    within = next((p for p in passages if p.start <= side.start and side.end <= p.end), None)
    passage = within or next(p for p in passages if p.id == side.passage)
    return draft.cite(
        desk.document(side.document), passage, max(side.start, passage.start), min(side.end, passage.end)
    )


def _untold(desk: QuestionContext, asked: PromiseQuestion, one: Promise) -> Answer:
    """Say what was aimed at, and that no text at hand tells the result.

    That answers what asks for the target too, or whether the result is told.
    """
    draft = AnswerDraft(desk.question)
    quote = one.target.quote if one.target is not None else ""
    if one.target is not None:
        number = _cite(draft, desk, one.target)
        draft.say(quote, number, lead=phrase("promise_target", draft.language, year=one.year))
        if asked.both and one.note != "no_later_text":
            told = phrase("promise_untold", draft.language, year=one.year)
            draft.say(told, number, manner=StatementKind.FRAME)
            return _done(draft, verdict="unknown")
    return Answer(
        question=desk.question.asked,
        outcome=Outcome.NOT_IN_CORPUS,
        language=desk.question.language,
        statements=tuple(draft.statements),
        citations=tuple(draft.citations),
        reason="result_not_held" if one.note == "no_later_text" else "result_not_told",
        details={"year": str(one.year), "next": str(one.year + 1)},
        places=desk.question.places,
        verdict="unknown",
    )


def _wrong_premise(desk: QuestionContext, promises: Sequence[Promise]) -> bool:
    """Tell whether the question states a figure that is neither the target's nor the result's, nor their difference."""
    stated = [one for one in figures(desk.question.folded) if one.sort is Sort.QUANTITY and one.value > 100]
    sides = [(one.target, one.result) for one in promises if one.target and one.result]
    known = [side.amount for pair in sides for side in pair if side.amount is not None]
    apart = [abs(t.amount - r.amount) for t, r in sides if t.amount is not None and r.amount is not None]
    return any(_like_target(one.value, sides) and not _among(one.value, (*known, *apart)) for one in stated)


def _like_target(value: Decimal, sides: Sequence[tuple[PromiseQuote, PromiseQuote]]) -> bool:
    amounts = [target.amount for target, _ in sides if target.amount]
    return any(amount / 3 <= value <= amount * 3 for amount in amounts)


def _among(value: Decimal, known: Sequence[Decimal]) -> bool:
    return any(abs(value - one) <= abs(one) / 20 for one in known)


def _verdict(asked: PromiseQuestion, promises: Sequence[Promise]) -> str:
    """Return whether what the question puts is so: that the targets were reached, or were not where it denies it."""
    states = {one.state for one in promises}
    if states <= {PromiseState.NOT_TOLD} or any(one.note in ("other_span", "in_words") for one in promises):
        return "unknown"
    if states <= set(_REACHED):
        return "false" if asked.denied else "true"
    if states <= {PromiseState.SHORT}:
        return "true" if asked.denied else "false"
    return "partly"


def _done(draft: AnswerDraft, *, verdict: str) -> Answer:
    answer = draft.done(Outcome.COMPUTED if draft.computed else Outcome.ANSWERED)
    return replace(answer, verdict=verdict, shape=Shape.TABLE if len(draft.statements) > 3 else Shape.PROSE)
