"""The twin in JSON of each page: the same texts, words and addresses, for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.presentation.quotation import source_name
from bot.presentation.rendering import squeezed, unmarked
from bot.reader.printed.layout import heading

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from answering.ledger.promise import Promise
    from answering.values.answer import Answer, Citation
    from bot.presentation.page_links import PageLinks
    from bot.reader.citations import CitedText
    from bot.reader.reader_library import DocumentListPage
    from retrieval.values.documents import Document, Hit

    Twin = dict[str, Any]


def head_twin(document: Document, links: PageLinks) -> Twin:
    """Return what is known of a text, without its words."""
    return {
        "id": document.id,
        "title": document.title,
        "place": document.place,
        "date": document.date,
        "year": document.year,
        "event": document.event,
        "speaker": document.speaker,
        "collection": document.collection,
        "file": source_name(document),
        "restated": document.restated,
        "url": links.document(document.id),
    }


def text_twin(cited: CitedText, links: PageLinks) -> Twin:
    """Return a text, its sections, and the words that the address marks; offsets count characters."""
    document = cited.document
    sections = [
        {"heading": heading(document, one), "start": one.start, "end": one.end}
        for one in document.sections
        if one.body > one.start
    ]
    marked = _span_twin(document, cited.span)
    return {
        **head_twin(document, links),
        "text": document.text,
        "sections": sections,
        "cited": marked and {**marked, "clause": _span_twin(document, cited.clause), "moved": cited.moved},
    }


def list_twin(listed: DocumentListPage, links: PageLinks) -> Twin:
    """Return a page of the list of texts."""
    return {
        "count": listed.count,
        "page": listed.page,
        "pages": listed.pages,
        "places": dict(listed.places),
        "documents": [head_twin(one, links) for one in listed.documents],
    }


def found_twin(words: str, hits: Iterable[Hit], links: PageLinks) -> Twin:
    """Return what a search found."""
    found = [
        {
            "document": head_twin(hit.document, links),
            "heading": list(hit.passage.heading),
            "text": squeezed(unmarked(hit.passage.text)),
            "start": hit.passage.start,
            "end": hit.passage.end,
            "url": links.passage(hit.passage.id),
        }
        for hit in hits
    ]
    return {"words": words, "count": len(found), "found": found}


def answer_twin(name: str, answer: Answer, links: PageLinks) -> Twin:
    """Return an answer with what it cites; the question is not told."""
    return {
        "statements": [
            {"lead": one.lead, "text": one.text, "citations": list(one.citations)}
            for one in answer.statements
        ],
        "citations": [_citation_twin(name, one, links) for one in answer.citations],
    }


def promises_twin(place: str, found: Sequence[Promise], links: PageLinks) -> Twin:
    """Return the targets of a place with their results."""

    def side(of: Any) -> Twin | None:
        if of is None:
            return None
        return {
            "quote": of.quote,
            "date": of.date,
            "url": links.document(of.document, cited=(of.start, of.end)),
        }

    rows = [
        {
            "year": one.year,
            "state": one.state.value,
            "note": one.note or None,
            "target": side(one.target),
            "result": side(one.result),
        }
        for one in found
    ]
    return {"place": place, "count": len(rows), "promises": rows}


def _citation_twin(answer: str, of: Citation, links: PageLinks) -> Twin:
    return {
        "number": of.number,
        "document": of.document,
        "title": of.title,
        "place": of.place,
        "year": of.year,
        "quote": of.quote,
        "start": of.start,
        "end": of.end,
        "url": links.citation(of.passage, answer=answer, number=of.number),
    }


def _span_twin(document: Document, span: tuple[int, int] | None) -> Twin | None:
    if span is None:
        return None
    start, end = span
    return {"start": start, "end": end, "quote": document.text[start:end]}
