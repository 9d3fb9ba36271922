"""A source to documents: several speeches in one file are parted, each with its head, sections and points."""

from __future__ import annotations

from base64 import b32encode
from dataclasses import replace
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING

from retrieval.loaders.formats.extracted import heading_offsets
from retrieval.parsing.bylines import meeting_in
from retrieval.parsing.dates import year_of
from retrieval.parsing.enumerations import points
from retrieval.parsing.heading_marks import bare
from retrieval.parsing.metadata import DocumentHead, Setting, read_head
from retrieval.parsing.paragraphs import paragraphs
from retrieval.parsing.sections import sections
from retrieval.parsing.speech_splitter import SpeechPart, parts
from retrieval.parsing.titles import UNTITLED, head_lines, stem_of
from retrieval.values.documents import Document, Genre, Section, Source, is_restated
from retrieval.values.printed_layout import marks_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrieval.parsing.paragraphs import Paragraph
    from retrieval.places.gazetteer import Gazetteer

_NO_OPTIONS: Mapping[str, str] = MappingProxyType({})
_OF_THE_WHOLE = ("title", "标题", "place", "city", "地方", "城市", "speaker", "author", "发言人", "作者")


def parse(
    source: Source, *, gazetteer: Gazetteer, options: Mapping[str, str] = _NO_OPTIONS
) -> tuple[Document, ...]:
    """Part a source into its documents; a preface comes first when a head or a note precedes them.

    ``options`` are facts that a person gives (place, province, date, title, speaker, event, genre,
    collection); they go before what the file and its text say.
    """
    levels = heading_offsets(source.metadata)
    whole = paragraphs(source.text)
    found = parts(source.text, whole, levels=levels, gazetteer=gazetteer)
    setting = Setting(
        metadata=source.metadata, stem=stem_of(source.key), options=options, gazetteer=gazetteer
    )
    texts = [_Text.of(source.text, part, levels) for part in found]
    if sum(not part.preface for part in found) > 1:
        heads = _heads_of_many(found, texts, setting)
    else:
        heads = _heads_of_one(found, texts, setting)
    return _with_ids(
        [_document(source, text, head) for text, head in zip(texts, heads, strict=True) if text.text]
    )


class _Text:
    """A part's own text, with its paragraphs and the lines of its head."""

    __slots__ = ("count", "levels", "lines", "offset", "paragraphs", "text")

    def __init__(self, text: str, offset: int, *, levels: Mapping[int, int], known: int) -> None:
        self.text = text
        self.offset = offset
        self.levels = levels
        self.paragraphs: Sequence[Paragraph] = paragraphs(text)
        self.count = head_lines(text, self.paragraphs, levels=levels, known=known)
        self.lines = [line for one in self.paragraphs[: self.count] for line in _lines(text, one)]

    @classmethod
    def of(cls, text: str, part: SpeechPart, levels: Mapping[int, int]) -> _Text:
        own = text[part.start : part.end]
        offset = part.start + len(own) - len(own.lstrip())
        inside = {at - offset: depth for at, depth in levels.items() if at >= offset}
        return cls(own.strip(), offset, levels=inside, known=part.lines)


def _lines(text: str, paragraph: Paragraph) -> list[str]:
    """List the printed lines of a paragraph of the head, without marks."""
    lines = text[paragraph.start : paragraph.end].split("\n")
    return [bare(line, 0, len(line)) for line in lines if line.strip()]


def _heads_of_one(
    found: Sequence[SpeechPart], texts: Sequence[_Text], setting: Setting
) -> list[DocumentHead]:
    """Read the head of the only document; a preface before it takes its facts, but no place."""
    own = read_head(texts[-1].text, texts[-1].lines, setting)
    if len(found) == 1:
        return [own]
    title = own.collection or own.title
    return [replace(own, title=title, place=None, province=None, speaker=None, genre=Genre.PREFACE), own]


def _heads_of_many(
    found: Sequence[SpeechPart], texts: Sequence[_Text], setting: Setting
) -> list[DocumentHead]:
    """Read the head of a collection; its documents take from it what they don't say themselves."""
    preface = texts[0] if found[0].preface else None
    common = read_head(preface.text if preface else "", preface.lines if preface else (), setting)
    note = preface.text[len(common.title) :] if preface else ""
    title = common.collection or (None if common.title == UNTITLED else common.title)
    event = common.event or meeting_in(title or "", note)
    common = replace(common, event=event, collection=title, genre=Genre.PREFACE)
    common = replace(common, title=title or UNTITLED, place=None, province=None, speaker=None)
    own = replace(setting, stem="", metadata=_own(setting.metadata))
    return [
        common if part.preface else _member(part, text, common, own)
        for part, text in zip(found, texts, strict=True)
    ]


def _own(metadata: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in metadata.items() if key not in _OF_THE_WHOLE}


def _member(part: SpeechPart, text: _Text, common: DocumentHead, setting: Setting) -> DocumentHead:
    """Read the head of one document of a collection."""
    own = read_head(text.text, text.lines, setting)
    return replace(
        own,
        title=part.title or common.collection or own.title,
        place=part.place,
        province=part.province,
        date=own.date or common.date,
        event=own.event or common.event,
        genre=Genre.SPEECH if own.genre is Genre.OTHER else own.genre,
        collection=common.collection,
    )


def _document(source: Source, text: _Text, head: DocumentHead) -> Document:
    if head.genre is Genre.PREFACE:
        found: tuple[Section, ...] = (
            Section(numeral="0", title="", level=1, start=0, end=len(text.text), body=0),
        )
    else:
        found = sections(text.text, text.paragraphs, levels=text.levels, head=text.count)
    return Document(
        id="",
        source=source.key,
        text=text.text,
        title=head.title,
        genre=head.genre,
        place=head.place,
        province=head.province,
        year=year_of(head.date),
        date=head.date,
        speaker=head.speaker,
        event=head.event,
        collection=head.collection,
        sections=found,
        points=() if head.genre is Genre.PREFACE else points(text.text, text.paragraphs, found),
        offset=text.offset,
        restated=is_restated(source.metadata),
        marks=marks_of(source.metadata),
    )


def _with_ids(documents: Sequence[Document]) -> tuple[Document, ...]:
    """Name each document by its source, place and title; a second one of the same gets its number too."""
    times: dict[tuple[str, ...], int] = {}
    done = []
    for document in documents:
        preface = "preface" if document.genre is Genre.PREFACE else ""
        key = (document.source, document.place or "", document.title, preface)
        times[key] = times.get(key, 0) + 1
        words = "\0".join((*key, str(times[key])))
        digest = sha256(words.encode("utf-8", "surrogatepass")).digest()
        done.append(replace(document, id=b32encode(digest).decode("ascii").lower()[:10]))
    return tuple(done)
