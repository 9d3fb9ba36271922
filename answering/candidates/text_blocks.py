"""Blocks of running text: stretches that one head opens, which the sentences behind it tell more of.

A head is the title of an innermost section, the first sentence of a paragraph, a numbered head inside one (四是…。) or
one of several short sentences without a figure that each open a stretch of a paragraph (扩大渔港。…。治理海湾。…).
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from answering.candidates.list_structures import list_structures
from retrieval.quantities import figures
from retrieval.text.normalize import Span, fold, sentences, trimmed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from answering.candidates.list_structures import ListItem
    from retrieval.values.documents import Document, Section

_LEAST = 40  # characters of a block: a shorter one is a sentence
_MOST = 4_000  # characters of a section that is a block itself
_SHORT = 24  # characters of a sentence that does no more than open what comes
_SEVERAL = 2  # such sentences from which they part a paragraph
_HEAD = 60  # characters of a first sentence that are its head
_RUN_IN = ("是", "要", "ordinal", "circle", "round", "digit")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextBlock:
    """A stretch of one document: ``text[start:head]`` opens it, ``text[start:end]`` is all of it."""

    start: int
    head: int
    end: int
    section: Section | None  # the innermost around it that has a title; for a section its own
    level: int  # 0 a section, 1 a paragraph, 2 a stretch of one


@lru_cache(maxsize=256)
def text_blocks(document: Document) -> tuple[TextBlock, ...]:
    """Return the blocks of a document, given whole, in the order of their beginnings, each span once."""
    titled = [one for one in document.sections if one.title]
    starts = [one.start for one in titled]
    runs = [one for one in list_structures(document) if one.style in _RUN_IN]
    items = sorted((item for one in runs for item in one.items), key=lambda item: item.start)
    heads = {span for one in titled for span in range(one.start, one.body)}
    found: dict[tuple[int, int], TextBlock] = {}
    for block in (*_sections(titled), *_paragraphs(document.text, titled, starts, items, heads)):
        if _LEAST <= block.end - block.start <= _MOST:
            found.setdefault((block.start, block.end), block)
    return tuple(sorted(found.values(), key=lambda one: (one.start, -one.end)))


def _sections(titled: Sequence[Section]) -> Iterator[TextBlock]:
    """Yield the sections that hold no other."""
    for one in titled:
        if not any(one.start < other.start < one.end for other in titled):
            yield TextBlock(start=one.start, head=one.body, end=one.end, section=one, level=0)


def _paragraphs(
    text: str, titled: Sequence[Section], starts: Sequence[int], items: Sequence[ListItem], heads: set[int]
) -> Iterator[TextBlock]:
    at = 0
    for line in text.splitlines(keepends=True):
        span, at = trimmed(text, Span(at, at + len(line))), at + len(line)
        if span.end - span.start < _LEAST:
            continue
        section = _around(titled, starts, span.start)
        body = span.start
        if span.start in heads and section is not None:
            body = min(max(section.body, span.start), span.end)
        inside = [item for item in items if span.start <= item.start < span.end]
        cuts = [Span(s.start + body, s.end + body) for s in sentences(text[body : span.end])]
        if not cuts:
            continue
        yield _block(text, span.start, cuts[0].end, span.end, section, 1)
        for item in inside if len(inside) > 1 or (inside and inside[0].start > span.start) else ():
            end = min(item.end, span.end)
            yield _block(text, item.start, min(item.head + 1, end), end, section, 2)
        yield from _stretches(text, cuts, section)


def _stretches(text: str, cuts: Sequence[Span], section: Section | None) -> Iterator[TextBlock]:
    """Yield the stretches of a paragraph that short sentences open, where it has several of these."""
    opening = [n for n, one in enumerate(cuts) if _opens(text[one.start : one.end])]
    opening = [n for n in opening if n + 1 < len(cuts) and n + 1 not in opening]
    if len(opening) < _SEVERAL:
        return
    for n, after in zip(opening, [*opening[1:], len(cuts)], strict=True):
        yield _block(text, cuts[n].start, cuts[n].end, cuts[after - 1].end, section, 2)


def _opens(sentence: str) -> bool:
    bare = sentence.strip()
    return 4 <= len(bare) <= _SHORT and not figures(fold(bare))


def _block(text: str, start: int, head: int, end: int, section: Section | None, level: int) -> TextBlock:
    span = trimmed(text, Span(start, end))
    return TextBlock(
        start=span.start,
        head=min(head, span.start + _HEAD, span.end),
        end=span.end,
        section=section,
        level=level,
    )


def _around(titled: Sequence[Section], starts: Sequence[int], offset: int) -> Section | None:
    """Return the innermost section with a title that holds an offset."""
    for one in reversed(titled[: bisect_right(starts, offset)]):
        if one.start <= offset < one.end:
            return one
    return None
