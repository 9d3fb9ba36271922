"""What a reader of any format returns: lines of text, and where its headings are."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from retrieval.loaders.tables.table_text import kept_tables
from retrieval.values.printed_layout import BOXES, PAGES, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable

HEADINGS = "headings"  # key of Source.metadata: "offset:level" of each line that the file marks as a heading
SCANNED = "scanned"  # key of Source.metadata: the pages that are pictures and were not read
PUBLISHED = "published"  # key of Source.metadata: the day a page says it was put up, as printed

# What is not seen can say other than what is seen: it parts a figure, turns round the order of what follows,
# hides words in tags, or steers a terminal.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_MOST_BOXES = 500_000  # characters of metadata: the boxes of some six hundred pages
_LONE = re.compile("[\ud800-\udfff]")


def seen(text: str) -> str:
    """Return what a reader of the page would see of a text: no invisible characters, no half ones."""
    return _LONE.sub("\ufffd", _UNSEEN.sub("", text))


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractedText:
    """The text of a file and what the file says about itself."""

    text: str
    encoding: str | None = None
    metadata: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Where a recognised line is on the picture of its page, in ten-thousandths of width and height."""

    page: int
    left: int
    top: int
    right: int
    bottom: int

    def around(self, other: Box | None) -> Box:
        """Return the box around this one and another of the same page."""
        if other is None or other.page != self.page:
            return self
        return Box(
            page=self.page,
            left=min(self.left, other.left),
            top=min(self.top, other.top),
            right=max(self.right, other.right),
            bottom=max(self.bottom, other.bottom),
        )

    def told(self, offset: int) -> str:
        """Return it as metadata keep it, with the offset of its line."""
        return f"{offset}:{self.page}:{self.left}:{self.top}:{self.right}:{self.bottom}"


@dataclass(frozen=True, slots=True)
class ExtractedLine:
    """One line of a file; ``level`` is 0 for running text, 1 for a title, 2 and more for headings."""

    text: str
    level: int = 0
    pages: tuple[tuple[int, int], ...] = ()  # where in the text a page begins, and its number
    boxes: tuple[tuple[int, Box], ...] = ()  # where in the text a recognised line begins, and its box


def assemble(lines: Iterable[ExtractedLine], **metadata: str) -> ExtractedText:
    """Join the lines that have text, and note the offsets of those that the file marks as headings."""
    parts: list[str] = []
    marks: list[str] = []
    pages: list[str] = []
    tables: list[str] = []
    boxes: list[str] = []
    offset = 0
    for line in lines:
        text = seen(line.text).strip("\n")
        if not text.strip():
            continue
        tables.append(line.text)
        pages += (f"{offset + min(at, len(text))}:{page}" for at, page in line.pages)
        boxes += (box.told(offset + min(at, len(text))) for at, box in line.boxes)
        if line.level:
            marks.append(f"{offset}:{line.level}")
        parts.append(text)
        offset += len(text) + 1
    facts = {key: seen(value) for key, value in metadata.items() if value}
    if pages:
        facts[PAGES] = " ".join(pages)
    if boxes and len(told := " ".join(boxes)) <= _MOST_BOXES:
        facts[BOXES] = told
    if told := kept_tables(tables):
        facts[TABLES] = told
    if marks:
        facts[HEADINGS] = " ".join(marks)
    return ExtractedText(text="\n".join(parts), metadata=facts)


def heading_offsets(metadata: dict[str, str]) -> dict[int, int]:
    """Read back the offsets and levels that ``assemble`` noted."""
    pairs = (mark.partition(":") for mark in metadata.get(HEADINGS, "").split())
    return {int(offset): int(level) for offset, _, level in pairs if offset.isdigit() and level.isdigit()}
