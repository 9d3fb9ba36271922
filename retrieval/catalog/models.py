"""What the catalogue tells of its sources and documents, and of what an index has to replay."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from retrieval.catalog.mapping import passage_of

if TYPE_CHECKING:
    from retrieval.catalog.mapping import PassageRow
    from retrieval.values.documents import Document, Passage


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestedSource:
    """A source as the catalogue knows it, with the counts of what it holds."""

    key: str
    digest: str
    media: str
    encoding: str | None
    ingested: str  # ISO 8601, UTC
    documents: int
    passages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingChanges:
    """What an index still has to replay to stand at ``version``."""

    version: int
    complete: bool  # whether the log still reaches back so far
    put: tuple[str, ...]  # passages to index, or to index anew
    dropped: tuple[str, ...]  # passages that are gone


@dataclass(frozen=True, kw_only=True)
class StoredDocument:
    """A document with its passages in the order of its text, which are made when they are asked for.

    A search needs eight passages of documents that may have hundreds: it reads a piece of each, which is not
    ``complete``.
    """

    document: Document
    rows: tuple[PassageRow, ...]
    complete: bool = True

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """All passages."""
        return tuple(map(self._made, self.rows))

    def __contains__(self, passage: str) -> bool:
        return passage in self._named

    def passage(self, name: str) -> Passage | None:
        """Return the passage of an id, or None."""
        row = self._named.get(name)
        return None if row is None else self._made(row)

    def joined(self, older: StoredDocument | None) -> StoredDocument:
        """Return this piece with what an older one of the very same document held beside it."""
        if older is None or older.document != self.document:
            return self
        rows = {row[0]: row for row in (*older.rows, *self.rows)}
        return StoredDocument(document=older.document, rows=tuple(rows.values()), complete=False)

    def beginning(self, words: str) -> Passage | None:
        """Return the passage in which ``words`` begin for the first time, or None."""
        at = self.document.text.find(words)
        return next((one for one in self.passages if one.start <= at < one.end), None)

    @cached_property
    def _named(self) -> dict[str, PassageRow]:
        return {row[0]: row for row in self.rows}

    def _made(self, row: PassageRow) -> Passage:
        return passage_of(row, self.document.text)
