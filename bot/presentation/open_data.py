"""The library as open data: facts, promises, documents and passages, each column with its meaning."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from answering.ledger.promise_ledger import PromiseLedger
from bot.presentation.fact_records import DocumentReader, figure_record
from bot.presentation.promise_records import side_record
from retrieval.catalog.fact_query import Ask, FoundFigure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from retrieval.library import Library
    from retrieval.values.documents import Document

    Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataColumn:
    """A column: its SQLite type and what it means."""

    name: str
    type: str  # "TEXT", "INTEGER" or "REAL"
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DataTable:
    """A table of the export."""

    name: str
    meaning: str
    columns: tuple[DataColumn, ...]
    rows: Callable[[Library], Iterator[Row]]


def _columns(*told: tuple[str, str, str]) -> tuple[DataColumn, ...]:
    return tuple(DataColumn(name=name, type=kind, meaning=meaning) for name, kind, meaning in told)


def _documents(library: Library) -> Iterator[Row]:
    for document in _wholes(library):
        yield {
            "id": document.id,
            "title": document.title,
            "genre": document.genre.value,
            "place": document.place,
            "province": document.province,
            "year": document.year,
            "date": document.date,
            "speaker": document.speaker,
            "file": PurePath(document.source).name,
            "text": document.text,
        }


def _passages(library: Library) -> Iterator[Row]:
    for document in _wholes(library):
        for one in library.passages(document.id):
            yield {
                "id": one.id,
                "document": one.document,
                "ordinal": one.ordinal,
                "start": one.start,
                "end": one.end,
                "section": one.section,
                "heading": " › ".join(one.heading),
                "text": one.text,
            }


def _facts(library: Library) -> Iterator[Row]:
    for document in _wholes(library):
        for found in library.register.figures(Ask(documents=(document.id,))):
            record = figure_record(FoundFigure(row=found.row), document)
            told = {name: int(record[name]) for name in ("stock", "part", "recognised")}
            yield {**record, **told, "file": PurePath(document.source).name}


def _promises(library: Library) -> Iterator[Row]:
    texts = DocumentReader(library)
    for one in PromiseLedger(library).promises():
        row: Row = {
            "place": one.place,
            "metric": one.metric,
            "year": one.year,
            "since": one.since,
            "state": one.state.value,
            "note": one.note,
        }
        for name, side in (("target", one.target), ("result", one.result)):
            told = side_record(side) or dict.fromkeys(("doc", "quote", "value", "unit", "bound"))
            row |= {f"{name}_{key}": value for key, value in told.items()}
            row |= {
                f"{name}_document": side.document if side else None,
                f"{name}_start": side.start if side else None,
                f"{name}_end": side.end if side else None,
                f"{name}_recognised": int(texts.recognised(side.document, side.start)) if side else None,
            }
        yield row


def _wholes(library: Library) -> Iterator[Document]:
    for head in library.documents():
        document = library.document(head.id)
        if document is not None:
            yield document


_SIDES = tuple(
    column
    for name, whose in (("target", "of the target"), ("result", "of the result; empty where none is told"))
    for column in _columns(
        (f"{name}_quote", "TEXT", f"words {whose}, verbatim"),
        (f"{name}_value", "TEXT", f"number {whose}, as printed"),
        (f"{name}_unit", "TEXT", f"unit {whose}, as printed, scale included (万人, 亿元)"),
        (f"{name}_bound", "TEXT", f"bound {whose}: = ≥ ≤ ≈"),
        (f"{name}_doc", "TEXT", f"file name {whose}"),
        (f"{name}_document", "TEXT", f"documents.id {whose}"),
        (f"{name}_start", "INTEGER", f"offset in documents.text where the quotation {whose} begins"),
        (f"{name}_end", "INTEGER", f"offset where the quotation {whose} ends, exclusive"),
        (f"{name}_recognised", "INTEGER", f"1 where the words {whose} were recognised from a scan (OCR)"),
    )
)

TABLES = (
    DataTable(
        name="documents",
        meaning="one row a text",
        columns=_columns(
            ("id", "TEXT", "stable name of the document"),
            ("title", "TEXT", "its title"),
            ("genre", "TEXT", "report, speech, regulation, preface, other"),
            ("place", "TEXT", "whom it speaks for; empty for a national text"),
            ("province", "TEXT", "the province of the place"),
            ("year", "INTEGER", "of the occasion on which it was given"),
            ("date", "TEXT", "ISO 8601, as exact as known"),
            ("speaker", "TEXT", "who gave it"),
            ("file", "TEXT", "name of the file it was read from"),
            ("text", "TEXT", "the whole text; all offsets count its characters"),
        ),
        rows=_documents,
    ),
    DataTable(
        name="passages",
        meaning="one row a group of sentences; substr(documents.text, start + 1, end - start) is its text",
        columns=_columns(
            ("id", "TEXT", "stable name of the passage"),
            ("document", "TEXT", "documents.id"),
            ("ordinal", "INTEGER", "0, 1, … in the order of the text"),
            ("start", "INTEGER", "offset in documents.text"),
            ("end", "INTEGER", "offset where it ends, exclusive"),
            ("section", "TEXT", "numeral of its section"),
            ("heading", "TEXT", "headings above it, from the outermost"),
            ("text", "TEXT", "its words"),
        ),
        rows=_passages,
    ),
    DataTable(
        name="facts",
        meaning="one row a figure; substr(documents.text, start + 1, end - start) is the figure as printed",
        columns=_columns(
            ("document", "TEXT", "documents.id"),
            ("passage", "TEXT", "passages.id"),
            ("start", "INTEGER", "offset in documents.text"),
            ("end", "INTEGER", "offset where it ends, exclusive"),
            ("place", "TEXT", "whom it is told of; 全国 for the whole country"),
            ("metric", "TEXT", "the thing measured, in the text's own words"),
            ("value", "REAL", "the number with its scale applied: 5.77亿元 is 577000000"),
            ("high", "REAL", "upper end of a range"),
            ("unit", "TEXT", "unit without its scale"),
            ("unit_class", "TEXT", "money, share, people, area, length, weight, time, count …"),
            ("bound", "TEXT", "exact, at_least, at_most, approx, approx_more, approx_less"),
            ("kind", "TEXT", "done, target, comparison, state, name"),
            ("role", "TEXT", "level, change, start, end, gap, share, added; empty where it has none"),
            ("direction", "TEXT", "up or down, of a change"),
            ("start_value", "REAL", "what a change went from (从…到…), on the row of its end"),
            ("stock", "INTEGER", "1 where its words say a total (总数, 累计, 共有)"),
            ("part", "INTEGER", "1 where 其中 stands before it"),
            ("scope", "TEXT", "the narrower or other place that its words name"),
            ("rank", "TEXT", "told beside it: 3 is 第3位, top10 前十"),
            ("state", "TEXT", "done, planned, standing, required"),
            ("period", "TEXT", "the time it is told of, as printed"),
            ("year", "INTEGER", "the year it tells of"),
            ("field", "TEXT", "field of work"),
            ("span", "TEXT", "the figure as printed"),
            ("text", "TEXT", "its clause, verbatim"),
            ("title", "TEXT", "title of the document"),
            ("file", "TEXT", "name of the file"),
            ("page", "INTEGER", "printed page; empty where pages are not known"),
            (
                "recognised",
                "INTEGER",
                "1 where it was recognised from a scan (OCR): check the original",
            ),
        ),
        rows=_facts,
    ),
    DataTable(
        name="promises",
        meaning="one row a target, with the result that a later text tells",
        columns=(
            *_columns(
                ("place", "TEXT", "whose target it is"),
                ("metric", "TEXT", "the thing aimed at"),
                ("year", "INTEGER", "the year it is for; of a plan of several years, the last"),
                ("since", "INTEGER", "first year of the plan; the same as year for a target of one year"),
                ("state", "TEXT", "met, exceeded, short, not_comparable, not_told, no_target"),
                ("note", "TEXT", "why: other_span, other_unit, no_later_text, by_stage, other_value, …"),
            ),
            *_SIDES,
        ),
        rows=_promises,
    ),
)
