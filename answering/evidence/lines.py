"""From hits to the sentences an answer may rest on, each with its place in its document."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from retrieval.quantities import Figure, figures
from retrieval.text.normalize import Span, clauses, fold, sentences, trimmed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from retrieval.catalog.fact_repository import Register
    from retrieval.embeddings.embedder import Embedder
    from retrieval.places.gazetteer import Gazetteer
    from retrieval.values.documents import Document, Filter, Hit, Passage


_MARK = re.compile(r"(#{1,6}|>|[-*+])[ \t\u3000]+")
_AFTER = 8  # passages in which an enumeration may go on
_SURE = 3.0  # fused score, in standard deviations, from which a hit counts in full


class SearchableLibrary(Protocol):
    """What answering needs of ``retrieval.Library``."""

    @property
    def register(self) -> Register:
        """The figures and measures of all documents."""

    @property
    def gazetteer(self) -> Gazetteer:
        """The places that questions and texts may name."""

    @property
    def embedder(self) -> str:
        """The name of the embedder that questions are searched with; empty where words alone serve."""

    @property
    def text_embedder(self) -> Embedder | None:
        """What turns text into vectors; None where words alone serve."""

    def find(
        self,
        query: str,
        *,
        k: int = 8,
        filter: Filter = ...,  # noqa: A002
        per_place: int | None = None,
    ) -> tuple[Hit, ...]:
        """Return the best hits."""

    def documents(self) -> tuple[Document, ...]:
        """Return the heads of all documents."""

    def document(self, name: str) -> Document | None:
        """Return a document, whole."""

    def passages(self, document: str) -> tuple[Passage, ...]:
        """Return a document's passages in the order of its text."""

    def frequency(self, grams: Sequence[str]) -> dict[str, float]:
        """Return the share of passages that hold each gram."""

    def nearness(self, question: str, texts: Sequence[str]) -> tuple[float, ...] | None:
        """Return how near (cosine) each text is to a question; None where words alone must serve."""

    def places(self) -> tuple[str, ...]:
        """Return the places that documents speak for."""


@dataclass(frozen=True, eq=False)
class Line:
    """One sentence of a passage; ``document.text[start:end]`` are its words."""

    document: Document
    passage: Passage
    start: int
    end: int
    text: str
    score: float  # of the hit it came from, 0…1 within its question

    @cached_property
    def folded(self) -> str:
        """The sentence, folded."""
        return fold(self.text)

    @cached_property
    def context(self) -> str:
        """What stands around the sentence, folded: headings and the rest of its passage."""
        return fold("|".join((*self.passage.heading, self.passage.text)))

    @cached_property
    def is_heading(self) -> bool:
        """Whether the sentence is a heading of its document, or its title."""
        words = self.text.strip()
        return words == self.document.title or any(words in heading for heading in self.passage.heading)

    @cached_property
    def clauses(self) -> tuple[Span, ...]:
        """The clauses of the sentence, as offsets into ``text``."""
        return clauses(self.text)

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """The figures of the sentence, at offsets into ``text``."""
        return figures(self.text)

    @property
    def key(self) -> tuple[str, int]:
        """Where the sentence stands; unique over the corpus."""
        return (self.document.id, self.start)

    @property
    def block(self) -> tuple[str, str, str | None]:
        """The stretch of text the sentence belongs to: document, section, point."""
        return (self.document.id, self.passage.section, self.passage.point)


def lines(hits: Iterable[Hit]) -> list[Line]:
    """Return the sentences of all hits, each once, the best hit's first."""
    ranked = sorted(hits, key=lambda h: -h.score)
    if not ranked:
        return []
    seen: dict[tuple[str, int], Line] = {}
    for hit in ranked:
        for line in of_passage(hit.passage, hit.document, score=share(hit)):
            seen.setdefault(line.key, line)
    return list(seen.values())


def share(hit: Hit) -> float:
    """Return the score of a hit as a share (0…1) of one that counts in full."""
    return min(1.0, max(0.0, hit.score / _SURE))


def of_passage(passage: Passage, document: Document, *, score: float = 0.0) -> list[Line]:
    """Return the sentences of one passage."""
    spans = (_unmarked(passage.text, trimmed(passage.text, span)) for span in sentences(passage.text))
    return [
        Line(
            document=document,
            passage=passage,
            start=passage.start + span.start,
            end=passage.start + span.end,
            text=passage.text[span.start : span.end],
            score=score,
        )
        for span in spans
        if span.end > span.start
    ]


def _unmarked(text: str, span: Span) -> Span:
    """Leave out the mark that Markdown puts before a heading, a quotation or an item: it is no word."""
    mark = _MARK.match(text, span.start, span.end)
    return Span(mark.end(), span.end) if mark else span


def block_lines(line: Line, library: SearchableLibrary) -> list[Line]:
    """Return all sentences of the point or section that ``line`` stands in, in the order of the text."""
    document = line.document
    members = [
        p
        for p in library.passages(document.id)
        if p.section == line.passage.section
        and p.point == line.passage.point
        and p.heading == line.passage.heading
    ]
    return [x for p in members for x in of_passage(p, document)]


def document_lines(line: Line, library: SearchableLibrary) -> list[Line]:
    """Return the sentences of the passage of ``line`` and of those that follow it closely."""
    passages = library.passages(line.document.id)
    first = next((n for n, p in enumerate(passages) if p.id == line.passage.id), len(passages))
    return [x for p in passages[first : first + _AFTER] for x in of_passage(p, line.document)]
