"""Answers over several places or years: each is searched and ranked by itself, and code compares the figures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from answering.candidates.sentence_candidates import sentence_candidates
from answering.composition.facts import chosen_fact, led
from answering.evidence.passage_pools import PlaceRelation
from answering.evidence.place_set import asked_of
from answering.extractive.compare_figures import judge
from answering.extractive.draft_answer import Draft
from answering.extractive.sentence_selection import SelectedSentence, select
from answering.lexicon.phrases import join, phrase
from answering.question.intent import ExpectedAnswer, Intent
from answering.question.operation import COUNT
from answering.question.unit_classes import comparable, unit_class
from answering.scoring.ranker import ScoredCandidate, ranked
from answering.scoring.sentence_features import reading_of
from answering.values.answer import Answer, Computation, Outcome, StatementKind
from answering.values.hypothesis import QuestionKind
from retrieval.quantities import Sort, agrees, figures
from retrieval.text.normalize import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.context import QuestionContext
    from answering.question.decompose import Part
    from answering.scoring.ranking import Ranking
    from answering.scoring.sentence_features import Reading
    from retrieval.quantities import Figure

_WEIGHED = (Intent.SUPERLATIVE, Intent.DIFFERENCE, Intent.SUM)
_WHOLE = 160  # characters: what two places say of one thing is seen best in whole sentences
_SECOND = 3  # sentences of a place among which a figure of the same kind as the others' is looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRanking:
    """The sentences of one place, or of one part of a question, with the reading they were ranked by."""

    context: QuestionContext  # narrowed to it
    place: str | None
    label: str
    reading: Reading
    best: Sequence[ScoredCandidate]


def compared(context: QuestionContext, ranking: Ranking) -> Answer | None:
    """Answer with what each place or year says, and what comes of their figures; None where none says it."""
    del ranking
    rankings = _rankings(context)
    found = [(one, _found(one)) for one in rankings]
    kept = [(one, got) for one, got in found if got is not None]
    if not kept or (rankings[0].label and len({got.line.key for _, got in kept}) < 2):
        return None
    found = [(one, got or _second(one, [g for _, g in kept])) for one, got in found]
    draft = Draft(context.question)
    told = [(one.label or context.called(one.place), got) for one, got in found if got is not None]
    if len(told) > 1 and context.question.intent in _WEIGHED:
        judge(draft, context, told)
    for one, got in found:
        _say(draft, context, one, got)
    return draft.done(Outcome.COMPUTED if draft.computed else Outcome.ANSWERED)


def which(context: QuestionContext, ranking: Ranking) -> Answer | None:
    """Answer with the places whose texts say what is asked, the figure that is named included."""
    del ranking
    claimed = stated(context)
    found = []
    for one in _of_places(context, asked_of(context), context.question.content):
        got = _stated(one, claimed) if claimed else _found(one)
        if got is not None:
            found.append((one, got))
    if not found:
        return None
    draft = Draft(context.question)
    numbers = [draft.cite_line(got.line) for _, got in found]
    names = join(tuple(context.called(one.place) for one, _ in found), draft.language)
    counted = bool(COUNT.search(context.question.folded))
    words = phrase("mentioned" if counted else "mention", draft.language, places=names, count=len(found))
    draft.say(words, *numbers, manner=StatementKind.FRAME)
    if counted:
        draft.computed.append(Computation(value=len(found), op="count", of=(1.0,) * len(found)))
    for one, got in found:
        draft.quote(got, lead=context.called(one.place), level=1)
    return draft.done(Outcome.COMPUTED if counted else Outcome.ANSWERED)


def stated(context: QuestionContext) -> list[Figure]:
    """Return the figures that a question names as told by the places it looks for: 涨了5.5%."""
    named = figures(context.question.folded)
    return [f for f in named if f.sort is Sort.QUANTITY and unit_class(f.unit) not in ("count", "time")]


def _rankings(context: QuestionContext) -> list[PlaceRanking]:
    parts = context.question.parts
    if len({(part.content, part.year) for part in parts}) > 1:
        return [_of_part(context, part) for part in parts]
    content = parts[0].content if parts else context.question.content
    return _of_places(context, asked_of(context), content)


def _of_places(context: QuestionContext, places: Sequence[str], content: str) -> list[PlaceRanking]:
    sub = _narrowed(context, tuple(places), content)
    reading = _weighing(reading_of(sub, content), context)
    best = ranked(reading, sentence_candidates(sub))
    own = (PlaceRelation.OWN, PlaceRelation.INNER, PlaceRelation.NAMED)
    mine = {
        place: [x for x in best if x.candidate.found.place == place and x.candidate.found.relation in own]
        for place in places
    }
    return [
        PlaceRanking(context=sub, place=place, label="", reading=reading, best=found)
        for place, found in mine.items()
    ]


def _of_part(context: QuestionContext, part: Part) -> PlaceRanking:
    places = (part.place,) if part.place else ()
    sub = _narrowed(context, places, part.content, years=(part.year,) if part.year else ())
    reading = _weighing(reading_of(sub, part.content), context)
    return PlaceRanking(
        context=sub,
        place=part.place,
        label=part.label,
        reading=reading,
        best=ranked(reading, sentence_candidates(sub)),
    )


def _narrowed(
    context: QuestionContext, places: tuple[str, ...], content: str, *, years: tuple[int, ...] = ()
) -> QuestionContext:
    """Return the context of the question put to ``places`` alone, in the words that belong to them."""
    hypothesis = replace(
        context.hypothesis,
        kind=QuestionKind.FACT,
        places=places or context.hypothesis.places,
        years=years or context.hypothesis.years,
        text=content.replace("|", " "),
        content=content,
    )
    question = replace(
        context.question, places=places, content=content, years=years or context.question.years
    )
    sub = replace(context, question=question, hypothesis=hypothesis)
    sub.hits, sub.seen, sub.seconds = context.hits, context.seen, context.seconds
    return sub


def _weighing(reading: Reading, context: QuestionContext) -> Reading:
    weighed = context.question.intent in _WEIGHED and reading.want.kind != "figure"
    return replace(reading, want=ExpectedAnswer("figure")) if weighed else reading


def _found(one: PlaceRanking) -> SelectedSentence | None:
    chosen = chosen_fact(one.context, one.reading, one.best)
    return chosen[0] if chosen else None


def _second(one: PlaceRanking, others: Sequence[SelectedSentence]) -> SelectedSentence | None:
    """Return a sentence of the place with a figure of the kind that the others gave."""
    kinds = [got.figure for got in others if got.figure is not None]
    for scored in one.best[:_SECOND]:
        got = select(scored.candidate.line, one.reading.terms, one.reading.want)
        if got is not None and got.figure is not None and any(comparable(got.figure, f) for f in kinds):
            return got
    return None


def _stated(one: PlaceRanking, claimed: Sequence[Figure]) -> SelectedSentence | None:
    """Return the sentence of the place that gives one of the figures asked for, where it leads the others."""
    for scored in one.best[:_SECOND]:
        got = select(scored.candidate.line, one.reading.terms, ExpectedAnswer("figure"))
        if got is not None and any(agrees(f, g) for f in figures(got.text) for g in claimed):
            return got
    return None


def _say(draft: Draft, context: QuestionContext, one: PlaceRanking, got: SelectedSentence | None) -> None:
    lead = one.label or context.called(one.place)
    if got is None:
        if not context.question.all_places:
            draft.say(phrase("silent", draft.language), lead=lead, level=1, manner=StatementKind.FRAME)
        return
    scored = next(x for x in one.best if x.candidate.line is got.line)
    if one.reading.want.kind != "figure" and len(got.line.text) <= _WHOLE:
        got = replace(got, span=Span(0, len(got.line.text)))
    place = led(context, scored)
    draft.quote(got, lead=f"{one.label}，{place}" if one.label else place, level=1)
