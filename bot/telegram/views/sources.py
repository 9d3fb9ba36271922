"""What stands behind an answer's buttons: the passage of a source, and its neighbours."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.presentation.rendering import Block, BlockKind, TextRun, TextStyle, body, head, line, opened, source
from bot.telegram.formatting import html
from bot.telegram.views.relocate import CHANGED, moved

if TYPE_CHECKING:
    from answering.values.answer import Citation
    from bot.messages import Messages
    from bot.telegram.context.dependencies import LibraryLike
    from retrieval.values.documents import Document, Passage

PARTS = 4  # messages that one passage may fill; of a longer one a window around the cited words is shown


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

    @property
    def pages(self) -> tuple[str, ...]:
        """The card as the messages that it fills, whole unless it is endless."""
        whole = html.messages(self.blocks)
        return tuple(whole) if len(whole) <= PARTS else (self.page,)


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
    blocks = _shown(citation, passage, document)
    return PassageCard(
        blocks=(line(said.say(note), style=TextStyle.FAINT), *blocks) if note else blocks,
        passage=passage,
        before=before.id if before else None,
        after=after.id if after else None,
        is_changed=note == CHANGED,
    )


def _gone(citation: Citation | None, said: Messages) -> tuple[Block, ...]:
    if citation is None:
        return (line(said.say("passage_lost")),)
    return (line(said.say("bot_passage_gone"), style=TextStyle.FAINT), *source(citation))


def _shown(citation: Citation | None, passage: Passage, document: Document) -> tuple[Block, ...]:
    if citation is None:
        return (*head(document, passage), line(body(passage), kind=BlockKind.QUOTE))
    first, *rest = opened(_settled(citation, passage, document), passage, document)
    marker = TextRun(f"[{citation.number}] ", TextStyle.MARKER, citation.number)
    return (Block((marker, *first.runs), first.kind), *rest)


def _settled(citation: Citation, passage: Passage, document: Document) -> Citation:
    """Return the citation with the offsets that its words have in the document as it is now."""
    text, words = document.text, citation.quote
    if citation.document == document.id and text[citation.start : citation.end] == words:
        return citation
    here = text.find(words, passage.start, passage.end + len(words))
    start = here if here >= 0 else text.find(words)
    return replace(citation, start=max(start, 0), end=max(start, 0) + len(words) * (start >= 0))
