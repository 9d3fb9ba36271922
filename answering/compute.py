"""Weigh figures by code: which is most, how far apart, how much together; no bound is ever hidden."""

from __future__ import annotations

import re
from dataclasses import dataclass
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
_SCALE = re.compile(r"万亿|[万亿]")
_FAR = Decimal("1.15")  # two inexact figures are put in order only when they are this far apart


@dataclass(frozen=True, slots=True)
class Row:
    """What is given under one name, a place's or a thing's: the figure and the sentence it stands in."""

    place: str
    find: Find
    figure: Figure


def judge(draft: Draft, desk: Desk, found: Sequence[tuple[str, Find]]) -> None:
    """Say what comes of the figures that several places give for one thing.

    Figures of one kind are weighed; what is counted otherwise is named as such and left out.
    """
    rows = [Row(place, find, find.figure) for place, find in found if find.figure is not None]
    alike = _alike(rows, desk)
    if len(alike) > 1:
        numbers = [draft.cite_line(row.find.line) for row in alike]
        if desk.question.intent is not Intent.SUM:
            _rank(draft, alike, numbers, least=bool(_LEAST.search(desk.question.folded)))
        if desk.question.intent is Intent.DIFFERENCE:
            _reckon(draft, alike, numbers, "difference")
        if desk.question.intent is Intent.SUM:
            _reckon(draft, alike, numbers, "sum")
    apart = [row for row in rows if row not in alike] if len(alike) > 1 else rows
    if apart and len(rows) > 1:
        shown = join(tuple(f"{row.place}{row.figure.text}" for row in apart), draft.language)
        numbers = [draft.cite_line(row.find.line) for row in apart]
        key = "otherwise" if len(alike) > 1 else "apart"
        draft.say(phrase(key, draft.language, figures=shown), *numbers, manner=Manner.COMPUTED)


def _alike(rows: Sequence[Row], desk: Desk) -> list[Row]:
    """Return the largest set of rows that can be compared; one in the unit asked for goes first."""
    sets = [[other for other in rows if comparable(row.figure, other.figure)] for row in rows]
    named = desk.question.want.units if desk.question.want.named else ()
    return max(sets, key=lambda s: (s[0].figure.unit in named and len(s) > 1, len(s)), default=[])


def _rank(draft: Draft, rows: Sequence[Row], numbers: list[int], *, least: bool) -> None:
    ordered = sorted(rows, key=lambda row: row.figure.value, reverse=not least)
    first, second = ordered[0], ordered[1]
    low, high = sorted((first.figure.value, second.figure.value))
    exact = all(row.figure.bound is Bound.EXACT for row in (first, second))
    if low == high:
        draft.say(phrase("equal", draft.language, figure=first.figure.text), *numbers, manner=Manner.COMPUTED)
    elif exact or high >= _FAR * low:
        words = phrase(
            "least" if least else "most", draft.language, place=first.place, figure=first.figure.text
        )
        draft.say(words, *numbers, manner=Manner.COMPUTED)


def _reckon(draft: Draft, rows: Sequence[Row], numbers: list[int], op: str) -> None:
    figures = [row.figure for row in rows]
    if op == "difference" and len(figures) != 2:
        return
    scale, word = _scale(figures)
    values = [f.value for f in figures]
    value = sum(values, Decimal(0)) if op == "sum" else abs(values[0] - values[1])
    of = tuple(map(float, values))
    draft.computed.append(Computation(value=float(value), op=op, of=of, scale=int(scale)))
    shown = join(tuple(f"{row.place}{row.figure.text}" for row in rows), draft.language)
    exact = all(f.bound is Bound.EXACT and f.high is None for f in figures)
    words = phrase(
        op if exact else "roughly",
        draft.language,
        op=phrase(f"op_{op}", draft.language),
        value=f"{(value / scale).normalize():f}{word}",
        unit=figures[0].unit,
        figures=shown,
    )
    draft.say(words, *numbers, manner=Manner.COMPUTED)


def _scale(figures: Sequence[Figure]) -> tuple[Decimal, str]:
    """Return the scale that all figures are printed in (万, 亿), or one, and its word."""
    words = {match.group() if (match := _SCALE.search(f.text)) else "" for f in figures}
    word = words.pop() if len(words) == 1 else ""
    return Decimal({"万": 10**4, "亿": 10**8, "万亿": 10**12}.get(word, 1)), word
