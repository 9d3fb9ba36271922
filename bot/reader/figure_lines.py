"""The figures of a text as its page lists them beside the sections."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.facts.models import FigureKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.reader.printed.layout import LayoutBlock
    from retrieval.facts.models import FigureRow
    from retrieval.values.documents import Document

FIGURES = 12  # of a section that are listed beside it at most; the text holds them all
MOST, LEAST = 60, 1  # of a page, dealt out to its sections, and of a section however many there are


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureLine:
    """A figure as the page lists it; ``span`` are its offsets in the document."""

    metric: str
    words: str
    span: tuple[int, int]
    aimed: bool


def shown_of(count: int, sections: int) -> int:
    """Return how many of ``count`` figures are listed beside one of ``sections`` sections."""
    return min(count, FIGURES, max(LEAST, MOST // max(sections, 1)))


def by_section(
    document: Document, rows: Iterable[FigureRow], blocks: Sequence[LayoutBlock]
) -> Mapping[str, Sequence[FigureLine]]:
    """Return the figures of a page's blocks by the anchor of the section that they stand in."""
    wanted = iter(sorted((row for row in rows if row.kind is not FigureKind.NAME), key=lambda row: row.start))
    found: defaultdict[str, list[FigureLine]] = defaultdict(list)
    row, anchor = next(wanted, None), ""
    for block in blocks:
        anchor = block.anchor or anchor
        while row is not None and row.start < block.end:
            if anchor and row.start >= block.start:
                found[anchor].append(_told(document, row))
            row = next(wanted, None)
    return found


def _told(document: Document, row: FigureRow) -> FigureLine:
    words = " ".join(document.text[row.start : row.end].split())
    return FigureLine(
        metric="" if words in row.metric else row.metric,
        words=row.metric if words in row.metric else words,
        span=(row.start, row.end),
        aimed=row.kind is FigureKind.TARGET,
    )
