"""Headings to sections: marks in their order, nested by their kinds, each with its end."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from retrieval.parsing.heading_marks import HeadingMark, MarkKind, mark_at
from retrieval.parsing.headings import ANY_STOP, Heading, clean, headings
from retrieval.values.documents import Section

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrieval.parsing.paragraphs import Paragraph

_LEVELS = {
    MarkKind.ANNEX: 1, MarkKind.PART: 1, MarkKind.CHAPTER: 1, MarkKind.HAN: 1,
    MarkKind.SUBCHAPTER: 2, MarkKind.PAREN: 2,
    MarkKind.ARTICLE: 2, MarkKind.DIGIT: 3, MarkKind.DIGIT_PAREN: 4, MarkKind.PLAIN: 1,
}  # fmt: skip
_LONGEST_NAME = 40  # characters of an annex's name


@dataclass(slots=True)
class _Open:
    """The headings that are open at a place, and the last number of each kind since the one above it."""

    stack: list[tuple[Heading, int]] = field(default_factory=list)
    last: dict[MarkKind, int] = field(default_factory=dict)
    plain: Counter[int] = field(default_factory=Counter)  # headings without a number, by parent


def sections(
    text: str, paragraphs: Sequence[Paragraph], *, levels: Mapping[int, int], head: int = 0
) -> tuple[Section, ...]:
    """Find the sections of a document: "0" for what comes before the first heading, then each in its order.

    ``levels`` and ``head`` are those of ``headings``.
    """
    state = _Open()
    kept: list[Section] = []
    after = 0
    for one in headings(text, paragraphs, levels=levels, head=head):
        if one.start < after or not _in_order(one, state):
            continue
        annex = one.mark.kind is MarkKind.ANNEX
        heading = _with_name(text, paragraphs, one) if annex else one
        after = heading.body if annex else 0
        kept.append(_opened(heading, state))
    return _ended(text, kept)


def _in_order(heading: Heading, state: _Open) -> bool:
    """Accept a first number, the next one, or the one after it: a stray 二、 is no heading."""
    kind, number = heading.mark.kind, heading.mark.number
    if kind in (MarkKind.PLAIN, MarkKind.ANNEX):
        return True
    last = state.last.get(kind, 0)
    if kind is MarkKind.ARTICLE:
        return last == 0 or last < number <= last + 20
    return number == 1 or (last > 0 and last < number <= last + 2)


def _opened(heading: Heading, state: _Open) -> Section:
    """Close what a heading ends, and open its section; where it ends is not known yet."""
    while state.stack and _closes(heading.mark, state.stack[-1][0].mark):
        state.stack.pop()
    parent, above = state.stack[-1] if state.stack else (None, 0)
    level = max(_LEVELS[heading.mark.kind], above + 1)
    _count(heading.mark, state)
    state.stack.append((heading, level))
    numeral = heading.mark.numeral
    if not numeral:
        key = parent.start if parent else -1
        state.plain[key] += 1
        numeral = str(state.plain[key])
    start, body = heading.start, heading.body
    return Section(numeral=numeral, title=heading.title, level=level, start=start, end=0, body=body)


def _count(mark: HeadingMark, state: _Open) -> None:
    """Keep the numbers of this kind and of those around it; kinds inside it start again."""
    numbered = [one.mark.kind for one, _ in state.stack if one.mark.kind is not MarkKind.PLAIN]
    limit: int = max(numbered, default=-1) if mark.kind is MarkKind.PLAIN else mark.kind
    state.last = {kind: number for kind, number in state.last.items() if kind <= limit}
    state.last[mark.kind] = mark.number


def _closes(new: HeadingMark, old: HeadingMark) -> bool:
    if new.depth and old.depth and (new.kind is MarkKind.PLAIN or old.kind is MarkKind.PLAIN):
        return old.depth >= new.depth
    if new.kind is MarkKind.ANNEX:
        return True
    if new.kind is MarkKind.PLAIN or old.kind is MarkKind.PLAIN:
        return new.kind is MarkKind.PLAIN
    return old.kind >= new.kind


def _with_name(text: str, paragraphs: Sequence[Paragraph], heading: Heading) -> Heading:
    """Return an annex that is only numbered the name on the line below it."""
    following = paragraphs[heading.at + 1] if heading.at + 1 < len(paragraphs) else None
    if heading.title or heading.mark.numeral[0] != "附" or following is None:
        name = heading.title or heading.mark.numeral
        numeral = heading.mark.numeral if heading.title else "附"
        return replace(heading, title=name, mark=replace(heading.mark, numeral=numeral))
    words = text[following.start : following.end]
    mark = mark_at(text, following.start, following.end)
    if (
        len(words) > _LONGEST_NAME
        or ANY_STOP.search(words)
        or (mark and mark.kind not in (MarkKind.ANNEX, MarkKind.PLAIN))
    ):
        return heading
    return replace(heading, title=clean(words), body=following.end)


def _ended(text: str, kept: Sequence[Section]) -> tuple[Section, ...]:
    """Return each section its end and put section "0" first."""
    following: list[tuple[int, int]] = []  # level and start of the sections behind, innermost last
    done: list[Section] = []
    for section in reversed(kept):
        while following and following[-1][0] > section.level:
            following.pop()
        end = _before(text, following[-1][1] if following else len(text))
        body = min(_after(text, section.body), max(end, section.body))
        done.append(replace(section, end=end, body=body))
        following.append((section.level, section.start))
    start = _after(text, 0)
    end = _before(text, kept[0].start if kept else len(text))
    if end > start:
        done.append(Section(numeral="0", title="", level=1, start=start, end=end, body=start))
    return tuple(reversed(done))


def _before(text: str, end: int) -> int:
    while end > 0 and text[end - 1].isspace():
        end -= 1
    return end


def _after(text: str, start: int) -> int:
    while start < len(text) and text[start].isspace():
        start += 1
    return start
