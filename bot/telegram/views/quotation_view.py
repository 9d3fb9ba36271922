"""“引用”: a clean quotation with where it comes from, to be copied or forwarded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from telegram import CopyTextButton, InlineKeyboardButton

from bot.presentation.quotation import provenance, quotation
from bot.presentation.rendering import BlockKind, line, squeezed, unmarked
from bot.telegram.formatting import html, limits
from retrieval.values.documents import Document

if TYPE_CHECKING:
    from answering.values.answer import Citation
    from bot.messages import Messages
    from retrieval.values.documents import Passage


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotationView:
    """Words of a document, and where they stand."""

    words: str
    document: Document
    heading: tuple[str, ...] = ()

    @classmethod
    def cited(cls, citation: Citation, *, restated: bool = False) -> QuotationView:
        """Return the words that a citation rests on, with what was known of their document then."""
        document = Document(
            id=citation.document,
            source="",
            text="",
            title=citation.title,
            place=citation.place,
            year=citation.year,
            date=citation.date,
            restated=restated,
        )
        return cls(words=citation.quote, document=document, heading=citation.heading)

    @classmethod
    def of(cls, passage: Passage, document: Document) -> QuotationView:
        """Return a whole passage."""
        return cls(words=passage.text, document=document, heading=passage.heading)

    def text(self, said: Messages) -> str:
        """Return it as plain text."""
        return quotation(self.words, self.document, said, heading=self.heading)

    def pages(self, said: Messages) -> list[str]:
        """Return it as the messages that it fills: the words set off, and where they stand."""
        where = said.say("quotation_where", where=provenance(self.document, said, heading=self.heading))
        return html.messages((line(squeezed(unmarked(self.words)), kind=BlockKind.QUOTE), line(where)))

    def copying(self, said: Messages) -> InlineKeyboardButton | None:
        """Return the button that copies it, or None where it is longer than a button can hold."""
        text = limits.clean(self.text(said))
        if limits.units(text) > limits.COPY_UNITS:
            return None
        return InlineKeyboardButton(said.say("button_copy"), copy_text=CopyTextButton(text))
