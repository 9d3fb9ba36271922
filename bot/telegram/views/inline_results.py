"""What inline mode offers: finders look through the texts without a model, and each finding can be sent."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.presentation.rendering import (
    Block,
    BlockKind,
    TextRun,
    TextStyle,
    body,
    head,
    line,
    squeezed,
    titled,
)
from bot.telegram.context.protocols import InlineResult
from bot.telegram.views.fact_list import FactListKind, spoken
from retrieval.text.normalize import bigrams, clauses

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.messages import Messages
    from bot.telegram.context.protocols import LibraryLike
    from retrieval.catalog.fact_query import FoundFigure as Row
    from retrieval.values.documents import Hit

MOST = 40  # passages for one query
FIGURES = 3  # figures, before the passages
_SURE = 0.85  # likeness of a name that is surely meant
_SHORT = 2  # characters of a name at least


class InlinePassageFinder:
    """Finds passages; ``find`` is ``fitting`` of a ``bot.presentation.passage_search.PassageSearcher``."""

    def __init__(self, find: Callable[..., Sequence[Hit]]) -> None:
        self._find = find

    def __call__(self, text: str, _said: Messages, /) -> Sequence[InlineResult]:
        """Return the passages that fit best."""
        wanted = frozenset(bigrams(text))
        return [_found(hit, wanted) for hit in self._find(text, k=MOST)]


class InlineFigureFinder:
    """Finds figures by the name of what they measure, those of a place where one is named."""

    def __init__(self, library: LibraryLike) -> None:
        self._library = library

    def __call__(self, text: str, _said: Messages, /) -> Sequence[InlineResult]:
        """Return the few figures whose names are surely meant."""
        look = spoken(text, FactListKind.FIGURES, self._library)
        if len(look.words) < _SHORT:
            return ()
        rows = self._library.register.figures(replace(look.ask, floor=_SURE, limit=FIGURES))
        return [found for row in rows if (found := self._found(row))]

    def _found(self, one: Row) -> InlineResult | None:
        row = one.row
        passage, document = self._library.passage(row.passage), self._library.document(row.document)
        if passage is None or document is None:
            return None
        before, figure, after = (
            squeezed(document.text[start:end])
            for start, end in pairwise((row.sentence[0], row.start, row.end, row.sentence[1]))
        )
        told = Block((TextRun(before), TextRun(figure, TextStyle.CITED), TextRun(after)), BlockKind.QUOTE)
        when = row.period or str(row.year or "")
        return InlineResult(
            name=f"f{row.start}-{row.passage}",
            title=" ".join(part for part in (row.place, row.metric, figure) if part),
            description=" · ".join(part for part in (when, document.title) if part),
            blocks=(*head(document, passage), told),
            passage=row.passage,
        )


def _found(hit: Hit, wanted: frozenset[str]) -> InlineResult:
    document, passage = hit.document, hit.passage
    date = document.date or str(document.year or "")
    told = [part for part in (document.place, titled(document.title), date) if part]
    return InlineResult(
        name=passage.id,
        title=" · ".join(told),
        description=_telling(body(passage), wanted),
        blocks=(*head(document, passage), line(body(passage), kind=BlockKind.QUOTE)),
        passage=passage.id,
    )


def _telling(text: str, wanted: frozenset[str]) -> str:
    """Return a passage from the clause on that has most of the words sought: a list shows little of it."""
    held = {one.start: wanted.intersection(bigrams(text[one.start : one.end])) for one in clauses(text)}
    start = max(held, key=lambda at: len(held[at]), default=0)
    return ("…" if start else "") + squeezed(text[start:])
