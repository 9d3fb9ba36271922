"""A second chance for a fact: two scores that choose the same sentence are taken at their word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from answering.extractive.demands import meets
from answering.extractive.lookup import lookup
from answering.extractive.sentence_selection import select

if TYPE_CHECKING:
    from answering.evidence.context import QuestionContext
    from answering.scoring.ranking import Ranking
    from answering.values.answer import Answer


def agreed(context: QuestionContext, ranking: Ranking) -> Answer | None:
    """Answer with the sentence that covers the question best where it is also the one ranked first."""
    found = lookup(context)
    if found is None or not ranking.best or not found.citations:
        return None
    best, cited = ranking.best[0].candidate, found.citations[0]
    terms = ranking.reading.terms
    told = select(best.line, terms, ranking.reading.want)
    if told is None or not meets(told, best.annotation, terms, context):
        return None
    return found if (cited.document, cited.start) == best.line.key else None
