"""A document laid out for a page: its blocks with their anchors, parted where a browser could not hold it."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from retrieval.parsing.paragraphs import paragraphs
from retrieval.text.normalize import squash

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrieval.values.documents import Document, Section

PART = 300_000  # characters of a page: any report or by-law is one, in which a browser finds all words
LINES = 120  # of a table of contents
DEEPEST = 6  # level of headings in HTML
_TITLE_LINES = 3
_MARK = re.compile(r"(?<![ \t])[ \t]*+(?:#{1,6}|>)[ \t]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutBlock:
    """A heading or a paragraph: ``document.text[start:end]``.

    ``lead`` is the end of a heading that runs into its paragraph, or ``start`` where there is none.
    """

    start: int
    end: int
    lead: int
    depth: int = 0  # of a heading: 2 for the outermost, at most 6; 0 for a paragraph
    repeats: bool = False  # says nothing but the title, which the page has above it
    anchor: str = ""  # of the section that begins here: "s1", "s2", … in the order of the text


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentsEntry:
    """A line of the table of contents."""

    anchor: str
    text: str
    part: int
    depth: int  # 0 for the outermost


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLayout:
    """The blocks of a document by part, and its contents; the first part is number 1."""

    parts: tuple[tuple[LayoutBlock, ...], ...]
    contents: tuple[ContentsEntry, ...]

    def part_of(self, offset: int) -> int:
        """Return the number of the part that an offset of the text stands in."""
        return max(1, bisect_right([part[0].start for part in self.parts], offset))

    def outline(self, part: int) -> tuple[ContentsEntry, ...]:
        """Return the contents as a page of ``part`` shows them.

        Of many lines the outermost; of too many of those the ones of this part and the first of each other.
        """
        outermost = tuple(one for one in self.contents if one.depth == 0)
        if len(self.contents) <= LINES or len(outermost) <= LINES:
            return self.contents if len(self.contents) <= LINES else outermost
        first = {one.part: one for one in reversed(outermost)}
        return tuple(one for one in outermost if one.part == part or one is first[one.part])


@lru_cache(maxsize=256)
def layout(document: Document) -> DocumentLayout:
    """Lay a document out; the same document always comes out the same."""
    parts = tuple(_parted(tuple(_blocks(document)))) or ((LayoutBlock(start=0, end=0, lead=0),),)
    where = {block.anchor: number for number, part in enumerate(parts, 1) for block in part if block.anchor}
    entries = (
        ContentsEntry(anchor=anchor, text=heading(document, section), part=where[anchor], depth=depth)
        for anchor, section, depth in _headed(document)
        if anchor in where
    )
    return DocumentLayout(parts=parts, contents=tuple(entries))


def heading(document: Document, section: Section) -> str:
    """Return a section's heading as printed, without marks and doubled blanks."""
    return " ".join(bare(document.text[section.start : section.body]).split())


def bare(text: str) -> str:
    """Leave out the mark that Markdown puts before a heading or a quotation."""
    return _MARK.sub("", text, count=1) if _MARK.match(text) else text


def _headed(document: Document) -> Iterator[tuple[str, Section, int]]:
    """Yield the sections that have a heading, with their anchors and how deep they are nested."""
    open_ends: list[int] = []
    for number, section in enumerate((one for one in document.sections if one.body > one.start), 1):
        while open_ends and open_ends[-1] <= section.start:
            open_ends.pop()
        yield f"s{number}", section, len(open_ends)
        open_ends.append(section.end)


def _blocks(document: Document) -> Iterator[LayoutBlock]:
    """Yield the blocks in order."""
    title, sections = squash(document.title), list(_headed(document))
    at = 0
    for number, paragraph in enumerate(paragraphs(document.text)):
        start, words = paragraph.start, document.text[paragraph.start : paragraph.end]
        repeats = number < _TITLE_LINES and squash(bare(words)) == title
        while at < len(sections) and sections[at][1].start < paragraph.end:
            anchor, section, depth = sections[at]
            if section.start > start:
                yield LayoutBlock(start=start, end=section.start, lead=start)
            following = sections[at + 1][1].start if at + 1 < len(sections) else paragraph.end
            end = min(paragraph.end, max(following, section.body))
            yield _headed_block(document.text, section, end=end, anchor=anchor, depth=depth)
            start, at = end, at + 1
        if start < paragraph.end:
            yield LayoutBlock(start=start, end=paragraph.end, lead=start, repeats=repeats)


def _headed_block(text: str, section: Section, *, end: int, anchor: str, depth: int) -> LayoutBlock:
    runs_on = text[section.body : end].strip() != ""
    return LayoutBlock(
        start=section.start,
        end=end,
        lead=section.body if runs_on else section.start,
        depth=0 if runs_on else min(depth + 2, DEEPEST),
        anchor=anchor,
    )


def _parted(blocks: tuple[LayoutBlock, ...]) -> Iterator[tuple[LayoutBlock, ...]]:
    """Part blocks where a section begins if one does late enough in the part, and never below a heading."""
    part: list[LayoutBlock] = []
    for block in blocks:
        if part and block.end - part[0].start > PART:
            cut = _cut(part)
            yield tuple(part[:cut])
            part = part[cut:]
        part.append(block)
    if part:
        yield tuple(part)


def _cut(part: list[LayoutBlock]) -> int:
    """Return the number of blocks that stay in a full part."""
    half = part[0].start + PART // 2
    late = [at for at, block in enumerate(part) if at and block.depth and block.start > half]
    return min(late, key=lambda at: (part[at].depth, -at), default=len(part))
