"""What a comparison sets side by side: places, years, or two things of one place, each as a question of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from answering.evidence.place_set import asked_of
from answering.question.asked_period import without_years
from answering.question.decompose import things_of
from answering.question.intent import ExpectedAnswer
from answering.question.operation import without_weighing
from answering.values.hypothesis import QuestionKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.context import QuestionContext

_RANGE = re.compile(
    r"从?(?:(?:19|20)?\d\d)年?底?\s*[到至—–~-]\s*(?:(?:19|20)?\d\d)(?!\d)年?(?:这[一-龥]{1,2}年)?"
)
_JOINED_YEARS = re.compile(r"(?:19|20)\d\d年?\s*[和与跟、,]\s*(?=(?:19|20)\d\d)")
_MOST = 12  # years set side by side


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedPart:
    """One side of a comparison; ``label`` comes before its line where the place alone does not tell it apart."""

    content: str  # what is asked of it, folded
    place: str | None = None
    year: int | None = None
    label: str = ""

    def narrowed(self, context: QuestionContext) -> QuestionContext:
        """Return the context of the question put to this side alone: one place, one year, its own words."""
        places = (self.place,) if self.place else context.question.places
        years = (self.year,) if self.year else context.hypothesis.years
        hypothesis = replace(
            context.hypothesis,
            kind=QuestionKind.FACT,
            places=(self.place,) if self.place else context.hypothesis.places,
            years=years,
            text=self.content.replace("|", " "),
            content=self.content,
        )
        want = context.question.want
        if want.kind in _OF_SIDES:
            want = ExpectedAnswer()
        question = replace(
            context.question,
            places=places,
            content=self.content,
            want=want,
            years=(self.year,) if self.year else context.question.years,
        )
        sub = replace(context, question=question, hypothesis=hypothesis)
        sub.hits, sub.seen, sub.seconds = context.hits, context.seen, context.seconds
        return sub


_OF_SIDES = frozenset(
    ("person", "place", "city")
)  # 谁, 哪个市: asks for one of the sides, not for a name in them


def compared_parts(context: QuestionContext) -> tuple[ComparedPart, ...]:
    """Return the sides of a comparison, at least two; none where the question has but one."""
    question = context.question
    if len(question.places) > 1:
        own = {part.place: part.content for part in question.parts if part.year is None}
        return tuple(
            ComparedPart(place=place, content=without_weighing(own.get(place, question.content)))
            for place in question.places
        )
    place = question.places[0] if question.places else None
    if len(years := _years(context)) > 1:
        content = _JOINED_YEARS.sub("", _RANGE.sub("|", question.content))
        bare = without_weighing(without_years(content))
        return tuple(ComparedPart(place=place, content=bare, year=year, label=f"{year}年") for year in years)
    if context.hypothesis.everywhere or question.all_places:
        return tuple(
            ComparedPart(place=name, content=without_weighing(question.content)) for name in asked_of(context)
        )
    things = things_of(question.content) if place is not None else ()
    return tuple(ComparedPart(place=place, content=label, label=label) for label, _ in things)


def _years(context: QuestionContext) -> Sequence[int]:
    """Return the years set side by side: those named, with those between where a span is asked of."""
    named = context.question.years
    if len(named) > 1:
        spanned = _RANGE.search(context.question.folded) is not None
        return tuple(range(min(named), max(named) + 1))[:_MOST] if spanned else named[:_MOST]
    return context.hypothesis.years[:_MOST]
