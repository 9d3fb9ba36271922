"""Which words of which document are to be shown, also after the document has changed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.presentation.quotation import clause_of
from retrieval.values.documents import document_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from answering.values.answer import Citation
    from bot.reader.reader_library import ReaderLibrary
    from retrieval.values.documents import Document

    Span = tuple[int, int]

_BETWEEN = r"\s*+(?:[#>]++\s++)?+"  # two letters of selected words: a break, and a mark of Markdown
_SPAN = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedText:
    """Words of a document; ``moved`` when they stand elsewhere than when they were cited.

    ``clause`` are those of them that the answer rests on, ``answer`` is its id.
    """

    document: Document
    span: Span | None = None
    clause: Span | None = None
    citation: Citation | None = None
    answer: str = ""
    moved: bool = False

    @property
    def quoted(self) -> tuple[str, str, str]:
        """The cited words: what comes before the clause, the clause, and what comes after it."""
        if self.span is None:
            return "", "", ""
        (start, end), (first, last) = self.span, self.clause or self.span
        text = self.document.text
        return text[start:first], text[first:last], text[last:end]


@dataclass(frozen=True, slots=True)
class MissingCitation:
    """Words that stand in no text any more."""

    citation: Citation


def span_of(given: str, document: Document) -> Span | None:
    """Read ``start-end``; None where these are no characters of the document."""
    read = _SPAN.fullmatch(given)
    if not read:
        return None
    start, end = int(read[1]), int(read[2])
    return (start, end) if start < end <= len(document.text) else None


def by_answer(shelf: ReaderLibrary, answer: str, number: str) -> CitedText | MissingCitation | None:
    """Return what a source of an answer cites; None where there is no such answer or source."""
    kept = shelf.recall(answer) if answer else None
    cited = (one for one in kept.citations if str(one.number) == number) if kept else iter(())
    citation = next(cited, None)
    if kept is None or citation is None:
        return None
    found = _settled(shelf, citation)
    if isinstance(found, MissingCitation) or found.span is None:
        return found
    clause = clause_of(citation, kept)
    start = found.span[0] + clause.start - citation.start
    return replace(found, clause=(start, start + len(clause.quote)), answer=answer)


def by_words(words: str, document: Document, *, near: int = 0) -> Span | None:
    """Return where words that somebody selected stand: from ``near`` on, or the first time.

    White space tells nothing there: a page joins broken lines. None where they stand nowhere.
    """
    letters = [re.escape(one) for one in words if not one.isspace()]
    if not letters:
        return None
    pattern = re.compile(_BETWEEN.join(letters))
    found = pattern.search(document.text, max(near, 0)) or pattern.search(document.text)
    return found.span() if found else None


def by_passage(shelf: ReaderLibrary, name: str) -> CitedText | None:
    """Return a passage in its document."""
    passage, document = shelf.texts.passage(name), shelf.texts.document(document_id(name))
    return CitedText(document=document, span=(passage.start, passage.end)) if passage and document else None


def _settled(shelf: ReaderLibrary, citation: Citation) -> CitedText | MissingCitation:
    document = shelf.texts.document(citation.document)
    if document and document.text[citation.start : citation.end] == citation.quote:
        return CitedText(document=document, span=(citation.start, citation.end), citation=citation)
    for other in (document, *_elsewhere(shelf, citation.quote)):
        at = other.text.find(citation.quote) if other else -1
        if other and at >= 0:
            return CitedText(
                document=other, span=(at, at + len(citation.quote)), citation=citation, moved=True
            )
    return MissingCitation(citation)


def _elsewhere(shelf: ReaderLibrary, quote: str) -> Iterator[Document | None]:
    for passage in shelf.texts.locate(quote):
        yield shelf.texts.document(passage.document)
