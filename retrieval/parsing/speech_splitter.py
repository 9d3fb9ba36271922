"""Where one source holds several documents: heads of a place, mostly with a title, that come again."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from retrieval.parsing.heading_marks import MarkKind, bare, mark_at
from retrieval.parsing.metadata import placed
from retrieval.parsing.titles import is_sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrieval.parsing.heading_marks import HeadingMark
    from retrieval.parsing.paragraphs import Paragraph
    from retrieval.places.gazetteer import Gazetteer, Place

_LONGEST_PLACE, _LONGEST_TITLE = 20, 60  # characters
_SHORTEST_BODY = 30  # characters
_MOST_BEFORE = 12  # paragraphs of a note before a title
_EDGES = " \t\u3000\u00a0【】〔〕[]（）()《》：:★◆●■▲—-"
_UNIT = r"(?:市|区|县|旗|州|盟|镇|乡|街道)"
_PLACED = re.compile(
    r"(?:中共)?(?P<province>[\u4e00-\u9fff]{2,8}?(?:省|自治区))?"
    rf"(?:[\u4e00-\u9fff]{{2,6}}?(?:市|州|盟|地区)(?=[\u4e00-\u9fff]{{2,9}}{_UNIT}))?"
    rf"(?P<name>[\u4e00-\u9fff]{{1,9}}?{_UNIT})(?:委|市委|区委|县委|人民政府|政府|文明办|文明委)?"
)
_NO_PLACE = re.compile(r"(?:小区|社区|园区|城区|景区|市区|新区|示范区|开发区|[全我本各该][市区县])$")
_PAIR = re.compile(r"(?P<place>[\u4e00-\u9fff]{2,16})(?:\s*[:：|·—-]+\s*|[\s\u3000]+)(?P<title>\S.{3,60})")


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechPart:
    """A stretch of a source that is one document; a preface has neither place nor title of its own."""

    start: int
    end: int = 0
    preface: bool = False
    place: str | None = None
    province: str | None = None
    title: str | None = None
    lines: int = 0  # that the place and the title take


def parts(
    text: str, paragraphs: Sequence[Paragraph], *, levels: Mapping[int, int], gazetteer: Gazetteer
) -> tuple[SpeechPart, ...]:
    """Part a text where heads of a place and a title come again; what comes before the first is a preface.

    A text with one head has a preface too, when a note or a quotation comes before its title.
    """
    finder = _Finder(text, paragraphs, levels, gazetteer)
    heads = finder.heads()
    if len({head.place for head in heads}) < 2:
        heads = finder.single()
    if not heads:
        return (SpeechPart(start=0, end=len(text)),)
    ends = [*(head.start for head in heads[1:]), len(text)]
    found = tuple(replace(head, end=end) for head, end in zip(heads, ends, strict=True))
    if not text[: heads[0].start].strip():
        return found
    return (SpeechPart(start=0, end=heads[0].start, preface=True), *found)


@dataclass(frozen=True, slots=True)
class _Finder:
    text: str
    paragraphs: Sequence[Paragraph]
    levels: Mapping[int, int]
    gazetteer: Gazetteer

    def heads(self) -> list[SpeechPart]:
        """List the heads of a place, with its title behind it or on the line below, if it has one."""
        found = []
        for at, paragraph in enumerate(self.paragraphs):
            if paragraph.end - paragraph.start <= _LONGEST_PLACE + _LONGEST_TITLE:
                head = self._head(at)
                found += [head] if head else []
        return found

    def single(self) -> list[SpeechPart]:
        """Return the one title of a text, when a note comes before it."""
        for at, paragraph in enumerate(self.paragraphs[:_MOST_BEFORE]):
            mark = self._mark(at)
            if mark and mark.kind is not MarkKind.PLAIN:
                return []
            if mark and mark.depth == 1 and at > 0:
                noted = any(is_sentence(self._raw(one)) for one in range(at))
                return [SpeechPart(start=paragraph.start)] if noted else []
        return []

    def _head(self, at: int) -> SpeechPart | None:
        line = self._line(at)
        name = line.strip(_EDGES)
        if self._is_place(name):
            if self._is_title(at + 1) and at + 2 < len(self.paragraphs):
                return self._part(at, name, self._line(at + 1), lines=2)
            # A list of places has them line by line; a head is alone before its text.
            listed = at > 0 and self._is_place(self._line(at - 1).strip(_EDGES))
            return self._part(at, name, None, lines=1) if self._is_body(at + 1) and not listed else None
        pair = _PAIR.fullmatch(line)
        if pair and self._is_place(pair["place"]) and not is_sentence(pair["title"], first=True):
            mark = self._mark(at)
            if (mark and mark.depth and at + 1 < len(self.paragraphs)) or self._is_body(at + 1):
                return self._part(at, pair["place"], pair["title"].strip(), lines=1)
        return None

    def _part(self, at: int, name: str, title: str | None, *, lines: int) -> SpeechPart:
        match = _PLACED.fullmatch(name)
        known = self._resolve(name) or (self._resolve(match["name"]) if match else None)
        if known:
            place, province = placed(known, None, None)
        else:
            assert match is not None, name
            found = self._resolve(match["province"]) if match["province"] else None
            place, province = match["name"], found.name if found else match["province"]
        return SpeechPart(
            start=self.paragraphs[at].start, place=place, province=province, title=title, lines=lines
        )

    def _is_title(self, at: int) -> bool:
        if at >= len(self.paragraphs):
            return False
        line, mark = self._line(at), self._mark(at)
        numbered = mark is not None and mark.kind is not MarkKind.PLAIN
        if numbered or len(line) > _LONGEST_TITLE or is_sentence(line, first=True):
            return False
        return not self._is_place(line.strip(_EDGES))

    def _is_body(self, at: int) -> bool:
        """Return whether running text of some length follows there."""
        if at >= len(self.paragraphs):
            return False
        line = self._raw(at)
        return len(line) >= _SHORTEST_BODY and is_sentence(line) and self._mark(at) is None

    def _is_place(self, name: str) -> bool:
        if not 2 <= len(name) <= _LONGEST_PLACE or _NO_PLACE.search(name):
            return False
        return _PLACED.fullmatch(name) is not None or self._resolve(name) is not None

    def _resolve(self, name: str) -> Place | None:
        place = self.gazetteer.resolve(name)
        return place if place and place.kind != "country" else None

    def _raw(self, at: int) -> str:
        return self.text[self.paragraphs[at].start : self.paragraphs[at].end]

    def _line(self, at: int) -> str:
        return bare(self.text, self.paragraphs[at].start, self.paragraphs[at].end)

    def _mark(self, at: int) -> HeadingMark | None:
        paragraph = self.paragraphs[at]
        return mark_at(self.text, paragraph.start, paragraph.end, self.levels.get(paragraph.start, 0))
