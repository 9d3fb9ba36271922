"""A figure that is held against an answer: the answer once more, and where the other figure comes from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from answering.composition.facts import chosen_fact, led
from answering.extractive.draft_answer import AnswerDraft
from answering.extractive.sentence_selection import SelectedSentence, around_figure
from answering.lexicon.phrases import phrase
from answering.values.answer import StatementKind
from retrieval.quantities import agrees, figures

if TYPE_CHECKING:
    from answering.evidence.context import QuestionContext
    from answering.evidence.lines import Line
    from answering.scoring.ranker import ScoredCandidate
    from answering.scoring.ranking import Ranking
    from answering.values.answer import Answer
    from retrieval.quantities import Figure


def doubted_figure(context: QuestionContext, ranking: Ranking) -> Answer | None:
    """Answer a doubt with the sentence that answers the question before and the one that holds the other figure.

    None where the message doubts nothing, or no sentence answers.
    """
    told = figures(context.question.doubted)
    chosen = chosen_fact(context, ranking.reading, ranking.best) if told else None
    if chosen is None:
        return None
    found, scored = chosen
    draft, claim = AnswerDraft(context.question), told[0]
    if _figure(found.line, claim) is not None:
        words = phrase("confirmed", draft.language, found=claim.text)
        draft.say(words, draft.cite_line(found.line), manner=StatementKind.COMPUTED)
        draft.quote(found, lead=led(context, scored))
        return replace(draft.done(), verdict="true")
    draft.quote(found, lead=led(context, scored))
    other = _elsewhere(ranking, claim, scored)
    if other is not None:
        line, figure = other.candidate.line, _figure(other.candidate.line, claim)
        assert figure is not None
        span = around_figure(line, figure, ranking.reading.terms.spots(line.folded))
        draft.quote(SelectedSentence(line, span, 0.0, figure), lead=led(context, other))
    return replace(draft.done(), verdict="false")


def _elsewhere(ranking: Ranking, claim: Figure, chosen: ScoredCandidate) -> ScoredCandidate | None:
    """Return the best sentence, of the place and year asked of, that holds a figure."""
    document = chosen.candidate.line.document.id
    return next(
        (
            one
            for one in ranking.best
            if one.candidate.line.document.id == document and _figure(one.candidate.line, claim) is not None
        ),
        None,
    )


def _figure(line: Line, claim: Figure) -> Figure | None:
    return next((one for one in line.figures if agrees(one, claim)), None)
