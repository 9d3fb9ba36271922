"""The marks by which a model names its evidence, in all the shapes that models type: [1], 【1，2】, [^1], (1)."""

from __future__ import annotations

import re

from retrieval.text.normalize import fold

_WORD = r"(?:来源|资料|引用|证据|材料|参考|出处|文献|句|编号|sources?|refs?|references?|citations?|evidence|passages?|no\.?)"
_ONE = rf"(?:\^|#|第)?\s?(?:{_WORD}\s?[:：#]?\s?)?\^?\d{{1,3}}(?:†[^\]】]{{0,20}})?"
_NEXT = rf"(?:\s?(?:[,、;，；和及&]|and|-|–|—|~|～|至|到|to)\s?|\s){_ONE}"
_INSIDE = rf"\s?{_ONE}(?:{_NEXT}){{0,20}}\s?"
_SQUARE = rf"(?<!\[)\[++(?:{_INSIDE})\]+(?:\([^()\s]{{1,200}}\))?|[【〔〖]{_INSIDE}[】〕〗]"
_RAISED = rf"<sup>\s?\[?(?:{_INSIDE})\]?\s?</sup>|\^\[?\d{{1,3}}\]?"
_NAMED = rf"\(\s?(?:见|参见|依据|根据)?\s?{_WORD}\s?[:：]?\s?\[?(?:{_INSIDE})\]?\s?\)"
_ROUND = rf"\({_INSIDE}\)(?=[\s。.!！?？;；,，|]*$)"
MARKER = re.compile(rf"{_SQUARE}|{_RAISED}|{_NAMED}|{_ROUND}")
_LEAD = re.compile(
    r"(?:根据|依据|按照|依照|据|如|参见|见|正如|在|从)?(?:资料|材料|来源|证据|文献|原文|句|第)?$"
)
_TOLD = re.compile(r"(?:中|里|内)?(?:所示|所述|所说|显示|可知|可见|记载|提到的?|指出|中提到)?[,，:：]?\s?")
_RANGE = re.compile(r"(\d{1,3})\s?(?:-|–|—|~|～|至|到|to)\s?(?:" + _WORD + r"\s?)?(\d{1,3})")
_NUMBER = re.compile(r"\d{1,3}")
_WIDEST = 20  # numbers in one range
_EMPTY = re.compile(
    r"[(（\[【]\s*+(?:见|参见|来源|资料来源|出处)?\s*+[:：]?\s*+[)）\]】]|(?:资料)?来源\s*+[:：]\s*+$"
)
_BETWEEN = re.compile(r"\s?[、,;和及]\s?")  # two markers
_SPACE = re.compile(r"(?<![ \t])[ \t]++(?=[。，、；：！？,.;:!?]|$)")
_TWICE = re.compile(r"([。！？])[。！？.]+")


def split(text: str) -> tuple[str, tuple[int, ...]]:
    """Return a sentence without its markers, and the numbers that they name, each once, in their order.

    Round brackets name evidence only at the end, for elsewhere they number items: (1)加强….
    """
    folded = fold(text)
    out, at, numbers = [], 0, []
    for match in MARKER.finditer(folded):
        numbers += _numbers(match[0])
        start, end = _around(folded, match, at)
        if not (numbers[:-1] and at and _BETWEEN.fullmatch(folded, at, start)):
            out.append(text[at:start])
        at = end
    out.append(text[at:])
    return _tidy("".join(out)), tuple(dict.fromkeys(numbers))


def _numbers(marker: str) -> list[int]:
    """Return the numbers of one marker; a range names all within it."""
    found: list[int] = []
    at = 0
    marker = marker.partition("](")[0]
    marker = re.sub(r"†[^\]】]*", "", marker)
    while match := _NUMBER.search(marker, at):
        span = _RANGE.match(marker, match.start())
        low, high = (int(span[1]), int(span[2])) if span else (int(match[0]), int(match[0]))
        found += range(low, high + 1) if low <= high <= low + _WIDEST else (low, high)
        at = span.end() if span else match.end()
    return found


def _around(folded: str, match: re.Match[str], done: int) -> tuple[int, int]:
    """Give the stretch to cut: a marker with the words that only lead to it, 根据资料[1]，."""
    lead = _LEAD.search(folded, done, match.start())
    told = _TOLD.match(folded, match.end())
    if lead and told and lead[0] and told[0].strip() and (len(lead[0]) > 1 or lead[0] in "据如见"):
        return lead.start(), told.end()
    return match.start(), match.end()


def _tidy(text: str) -> str:
    return _TWICE.sub(r"\1", _SPACE.sub("", _EMPTY.sub("", text))).strip()
