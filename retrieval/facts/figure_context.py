"""Where a figure stands: its clause, and the words between it and the figures beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.quantities.values import Figure
    from retrieval.text.sentences import Span

_JOINT = re.compile("[、，,;；]|以及|及(?![其时格以])|和|并|与|或")
_ASIDE = re.compile(r"[(（][^)）]{0,400}[)）]|“[^”]{0,400}”|《[^》]{0,400}》")


class ClauseReading(Protocol):
    """A sentence, folded, with its clauses."""

    @property
    def folded(self) -> str:
        """Its folded text."""

    @property
    def clauses(self) -> tuple[Span, ...]:
        """Its clauses, which tile it."""


@dataclass(frozen=True, slots=True)
class FigureSpot:
    """A figure in its sentence; all words are folded."""

    figure: Figure
    clause: Span
    left: str  # between the figure before, or the clause's begin, and this one
    right: str  # between this one and the next, or the clause's end
    joined: bool  # stands in a list with the figure before
    shared: bool  # nothing parts it from the next: 15所高职院校21个专业群
    quote: str  # the quotation it stands in, without its marks
    beyond: str  # after the next figure, where nothing parts the two: 投资2亿元改造16个小区
    before: str  # the clause before its own


def spots(sentence: ClauseReading, found: Sequence[Figure], parting: Sequence[Figure]) -> list[FigureSpot]:
    """Return where each of these figures of a sentence stands.

    Those of ``parting`` bound the words beside them; a number that is part of a name parts nothing:
    排查“七边”问题179万处.
    """
    spans, text = sentence.clauses, sentence.folded
    asides = [match.span() for match in _ASIDE.finditer(text)]
    masked = _masked(text, asides)
    out: list[FigureSpot] = []
    for figure in found:
        clause = next(span for span in spans if span.start <= figure.start < span.end)
        before = next((f for f in reversed(parting) if f.start < figure.start), None)
        after = next((f for f in parting if f.start > figure.start), None)
        begin = before.end if before and before.start >= clause.start else clause.start
        end = after.start if after and after.start < clause.end else clause.end
        left = _joint(masked, begin, figure.start) if begin > clause.start else None
        right = _joint(masked, figure.end, end) if end < clause.end else None
        shared = after is not None and after.start < clause.end and right is None
        previous = next((span for span in reversed(spans) if span.end <= clause.start), None)
        out.append(
            FigureSpot(
                figure=figure,
                clause=clause,
                left=text[left[1] if left else begin : figure.start],
                right=text[figure.end : right[0] if right else end],
                joined=left is not None,
                shared=shared,
                quote=_quote(text, asides, figure.start),
                beyond=_beyond(masked, text, after.end, clause.end) if after and shared else "",
                before=text[previous.start : previous.end] if previous else "",
            )
        )
    return out


def _beyond(masked: str, text: str, begin: int, end: int) -> str:
    parted = re.search("[、，,;；]", masked[begin:end])
    return text[begin : begin + parted.start() if parted else end]


def _joint(masked: str, begin: int, end: int) -> tuple[int, int] | None:
    """Find what parts two figures: a mark anywhere, 和 or 及 only right beside one of them."""
    for match in _JOINT.finditer(masked, begin, end):
        if match[0] in "、，,;；" or match.start() == begin or match.end() == end:
            return match.span()
    return None


def _masked(text: str, asides: Sequence[tuple[int, int]]) -> str:
    """Hide what stands in brackets and quotation marks, at the same length."""
    for start, end in asides:
        text = text[:start] + "█" * (end - start) + text[end:]
    return text


def _quote(text: str, asides: Sequence[tuple[int, int]], at: int) -> str:
    found = next((text[start + 1 : end - 1] for start, end in asides if start < at < end), "")
    return "" if len(found) > 16 else found
