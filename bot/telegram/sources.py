"""What stands behind an answer's buttons: the passage of a source, and its neighbours."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.rendering import Block, Run, Style, line, opened, source
from bot.telegram import html, keyboards

if TYPE_CHECKING:
    from telegram import InlineKeyboardMarkup

    from answering.answer import Citation
    from bot.messages import Messages
    from bot.telegram.parts import LibraryLike
    from retrieval.documents import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A passage ready to be shown."""

    html: str
    markup: InlineKeyboardMarkup | None


def card(library: LibraryLike, answer: str, citation: Citation, *, at: str, said: Messages) -> Card:
    """Make the card of the passage ``at``, seen from a source of an answer. Waits for the library."""
    passage = library.passage(at)
    document = library.document(passage.document) if passage else None
    if passage is None or document is None:
        blocks = (line(said.say("bot_passage_gone"), style=Style.FAINT), *source(citation))
        return Card(html=html.page(blocks), markup=None)
    first, *rest = opened(_settled(citation, document), passage, document)
    marker = Run(f"[{citation.number}] ", Style.MARKER, citation.number)
    before, after = library.neighbours(at)
    ways = (
        (said.say("bot_previous"), before.id if before else None),
        (f"[{citation.number}]", citation.passage if at != citation.passage else None),
        (said.say("bot_next"), after.id if after else None),
    )
    return Card(
        html=html.page((Block((marker, *first.runs), first.kind), *rest)),
        markup=keyboards.around(answer, citation.number, ways),
    )


def _settled(citation: Citation, document: Document) -> Citation:
    """Return the citation with the offsets that its words have in the document as it is now."""
    if document.text[citation.start : citation.end] == citation.quote:
        return citation
    start = max(document.text.find(citation.quote), 0) if citation.document == document.id else 0
    found = document.text.startswith(citation.quote, start)
    return replace(citation, start=start, end=start + len(citation.quote) if found else start)
