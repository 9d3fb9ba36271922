"""Values as they go over the wire."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from bot.api.models import (
    AnswerOut,
    CitationOut,
    DocumentOut,
    FigureOut,
    FullDocumentOut,
    HitOut,
    PassageOut,
    SectionOut,
    StatementOut,
)
from bot.messages import messages
from bot.presentation.answer_records import hit_record
from bot.presentation.fact_records import figure_record
from bot.presentation.quotation import source_name
from bot.presentation.rendering import message

if TYPE_CHECKING:
    from answering.values.answer import Answer, Citation, Language
    from bot.presentation.page_links import PageLinks
    from retrieval.catalog.fact_query import FoundFigure
    from retrieval.values.documents import Document, Hit, Passage

    Span = tuple[int, int]


def answer_out(answer: Answer, language: Language | None, links: PageLinks | None) -> AnswerOut:
    """Return an answer; ``links`` make the addresses of its citations, where there is a reader page."""
    said, answered = messages(language or answer.language), answer.outcome.is_answer
    return AnswerOut(
        question=answer.question,
        language=answer.language,
        outcome=answer.outcome,
        answered=answered,
        message=None if answered else message(answer, said),
        shape=answer.shape,
        statements=[
            StatementOut(
                text=one.text,
                lead=one.lead,
                level=one.level,
                manner=one.manner,
                citations=list(one.citations),
            )
            for one in answer.statements
        ],
        citations=[citation_out(one, links) for one in answer.citations],
        notes=[said.say(key) for key in answer.notes if key in said],
        seconds=round(sum(answer.seconds.values()), 4),
    )


def citation_out(citation: Citation, links: PageLinks | None) -> CitationOut:
    """Return a citation."""
    told = asdict(citation) | {"heading": list(citation.heading)}
    return CitationOut(**told, url=_at(links, citation.document, (citation.start, citation.end)))


def hit_out(hit: Hit, links: PageLinks | None) -> HitOut:
    """Return a hit."""
    return HitOut(**hit_record(hit), url=links.passage(hit.passage.id) if links else None)


def document_out(document: Document, links: PageLinks | None) -> DocumentOut:
    """Return a document's head; of its source the name alone, which tells nothing of this machine."""
    return DocumentOut(**_head(document, links))


def whole_out(document: Document, links: PageLinks | None) -> FullDocumentOut:
    """Return a document with its text."""
    sections = [
        SectionOut(numeral=one.numeral, title=one.title, level=one.level, start=one.start, end=one.end)
        for one in document.sections
    ]
    return FullDocumentOut(**_head(document, links), text=document.text, sections=sections)


def passage_out(
    passage: Passage,
    document: Document,
    around: tuple[Passage | None, Passage | None],
    links: PageLinks | None,
) -> PassageOut:
    """Return a passage in its document, with the ids of those before and after it."""
    before, after = around
    return PassageOut(
        id=passage.id,
        start=passage.start,
        end=passage.end,
        text=passage.text,
        section=passage.section,
        point=passage.point,
        heading=list(passage.heading),
        before=before.id if before else None,
        after=after.id if after else None,
        document=document_out(document, links),
        url=links.passage(passage.id) if links else None,
    )


def figure_out(found: FoundFigure, document: Document, links: PageLinks | None) -> FigureOut:
    """Return a figure of the register."""
    told = figure_record(found, document) | {"source": source_name(document)}
    return FigureOut(**told, url=_at(links, document.id, (found.row.start, found.row.end)))


def _head(document: Document, links: PageLinks | None) -> dict[str, Any]:
    return {
        "id": document.id,
        "title": document.title,
        "genre": document.genre.value,
        "place": document.place,
        "province": document.province,
        "year": document.year,
        "date": document.date,
        "speaker": document.speaker,
        "event": document.event,
        "collection": document.collection,
        "source": source_name(document),
        "url": links.document(document.id) if links else None,
    }


def _at(links: PageLinks | None, document: str, span: Span) -> str | None:
    return links.document(document, cited=span) if links else None
