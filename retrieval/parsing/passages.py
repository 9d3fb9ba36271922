"""A document to passages: groups of sentences of about one size, inside one section and one point."""

from __future__ import annotations

from base64 import b32encode
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from retrieval.parsing.heading_marks import bare
from retrieval.parsing.paragraphs import paragraphs
from retrieval.parsing.sentence_packing import Atom, atoms, groups
from retrieval.parsing.titles import head_lines
from retrieval.values.documents import Document, Genre, Passage, Section

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.parsing.paragraphs import Paragraph
    from retrieval.values.documents import Point

_HEAD = 2.7  # of the size asked for: a head with its opening paragraph stays whole up to this
_ADDRESS = 20  # characters up to which an opening line, 各位代表：, takes the next one along
_LONGEST_LABEL = 24


@dataclass(frozen=True, slots=True)
class _Cell:
    """A stretch inside one section and one point; headings may come between its start and its body."""

    start: int
    body: int
    end: int
    path: tuple[Section, ...]
    point: str | None = None
    whole: bool = False


class _Names:
    """The names given in one document: made of place and text, so that what stays keeps its name."""

    def __init__(self) -> None:
        self._times: Counter[str] = Counter()
        self._used: set[str] = set()

    def new(self, key: str) -> str:
        """Make a name of eight characters; the same text at the same place again gets another one."""
        while True:
            words = f"{key}\0{self._times[key]}"
            name = (
                b32encode(sha256(words.encode("utf-8", "surrogatepass")).digest()).decode("ascii").lower()[:8]
            )
            self._times[key] += 1
            if name not in self._used:
                self._used.add(name)
                return name


def cut(document: Document, *, size: int = 150) -> tuple[Passage, ...]:
    """Cut a document into passages of about ``size`` characters.

    Each character that is not white space is in exactly one passage; a heading begins the first passage
    of its section.
    """
    layout = paragraphs(document.text)
    made: list[Passage] = []
    names = _Names()
    for cell in _cells(document, layout, size):
        for start, end in _grouped(document.text, _clipped(layout, cell), cell, size):
            made.append(_passage(document, cell, start, end, ordinal=len(made), names=names))
    return tuple(made)


def prefixed(passage: Passage, document: Document) -> str:
    """Return the text that both indexes hold: whose it is, of what year where that matters, the passage."""
    label = _label(document)
    return f"{label}：{passage.text}" if label else passage.text


def _label(document: Document) -> str:
    if document.genre is Genre.PREFACE:
        return ""
    if document.genre is Genre.REGULATION or document.place is None:
        return document.title if len(document.title) <= _LONGEST_LABEL else document.place or ""
    dated = document.genre is Genre.REPORT and document.year
    return f"{document.place}{document.year}年" if dated else document.place


def _cells(document: Document, layout: Sequence[Paragraph], size: int) -> Iterator[_Cell]:
    """Return the stretches of a document in order; headings without text of their own go to what follows."""
    path: list[Section] = []
    waiting: int | None = None
    found = document.sections
    for at, section in enumerate(found):
        while path and path[-1].end <= section.start:
            path.pop()
        path.append(section)
        start = section.start if waiting is None else waiting
        end = found[at + 1].start if at + 1 < len(found) else len(document.text)
        waiting = None
        if document.text[section.body : end].strip():
            opening = _opening(document, layout, size) if section.numeral == "0" else 0
            yield from _pointed(document, _Cell(start, section.body, end, tuple(path)), opening)
        elif end < section.end:
            waiting = start
        else:
            yield _Cell(start, end, end, tuple(path))


def _opening(document: Document, layout: Sequence[Paragraph], size: int) -> int:
    """Return where the title lines and the opening paragraph end: they are a passage of their own."""
    if document.genre is Genre.PREFACE and len(document.text) <= size * _HEAD:
        return len(document.text)
    last = head_lines(document.text, layout, levels={})
    while last + 1 < len(layout) and _leads_on(document.text, layout[last]):
        last += 1
    return layout[last].end if last < len(layout) else len(document.text)


def _leads_on(text: str, paragraph: Paragraph) -> bool:
    """Return whether a line is a title or an address, 各位代表：, rather than the opening itself."""
    return paragraph.end - paragraph.start < _ADDRESS or text.startswith("#", paragraph.start)


def _pointed(document: Document, cell: _Cell, opening: int) -> Iterator[_Cell]:
    """Part a section's own text at its points, and behind the opening of the document."""
    points = document.points
    first = bisect_left(points, cell.body, key=lambda one: one.start)
    inside = points[first : bisect_left(points, cell.end, key=lambda one: one.start)]
    start, body = cell.start, cell.body
    if opening > start:
        end = min([opening, cell.end, *(one.start for one in inside)])
        yield _Cell(start, body, end, cell.path, whole=True)
        start = body = end
    for begin, end, point in _stretches(inside, body, cell.end):
        if document.text[begin:end].strip():
            yield _Cell(start if start < body else begin, begin, end, cell.path, point)
            start = body


def _stretches(points: Sequence[Point], start: int, end: int) -> Iterator[tuple[int, int, str | None]]:
    at = start
    for point in points:
        if point.start >= at:
            stop = min(point.end, end)
            yield at, point.start, None
            yield point.start, stop, point.numeral
            at = stop
    yield at, end, None


def _clipped(layout: Sequence[Paragraph], cell: _Cell) -> Iterator[tuple[int, int]]:
    """Return the paragraphs of a cell's body, each as far as it lies inside."""
    first = bisect_left(layout, cell.body, key=lambda one: one.end)
    for at in range(first, len(layout)):
        start, end = max(layout[at].start, cell.body), min(layout[at].end, cell.end)
        if layout[at].start >= cell.end:
            return
        if start < end:
            yield start, end


def _grouped(text: str, spans: Iterator[tuple[int, int]], cell: _Cell, size: int) -> list[tuple[int, int]]:
    found = atoms(text, spans, size=size)
    if cell.start < cell.body:  # the headings go with the first sentence
        end = found[0].end if found else cell.start + len(text[cell.start : cell.body].rstrip())
        found[:1] = [Atom(cell.start, end, closes=found[0].closes if found else True)]
    if cell.whole and found and found[-1].end - found[0].start <= size * _HEAD:
        return [(found[0].start, found[-1].end)]
    return groups(found, size=size)


def _passage(
    document: Document, cell: _Cell, start: int, end: int, *, ordinal: int, names: _Names
) -> Passage:
    text = document.text[start:end]
    place = "/".join((*(section.numeral for section in cell.path), cell.point or "", text))
    return Passage(
        id=f"{document.id}-{names.new(place)}",
        document=document.id,
        ordinal=ordinal,
        start=start,
        end=end,
        text=text,
        section=cell.path[0].numeral,
        point=cell.point,
        heading=tuple(_printed(document.text, section) for section in cell.path if section.numeral != "0"),
    )


def _printed(text: str, section: Section) -> str:
    """Return a heading as it is printed, on one line and without the text that follows it there."""
    line = " ".join(bare(text, section.start, section.body).split())
    if section.title:
        numeral = line.find(section.numeral)
        at = line.find(section.title[0], numeral + len(section.numeral) if numeral >= 0 else 0)
        line = (line if at < 0 else line[:at]) + section.title
    return line.rstrip("。：:；; ")
