"""What a message asks: weighted readings, completed from the conversation, with the places and years resolved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from answering.question.follow_up import readings
from answering.question.intent import Intent
from answering.question.subject import subject
from answering.question.unit_classes import unit_class
from answering.values.hypothesis import Hypothesis, QuestionKind
from retrieval.places.table import COUNTRY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.question.parser import Known, Question
    from answering.values.answer import Turn

_KINDS = {
    Intent.LOOKUP: QuestionKind.FACT,
    Intent.LIST: QuestionKind.LIST,
    Intent.OUTLINE: QuestionKind.OUTLINE,
    Intent.SECTION: QuestionKind.OUTLINE,
    Intent.TITLE: QuestionKind.LIBRARY,
    Intent.CORPUS: QuestionKind.LIBRARY,
    Intent.COMPARE: QuestionKind.COMPARISON,
    Intent.SUPERLATIVE: QuestionKind.COMPARISON,
    Intent.DIFFERENCE: QuestionKind.COMPARISON,
    Intent.SUM: QuestionKind.COUNT,
    Intent.WHICH: QuestionKind.WHICH_PLACES,
}


def hypotheses(text: str, history: Sequence[Turn], known: Known) -> tuple[Hypothesis, ...]:
    """Return the readings of ``text`` after ``history`` (oldest turn first), the likeliest first; at least one.

    Their weights sum to 1. ``known`` is what the library holds, as far as reading a question needs it.
    """
    frames = readings(text, history, known=known)
    total = sum(0.5**n for n in range(len(frames)))
    return tuple(_hypothesis(frame, 0.5**n / total) for n, frame in enumerate(frames))


def _hypothesis(frame: Question, weight: float) -> Hypothesis:
    places = (*frame.places, *frame.strangers)
    focus = subject(frame.content)
    return Hypothesis(
        kind=QuestionKind.NONE if frame.reason else _KINDS[frame.intent],
        weight=weight,
        asked=frame.asked,
        text=frame.text,
        language=frame.language,
        places=places or ((COUNTRY.name,) if frame.national else ()),
        everywhere=frame.all_places,
        years=frame.years,
        unit_classes=tuple(dict.fromkeys(map(unit_class, frame.want.units))),
        content=frame.content,
        terms=tuple(piece for piece in focus.split("|") if piece),
        focus=focus,
        quoted=frame.quoted,
        own=frame.own,
        carried=frame.completed,
        reason=frame.reason,
    )
