"""Which part of a report looks back and which plans, and over how many years each paragraph and figure speaks."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from retrieval.facts.fact_state import FactState
from retrieval.facts.figure_role import RoleKind
from retrieval.text.normalize import fold
from retrieval.text.tense import plan_begins
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrieval.facts.models import FigureRow
    from retrieval.values.documents import Document, Section

_LOOKS_BACK = re.compile("回顾|过去|去年|成就|成绩|总结|[两三四五]年来|情况")
_PLANS = re.compile("安排|部署|任务|目标|要求|重点|今年|今后|展望|下一步|建议|打算|未来")
_OPENING = 24  # characters of a paragraph in which it says what time it speaks of
_N = "[两二三四五六七八九十]"
_SPAN = re.compile(
    rf"过去{_N}年|{_N}年来|[这前]{_N}年|(?<!第)“?十[一二三四五六]五”?(?:时期|期间|以来|规划)|本届政府(?:以来|任期|{_N})"
)
_OVER_YEARS = re.compile(
    rf"{_N}年(?:来|间|内|多来)?|十[一二三四五六]五|以来|本届|年均|累计|近年|多年|历年|20\d\d年?[至到—－-]+20\d\d年|\d年来"
)
_ONE_YEAR = re.compile("过去(?:的)?一年|去年|一年来|上年|全年|今年|年内")
_SUMMED = re.compile(
    rf"(?<![第近续])[这前]?{_N}年(?:来|间|内)?(?=全[国省市区县]|共|新|解决|完成|实现|建|改|$)"
)
_PLAN_OF_YEARS = re.compile(
    rf"今后{_N}年|未来{_N}年|十[一二三四五六]五|[到至](?:20)?\d\d年|{_N}年(?:内|时间|左右)"
)
_OWN = re.compile("[,，;；。：:]")
_STOCK = re.compile("累计(?=[达为有到])")  # how many there are by then
_ADDED_UP = re.compile("累计(?![达为有到])|年均")


@dataclass(frozen=True, slots=True)
class _Stretch:
    start: int
    years: bool  # tells of several years


class ReportParts:
    """A report's text, folded, its turn from looking back to planning, and the spans its paragraphs speak of."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.folded = fold(document.text)  # folding keeps every offset
        self._year = document.year or 0
        self.turn = _turn(document)
        self._stretches = tuple(_stretches(document, self.folded, self._year))
        self._starts = [one.start for one in self._stretches]

    def plans(self, at: int) -> bool:
        """Tell whether an offset lies in the part that says what is to be done."""
        return self.turn is not None and at >= self.turn

    def over_years(self, at: int, period: str | None, clause: str) -> bool:
        """Tell whether a figure at an offset, with its own period, speaks of several years at once."""
        if ("累计" in clause and "全年" not in clause) or _SUMMED.search(clause):
            return True
        if period:
            if _OVER_YEARS.search(period):
                return True
            if _ONE_YEAR.search(period) or str(self._year - 1) in period or str(self._year) in period:
                return False
        index = bisect_right(self._starts, at) - 1
        return self._stretches[index].years if index >= 0 else False


@lru_cache(maxsize=32)
def parts_of(document: Document) -> ReportParts:
    """Return the parts of a report, which are read once for many figures."""
    return ReportParts(document)


def sums_years(document: Document, row: FigureRow) -> bool:
    """Tell whether a figure of a document is one of several years together, and not of the year it is told of.

    What is aimed at, and what other texts than reports tell, is summed up only where its own words say so; how many
    times as much there is as before (是十年前的3倍) is no sum.
    """
    if row.unit == "倍" and row.role is not RoleKind.CHANGE:
        return False
    parts = parts_of(document)
    own = _OWN.split(parts.folded[row.clause[0] : row.start])[-1] + parts.folded[row.start : row.clause[1]]
    if row.state is FactState.PLANNED or document.genre is not Genre.REPORT:
        return _ADDED_UP.search(own) is not None
    return parts.over_years(row.start, row.period, _STOCK.sub("", own))


def plan_of_years(period: str | None) -> bool:
    """Tell whether the time a target is told of is longer than the year."""
    return bool(period and _PLAN_OF_YEARS.search(period))


def _turn(document: Document) -> int | None:
    """Return where a report turns to what is to be done: its first planning section after one that looks back.

    Where no section is headed so, the words that set the aims of its year open that part.
    """
    looked = False
    for section in document.sections:
        if section.level != 1 or section.numeral == "0":
            continue
        title = fold(section.title)
        back, plans = bool(_LOOKS_BACK.search(title)), _is_plan(title, document.year)
        if plans and not back:
            return section.start
        looked = looked or back
        if looked and not back:
            return section.start
    return plan_begins(document.text)


def _is_plan(title: str, year: int | None) -> bool:
    return bool(_PLANS.search(title)) or (year is not None and f"{year}年" in title)


def _stretches(document: Document, text: str, year: int) -> Iterator[_Stretch]:
    """Give each paragraph with whether it speaks of several years; what one opens with holds for those after."""
    over = False
    heads = {section.start: section for section in document.sections}
    for start, line in _lines(document.text):
        folded = text[start : start + len(line)].strip()
        if not folded:
            continue
        head = _head(heads, start, start + len(line))
        if head is not None and head.level == 1:
            over = False
        over = _opened(folded[: len(folded) if head else _OPENING], year, over)
        yield _Stretch(start, over)


def _opened(words: str, year: int, before: bool) -> bool:
    one = bool(_ONE_YEAR.search(words)) or f"{year - 1}年" in words
    span = bool(_SPAN.search(words))
    return before if one == span and not one else (span and not one)


def _head(heads: dict[int, Section], start: int, end: int) -> Section | None:
    return next((heads[at] for at in range(start, min(end, start + 8)) if at in heads), None)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    for line in text.splitlines(keepends=True):
        yield at, line
        at += len(line)
