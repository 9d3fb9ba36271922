"""Weigh figures by code: which is most, how far apart, how much together; no bound is ever hidden."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from answering.extractive.arithmetic import Weighed, rank, reckon
from answering.extractive.charts import bars, mark
from answering.lexicon.phrases import join, phrase
from answering.question.intent import Intent
from answering.question.subject import subject
from answering.question.unit_classes import comparable
from answering.values.answer import StatementKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.context import QuestionContext
    from answering.extractive.draft_answer import Draft
    from answering.extractive.sentence_selection import SelectedSentence
    from retrieval.quantities import Figure

LEAST = re.compile(r"最(少|低|小|短|晚)|更(少|低|小)|\b(fewest|lowest|least|smallest)\b")


@dataclass(frozen=True, slots=True)
class Row:
    """What is given under one name, a place's or a thing's: the figure and the sentence it stands in."""

    place: str
    find: SelectedSentence
    figure: Figure


def judge(draft: Draft, desk: QuestionContext, found: Sequence[tuple[str, SelectedSentence]]) -> None:
    """Say what comes of the figures that several places give for one thing.

    Figures of one kind are weighed; what is counted otherwise is named as such and left out.
    """
    rows = [Row(place, find, find.figure) for place, find in found if find.figure is not None]
    alike = _alike(rows, desk)
    if len(alike) > 1:
        weighed = [Weighed(row.place, row.figure, draft.cite_line(row.find.line)) for row in alike]
        marks = [mark(one.name, one.figure, one.number) for one in weighed]
        title = subject(desk.question.content) or desk.question.content
        draft.chart = bars(title, marks, unit=alike[0].figure.unit, language=draft.language)
        if desk.question.intent is not Intent.SUM:
            rank(draft, weighed, least=bool(LEAST.search(desk.question.folded)))
        if desk.question.intent is Intent.DIFFERENCE:
            reckon(draft, weighed, "difference")
        if desk.question.intent is Intent.SUM:
            reckon(draft, weighed, "sum")
    apart = [row for row in rows if row not in alike] if len(alike) > 1 else rows
    if apart and len(rows) > 1:
        shown = join(tuple(f"{row.place}{row.figure.text}" for row in apart), draft.language)
        numbers = [draft.cite_line(row.find.line) for row in apart]
        key = "otherwise" if len(alike) > 1 else "apart"
        draft.say(phrase(key, draft.language, figures=shown), *numbers, manner=StatementKind.COMPUTED)


def _alike(rows: Sequence[Row], desk: QuestionContext) -> list[Row]:
    """Return the largest set of rows that can be compared; one in the unit asked for goes first."""
    sets = [[other for other in rows if comparable(row.figure, other.figure)] for row in rows]
    named = desk.question.want.units if desk.question.want.named else ()
    return max(sets, key=lambda s: (s[0].figure.unit in named and len(s) > 1, len(s)), default=[])
