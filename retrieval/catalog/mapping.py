"""Documents and passages as rows of the catalogue, and back."""

from __future__ import annotations

import json
from dataclasses import astuple
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from retrieval.parsing.passages import prefixed
from retrieval.text.tense import told
from retrieval.values.documents import Document, Genre, Passage, Point, Section, is_restated, key_of
from retrieval.values.printed_layout import marks_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import RowMapping

    Columns = Mapping[str, Any] | RowMapping

Row = dict[str, Any]
PassageRow = tuple[str, str, int, int, int, str, str | None, str]  # PASSAGE, the heading as JSON
PASSAGE = ("id", "document", "ordinal", "start", "end", "section", "point", "heading")
_HEADINGS = 4_096  # remembered: all passages of a section have the same
HEAD = (
    "id",
    "source",
    "title",
    "place",
    "province",
    "year",
    "date",
    "speaker",
    "event",
    "collection",
    "offset",
)


def document_row(document: Document, ordinal: int) -> Row:
    """Return a document as a row."""
    row: Row = {name: getattr(document, name) for name in HEAD}
    return row | {
        "ordinal": ordinal,
        "text": document.text,
        "genre": document.genre.value,
        "sections": [astuple(section) for section in document.sections],
        "points": [astuple(point) for point in document.points],
    }


def document_of(row: Columns) -> Document:
    """Return the document that a row, with what its source says of itself, stands for.

    Columns that were not asked for are left empty.
    """
    return Document(
        **{name: row[name] for name in HEAD},
        text=row.get("text", ""),
        genre=Genre(row["genre"]),
        sections=tuple(_section(values) for values in row["sections"]),
        points=tuple(_point(values) for values in row.get("points", ())),
        restated=is_restated(row["metadata"]),
        marks=marks_of(row["metadata"]) if "text" in row else (),
    )


def _section(values: list[Any]) -> Section:
    numeral, title, level, start, end, body = values
    return Section(numeral=numeral, title=title, level=level, start=start, end=end, body=body)


def _point(values: list[Any]) -> Point:
    numeral, marker, start, end = values
    return Point(numeral=numeral, marker=marker, start=start, end=end)


def passage_row(passage: Passage, document: Document) -> Row:
    """Return a passage as a row; its text stays in its document."""
    return {
        "id": passage.id,
        "document": passage.document,
        "ordinal": passage.ordinal,
        "start": passage.start,
        "end": passage.end,
        "section": passage.section,
        "point": passage.point,
        "heading": list(passage.heading),
        "tense": int(told(passage, document)),
        "key": key_of(prefixed(passage, document)),
    }


def passage_of(row: PassageRow, text: str) -> Passage:
    """Return the passage a row stands for, cut out of its document's ``text``."""
    name, document, ordinal, start, end, section, point, heading = row
    return Passage(
        id=name,
        document=document,
        ordinal=ordinal,
        start=start,
        end=end,
        text=text[start:end],
        section=section,
        point=point,
        heading=_heading(heading),
    )


@lru_cache(_HEADINGS)
def _heading(told: str) -> tuple[str, ...]:
    return tuple(json.loads(told))
