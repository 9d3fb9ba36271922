"""A section's figures beside its text: what each measures, as printed, and where it stands."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.facts.models import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.reader.layout import LayoutBlock
    from retrieval.facts.models import FigureRow
    from retrieval.values.documents import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureLine:
    """A figure as the page lists it; ``span`` are its offsets in the document."""

    metric: str
    words: str
    span: tuple[int, int]
    aimed: bool


def by_section(
    document: Document, rows: Iterable[FigureRow], blocks: Sequence[LayoutBlock]
) -> Mapping[str, Sequence[FigureLine]]:
    """Return the figures of a page's blocks by the anchor of the section that they stand in."""
    wanted = iter(sorted((row for row in rows if row.kind is not Kind.NAME), key=lambda row: row.start))
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
        aimed=row.kind is Kind.TARGET,
    )
