"""What finds passages: the program itself as ``chengwen search`` does, or another stack."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.values.documents import Hit

OURS = "chengwen"


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrievedPassage:
    """A passage that was found; a stack that reads no heads leaves title, place and year empty."""

    name: str  # of the text it stands in
    text: str
    title: str = ""
    place: str | None = None
    year: int | None = None


class BenchRetriever(Protocol):
    """Finds passages for questions."""

    @property
    def name(self) -> str:
        """Return which stack it is."""
        ...

    def find(self, question: str, *, k: int) -> Sequence[RetrievedPassage]:
        """Return the best ``k`` passages, best first."""
        ...


class PassageSearcherLike(Protocol):
    """Reads a question's frame and searches within it."""

    def find(self, text: str, *, k: int) -> Sequence[Hit]:
        """Return the best hits."""
        ...


class OwnRetriever:
    """The walk of ``chengwen search``: question frame, hard filter, both legs, fusion."""

    name = OURS

    def __init__(self, searcher: PassageSearcherLike) -> None:
        self._searcher = searcher

    def find(self, question: str, *, k: int) -> list[RetrievedPassage]:
        """Return the best ``k`` passages, each under the name of its file without ending."""
        return [_found(hit) for hit in self._searcher.find(question, k=k)]


def _found(hit: Hit) -> RetrievedPassage:
    document = hit.document
    return RetrievedPassage(
        name=Path(document.source).stem,
        text=hit.passage.text,
        title=document.title,
        place=document.place,
        year=document.year,
    )
