"""One fact: the clauses that hold it, led by whose text says it and whether it is a target."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from answering.candidates.annotation import SentenceState
from answering.evidence.passage_pools import speaker_of
from answering.extractive.demands import meets
from answering.extractive.draft_answer import AnswerDraft
from answering.extractive.false_premise import asserted, check
from answering.extractive.lookup import bears, lookup
from answering.extractive.measured_figure import Sought, measures
from answering.extractive.sentence_selection import SelectedSentence, holds, select
from answering.extractive.subset_figures import of_whole
from answering.lexicon.phrases import phrase
from answering.question.intent import ExpectedAnswer
from answering.question.unit_classes import unit_class
from answering.scoring.abstention import answer_odds, signals
from retrieval.text.normalize import Span
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.context import QuestionContext
    from answering.evidence.lines import Line
    from answering.scoring.ranker import ScoredCandidate
    from answering.scoring.ranking import Ranking
    from answering.scoring.sentence_features import QuestionWords
    from answering.values.answer import Answer
    from retrieval.quantities import Figure

_TITLE = 30  # characters of a title that leads a line
_YEAR = re.compile(r"(?:19|20)\d\d年")
_SPEAKS = (
    0.2  # share of what is asked for that the sentence of a figure must speak of, where words alone tell
)
_TRIES = 6  # sentences, the best first, among which one with a figure is looked for


def fact(context: QuestionContext, ranking: Ranking) -> Answer | None:
    """Answer with the clauses of the best sentence that hold the fact; None where none is taken to answer."""
    chosen = chosen_fact(context, ranking.reading, ranking.best)
    if chosen is None:
        return None
    found, scored = chosen
    draft = AnswerDraft(context.question)
    verdict = None
    if claims := asserted(context.question.folded, confirm=context.question.confirm):
        verdict = check(draft, context, found, claims)
    draft.quote(found, lead=led(context, scored))
    return replace(draft.done(), verdict=verdict)


def chosen_fact(
    context: QuestionContext,
    reading: QuestionWords,
    best: Sequence[ScoredCandidate],
) -> tuple[SelectedSentence, ScoredCandidate] | None:
    """Return the part of the best fitting sentence that answers; None where the odds are against it.

    A sentence fits when it bears what an answer must (role, words quoted, thing counted) and its figure
    measures the thing asked for.
    """
    told = [x for x in best[:_TRIES] if not x.candidate.line.is_heading]
    for scored in told:
        found = _fitting(context, reading, scored)
        if found is None:
            continue
        others = [x for x in best if x is not scored]
        told_of = signals(reading, [scored, *others], context.library)
        return (found, scored) if answer_odds(told_of) >= 0 else None
    return None


def _fitting(
    context: QuestionContext, reading: QuestionWords, scored: ScoredCandidate
) -> SelectedSentence | None:
    want = reading.want
    claims = asserted(context.question.folded, confirm=context.question.confirm)
    if claims and not want.asks:
        want = ExpectedAnswer("figure", tuple(f.unit for f in claims))
    line = scored.candidate.line
    sought = Sought(want=want, content=reading.content, years=reading.years)
    found = select(line, reading.terms, want)
    if found is None or not holds(line, want) or not bears(line, context):
        return None
    if not measures(found, sought, context):
        found = _another(found, reading, sought, context)
        if found is None:
            return None
    if not of_whole([line], context, reading.content) or not _in_unit(found, want):
        return None
    if found.figure is not None and not _speaks_of(line, context, reading):
        return None
    if not meets(found, scored.candidate.annotation, reading.terms, context):
        return None
    return _in_year(found, reading.years)


def _speaks_of(line: Line, context: QuestionContext, reading: QuestionWords) -> bool:
    """Tell whether a sentence speaks of what is asked: by its words where no meanings are compared (铁路里程 for 高速公路)."""
    return bool(context.library.embedder) or reading.terms.coverage(line.folded) >= _SPEAKS


def _another(
    found: SelectedSentence, reading: QuestionWords, sought: Sought, context: QuestionContext
) -> SelectedSentence | None:
    """Return the figure of the same clause that measures what is asked: the later one of 由729万人增加到732万人."""
    line, figure = found.line, found.figure
    clause = next((s for s in line.clauses if figure and s.start <= figure.start < s.end), None)

    def passes(one: Figure) -> bool:
        inside = clause is not None and clause.start <= one.start < clause.end
        told = SelectedSentence(line, Span(0, len(line.text)), 0.0, one)
        return inside and one is not figure and measures(told, sought, context)

    return select(line, reading.terms, sought.want, passes)


def _in_year(found: SelectedSentence, years: Sequence[int]) -> SelectedSentence:
    """Return the clause of the year asked for, where the sentence names that year beside the one found."""
    asked = tuple(f"{year}年" for year in years)
    if not asked or not _YEAR.search(found.text) or any(year in found.text for year in asked):
        return found
    text = found.line.text
    fitting = [s for s in found.line.clauses if any(year in text[s.start : s.end] for year in asked)]
    return replace(found, span=fitting[0], figure=None) if len(fitting) == 1 else found


def _in_unit(found: SelectedSentence, want: ExpectedAnswer) -> bool:
    """Tell whether a figure is of the kind of unit that the question names: 万人 are no 个."""
    if not want.named or not want.units or found.figure is None:
        return True
    return unit_class(found.figure.unit) in {unit_class(unit) for unit in want.units}


def short_title(title: str) -> str:
    """Return a title short enough to lead a line: to its first gap, without the figures that others tell of."""
    return title.split(maxsplit=1)[0][:_TITLE] if title.split() else title


def led(context: QuestionContext, scored: ScoredCandidate) -> str:
    """Return what stands before a quotation: the place, the report's year, and that it is a target."""
    document, note = scored.candidate.line.document, scored.candidate.annotation
    place = context.called(speaker_of(document, context.library.gazetteer)) or short_title(document.title)
    if document.genre is not Genre.REPORT or document.year is None:
        return place
    key = "led_target" if note.state is SentenceState.PLANNED else "led_report"
    return phrase(key, context.question.language, place=place, year=document.year)


def agreed(context: QuestionContext, ranking: Ranking) -> Answer | None:
    """Answer with the sentence that covers the question best where it is also the one ranked first.

    A second chance for a fact: two scores that choose the same sentence are taken at their word.
    """
    found = lookup(context)
    if found is None or not ranking.best or not found.citations:
        return None
    best, cited = ranking.best[0].candidate, found.citations[0]
    terms = ranking.reading.terms
    told = select(best.line, terms, ranking.reading.want)
    if told is None or not meets(told, best.annotation, terms, context):
        return None
    return found if (cited.document, cited.start) == best.line.key else None
