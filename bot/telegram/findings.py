"""What inline mode offers: finders look through the texts without a model, and each finding can be sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.rendering import Kind, head, line, squeezed

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
        return [_found(hit) for hit in self._find(text, k=MOST)]


def _found(hit: Hit) -> Found:
    document, passage = hit.document, hit.passage
    title = document.title if "《" in document.title else f"《{document.title}》"
    date = document.date or str(document.year or "")
    told = [part for part in (document.place, title, date) if part]
    return Found(
        name=passage.id,
        title=" · ".join(told),
        description=squeezed(passage.text),
        blocks=(*head(document, passage), line(squeezed(passage.text), kind=Kind.QUOTE)),
        passage=passage.id,
    )
