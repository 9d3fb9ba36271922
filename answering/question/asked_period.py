"""The years that a question asks of: those it names, and relative ones counted from the newest report."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrieval.quantities import years
from retrieval.quantities.numerals import parse_number

if TYPE_CHECKING:
    from collections.abc import Sequence

# How many years a word lies from the year of the newest report.
_RELATIVE = {
    "大前年": -3,
    "前年": -2,
    "上一年": -1,
    "上年": -1,
    "去年": -1,
    "今年": 0,
    "本年": 0,
    "明年": 1,
    "last year": -1,
    "this year": 0,
    "next year": 1,
}
_RELATIVE_WORDS = re.compile("|".join(_RELATIVE))
# The same, counted from the year spoken of before.
_NEAR = {
    "前一年": -1,
    "早一年": -1,
    "再往前": -1,
    "下一年": 1,
    "后一年": 1,
    "转过年": 1,
    "转年": 1,
    "第二年": 1,
    "当年": 0,
    "那年": 0,
}
_NEAR_WORDS = re.compile("|".join(_NEAR))
_SPAN = re.compile(
    r"(?:最近|近|过去|这|前)(?P<count>[两二三四五六七八九十]|\d{1,2})年|(?P<after>[两二三四五六七八九十])年来"
)
_PLAN = re.compile("(?<![第二三四五六七八九\\d])(?P<number>十[一二三四五六七])五(?![年个条件项万千])")
_BEFORE_PLANS = 1951  # the n-th five-year plan begins in 1951 + 5 n, from the fourth on
_PLAN_YEARS = 5
_RANGE = re.compile(
    r"(?<!\d)(?P<first>(?:19|20)\d\d(?=年|\D)|\d\d(?=年))年?(?:到|至|—|–|-|~)(?P<last>(?:19|20)\d\d|\d\d(?=年))(?!\d)"
)
_LONGEST_RANGE = 12  # years that one range is taken to cover
_SHORT = re.compile(r"(?<![\d近过去满用了])(?P<year>[0-3]\d)年(?!来|内|间|以上|以下|期|后|多)")


def years_asked(folded: str, *, newest: int | None, before: Sequence[int] = ()) -> tuple[int, ...]:
    """Return the years that a folded question asks of, in order; none where it leaves them open.

    ``newest`` is the year of the newest report of the place asked of, from which 今年 and 去年 count;
    ``before`` are the years spoken of before, from which 前一年 counts. A five-year plan and 近五年 give each of
    their years.
    """
    found = dict.fromkeys(years(folded))
    for match in _SHORT.finditer(folded) if not found else ():
        found[2000 + int(match["year"])] = None
    for span in (*map(_range, _RANGE.finditer(folded)), *map(_plan, _PLAN.finditer(folded))):
        found |= dict.fromkeys(span)
    if newest is not None:
        for match in _RELATIVE_WORDS.finditer(folded):
            found[newest + _RELATIVE[match[0]]] = None
        for match in _SPAN.finditer(folded):
            count = int(parse_number(match["count"] or match["after"]) or 0)
            found |= dict.fromkeys(range(newest - count, newest))
    if before:
        for match in _NEAR_WORDS.finditer(folded):
            found[before[-1] + _NEAR[match[0]]] = None
    return tuple(sorted(found))


def names_years(folded: str) -> bool:
    """Tell whether a folded text names years, in figures or by words such as 去年."""
    return bool(
        years(folded) or any(p.search(folded) for p in (_RELATIVE_WORDS, _NEAR_WORDS, _SPAN, _SHORT, _PLAN))
    )


def without_years(text: str) -> str:
    """Return a text without the words that name its years, so that others can take their place."""
    for pattern in (_RELATIVE_WORDS, _NEAR_WORDS, _SPAN, _SHORT, _PLAN):
        text = pattern.sub("", text)
    return re.sub(r"(?:19|20)\d\d年?(?:度|底|末)?", "", text)


def _range(match: re.Match[str]) -> range:
    years = (match["first"], match["last"])
    start, end = (int(year) if len(year) == len("2000") else 2000 + int(year) for year in years)
    return range(start, end + 1) if 0 < end - start < _LONGEST_RANGE else range(0)


def _plan(match: re.Match[str]) -> range:
    start = _BEFORE_PLANS + _PLAN_YEARS * int(parse_number(match["number"]) or 0)
    return range(start, start + _PLAN_YEARS)
