"""Sentences that the register has figures of, whether or not a search finds them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from answering.evidence.lines import Line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.lines import SearchableLibrary
    from retrieval.facts.models import FigureRow
    from retrieval.values.documents import Document, Passage


class RegisterSentences:
    """The sentences of one document that its rows of the register were read in."""

    def __init__(self, library: SearchableLibrary, document: str) -> None:
        self._library = library
        self._name = document

    @cached_property
    def document(self) -> Document | None:
        """The document, whole; None where it is no longer held."""
        return self._library.document(self._name)

    @cached_property
    def _passages(self) -> Sequence[Passage]:
        return self._library.passages(self._name)

    def at(self, row: FigureRow) -> Line | None:
        """Return the sentence of a row, with a score of 0 since no search found it; None where it is gone."""
        if self.document is None:
            return None
        passage = next((one for one in self._passages if one.id == row.passage), None)
        if passage is None:
            return None
        start, end = row.sentence
        return Line(
            document=self.document,
            passage=passage,
            start=start,
            end=end,
            text=self.document.text[start:end],
            score=0.0,
        )
