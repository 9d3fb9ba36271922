"""What inline mode offers: finders look through the texts without a model, and each finding can be sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.rendering import Kind, head, line, squeezed
from retrieval.chinese import bigrams, clauses

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.messages import Messages
    from bot.rendering import Block
    from retrieval.documents import Hit

MOST = 40  # passages for one query


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One thing that can be sent, with where it stands."""

    name: str  # at most 64 bytes; no other finding of the same query has it
    title: str
    description: str
    blocks: tuple[Block, ...]  # the message that it makes
    passage: str  # where it can be read on


class Finder(Protocol):
    """Looks for what a person types, within some ten milliseconds; waits for the library."""

    def __call__(self, text: str, said: Messages, /) -> Sequence[Found]:
        """Return what is found, best first; the finder's own words are in the language of ``said``."""
        ...


class PassageFinder:
    """Finds passages; ``find`` is a search as of ``bot.searching.Searcher``."""

    def __init__(self, find: Callable[..., Sequence[Hit]]) -> None:
        self._find = find

    def __call__(self, text: str, _said: Messages, /) -> Sequence[Found]:
        """Return the passages that fit best."""
        wanted = frozenset(bigrams(text))
        return [_found(hit, wanted) for hit in self._find(text, k=MOST)]


def _found(hit: Hit, wanted: frozenset[str]) -> Found:
    document, passage = hit.document, hit.passage
    title = document.title if "《" in document.title else f"《{document.title}》"
    date = document.date or str(document.year or "")
    told = [part for part in (document.place, title, date) if part]
    return Found(
        name=passage.id,
        title=" · ".join(told),
        description=_telling(passage.text, wanted),
        blocks=(*head(document, passage), line(squeezed(passage.text), kind=Kind.QUOTE)),
        passage=passage.id,
    )


def _telling(text: str, wanted: frozenset[str]) -> str:
    """Return a passage from the clause on that has most of the words sought: a list shows little of it."""
    held = {one.start: wanted.intersection(bigrams(text[one.start : one.end])) for one in clauses(text)}
    start = max(held, key=lambda at: len(held[at]), default=0)
    return ("…" if start else "") + squeezed(text[start:])
