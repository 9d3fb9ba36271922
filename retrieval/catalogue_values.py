"""What the catalogue tells of its sources and documents, and of what an index has to replay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrieval.documents import Document, Passage


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A source as the catalogue knows it, with the counts of what it holds."""

    key: str
    digest: str
    media: str
    encoding: str | None
    ingested: str  # ISO 8601, UTC
    documents: int
    passages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """What an index still has to replay to stand at ``version``."""

    version: int
    complete: bool  # whether the log still reaches back so far
    put: tuple[str, ...]  # passages to index, or to index anew
    dropped: tuple[str, ...]  # passages that are gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A document with its passages in the order of its text."""

    document: Document
    passages: tuple[Passage, ...]

    def beginning(self, words: str) -> Passage | None:
        """Return the passage in which ``words`` begin for the first time, or None."""
        at = self.document.text.find(words)
        return next((one for one in self.passages if one.start <= at < one.end), None)
