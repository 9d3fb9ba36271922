"""Which places fit a condition, and how many: each one's own figure of the thing, tested by code."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from answering.composition.compared_parts import ComparedPart
from answering.composition.comparison import Side, named_row, row_of
from answering.composition.facts import led
from answering.composition.figure_choice import FigureCandidate, chosen_figures, shown
from answering.evidence.place_set import asked_of
from answering.extractive.draft_answer import AnswerDraft
from answering.lexicon.phrases import join, phrase
from answering.question.intent import ExpectedAnswer
from answering.question.operation import COUNT
from answering.question.unit_classes import comparable, unit_class
from answering.scoring.sentence_features import reading_of
from answering.values.answer import Answer, Computation, Outcome, Shape, StatementKind
from answering.values.hypothesis import QuestionKind
from retrieval.quantities import Bound, Sort, figures

if TYPE_CHECKING:
    from answering.evidence.context import QuestionContext
    from answering.scoring.ranking import Ranking
    from retrieval.quantities import Figure

_AT_LEAST = re.compile(r"起步|至少|起码|不低于|不少于|以上|at least")
_BEYOND = re.compile(r"超|突破|高于|多于|大于|more than|above|over")
_WITHIN = re.compile(r"以内|以下|不超过|不高于|within|at most")
_SHORT_OF = re.compile(r"低于|不到|少于|小于|不足|below|less than|under")
_NEAR = 6  # characters beside a figure in which it is said how it bounds
_WORDS = re.compile(
    r"(?:有?哪[些几]个?|有?几个)(?:省|自治区|直辖市|市|区|地方)+|起步就?有?|至少|起码|超过?|突破|[高低多少大小]于|不到|不足|以[上下内]|左右|达到?|[压定控]制?[在到]|设在|当目标|的(?=有|是|省|市)"
)
_MOST = 8  # places named that do not fit


def fitting_places(context: QuestionContext, ranking: Ranking) -> Answer | None:
    """Answer which places have a figure as asked for (超过5%, 5%以内), how many they are, and which have another.

    None where the question sets no figure, or no place tells one of the thing.
    """
    del ranking
    conditions = stated(context)
    if not conditions:
        return None
    sides = _sides(context, conditions[0])
    row = named_row(context, sides) or row_of(sides)
    told = [(side, one) for side, one in zip(sides, row, strict=True) if one is not None]
    kept = [(side, one) for side, one in told if meets(one.figure, conditions[0], context.question.folded)]
    if not kept:
        return None
    rest = [pair for pair in told if pair not in kept]
    draft = AnswerDraft(context.question)
    numbers = [draft.cite_line(one.line) for _, one in kept]
    names = join(tuple(context.called(side.part.place) for side, _ in kept), draft.language)
    words = phrase("fitting", draft.language, count=len(kept), places=names)
    draft.computed.append(Computation(value=len(kept), op="count", of=(1.0,) * len(kept)))
    draft.say(words, *numbers, manner=StatementKind.FRAME)
    for side, one in kept:
        draft.quote(shown(one, side.reading), lead=led(context, one.scored), level=1)
    if rest:
        others = tuple(f"{context.called(side.part.place)}{one.figure.text}" for side, one in rest[:_MOST])
        cited = [draft.cite_line(one.line) for _, one in rest[:_MOST]]
        words = phrase("not_fitting", draft.language, figures=join(others, draft.language))
        draft.say(words, *cited, manner=StatementKind.COMPUTED)
    outcome = Outcome.COMPUTED if COUNT.search(context.question.folded) else Outcome.ANSWERED
    return replace(draft.done(outcome), shape=Shape.TABLE)


def stated(context: QuestionContext) -> list[Figure]:
    """Return the figures that a question sets for the places it looks for: 涨了5.5%."""
    named = figures(context.question.folded)
    return [f for f in named if f.sort is Sort.QUANTITY and unit_class(f.unit) not in ("count", "time")]


def meets(figure: Figure, condition: Figure, asked: str) -> bool:
    """Tell whether a place's figure is as a folded question asks: above or below a bound, or just that value.

    Of a range the end that is nearer to breaking the condition counts.
    """
    if not comparable(figure, condition):
        return False
    around = asked[max(0, condition.start - _NEAR) : condition.end + _NEAR]
    low, high = figure.value, figure.high if figure.high is not None else figure.value
    if _BEYOND.search(around):
        return low > condition.value or (low == condition.value and figure.bound is Bound.ABOVE)
    if _AT_LEAST.search(around):
        return low >= condition.value
    if _SHORT_OF.search(around):
        return high < condition.value
    if _WITHIN.search(around):
        return high <= condition.value
    return low == high == condition.value


def _sides(context: QuestionContext, condition: Figure) -> list[Side]:
    """Return for each place asked of its figures of the thing, in the kind of unit of the condition."""
    places = asked_of(context)
    asked = context.question.content.replace(condition.text, "|")
    content = _WORDS.sub("|", asked)
    question = replace(context.question, places=places, content=content)
    hypothesis = replace(
        context.hypothesis,
        kind=QuestionKind.FACT,
        places=places,
        text=content.replace("|", " "),
        content=content,
    )
    sub = replace(context, question=question, hypothesis=hypothesis)
    sub.hits, sub.seen, sub.seconds = context.hits, context.seen, context.seconds
    reading = replace(reading_of(sub, content), want=ExpectedAnswer("figure", (condition.unit,)))
    found = chosen_figures(sub, reading)
    by_place: dict[str | None, list[FigureCandidate]] = {place: [] for place in places}
    for one in found:
        place = one.scored.candidate.found.place
        timely = one.scored.candidate.found.in_year
        if place in by_place and timely and comparable(one.figure, condition):
            by_place[place].append(one)
    return [
        Side(part=ComparedPart(content=content, place=place), context=sub, reading=reading, figures=own)
        for place, own in by_place.items()
    ]
