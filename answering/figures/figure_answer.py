"""The answer to a figure question from the fact that is asked for, with what other texts tell otherwise beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from answering.candidates.annotation import annotate
from answering.composition.facts import chosen_fact, short_title
from answering.evidence.passage_pools import speaker_of
from answering.extractive.demands import meets
from answering.extractive.draft_answer import AnswerDraft
from answering.extractive.false_premise import asserted, qualifying
from answering.extractive.measured_figure import Sought, measures, row_of
from answering.extractive.sentence_selection import SelectedSentence
from answering.extractive.subset_figures import of_whole
from answering.figures.fact_candidates import FactCandidate, fact_candidates, same_fact
from answering.figures.fact_features import FigureQuestion, fact_features
from answering.figures.fact_score import fact_odds, fact_scores
from answering.lexicon.phrases import phrase
from answering.values.answer import StatementKind
from retrieval.facts.fact_state import FactState
from retrieval.quantities import agrees, figures
from retrieval.quantities.values import Bound
from retrieval.text.normalize import Span, fold
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from answering.evidence.context import QuestionContext
    from answering.scoring.ranker import ScoredCandidate
    from answering.scoring.ranking import Ranking
    from answering.values.answer import Answer
    from retrieval.facts.models import FigureRow
    from retrieval.quantities import Figure

_MARK = re.compile("[、，,;；]")
_ASKS = re.compile(r"多少|几(?!乎)|百分之|多[大高长]|how (?:many|much)")
_ORDINAL = re.compile("几号|第几[届次期]")  # asks for no quantity
_YEAR = re.compile(r"((?:19|20)\d\d)年")
_BESIDE = 3.0  # score below the best within which a fact of the same sentence answers a second question
_ROUNDED = Decimal("0.006")  # share of a value by which two texts may round the same one differently
_SURE = 4.0  # log-odds of a sentence beyond which it is no surer
_NAMED = 4  # characters of a thing that is told apart by them alone
_OF_THING = 0.5  # share of the words asked for that the name of what is counted holds
_OTHERS = 3  # texts that tell otherwise, at most


@dataclass(frozen=True, eq=False)
class ChosenFacts:
    """The fact asked for, those of its sentence that are asked for too, and the same fact told otherwise."""

    best: FactCandidate
    beside: tuple[FactCandidate, ...]
    in_years: tuple[FactCandidate, ...]  # the same thing in the other years asked for
    otherwise: tuple[FactCandidate, ...]
    scores: Mapping[tuple[str, int], float]  # of the best fact of each sentence, by the sentence's key


def figure(context: QuestionContext, ranking: Ranking) -> Answer | None:
    """Answer a figure question by the fact that its thing, place, state and period choose; None where none does."""
    if ranking.reading.want.kind != "figure" or _ORDINAL.search(context.question.folded):
        return None
    if asserted(context.question.folded, confirm=context.question.confirm):
        return None
    chosen = chosen_facts(context, ranking)
    if chosen is None:
        return None
    by_sentence = chosen_fact(context, ranking.reading, ranking.best)
    if by_sentence is None:
        return _told(context, chosen)
    found, rival = by_sentence
    if _counts_another(found, chosen, context, ranking) or _outweighs(chosen, rival, ranking):
        return _told(context, chosen)
    return None


def _counts_another(
    found: SelectedSentence, chosen: ChosenFacts, context: QuestionContext, ranking: Ranking
) -> bool:
    """Tell whether the figure of a sentence is of a thing that shares no word with the question, and the best fact's does."""
    row, terms = row_of(found, context), ranking.reading.terms
    if row is None or terms.coverage(fold(row.metric)) > 0:
        return False
    return terms.coverage(chosen.best.metric) >= _OF_THING


def _outweighs(chosen: ChosenFacts, rival: ScoredCandidate, ranking: Ranking) -> bool:
    """Tell whether the facts stand by their best against the sentence that the ranking takes to answer.

    Both scores are log-odds up to a constant of the question, so that their leads can be held against each
    other: the lead of the best fact over the sentence's own, and that of the sentence over the fact's.
    """
    key = rival.candidate.line.key
    if key == chosen.best.line.key:
        return True
    own = next((x for x in ranking.best if x.candidate.line.key == chosen.best.line.key), None)
    if own is None or key not in chosen.scores:
        return False
    return chosen.scores[chosen.best.line.key] - chosen.scores[key] > rival.score - own.score


def held_against(context: QuestionContext, ranking: Ranking, one: FactCandidate) -> list[float]:
    """Return what else tells for or against a fact, by ``HELD``.

    That is: the odds of the best sentence, whether that is the fact's own, whether the fact counts another
    thing or only some of it, whether it lacks what is demanded. The years asked for have chosen the facts before.
    """
    reading, line = ranking.reading, one.line
    told = _sentence(one)
    sought = Sought(want=reading.want, content=reading.content)
    whole = measures(told, sought, context) and of_whole([line], context, reading.content)
    demanded = meets(told, annotate(line.text, line.passage, line.document), reading.terms, context)
    first = bool(ranking.best) and ranking.best[0].candidate.line.key == line.key
    return [max(-_SURE, min(_SURE, ranking.odds)), float(first), float(not whole), float(not demanded)]


def _sentence(one: FactCandidate) -> SelectedSentence:
    """Return the sentence of a fact with its figure."""
    line = one.line
    counted = next((f for f in line.figures if f.start == one.row.start - line.start), None)
    return SelectedSentence(line, Span(0, len(line.text)), 0.0, counted)


def _of_own_words(
    context: QuestionContext, ranking: Ranking, found: Sequence[FactCandidate]
) -> Sequence[FactCandidate]:
    """Return the facts that count what a follow-up names in words of its own (电梯呢), and all where none does."""
    own = context.question.own
    named = [t for t in ranking.reading.terms.all if any(form in own for form in t.forms)] if own else []
    counting = [x for x in found if any(form in x.clause for t in named for form in t.forms)]
    return counting or found


def _qualified(one: FactCandidate, asked: Sequence[Figure]) -> bool:
    """Tell whether a fact counts the things that the figures of a question single out: 超过30%的有11种."""
    before = _MARK.split(one.left)[-1]
    return all(any(agrees(figure, told) for told in figures(before)) for figure in asked)


def chosen_facts(context: QuestionContext, ranking: Ranking) -> ChosenFacts | None:
    """Return the facts that answer; None where the odds are against the best of them."""
    asked = FigureQuestion.of(context, ranking)
    found = _of_own_words(context, ranking, [x for x in fact_candidates(context, ranking) if asked.may_be(x)])
    found = [one for one in found if _qualified(one, qualifying(context.question.folded))]
    rows = fact_features(asked, found, context)
    if not found:
        return None
    scores = fact_scores(rows)
    at = int(scores.argmax())
    best = found[at]
    if fact_odds(found, rows, scores, held_against(context, ranking, best)) < 0 or asked.sums_other(best):
        return None
    several = len(_ASKS.findall(context.question.folded)) > 1
    beside = [
        one
        for one, score in zip(found, scores, strict=True)
        if several and one is not best and one.line.key == best.line.key and score > scores[at] - _BESIDE
    ]
    if several and not beside:
        beside = _next_to(best, found, scores)
    years = [year for year in asked.reading.years if year != best.row.year] if asked.each_year else []
    of_year = (_in_year(best, found, scores, year) for year in years)
    return ChosenFacts(
        best=best,
        beside=tuple(beside),
        in_years=tuple(one for one in of_year if one is not None),
        otherwise=tuple(told_otherwise(best, found)),
        scores={
            one.line.key: float(s) for s, one in sorted(zip(scores, found, strict=True), key=lambda p: p[0])
        },
    )


def _next_to(
    best: FactCandidate, found: Sequence[FactCandidate], scores: NDArray[np.float64]
) -> list[FactCandidate]:
    """Return the likelier one of the facts before and after the best in its sentence, for what else is asked for."""
    here = sorted(
        (
            (one.row.start, float(score), one)
            for one, score in zip(found, scores, strict=True)
            if one.line.key == best.line.key
        ),
        key=lambda told: told[0],
    )
    at = next(n for n, (_, _, one) in enumerate(here) if one is best)
    beside = [*here[max(0, at - 1) : at], *here[at + 1 : at + 2]]
    return [max(beside, key=lambda told: told[1])[2]] if beside else []


def _in_year(
    best: FactCandidate, found: Sequence[FactCandidate], scores: NDArray[np.float64], year: int
) -> FactCandidate | None:
    """Return the likest fact of the thing of ``best`` that is of another year."""
    fitting = [
        (float(score), n)
        for n, (one, score) in enumerate(zip(found, scores, strict=True))
        if one.row.year == year and one.thing == best.thing and one.row.measure == best.row.measure
    ]
    return found[max(fitting)[1]] if fitting else None


def told_otherwise(best: FactCandidate, found: Sequence[FactCandidate]) -> list[FactCandidate]:
    """Return the facts of other texts that give the very same thing, place, time and state another value."""
    others = [
        one
        for one in found
        if one.row.document != best.row.document and same_fact(one, best) and not _agree(one.row, best.row)
    ]
    others.sort(key=lambda one: (-(one.line.document.year or 0), one.line.document.id, one.row.start))
    distinct = {(one.row.document, one.row.value): one for one in reversed(others)}
    return [one for one in others if one in distinct.values()][:_OTHERS]


def _agree(one: FigureRow, other: FigureRow) -> bool:
    """Tell whether two rows may be of one value: equal but for rounding, or within the bound that one prints."""
    low, high = sorted((one, other), key=lambda row: row.value)
    if high.value - low.value <= abs(high.value) * _ROUNDED:
        return True
    return low.bound in (Bound.ABOVE, Bound.MORE) or high.bound in (Bound.BELOW, Bound.LESS)


def _told(context: QuestionContext, chosen: ChosenFacts) -> Answer:
    draft = AnswerDraft(context.question)
    _say(draft, context, chosen.best, chosen.beside)
    for one in chosen.in_years:
        _say(draft, context, one, ())
    if chosen.otherwise:
        said = [one.line for one in (chosen.best, *chosen.otherwise)]
        for one in chosen.otherwise:
            _say(draft, context, one, ())
        draft.say(
            phrase("told_otherwise", draft.language),
            *(draft.cite_line(line) for line in said),
            manner=StatementKind.FRAME,
        )
    return draft.done()


def _say(
    draft: AnswerDraft, context: QuestionContext, one: FactCandidate, beside: Sequence[FactCandidate]
) -> None:
    line = one.line
    start = min(_start(context, fact) for fact in (one, *beside)) - line.start
    end = max(fact.row.clause[1] for fact in (one, *beside)) - line.start
    words = line.text[max(0, start) : end].strip().rstrip("，,；;、")
    draft.say(words, draft.cite_line(line), lead=_lead(context, one))


def _start(context: QuestionContext, one: FactCandidate) -> int:
    """Return where the words that tell a fact begin in its text.

    Where they tell of another year before the one asked for, they begin with the clause that names the year and the thing.
    """
    line, start = one.line, _own_part(one)
    years = context.hypothesis.years
    before = line.text[max(0, start - line.start) : one.row.start - line.start]
    if one.row.year not in years or all(int(year) in years for year in _YEAR.findall(before)):
        return start
    own = next((c for c in line.clauses if c.start <= one.row.start - line.start < c.end), None)
    if own is None or f"{one.row.year}年" not in line.text[own.start : own.end]:
        return start
    return max(start, line.start + own.start) if one.thing in line.folded[own.start : own.end] else start


def _own_part(one: FactCandidate) -> int:
    """Return where a fact's clause begins in its text, without the figures of other things listed before it in the clause."""
    line, start = one.line, one.row.clause[0]
    before = line.folded[start - line.start : one.row.start - line.start]
    head, mark, own = before.rpartition("、")
    named = len(one.metric) >= _NAMED and one.metric[-_NAMED:] in own
    listed = mark and named and any(char.isdigit() for char in head)
    return one.row.start - len(own) if listed else start


def _lead(context: QuestionContext, one: FactCandidate) -> str:
    """Return whose fact it is, of which report, and that it is a target."""
    document = one.line.document
    place = context.called(speaker_of(document, context.library.gazetteer)) or short_title(document.title)
    if document.genre is not Genre.REPORT or document.year is None:
        return place
    key = "led_target" if one.row.state is FactState.PLANNED else "led_report"
    return phrase(key, context.question.language, place=place, year=document.year)
