"""What stands behind an answer's buttons: the passage of a source, and its neighbours."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.presentation.rendering import (
    Block,
    BlockKind,
    TextRun,
    TextStyle,
    body,
    head,
    line,
    opened,
    quoted,
    source,
)
from bot.telegram.formatting import html

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from answering.values.answer import Citation
    from bot.messages import Messages
    from bot.telegram.context.protocols import LibraryLike
    from retrieval.values.documents import Document, Passage


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


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageCard:
    """A passage ready to be shown; ``passage`` is None where it is gone and its words stand nowhere now."""

    blocks: tuple[Block, ...]
    passage: Passage | None = None
    before: str | None = None  # the ids of its neighbours
    after: str | None = None
    is_changed: bool = False  # of the cited words, only a part stands in it

    @property
    def page(self) -> str:
        """The card as one message, in which the cited words are sure to stand."""
        return html.page(self.blocks)


def card(library: LibraryLike, citation: Citation | None, *, at: str, said: Messages) -> PassageCard:
    """Make the card of the passage ``at``, seen from a source of an answer or by itself.

    Where that passage is gone, the card is of the one in which the cited words stand now.
    Waits for the library.
    """
    passage, note = library.passage(at), ""
    if passage is None and citation is not None:
        citation, passage, note = moved(library, citation)
    document = library.document(passage.document) if passage else None
    if passage is None or document is None:
        return PassageCard(blocks=_gone(citation, said))
    before, after = library.neighbours(passage.id)
    notes = [key for key in (note, "restated" if document.restated else "") if key]
    return PassageCard(
        blocks=(
            *(line(said.say(key), style=TextStyle.FAINT) for key in notes),
            *_shown(citation, passage, document),
        ),
        passage=passage,
        before=before.id if before else None,
        after=after.id if after else None,
        is_changed=note == CHANGED,
    )


def _gone(citation: Citation | None, said: Messages) -> tuple[Block, ...]:
    if citation is None:
        return (line(said.say("passage_lost")),)
    return (line(said.say("bot_passage_gone"), style=TextStyle.FAINT), *source(citation, said))


def _shown(citation: Citation | None, passage: Passage, document: Document) -> tuple[Block, ...]:
    if citation is None:
        return (*head(document, passage), line(body(passage), kind=BlockKind.QUOTE))
    first, *rest = opened(_settled(citation, passage, document), passage, document)
    marker = TextRun(f"[{citation.number}] ", TextStyle.MARKER, citation.number)
    return (Block((marker, *first.runs), first.kind), *rest)


def cited_words(citations: Sequence[Citation], passage: Passage, document: Document) -> Block:
    """Return a passage as a quotation in which the cited words stand out, also where they moved in it."""
    return quoted(passage, [_settled(one, passage, document) for one in citations])


def _settled(citation: Citation, passage: Passage, document: Document) -> Citation:
    """Return the citation with the offsets that its words have in the document as it is now."""
    text, words = document.text, citation.quote
    if citation.document == document.id and text[citation.start : citation.end] == words:
        return citation
    here = text.find(words, passage.start, passage.end + len(words))
    start = here if here >= 0 else text.find(words)
    return replace(citation, start=max(start, 0), end=max(start, 0) + len(words) * (start >= 0))
