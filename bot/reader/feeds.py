"""Atom feeds (RFC 4287) of the texts of a place, or of those that speak of a topic, newest first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from bot.presentation.quotation import source_line
from bot.presentation.rendering import squeezed, unmarked
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.reader.page_context import PageContext
    from bot.reader.reader_library import ReaderLibrary
    from retrieval.values.documents import Document, Hit

ATOM = "http://www.w3.org/2005/Atom"
MOST = 50  # entries
SHOWN = 300  # characters of a passage
_DAY = re.compile(r"[12][0-9]{3}-[01][0-9]-[0-3][0-9]")
_NO_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LONG_AGO = "1970-01-01"  # of a text that tells no year


def feed(shelf: ReaderLibrary, visit: PageContext, *, hits: Iterable[Hit] = ()) -> str:
    """Return the feed that ``place`` and ``q`` in the address name; ``hits`` are the passages found for q."""
    place, words = visit.given("place"), visit.given("q")
    title = " · ".join(part for part in (visit.said.say("page_site"), place, words) if part)
    own = visit.public.feed(place=place, words=words)
    entries = _found(hits, place) if words else _held(shelf, place)
    newest = sorted(entries, key=lambda one: _day(one[0]), reverse=True)[:MOST]
    root = ElementTree.Element("feed", xmlns=ATOM)
    _put(root, "id", own)
    _put(root, "title", title)
    _put(root, "updated", _moment(newest[0][0] if newest else None))
    ElementTree.SubElement(root, "link", rel="self", href=own)
    for document, passage, told in newest:
        entry = ElementTree.SubElement(root, "entry")
        address = visit.public.passage(passage) if passage else visit.public.document(document.id)
        _put(entry, "id", address)
        _put(entry, "title", source_line(document, visit.said, restated=document.restated))
        _put(entry, "updated", _moment(document))
        ElementTree.SubElement(entry, "link", rel="alternate", href=address)
        author = ElementTree.SubElement(entry, "author")
        _put(author, "name", document.speaker or document.place or document.title)
        if told:
            _put(entry, "summary", told)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True)


def _held(shelf: ReaderLibrary, place: str) -> list[tuple[Document, str, str]]:
    heads = (one for one in shelf.texts.documents() if one.genre is not Genre.PREFACE)
    return [(one, "", "") for one in heads if place in ("", one.place)]


def _found(hits: Iterable[Hit], place: str) -> list[tuple[Document, str, str]]:
    return [
        (one.document, one.passage.id, _clean(squeezed(unmarked(one.passage.text)))[:SHOWN])
        for one in hits
        if place in ("", one.document.place)
    ]


def _put(above: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(above, name).text = _clean(text)


def _clean(text: str) -> str:
    """Leave out the characters that XML has no place for (XML 1.0, production 2)."""
    return _NO_XML.sub("", text)


def _day(document: Document) -> str:
    date = document.date or ""
    if _DAY.fullmatch(date):
        return date
    return f"{document.year}-01-01" if document.year else LONG_AGO


def _moment(document: Document | None) -> str:
    return f"{_day(document) if document else LONG_AGO}T00:00:00Z"
