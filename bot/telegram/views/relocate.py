"""Where the words of a citation stand once its passage is gone: texts are updated, moved, taken in anew."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from answering.values.answer import Citation
    from bot.telegram.context.dependencies import LibraryLike
    from retrieval.values.documents import Passage

CHANGED = "passage_changed"
CLAUSE = 8  # characters: fewer may stand anywhere by chance
CLAUSES = 5  # looked for, the longest first
_ENDS = re.compile(r"[。！？；，、：,.;:!?\s]+")


def moved(library: LibraryLike, citation: Citation) -> tuple[Citation, Passage | None, str]:
    """Return the citation as its words stand now, the passage in which, and the key of what to say to it.

    Sought are the words as they were, then their clauses, should the sentence have been changed; in the same
    document before others of its place.
    """
    for words in (citation.quote, *_clauses(citation.quote)):
        found = sorted(library.locate(words), key=lambda one: _strangeness(library, citation, one))
        if found:
            return replace(citation, quote=words), found[0], _told(library, citation, found[0], words)
    return citation, None, ""


def _clauses(quote: str) -> Iterator[str]:
    clauses = sorted((one for one in _ENDS.split(quote) if len(one) >= CLAUSE), key=len, reverse=True)
    yield from (one for one in clauses[:CLAUSES] if one != quote)


def _strangeness(library: LibraryLike, citation: Citation, passage: Passage) -> int:
    """Rank a passage: 0 in the same document, 1 in one of its name and place, 2 of its place, 3 elsewhere."""
    document = library.document(passage.document)
    if passage.document == citation.document or document is None:
        return 0
    if document.place != citation.place:
        return 3
    return 1 if document.title == citation.title else 2


def _told(library: LibraryLike, citation: Citation, passage: Passage, words: str) -> str:
    if words != citation.quote:
        return CHANGED
    strange = _strangeness(library, citation, passage)
    return "passage_moved" if strange < 2 else "passage_elsewhere"
