"""Protocols of what the features need from the rest of the program: the library, its facts, page links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.messages import Messages
    from bot.presentation.rendering import Block
    from retrieval.catalog.fact_query import Ask
    from retrieval.catalog.fact_query import FoundFigure as Row
    from retrieval.catalog.models import IngestedSource
    from retrieval.facts.models import MeasureRow
    from retrieval.index.status import IndexStatus
    from retrieval.places.gazetteer import Gazetteer
    from retrieval.values.documents import Document, Passage


class RegisterLike(Protocol):
    """Knows what the texts say in figures, and what they say was done; calls block."""

    def figures(self, ask: Ask) -> Sequence[Row]:
        """Return the figures asked for."""
        ...

    def measures(self, ask: Ask) -> Sequence[MeasureRow]:
        """Return the measures asked for."""
        ...

    def common(self, ask: Ask) -> Sequence[tuple[str, int]]:
        """Return the things that can be compared, with how many places or years tell of each."""
        ...


class LibraryLike(Protocol):
    """Knows the texts; calls block."""

    @property
    def version(self) -> int:
        """A number that grows with each change of what is known."""
        ...

    @property
    def standing(self) -> IndexStatus:
        """How far the indexes are."""
        ...

    @property
    def gazetteer(self) -> Gazetteer:
        """The places that words may name."""
        ...

    def sources(self) -> Sequence[IngestedSource]:
        """Return the files that the documents came from."""
        ...

    def documents(self) -> Sequence[Document]:
        """Return all documents."""
        ...

    def places(self) -> Sequence[str]:
        """Return the places that have documents."""
        ...

    def document(self, document_id: str) -> Document | None:
        """Return the document with this id."""
        ...

    def passages(self, document: str) -> Sequence[Passage]:
        """Return the passages of a document in the order of its text."""
        ...

    def passage(self, passage_id: str) -> Passage | None:
        """Return the passage with this id."""
        ...

    def neighbours(self, passage_id: str) -> tuple[Passage | None, Passage | None]:
        """Return the passages before and after one."""
        ...

    @property
    def register(self) -> RegisterLike:
        """Return the figures and measures of all documents."""
        ...

    def locate(self, words: str) -> Sequence[Passage]:
        """Return the passages in which ``words`` begin verbatim, the first of each document."""
        ...


class LinksLike(Protocol):
    """Makes the addresses of the reader's pages."""

    def passage(self, passage: str) -> str:
        """Return the address of a passage in its text."""
        ...

    def document(self, document: str, *, cited: tuple[int, int] | None = None) -> str:
        """Return the address of a text, or of words in it."""
        ...

    def answer(self, answer: str) -> str:
        """Return the address of an answer, with its picture."""
        ...

    def citation(self, passage: str, *, answer: str, number: int, fragment: bool = True) -> str:
        """Return the address of the words that a source of an answer cites; in a Mini App no fragment."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineResult:
    """One thing that can be sent, with where it stands."""

    name: str  # at most 64 bytes; no other finding of the same query has it
    title: str
    description: str
    blocks: tuple[Block, ...]  # the message that it makes
    passage: str  # where it can be read on


class SpeechLike(Protocol):
    """Turns recordings into words."""

    async def heard(self, sound: bytes, name: str) -> str:
        """Return what is said in a recording, "" where nothing is. Raises ModelError."""
        ...


class InlineFinder(Protocol):
    """Looks for what a person types, within some ten milliseconds; waits for the library."""

    def __call__(self, text: str, said: Messages, /) -> Sequence[InlineResult]:
        """Return what is found, best first; the finder's own words are in the language of ``said``."""
        ...
