"""A question that leaves the place open although several texts answer it alike: what each says, and which is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from answering.composition.by_place import ranked_places
from answering.composition.facts import chosen_fact, led
from answering.evidence.passage_pools import speaker_of
from answering.extractive.draft_answer import AnswerDraft
from answering.extractive.sentence_selection import select
from answering.lexicon.phrases import phrase
from answering.values.answer import StatementKind
from retrieval.places.table import COUNTRY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.composition.by_place import PlaceRanking
    from answering.evidence.context import QuestionContext
    from answering.extractive.sentence_selection import SelectedSentence
    from answering.scoring.ranker import ScoredCandidate
    from answering.scoring.ranking import Ranking
    from answering.values.answer import Answer

_ALIKE = 1.5  # score by which the best sentence of another place may lie behind and still answer as well
_BESIDE = 3.0  # the same once each place has been searched by itself
_CHOICE = 2  # places from which there is a choice
_PLACES = 8  # places told in one message


def each_place(context: QuestionContext, ranking: Ranking) -> Answer | None:
    """Answer with what the text of each place says, and ask which is meant.

    None where the question says of whom it asks, or where one text answers it clearly better than the others.
    """
    rivals = set() if _is_placed(context) else _rivals(context, ranking)
    if len(rivals) < _CHOICE:
        return None
    asked = [*context.library.places(), *(rivals & {COUNTRY.name})]
    kept = _told(ranked_places(context, asked, context.question.content))
    if len(kept) < _CHOICE:
        return None
    draft = AnswerDraft(context.question)
    shown = sorted(kept, key=lambda pair: -pair[1].score)[:_PLACES]
    numbers = [draft.cite_line(got.line) for got, _ in shown]
    asking = phrase("each_place", draft.language, count=len(kept))
    draft.say(asking, *numbers, manner=StatementKind.FRAME)
    for got, scored in shown:
        draft.quote(got, lead=led(context, scored), level=1)
    if len(kept) > _PLACES:
        draft.say(phrase("more_items", draft.language, count=len(kept) - _PLACES), manner=StatementKind.FRAME)
    return draft.done()


def _told(rankings: Sequence[PlaceRanking]) -> list[tuple[SelectedSentence, ScoredCandidate]]:
    """Return the sentence of each place that says what is asked, a less sure one where it scores nearly as well."""
    found = [chosen_fact(one.context, one.reading, one.best) for one in rankings]
    top = max((chosen[1].score for chosen in found if chosen is not None), default=0.0)
    for at, one in enumerate(rankings):
        if found[at] is None and one.best and one.best[0].score >= top - _BESIDE:
            got = select(one.best[0].candidate.line, one.reading.terms, one.reading.want)
            found[at] = (got, one.best[0]) if got is not None else None
    return [chosen for chosen in found if chosen is not None and chosen[1].score >= top - _BESIDE]


def _is_placed(context: QuestionContext) -> bool:
    """Tell whether a question, or the conversation, says whose text it asks of."""
    question = context.question
    named = question.places or question.strangers or context.hypothesis.documents
    return bool(named or question.all_places or question.national or question.unplaced or question.completed)


def _rivals(context: QuestionContext, ranking: Ranking) -> set[str]:
    """Return the places whose best sentence scores nearly as well as the best of all."""
    if not ranking.best or ranking.odds < 0:
        return set()
    near = [one for one in ranking.best if one.score >= ranking.best[0].score - _ALIKE]
    told = (speaker_of(one.candidate.line.document, context.library.gazetteer) for one in near)
    return {place for place in told if place}
