"""Prove each statement of code's own before it is shown; what fails is dropped.

The gates, in order: it cites something; each of its figures stands in what it cites, or was computed from
what is there; what it quotes is the document's own bytes. A model's sentences are proved by ``written``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from answering.values.answer import Answer, Citation, Computation, Outcome, Statement, StatementKind
from retrieval.quantities import agrees, figures
from retrieval.text.normalize import squash

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.values.chart import Chart


def prove(answer: Answer) -> Answer:
    """Return ``answer`` with only those statements that pass, and only the citations they use.

    A refusal keeps the sentence that it offers as the nearest one, if that is the document's own.
    """
    kept = tuple(
        s for s in answer.statements if passes(s, answer.citations, answer.computed, answer.question)
    )
    if answer.outcome.is_answer and not any(s.citations for s in kept):
        return replace(
            answer, outcome=Outcome.NOT_SUPPORTED, statements=(), citations=(), computed=(), chart=None
        )
    used = {n for s in kept for n in s.citations}
    cited = tuple(c for c in answer.citations if c.number in used)
    return replace(answer, statements=kept, citations=cited, chart=_drawn(answer.chart, cited))


def _drawn(chart: Chart | None, cited: Sequence[Citation]) -> Chart | None:
    """Return a chart with those marks alone that stand, as printed, in what they cite."""
    quotes = {c.number: squash(c.quote) for c in cited}
    if chart is None:
        return None
    marks = tuple(mark for mark in chart.marks if squash(mark.text) in quotes.get(mark.number, ""))
    return replace(chart, marks=marks) if len(marks) > 1 else None


def passes(
    statement: Statement,
    citations: Sequence[Citation],
    computed: Sequence[Computation] = (),
    question: str = "",
) -> bool:
    """Tell whether ``statement`` is proved by the citations it names."""
    cited = [c for c in citations if c.number in statement.citations]
    if statement.manner is StatementKind.FRAME and not statement.citations:
        return not figures(statement.text)
    if not cited or len(cited) != len(set(statement.citations)):
        return False
    if statement.manner in (StatementKind.QUOTED, StatementKind.HEADING):
        return any(squash(statement.text) in squash(c.quote) for c in cited)
    if statement.manner is StatementKind.COMPUTED:
        return _figures_stand(statement, cited, computed, question)
    return True


def _figures_stand(
    statement: Statement, cited: Sequence[Citation], computed: Sequence[Computation], question: str
) -> bool:
    there = [f for c in cited for f in figures(c.quote)]
    asked = figures(question)
    results = {round(c.value, 6) for c in computed}
    return all(
        round(float(f.value), 6) in results
        or any(agrees(f, g) for g in there)
        or any(f.value == g.value for g in asked)
        for f in figures(statement.text)
    )
