"""What the reader page reads from: the texts, a search, and the answers that cite them. Calls block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from answering.values.answer import Answer
    from retrieval.catalog.fact_query import Ask, FoundFigure
    from retrieval.catalog.models import IngestedSource
    from retrieval.values.documents import Document, Hit, Passage

    Find = Callable[[str], Sequence[Hit]]
    Recall = Callable[[str], Answer | None]

SIDE_BY_SIDE, OF_EACH = 40, 3  # places that a topic is sought in one by one, and passages of each
SHOWN = 50  # texts on a page of the list


class FigureSource(Protocol):
    """The figures of a library."""

    def figures(self, ask: Ask, /) -> Sequence[FoundFigure]:
        """Return the figures asked for."""
        ...


class DocumentSource(Protocol):
    """The texts of a library."""

    def sources(self) -> Sequence[IngestedSource]:
        """Return what the texts were read from."""
        ...

    def documents(self) -> Sequence[Document]:
        """Return the heads of all documents, with their sections."""
        ...

    def document(self, name: str, /) -> Document | None:
        """Return a document, whole."""
        ...

    def passages(self, document: str, /) -> Sequence[Passage]:
        """Return the passages of a document in the order of its text."""
        ...

    def passage(self, name: str, /) -> Passage | None:
        """Return a passage."""
        ...

    @property
    def register(self) -> FigureSource:
        """Return the figures of all documents."""
        ...

    def locate(self, words: str, /) -> Sequence[Passage]:
        """Return the passages in which ``words`` begin verbatim, the first of each document."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentListPage:
    """A page of the list of texts; the first is number 1."""

    documents: tuple[Document, ...]
    page: int
    pages: int
    count: int
    places: tuple[tuple[str, int], ...]  # with the number of texts of each


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderLibrary:
    """The texts, ``find`` for passages and ``recall`` for an answer by its id."""

    texts: DocumentSource
    find: Find
    recall: Recall

    def listed(self, *, page: int, place: str) -> DocumentListPage:
        """Return a page of the texts, of one place or of all; a number beyond the last gives the last."""
        speaking = [one for one in self.texts.documents() if one.genre is not Genre.PREFACE]
        chosen = [one for one in speaking if not place or one.place == place]
        pages = max(1, -(-len(chosen) // SHOWN))
        at = min(max(page, 1), pages)
        counts: dict[str, int] = {}
        for one in speaking:
            if one.place:
                counts[one.place] = counts.get(one.place, 0) + 1
        return DocumentListPage(
            documents=tuple(chosen[(at - 1) * SHOWN : at * SHOWN]),
            page=at,
            pages=pages,
            count=len(chosen),
            places=tuple(counts.items()),
        )

    def on_topic(self, topic: str, place: str) -> tuple[Hit, ...]:
        """Return passages on a topic of one place, or some of each place, so that none drowns the others."""
        if place:
            return tuple(self.find(f"{place} {topic}"))
        places = list(dict.fromkeys(one.place for one in self.texts.documents() if one.place))
        if not 1 < len(places) <= SIDE_BY_SIDE:
            return tuple(self.find(topic))
        found = (self.find(f"{one} {topic}")[:OF_EACH] for one in places)
        return tuple(hit for hits in found for hit in hits)

    def preface(self, document: Document) -> Document | None:
        """Return what stands before the documents of the same source, where something does."""
        heads = (one for one in self.texts.documents() if one.source == document.source)
        found = next((one for one in heads if one.genre is Genre.PREFACE and one.id != document.id), None)
        return self.texts.document(found.id) if found else None
