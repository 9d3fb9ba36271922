"""Arithmetic over cited figures: which is most, in what order, how far apart, how much together, the mean.

No bound is ever hidden: of inexact figures only a rough result is told, and that it is one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from answering.lexicon.phrases import join, phrase
from answering.values.answer import Computation, StatementKind
from retrieval.quantities import Bound, Figure
from retrieval.quantities.units import unit_kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.extractive.draft_answer import AnswerDraft

_SCALE = re.compile(r"万亿|[万亿]")
_FAR = Decimal("1.15")  # two inexact figures are put in order only when they are this far apart
_LISTED = 4  # parts of a sum that are told again beside it
_LARGE = 10**5
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Weighed:
    """A figure under a name, a place's or a thing's, with the number under which it is cited."""

    name: str
    figure: Figure
    number: int


def rank(draft: AnswerDraft, rows: Sequence[Weighed], *, least: bool) -> None:
    """Say which is most, or least, where the figures allow to tell."""
    ordered = in_order(rows, least=least)
    first, second = ordered[0], ordered[1]
    numbers = [row.number for row in rows]
    low, high = sorted((first.figure.value, second.figure.value))
    exact = all(row.figure.bound is Bound.EXACT for row in (first, second))
    if low == high:
        draft.say(
            phrase("equal", draft.language, figure=first.figure.text), *numbers, manner=StatementKind.COMPUTED
        )
    elif exact or high >= _FAR * low:
        share = unit_kind(first.figure.unit) == "share"
        key = ("lowest" if least else "highest") if share else ("least" if least else "most")
        words = phrase(key, draft.language, place=first.name, figure=first.figure.text)
        draft.say(words, *numbers, manner=StatementKind.COMPUTED)


def in_order(rows: Sequence[Weighed], *, least: bool) -> list[Weighed]:
    """Return figures from the most to the least, or the other way."""
    return sorted(rows, key=lambda row: row.figure.value, reverse=not least)


def reckon(draft: AnswerDraft, rows: Sequence[Weighed], op: str) -> None:
    """Say the "sum", the "difference" of two, or the "average", with the figures it came from."""
    figures = [row.figure for row in rows]
    if op == "difference" and len(figures) != 2:
        return
    values = [f.value for f in figures]
    scale, word = _shown_in(figures)
    value = _result(values, op, scale)
    draft.computed.append(
        Computation(value=float(value), op=op, of=tuple(map(float, values)), scale=int(scale))
    )
    exact = all(f.bound is Bound.EXACT and f.high is None for f in figures)
    words = phrase(
        op if exact else "roughly",
        draft.language,
        op=phrase(f"op_{op}", draft.language),
        value=f"{(value / scale).normalize():f}{word}",
        unit="个百分点" if op == "difference" and figures[0].unit == "%" else figures[0].unit,
        figures=_parts(draft, rows),
    )
    draft.say(words, *(row.number for row in rows), manner=StatementKind.COMPUTED)


def scale_of(figures: Sequence[Figure]) -> tuple[Decimal, str]:
    """Return the scale that all figures are printed in (万, 亿), or one, and its word."""
    words = {match.group() if (match := _SCALE.search(f.text)) else "" for f in figures}
    word = words.pop() if len(words) == 1 else ""
    return Decimal({"万": 10**4, "亿": 10**8, "万亿": 10**12}.get(word, 1)), word


def _shown_in(figures: Sequence[Figure]) -> tuple[Decimal, str]:
    """Return the scale that a result is shown in: that of all figures, or 万 for large ones."""
    scale, word = scale_of(figures)
    large = max(abs(f.value) for f in figures) >= _LARGE
    return (Decimal(10**4), "万") if scale == 1 and large and not word else (scale, word)


def _result(values: Sequence[Decimal], op: str, scale: Decimal) -> Decimal:
    if op == "difference":
        return abs(values[0] - values[1])
    total = sum(values, Decimal(0))
    if op == "sum":
        return total
    return (total / len(values) / scale).quantize(_CENT, ROUND_HALF_UP) * scale


def _parts(draft: AnswerDraft, rows: Sequence[Weighed]) -> str:
    if len(rows) > _LISTED:
        return phrase("parts_below", draft.language)
    return join(tuple(f"{row.name}{row.figure.text}" for row in rows), draft.language)
