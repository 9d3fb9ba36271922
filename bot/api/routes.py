"""The routes of the interface. Seam: FastAPI."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, HTTPException, Path, Query

from answering.values.answer import Turn
from bot.api.models import (
    AnswerOut,
    DocumentsOut,
    FiguresOut,
    FullDocumentOut,
    HitsOut,
    PassageOut,
    QuestionIn,
)
from bot.api.serialization import answer_out, document_out, figure_out, hit_out, passage_out, whole_out
from bot.messages import messages
from bot.presentation.answer_records import cleaned
from bot.presentation.fact_query import asked
from bot.presentation.fact_records import DocumentReader
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Callable

    from answering.values.answer import Language
    from bot.observability.observed_answerer import ObservableAnswerer
    from bot.presentation.page_links import PageLinks
    from bot.presentation.passage_search import PassageSearcher
    from retrieval.library import Library


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiServices:
    """The parts that serve a request; ``links`` is None where there is no reader page."""

    library: Library
    searcher: Callable[[], PassageSearcher]
    answerer: ObservableAnswerer
    language: Language
    links: PageLinks | None


ANSWERS = 4  # made at the same time; further questions wait
Name = Annotated[str, Path(max_length=64)]
Words = Annotated[list[Annotated[str, Query(max_length=100)]], Query(max_length=20)]
Years = Annotated[list[Annotated[int, Query(ge=1, le=9999)]], Query(max_length=20)]
Offset = Annotated[int, Query(ge=0, le=10_000_000)]


def routes(desk: ApiServices) -> APIRouter:
    """Return the routes that answer from ``desk``."""
    router = APIRouter()
    for add in (_asking, _searching, _reading, _counting):
        add(router, desk)
    return router


def _asking(router: APIRouter, desk: ApiServices) -> None:
    turns = asyncio.Semaphore(ANSWERS)

    @router.post("/ask", summary="Ask a question, get an answer with its proofs")
    async def ask(body: QuestionIn) -> AnswerOut:
        history = [Turn(role=one.role, content=cleaned(one.content)) for one in body.history]
        async with turns:
            answer = await desk.answerer.answer(cleaned(body.question), history)
        return answer_out(answer, body.language, desk.links)


def _searching(router: APIRouter, desk: ApiServices) -> None:
    @router.get("/search", summary="Find passages, without an answer")
    def search(
        q: Annotated[str, Query(min_length=1, max_length=2_000)],
        place: Words = [],  # noqa: B006 - FastAPI copies it
        year: Years = [],  # noqa: B006
        k: Annotated[int, Query(ge=1, le=100)] = 8,
    ) -> HitsOut:
        searcher = desk.searcher()
        chosen = searcher.places(place, messages(desk.language))
        hits = searcher.find(cleaned(q), k=k, places=chosen, years=tuple(year))
        return HitsOut(question=q, hits=[hit_out(hit, desk.links) for hit in hits])


def _reading(router: APIRouter, desk: ApiServices) -> None:
    library, links = desk.library, desk.links

    @router.get("/documents", summary="List the documents")
    def documents(offset: Offset = 0, limit: Annotated[int, Query(ge=1, le=200)] = 50) -> DocumentsOut:
        held = [one for one in library.documents() if one.genre is not Genre.PREFACE]
        shown = [document_out(one, links) for one in held[offset : offset + limit]]
        return DocumentsOut(count=len(held), documents=shown)

    @router.get("/documents/{name}", summary="Read a document")
    def document(name: Name) -> FullDocumentOut:
        found = library.document(name)
        if found is None:
            raise HTTPException(404, "There is no document with this id.")
        return whole_out(found, links)

    @router.get("/passages/{name}", summary="Read a passage")
    def passage(name: Name) -> PassageOut:
        found = library.passage(name)
        whole = library.document(found.document) if found else None
        if found is None or whole is None:
            raise HTTPException(404, "There is no passage with this id; the text may have been updated.")
        return passage_out(found, whole, library.neighbours(name), links)


def _counting(router: APIRouter, desk: ApiServices) -> None:
    @router.get("/figures", summary="List figures of the register")
    def figures(  # noqa: PLR0913, PLR0917 - by name, as many as can be asked for
        place: Words = [],  # noqa: B006 - FastAPI copies them
        field: Words = [],  # noqa: B006
        metric: Words = [],  # noqa: B006
        year: Years = [],  # noqa: B006
        unit: Words = [],  # noqa: B006
        kind: Words = [],  # noqa: B006
        offset: Offset = 0,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> FiguresOut:
        said = messages(desk.language)
        limits = asked(desk.searcher(), said, places=place, fields=field, years=year, kinds=kind)
        found = desk.library.register.figures(replace(limits, things=tuple(metric), units=tuple(unit)))
        texts = DocumentReader(desk.library)
        shown = [
            figure_out(one, texts.of(one.row.document), desk.links) for one in found[offset : offset + limit]
        ]
        return FiguresOut(count=len(found), figures=shown)
