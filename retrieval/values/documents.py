"""The values that retrieval speaks in: a source becomes documents, a document passages, a query hits.

Every text keeps its place: ``document.text[p.start:p.end] == p.text`` for each passage ``p``, so that
whatever is shown to a person can be proved to stand in the document.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexEntry:
    """A passage as the indexes see it: the words to index and the facts to filter by."""

    id: str  # Passage.id
    document: str
    text: str  # with its short prefix
    key: bytes  # key_of(text)
    genre: str
    place: str | None = None
    year: int | None = None


KEY = 16  # bytes of a key


def key_of(text: str) -> bytes:
    """Return 16 bytes that stand for an indexed text: equal text, equal vector."""
    return sha256(text.encode()).digest()[:KEY]


def cut_of(keys: Iterable[bytes]) -> bytes:
    """Return 16 bytes that stand for the texts of a document's passages, in their order."""
    return sha256(b"".join(keys)).digest()[:KEY]


def document_id(passage: str) -> str:
    """Return the id of the document that a passage's id names."""
    return passage.rpartition("-")[0]


class Genre(StrEnum):
    """What kind of text a document is; a preface is the head of a source that stands before its documents."""

    SPEECH = "speech"
    REPORT = "report"
    REGULATION = "regulation"
    PREFACE = "preface"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One file as it was read: where it came from, what it was, and its text."""

    key: str  # unique in a catalogue: "corpus/jilin.md", an absolute path, or "stdin"
    text: str
    digest: str  # SHA-256 of the bytes as they came, hexadecimal
    media: str  # "text/plain", "text/markdown", "text/html", "application/pdf", …
    encoding: str | None = None  # of text kinds: what the bytes turned out to be
    metadata: dict[str, str] = field(default_factory=dict)  # front matter and file name facts, as given


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A headed stretch of a document; levels nest by their offsets."""

    numeral: str  # as printed, without its marks: "一", "第三章"; "0" before the first heading
    title: str  # the heading's words without numeral; "" for section "0"
    level: int  # 1 for 一、 or 第X章, 2 for （一） or 第X条, 3 for 1., 4 for （1）
    start: int  # of the heading line in document.text
    end: int  # where the section's last character ends, exclusive
    body: int  # where the text below the heading begins


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One member of a chain inside running text, such as 一是…二是…; its offsets cover marker and text."""

    numeral: str  # "一" of 一是, 其一, 第一; "首先" and the like are numbered in order: 一, 二, …
    marker: str  # as printed: "一是", "首先", "第一，"
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One speech, report or regulation, with its structure; ``text`` is a verbatim slice of its source."""

    id: str  # 10 characters of [a-z2-7], stable while source key, place and title stay
    source: str  # Source.key
    text: str
    title: str
    genre: Genre = Genre.OTHER
    place: str | None = (
        None  # full name: "吉林市", "浙江省", "海拉尔区"; None for a preface or a national text
    )
    province: str | None = None
    year: int | None = None  # of the occasion on which it was given
    date: str | None = None  # ISO 8601, as exact as known: "2021", "2021-06", "2021-06-03"
    speaker: str | None = None
    event: str | None = None  # the meeting or occasion, as told
    collection: str | None = None  # title of the source that holds several documents
    sections: tuple[Section, ...] = ()
    points: tuple[Point, ...] = ()
    offset: int = 0  # of ``text`` in the source's text
    marks: tuple[tuple[str, str], ...] = ()  # of its layout, where it is whole: see printed_layout
    restated: bool = False  # told anew: its sentences are not those of the speech or report it is named after


SHIPPED = "corpus/"  # how the keys of the texts begin that come with the program


def original_of(key: str) -> Path | None:
    """Return the path of the file that a source's key names; None for standard input and pages of the web."""
    if key.startswith(SHIPPED):
        return Path(str(resources.files("corpus"))) / key.removeprefix(SHIPPED)
    path = Path(key)
    return path if path.is_absolute() else None


def is_restated(metadata: Mapping[str, str]) -> bool:
    """Tell whether a source says of itself that it tells another text anew."""
    return metadata.get("kind", "").strip().lower() == "restatement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A group of sentences, about 150 characters, inside one section and one point of one document."""

    id: str  # "<document id>-<8 characters>", of place in structure and text: unchanged text keeps its id
    document: str  # Document.id
    ordinal: int  # 0, 1, … in the order of the text
    start: int
    end: int
    text: str
    section: str = "0"  # numeral of the level-1 section it stands in
    point: str | None = None
    heading: tuple[str, ...] = ()  # headings from the outermost to the innermost, as printed


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Hard limits of a search; an empty tuple sets none, and no hit outside a limit is ever returned."""

    places: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    documents: tuple[str, ...] = ()
    genres: tuple[Genre, ...] = ()

    def admits(self, document: Document) -> bool:
        """Tell whether a document lies inside the limits."""
        return (
            (not self.places or document.place in self.places)
            and (not self.years or document.year in self.years)
            and (not self.documents or document.id in self.documents)
            and (not self.genres or document.genre in self.genres)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage found for a query, with its document's head and the scores that ranked it."""

    passage: Passage
    document: Document
    score: float
    dense: float | None = None  # cosine similarity, −1…1; None when only words were searched
    words: float | None = None  # BM25; None when only vectors found it
