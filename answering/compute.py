"""Weigh figures by code: which is most, how far apart, how much together. Never by a model, never hiding a bound."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from answering.answer import Computation, Manner
from answering.intent import Intent
from answering.phrases import join, phrase
from answering.units import comparable
from retrieval.numerals import Bound, Figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.desk import Desk
    from answering.draft import Draft
    from answering.extract import Find

_LEAST = re.compile(r"最(少|低|小|短|晚)|更(少|低|小)|\b(fewest|lowest|least|smallest)\b")
_FAR = Decimal("1.15")  # two inexact figures are put in order only when they are this far apart


def judge(draft: Draft, desk: Desk, found: Sequence[tuple[str, Find]]) -> None:
    """Say what comes of the figures that several places give for one thing."""
    figures = [(place, find, find.figure) for place, find in found if find.figure is not None]
    rows = [(place, find, figure) for place, find, figure in figures if figure is not None]
    if len(rows) < 2:
        return
    numbers = [draft.cite_line(find.line) for _, find, _ in rows]
    if not all(comparable(rows[0][2], figure) for _, _, figure in rows[1:]):
        shown = join(tuple(f"{desk.called(p)}{f.text}" for p, _, f in rows), desk.question.language)
        draft.say(phrase("apart", desk.question.language, figures=shown), *numbers, manner=Manner.COMPUTED)
        return
    values = [(desk.called(place), figure) for place, _, figure in rows]
    intent = desk.question.intent
    if intent in (Intent.SUPERLATIVE, Intent.DIFFERENCE):
        _rank(draft, values, numbers, least=bool(_LEAST.search(desk.question.folded)))
    if intent is Intent.DIFFERENCE or (intent is Intent.SUPERLATIVE and "差" in desk.question.folded):
        _reckon(draft, [f for _, f in values], numbers, "difference")
    if intent is Intent.SUM:
        _reckon(draft, [f for _, f in values], numbers, "sum")


def _rank(draft: Draft, values: list[tuple[str, Figure]], numbers: list[int], *, least: bool) -> None:
    ordered = sorted(values, key=lambda pair: pair[1].value, reverse=not least)
    (place, first), (_, second) = ordered[0], ordered[1]
    exact = first.bound is Bound.EXACT and second.bound is Bound.EXACT
    if first.value == second.value:
        draft.say(phrase("equal", draft.language, figure=first.text), *numbers, manner=Manner.COMPUTED)
    elif exact or max(first.value, second.value) >= _FAR * Decimal(min(first.value, second.value)):
        key = "least" if least else "most" if len(values) > 2 else "most"
        draft.say(
            phrase(key, draft.language, place=place, figure=first.text), *numbers, manner=Manner.COMPUTED
        )


def _reckon(draft: Draft, figures: list[Figure], numbers: list[int], op: str) -> None:
    if any(f.bound is not Bound.EXACT for f in figures) or (op == "difference" and len(figures) != 2):
        shown = join(tuple(f.text for f in figures), draft.language)
        if any(f.bound is not Bound.EXACT for f in figures):
            draft.say(phrase("inexact", draft.language, figures=shown), *numbers, manner=Manner.COMPUTED)
        return
    parts = [Decimal(f.value) for f in figures]
    value = sum(parts, Decimal(0)) if op == "sum" else abs(parts[0] - parts[1])
    draft.computed.append(Computation(value=float(value), op=op, of=tuple(float(p) for p in parts)))
    words = phrase(op, draft.language, value=f"{value.normalize():f}", unit=figures[0].unit)
    draft.say(words, *numbers, manner=Manner.COMPUTED)
