"""A sentence as the register reads it: once for its figures and for its measures."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from retrieval.facts.fact_state import FactState, heading_state
from retrieval.facts.periods import times
from retrieval.quantities.extractor import read
from retrieval.quantities.values import Sort
from retrieval.text.normalize import fold
from retrieval.text.sentences import Span, clauses, sentences, trimmed
from retrieval.text.tense import Tense, by_part, told
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.values.documents import Document, Passage

COUNTRY = "全国"
_RECALLS = re.compile("(?:在)?(?:过去的?一年|一年来)(?![^。]{0,40}(?:今年|新的一年|目标))")
_GOES_ON = re.compile("今年|新的一年|今后|目标|下一步|[将要]")
_UNCOUNTED = (Sort.ORDINAL, Sort.ARTICLE)


class SentenceReading:
    """One sentence of a passage; ``start`` is its offset in the document, all others are its own.

    ``recalls`` says that it sums up the year before in the part of a report that plans.
    """

    def __init__(self, within: Within, span: Span, *, recalls: bool = False) -> None:
        self.within = within
        self.recalls = recalls
        self.text = within.passage.text[span.start : span.end]
        self.folded = within.folded[span.start : span.end]
        self.start = within.passage.start + span.start
        # without ordinals and articles
        self.figures = tuple(one for one in read(self.text, self.folded) if one.sort not in _UNCOUNTED)

    @cached_property
    def clauses(self) -> tuple[Span, ...]:
        """Its clauses, which tile it."""
        return clauses(self.text)

    @cached_property
    def times(self) -> tuple[tuple[int, int], ...]:
        """Where times are told."""
        return times(self.folded)


class Within:
    """A passage of a document with what all its sentences share."""

    def __init__(self, document: Document, passage: Passage) -> None:
        self.document = document
        self.passage = passage
        self.folded = fold(passage.text)
        self.headings = "".join(passage.heading)
        self.place = place_of(document)

    @cached_property
    def tense(self) -> Tense:
        """What the passage tells of; what a report says under the year that it opens is planned."""
        tense, document = told(self.passage, self.document), self.document
        if tense is not Tense.OPEN or document.genre is not Genre.REPORT or document.year is None:
            return tense
        named = any(f"{document.year}年" in heading for heading in self.passage.heading)
        return Tense.PLANNED if named else Tense.OPEN

    @cached_property
    def state(self) -> FactState:
        """The state that its headings, or the kind of its document, set for what it tells."""
        if self.document.genre is Genre.REGULATION:
            return FactState.REQUIRED
        headed = heading_state("/".join(self.passage.heading))
        if headed is not FactState.OPEN:
            return headed
        part = by_part(self.passage, self.document)
        return {Tense.DONE: FactState.DONE, Tense.PLANNED: FactState.PLANNED}.get(part, FactState.OPEN)

    @cached_property
    def looks_back(self) -> bool:
        """Whether it is in the part of a report that looks back, of which its headings say nothing."""
        headed = heading_state("/".join(self.passage.heading))
        return headed is FactState.OPEN and by_part(self.passage, self.document) is Tense.DONE

    def is_heading(self, text: str) -> bool:
        """Tell whether a sentence is the title or a heading of its document."""
        return text == self.document.title or any(text in heading for heading in self.passage.heading)

    def sentences(self) -> Iterator[SentenceReading]:
        """Give the sentences of the passage that are no headings."""
        text = self.passage.text
        planned = self.tense is Tense.PLANNED or self.state is FactState.PLANNED
        recalls = False
        for span in sentences(text):
            inner = trimmed(text, span)
            recalls = planned and _goes_on_recalling(self.folded[inner.start : inner.end], recalls)
            reading = SentenceReading(self, inner, recalls=recalls)
            if not self.is_heading(reading.text):
                yield reading


def _goes_on_recalling(sentence: str, before: bool) -> bool:
    """Tell whether a sentence (folded) sums up the year before (过去一年…), or goes on doing so."""
    return bool(_RECALLS.match(sentence)) or (before and not _GOES_ON.search(sentence))


def readings(document: Document, passages: Sequence[Passage]) -> Iterator[SentenceReading]:
    """Give the sentences of a document in the order of its text; a preface says nothing of its own."""
    if document.genre is not Genre.PREFACE:
        for passage in passages:
            yield from Within(document, passage).sentences()


def place_of(document: Document) -> str | None:
    """Return whom a document's figures are of; a report of no place is one of the whole country."""
    return document.place or (COUNTRY if document.genre is Genre.REPORT else None)
