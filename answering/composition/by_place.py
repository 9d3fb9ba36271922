"""Which places say a thing: each is searched and ranked by itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from answering.candidates.sentence_candidates import sentence_candidates
from answering.composition.facts import chosen_fact
from answering.evidence.passage_pools import PlaceRelation
from answering.evidence.place_set import asked_of
from answering.extractive.draft_answer import Draft
from answering.extractive.sentence_selection import SelectedSentence, select
from answering.lexicon.phrases import join, phrase
from answering.question.intent import ExpectedAnswer
from answering.question.operation import COUNT
from answering.question.unit_classes import unit_class
from answering.scoring.ranker import ScoredCandidate, ranked
from answering.scoring.sentence_features import reading_of
from answering.values.answer import Answer, Computation, Outcome, StatementKind
from answering.values.hypothesis import QuestionKind
from retrieval.quantities import Sort, agrees, figures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.context import QuestionContext
    from answering.scoring.ranking import Ranking
    from answering.scoring.sentence_features import Reading
    from retrieval.quantities import Figure

_SECOND = 3  # sentences of a place among which the figure asked for is looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRanking:
    """The sentences of one place, or of one part of a question, with the reading they were ranked by."""

    context: QuestionContext  # narrowed to it
    place: str | None
    label: str
    reading: Reading
    best: Sequence[ScoredCandidate]


def which(context: QuestionContext, ranking: Ranking) -> Answer | None:
    """Answer with the places whose texts say what is asked, the figure that is named included."""
    del ranking
    claimed = stated(context)
    found = []
    for one in ranked_places(context, asked_of(context), context.question.content):
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


def ranked_places(context: QuestionContext, places: Sequence[str], content: str) -> list[PlaceRanking]:
    """Return the sentences of each place by themselves, ranked for the words ``content`` of the question."""
    sub = _narrowed(context, tuple(places), content)
    reading = reading_of(sub, content)
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


def _found(one: PlaceRanking) -> SelectedSentence | None:
    chosen = chosen_fact(one.context, one.reading, one.best)
    return chosen[0] if chosen else None


def _stated(one: PlaceRanking, claimed: Sequence[Figure]) -> SelectedSentence | None:
    """Return the sentence of the place that gives one of the figures asked for, where it leads the others."""
    for scored in one.best[:_SECOND]:
        got = select(scored.candidate.line, one.reading.terms, ExpectedAnswer("figure"))
        if got is not None and any(agrees(f, g) for f in figures(got.text) for g in claimed):
            return got
    return None
