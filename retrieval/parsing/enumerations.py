"""Chains inside running text: 一是…二是…, 一要…二要…, 首先…其次…最后…, 第一，第二，, 其一…其二…."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.parsing.heading_marks import chinese, ordinal
from retrieval.values.documents import Point

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from retrieval.parsing.paragraphs import Paragraph
    from retrieval.values.documents import Section

_MARKER = re.compile(
    r"(?P<number>[一二三四五六七八九十]{1,3})(?P<verb>是|要)"
    r"|第(?P<ordinal>[一二三四五六七八九十]{1,3})(?:[，,、：:]|个?是)"
    r"|其(?P<which>[一二三四五六七八九])(?=[，,、：:是])[，,、：:是]"
    r"|(?P<word>首先|其次|再次|再者|然后|最后)"
)
_STOP = re.compile(r"[。！？]+[”’」』）)]*|\n")
_BEFORE = frozenset("。；;：:！!？?，,、”’）)】》—…*_")
_SHORT = 40  # characters up to which a member's line is a heading of the paragraph below it


@dataclass(frozen=True, slots=True)
class _Marker:
    family: str
    number: int  # 0 for 再次 and the like, which take the next number
    printed: str
    start: int
    paragraph: int  # index
    leads: bool  # it begins its paragraph


def points(text: str, paragraphs: Sequence[Paragraph], sections: Sequence[Section]) -> tuple[Point, ...]:
    """Find the members of all chains, in order; no chain goes over a heading or begins inside one."""
    found: list[Point] = []
    for stretch in _stretches(paragraphs, [section.start for section in sections]):
        markers = [one for at in stretch for one in _markers(text, at, paragraphs[at])]
        if len(markers) >= 2:
            found.extend(_chained(text, paragraphs, stretch, markers))
    titles = {offset for section in sections for offset in range(section.start, section.body)}
    return tuple(sorted((one for one in found if one.start not in titles), key=lambda point: point.start))


def _stretches(paragraphs: Sequence[Paragraph], cuts: list[int]) -> Iterator[range]:
    """Return the indexes of the paragraphs between headings; a heading's own line belongs to what follows."""
    first = 0
    ahead = iter([*sorted(cuts), None])
    cut = next(ahead)
    for at, paragraph in enumerate(paragraphs):
        new = False
        while cut is not None and cut <= paragraph.start:
            cut, new = next(ahead), True
        if new and at > first:
            yield range(first, at)
            first = at
    if first < len(paragraphs):
        yield range(first, len(paragraphs))


def _markers(text: str, at: int, paragraph: Paragraph) -> Iterator[_Marker]:
    for match in _MARKER.finditer(text, paragraph.start, paragraph.end):
        start = match.start()
        leads = (
            not text[paragraph.start : start].strip("*_# \t\u3000>") if start - paragraph.start < 8 else False
        )
        if leads or text[start - 1] in _BEFORE or text[start - 1].isspace():
            family, number = _told(match)
            yield _Marker(family, number, match[0], start, at, leads)


def _told(match: re.Match[str]) -> tuple[str, int]:
    if match["verb"]:
        return match["verb"], ordinal(match["number"])
    if match["ordinal"]:
        return "第", ordinal(match["ordinal"])
    if match["which"]:
        return "其", ordinal(match["which"])
    return "先", {"首先": 1, "其次": 2}.get(match["word"], 0)


def _chained(
    text: str, paragraphs: Sequence[Paragraph], stretch: range, markers: list[_Marker]
) -> Iterator[Point]:
    """Return the chains whose members begin paragraphs, then those inside the paragraphs that are left."""
    taken: set[int] = set()
    for chain in _outermost([one for one in markers if one.leads], across=True):
        last = _last_paragraph(paragraphs, stretch, chain)
        taken.update(range(chain[0].paragraph, last + 1))
        yield from _ended(text, chain, paragraphs[last].end)
    inside = _outermost([one for one in markers if one.paragraph not in taken], across=False)
    for at, chain in enumerate(inside):
        end = paragraphs[chain[-1].paragraph].end
        yield from _ended(text, chain, min(end, inside[at + 1][0].start) if at + 1 < len(inside) else end)


def _outermost(markers: list[_Marker], *, across: bool) -> list[list[_Marker]]:
    """List the chains of all families in order, without those inside one of another family."""
    families = dict.fromkeys(one.family for one in markers)
    chains = [chain for family in families for chain in _chains(markers, family, across=across)]
    kept: list[list[_Marker]] = []
    for chain in sorted(chains, key=lambda chain: chain[0].start):
        outer = kept[-1][-1] if kept else None
        if outer is None or chain[0].paragraph > outer.paragraph or chain[0].family == outer.family:
            kept.append(chain)
    return kept


def _chains(markers: Iterable[_Marker], family: str, *, across: bool) -> Iterator[list[_Marker]]:
    """Return the runs 1, 2, 3 … of one family; a chain of one is none."""
    chain: list[_Marker] = []
    for marker in markers:
        if marker.family != family:
            continue
        if chain and _follows(chain, marker, across=across):
            chain.append(marker)
        elif marker.number == 1:
            if len(chain) >= 2:
                yield chain
            chain = [marker]
    if len(chain) >= 2:
        yield chain


def _follows(chain: list[_Marker], marker: _Marker, *, across: bool) -> bool:
    last = chain[-1]
    if marker.number not in (0, len(chain) + 1) or last.printed == "最后":
        return False
    step = marker.paragraph - last.paragraph
    return across or step == 0 or (step == 1 and marker.leads)


def _last_paragraph(paragraphs: Sequence[Paragraph], stretch: range, chain: list[_Marker]) -> int:
    """Return where the last member of a chain of paragraphs ends: its own, or the one that its line heads."""
    last = chain[-1].paragraph
    own = paragraphs[last]
    heads = chain[-1].paragraph - chain[-2].paragraph > 1 and own.end - own.start <= _SHORT
    return last + 1 if heads and last + 1 in stretch else last


def _ended(text: str, chain: list[_Marker], end: int) -> Iterator[Point]:
    """Return a chain's members; when one sentence holds the others, the last ends with that sentence."""
    if not _STOP.search(text, chain[0].start, chain[-1].start):
        stop = _STOP.search(text, chain[-1].start, end)
        end = stop.end() if stop else end
    ends = [*(one.start for one in chain[1:]), end]
    for number, (marker, following) in enumerate(zip(chain, ends, strict=True), start=1):
        stop_at = marker.start + len(text[marker.start : following].rstrip("*_ \t\n\u3000\u00a0"))
        yield Point(numeral=chinese(number), marker=marker.printed, start=marker.start, end=stop_at)
