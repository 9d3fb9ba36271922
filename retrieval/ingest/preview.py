"""What would be read of a file, before anything is kept of it, and what documents hold in figures."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.catalog.fact_writer import rows_of
from retrieval.loaders.load import read
from retrieval.parsing.origins import HeadFact, head_facts
from retrieval.parsing.parser import parse
from retrieval.parsing.passages import cut
from retrieval.places.gazetteer import Gazetteer
from retrieval.values.documents import Genre  # noqa: TC001 - JSON is read back by it
from retrieval.values.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from retrieval.values.documents import Document, Passage

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentStatistics:
    """One document in figures; ``sections`` counts its headings, not what comes before the first."""

    title: str
    genre: Genre
    place: str | None
    date: str | None
    sections: int
    points: int
    passages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusStatistics:
    """Several documents in figures."""

    documents: int
    sections: int
    points: int
    passages: int
    parts: tuple[DocumentStatistics, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a file holds, or why it would be refused; ``figures`` are those of the register."""

    path: str
    reason: str = ""  # a sentence; empty where the file can be read
    media: str = ""  # what kind of file it is by its content
    documents: tuple[DocumentStatistics, ...] = ()
    facts: tuple[tuple[HeadFact, ...], ...] = ()  # of each document's head, beside ``documents``
    figures: int = 0


def preview(path: Path, *, options: Mapping[str, str]) -> Preview:
    """Read a file as an ingest would, and keep nothing; ``options`` are those of ``Library.ingest``."""
    try:
        return _read(path, options)
    except ReadError as error:
        return Preview(path=str(path), reason=str(error))
    except Exception as error:  # one odd file must not stop the others
        log.exception("%s", path)
        reason = f"“{path.name}”的结构没能读懂（{type(error).__name__}）。请把它另存为纯文本再试。"
        return Preview(path=str(path), reason=reason)


def _read(path: Path, options: Mapping[str, str]) -> Preview:
    source, gazetteer = read(path), Gazetteer()
    documents = parse(source, gazetteer=gazetteer, options=options)
    contents = [(document, cut(document)) for document in documents]
    if not any(passages for _, passages in contents):
        return Preview(path=str(path), reason=f"“{path.name}”里没有可以检索的文字。")
    return Preview(
        path=str(path),
        media=source.media,
        documents=statistics_of(documents, (one for _, passages in contents for one in passages)).parts,
        facts=tuple(
            head_facts(document, source, gazetteer=gazetteer, options=options) for document in documents
        ),
        figures=len(rows_of(contents).figures),
    )


def statistics_of(
    documents: Sequence[Document], passages: Iterable[Passage] | None = None
) -> CorpusStatistics:
    """Count what documents hold; their passages are cut here unless they are at hand."""
    made = passages if passages is not None else (one for document in documents for one in cut(document))
    count = Counter(passage.document for passage in made)
    parts = tuple(_understood(document, count[document.id]) for document in documents)
    return CorpusStatistics(
        documents=len(parts),
        sections=sum(part.sections for part in parts),
        points=sum(part.points for part in parts),
        passages=sum(part.passages for part in parts),
        parts=parts,
    )


def _understood(document: Document, passages: int) -> DocumentStatistics:
    return DocumentStatistics(
        title=document.title,
        genre=document.genre,
        place=document.place,
        date=document.date,
        sections=sum(section.numeral != "0" for section in document.sections),
        points=len(document.points),
        passages=passages,
    )
