"""What was understood of documents, in figures: for the report after reading files."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.parsing.passages import cut
from retrieval.values.documents import Genre  # noqa: TC001 - whoever reads it back from JSON needs it

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from retrieval.values.documents import Document, Passage


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """One document in figures; ``sections`` counts its headings, not what stands before the first."""

    title: str
    genre: Genre
    place: str | None
    date: str | None
    sections: int
    points: int
    passages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """Several documents in figures."""

    documents: int
    sections: int
    points: int
    passages: int
    parts: tuple[Understood, ...]


def understood(documents: Sequence[Document], passages: Iterable[Passage] | None = None) -> Understanding:
    """Count what documents hold; their passages are cut here unless they are at hand."""
    made = passages if passages is not None else (one for document in documents for one in cut(document))
    count = Counter(passage.document for passage in made)
    parts = tuple(_understood(document, count[document.id]) for document in documents)
    return Understanding(
        documents=len(parts),
        sections=sum(part.sections for part in parts),
        points=sum(part.points for part in parts),
        passages=sum(part.passages for part in parts),
        parts=parts,
    )


def _understood(document: Document, passages: int) -> Understood:
    return Understood(
        title=document.title,
        genre=document.genre,
        place=document.place,
        date=document.date,
        sections=sum(section.numeral != "0" for section in document.sections),
        points=len(document.points),
        passages=passages,
    )
