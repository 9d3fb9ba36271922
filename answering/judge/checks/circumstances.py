"""What a text tells of each of its figures beside its thing: when, averaged over what, on what condition, against whom.

Each is a slot that holds a few marks; two facts whose marks in a slot exclude each other are different facts,
however alike their words are: 第一季度 and 10月份, 年均 and 当年, 情节严重 and 逾期不改正, 对单位 and 对个人.
"""

from __future__ import annotations

import re
from functools import lru_cache

from retrieval.quantities import parse_number

SLOTS = ("when", "year", "per", "condition", "who")
_WHEN = re.compile(
    r"第?(?P<quarter>[一二三四1-4])季度|(?P<half>[上下]半)年|(?:前|头)(?P<first>[一二三四五六七八九十\d]{1,2})个月|(?<!个)(?P<month>[一二三四五六七八九十\d]{1,2})月份?(?!以来)"
    r"|(?P<early>首季|年初|年末|年底)|(?P<whole>全年|全年度)|(?P<english>first|second|third|fourth|last) (?P<part>quarter|half)"
)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=年|\s?[—–\-至到~]|[.,]?(?:\s|$))")
_PER = re.compile(
    r"(?P<year>年均(?!浓度|气温|温度|降水|水位|值)|平均每年|每年平均?|逐年|an? year on average|annual average|annually|(?:per|each|every) year)"
    r"|(?P<quarter>每个?季度?|per quarter)|(?P<month>每个?月|月均|(?:per|each|every) month|monthly)"
    r"|(?P<week>每个?(?:周|星期)|(?:per|each|every) week|weekly)|(?P<day>每[天日]|日均|平均每天|(?:per|each|every) day|daily)"
    r"|(?P<sum>累计|总共[^，]{0,4}年|[三四五六七八九十两]年(?:来|间|共|内|(?=分别|累计|增[长加]))|cumulative\w*|(?:over|in) the (?:past|last) \w+ years)"
)
_CONDITION = re.compile(
    r"(?P<very>特别严重|特别恶劣|特别重大)|(?P<severe>(?<!特别)(?:情节|后果)(?:较为?)?严重|严重后果)|(?P<heavy>情节较重)|(?P<light>情节较?轻微?)"
    r"|(?P<refuse>逾期(?!贷)|拒不|仍不|(?:不|未|没有?)(?:按期|按时)?(?:改正|整改)|到期不)|(?P<repeat>再次|[两二三]次以上|屡次)"
)
_WHO = re.compile(
    r"(?P<body>单位|企业|法人|机构|公司)|(?P<person>个人|公民|自然人)|(?P<head>主要负责人|直接责任人员?|主管人员)"
)
_FINE = re.compile("罚|处以?[一二三四五六七八九十百千万\\d]|吊销|没收")

_WHOLE = frozenset(("whole:",))  # the whole year: what no other time is told of is told of it
_NONE: frozenset[str] = frozenset()
Marks = tuple[frozenset[str], ...]  # one set for each of SLOTS


@lru_cache(maxsize=16_384)
def circumstances(own: str, clause: str, segment: str) -> Marks:
    """Return the marks of a figure by the words (folded) right before it, of its clause, and from the last stop on."""
    when = _all(_WHEN, own) or _all(_WHEN, clause) or _last(_WHEN, segment)
    who = _last(_WHO, segment) if _FINE.search(clause) else _NONE
    year = frozenset(_YEAR.findall(own)) or frozenset(_YEAR.findall(clause))
    per = _all(_PER, own) or _all(_PER, clause)
    return when, year, per, _last(_CONDITION, segment), who


def _named(found: re.Match[str]) -> str:
    return " ".join(f"{name}:{_plain(name, words)}" for name, words in found.groupdict().items() if words)


def _plain(name: str, words: str) -> str:
    if name in ("quarter", "month", "first") and (number := parse_number(words)) is not None:
        return str(number)
    return words if name in ("half", "early", "english", "part") else ""


def _all(pattern: re.Pattern[str], words: str) -> frozenset[str]:
    return frozenset(_named(found) for found in pattern.finditer(words))


def _last(pattern: re.Pattern[str], words: str) -> frozenset[str]:
    found = list(pattern.finditer(words))
    return frozenset((_named(found[-1]),)) if found else frozenset()


def slot_faults(said: Marks, found: Marks) -> dict[str, str]:
    """Return of each slot in which a claimed fact differs from the printed one how: ``other``, ``cut`` or ``put``."""
    out: dict[str, str] = {}
    for slot, mine, theirs in zip(SLOTS, said, found, strict=True):
        if _WHOLE in (mine, theirs):
            if mine and theirs and mine != theirs:
                out[slot] = "other"
            continue
        if mine and theirs:
            if not mine & theirs:
                out[slot] = "other"
        elif (mine or theirs) and slot not in ("year", "who"):
            out[slot] = "put" if mine else "cut"
    return out


def agreement(said: Marks, found: Marks, rival: Marks) -> int:
    """Return by how many slots a claimed fact is rather the printed one (above 0) or its rival (below 0)."""
    score = 0
    for mine, one, other in zip(said, found, rival, strict=True):
        if mine and one != other:
            score += bool(mine & one) - bool(mine & other)
    return score
