"""The time that a figure or a measure is told of: 2018年以来, 今年, 到2030年, and the year that this is."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from retrieval.facts.models import FigureKind

if TYPE_CHECKING:
    from collections.abc import Sequence

_N = "[一二两三四五六七八九十几]{1,3}|\\d{1,3}"
_YEAR = r"(?:19|20)\d\d年"
_TIME = re.compile(
    r"(?=[\d“一二两三四五六七八九十几截到至自从近过这前今未最去明上下本年目当现如多每全新历])"
    rf"(?:(?:(?:截[至止]|[到至自从])\s?)?{_YEAR}(?:至{_YEAR}|[一二三四]季度|上半年|下半年|\d{{1,2}}月(?:\d{{1,2}}日)?)?"
    r"(?:年?[底末初]|以来|以后|以前|[前内间])?"
    r"|“?十[一二三四五六]五”?(?:时期|期间|以来|末|规划)"
    rf"|(?:{_N})年(?:多)?[来前]|(?:近|过去|这|(?<![学目以之])前|今后|未来|最近)(?:{_N})年(?:[来内间])?"
    r"|今年(?:以来|内|上半年|全年)?|去年|前年|明年|上年(?:度)?|本年度|年内|目前|当前|(?<![实体发出呈表])现在|如今|近年来|多年来|一年来|上半年|下半年"
    r"|每(?:[一二两三四五六七八九]|\d)个?(?:月|年|天|周|季度)|全年|每年|每月|每周|每天|每日|每季度|每半年|年均(?=(?:实际|分别|约|超)?[增涨升提扩新降减下保完])|本届政府(?:以来|任期)?|过去的?一年|新的一年|历年来|十年来)"
)
_TOLD = re.compile("[年月周天日季前现今来五届]")  # one of these is in all of the above
_HERE = re.compile("每|全年|年均|连续|上年|去年")  # of its own clause only
_NOT = re.compile(r"比(?:上年|去年)?$|较(?:上年|去年)?$|同$|不低于$")
_YEAR_IN = re.compile(r"(?:19|20)\d\d")
_YEARS_OF_PLAN = {
    "十一五": 2010, "十二五": 2015, "十三五": 2020, "十四五": 2025, "十五五": 2030, "十六五": 2035,
}  # fmt: skip
_BACK = {"去年": 1, "上年": 1, "前年": 2, "过去一年": 1, "过去的一年": 1, "一年来": 1}
_THIS = ("今年", "年内", "本年度", "新的一年")


def times(text: str) -> tuple[tuple[int, int], ...]:
    """Return where in a sentence (folded) times are told."""
    if not _TOLD.search(text):
        return ()
    return tuple(
        match.span()
        for match in _TIME.finditer(text)
        if not _NOT.search(text, max(0, match.start() - 4), match.start())
    )


def period_of(text: str, told: Sequence[tuple[int, int]], clause: tuple[int, int], at: int) -> str | None:
    """Return the time that stands nearest before ``at``: in its clause, or earlier and still in force."""
    for start, end in reversed(told):
        words = text[start:end]
        if end <= at and (start >= clause[0] or not _HERE.search(words)):
            return words
    return None


@lru_cache(maxsize=1_024)
def year_told(
    period: str | None, kind: FigureKind, *, headings: tuple[str, ...], written: int | None
) -> int | None:
    """Return the year that a figure tells of: by its own words, else by its headings, else by its document.

    A text of ``written`` that looks back says 去年; its plans are for the year itself.
    """
    if period and (year := _year_in(period, written)):
        return year
    for heading in reversed(headings):
        if year := _year_in(heading, None):
            return year
    if written is None:
        return None
    looks_back = any(re.search("回顾|过去", heading) for heading in headings)
    return written - 1 if looks_back and kind is not FigureKind.TARGET else written


def _year_in(words: str, written: int | None) -> int | None:
    if found := _YEAR_IN.findall(words):
        return int(found[-1])
    if plan := next((year for name, year in _YEARS_OF_PLAN.items() if name in words), None):
        return plan
    if written is None:
        return None
    if any(words.startswith(word) for word in _THIS):
        return written
    back = next((years for word, years in _BACK.items() if words.startswith(word)), None)
    return written - back if back is not None else None
