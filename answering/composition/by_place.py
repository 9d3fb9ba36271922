"""The sentences of each of several places, searched together and ranked for one question."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from answering.candidates.sentence_candidates import sentence_candidates
from answering.evidence.pooled_passage import PlaceRelation
from answering.scoring.ranker import ScoredCandidate, ranked
from answering.scoring.sentence_features import reading_of
from answering.values.hypothesis import QuestionKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.context import QuestionContext
    from answering.scoring.sentence_features import QuestionWords


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRanking:
    """The sentences of one place, or of one part of a question, with the reading they were ranked by."""

    context: QuestionContext  # narrowed to it
    place: str | None
    label: str
    reading: QuestionWords
    best: Sequence[ScoredCandidate]


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
