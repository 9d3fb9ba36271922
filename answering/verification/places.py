"""A place, year or period of a claim is the cited document's, or stands in what is cited."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrieval.quantities import Sort, agrees, years
from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.lines import Line
    from answering.question.parser import Question
    from answering.verification.claim import Claim, Scope

_COUNTRY = frozenset(("中国", "全国", "中华人民共和国"))
_SINCE = re.compile(r"年(?:以来|以后|之后|以前|之前|起|至今|后|开始)")
_SHORT_YEAR = re.compile(r"(?<!\d)\d\d年")  # 15年之后 is rather a span of time than 2015
_FULL_YEAR = re.compile(r"(?:19|20)\d\d年|[一二][零〇○一二三四五六七八九]{3}年")
_EVERY = re.compile(
    r"每(?:隔)?(?:[一两二三四五六七八九十半\d]{0,2}个?)(?:年|月|季度?|周|天|日|小时)|年均|月均|日均|连续[\d一二三四五六七八九十]+[年届]"
)
_RELATIVE = re.compile(r"今年|去年|前年|明年|上年|上一年|本年|\b(?:this|last|next) year\b")
_FORMS = {
    "今年": ("今年", "本年"),
    "去年": ("去年", "上年", "上一年"),
    "this year": ("今年",),
    "last year": ("去年",),
}


def strange(claim: Claim, lines: Sequence[Line]) -> str:
    """Return a place that the claim names and that neither the cited documents nor their sentences bear."""
    for mention in claim.mentions:
        name = mention.place.name
        if name in _COUNTRY or any(_speaks_of(name, fold(mention.surface), x) for x in lines):
            continue
        return mention.surface
    return ""


def _speaks_of(name: str, surface: str, line: Line) -> bool:
    document = line.document
    if name in (document.place, document.province):
        return True
    return surface in line.folded or name in line.text or any(name in h for h in line.passage.heading)


def of_place(lines: Sequence[Line], place: str) -> list[Line]:
    """Return those of the lines that speak for a place or name it."""
    return [x for x in lines if x.document.place == place or (place and place.rstrip("市省") in x.text)]


def unasked(lines: Sequence[Line], frame: Question) -> str:
    """Return the place of a line that a claim without a place would pass off as one that was asked of."""
    if frame.all_places:
        return ""
    held = {x.document.place for x in lines if x.document.place}
    wanted = set(frame.places)
    if wanted or frame.strangers:
        return next(iter(sorted(held - wanted)), "")
    return ""


def wrong_time(claim: Claim, scope: Scope, lines: Sequence[Line]) -> str:
    """Return a year, date or period in a stretch of the claim that the lines do not bear."""
    text = claim.folded[scope.start : scope.end]
    for year in years(_SHORT_YEAR.sub("|", text)):
        if not any(_bears_year(year, text, x) for x in lines):
            return str(year)
    for figure in claim.figures:
        inside = scope.start <= figure.start < scope.end
        if inside and figure.sort is Sort.DATE and figure.unit != "年" and not _dated(figure, lines):
            return figure.text
    return _wrong_period(text, lines)


def _wrong_period(text: str, lines: Sequence[Line]) -> str:
    for match in _EVERY.finditer(text):
        if not any(_plain(match[0]) in _plain(x.folded) for x in lines):
            return match[0]
    for match in _RELATIVE.finditer(text):
        forms = _FORMS.get(match[0], (match[0],))
        if not any(form in x.folded for form in forms for x in lines):
            return match[0]
    return ""


def _plain(text: str) -> str:
    """Write 每一年 and 每个月 as 每年 and 每月."""
    return re.sub("每一?个?(?=[年月季周天日小])", "每", text)


def _bears_year(year: int, text: str, line: Line) -> bool:
    told = {y for t in (line.text, *line.passage.heading) for y in years(_SHORT_YEAR.sub("|", t))}
    if year in told:
        return True
    if _FULL_YEAR.search(line.folded) or _SINCE.search(text):
        return False
    return year == line.document.year or (line.document.year == year + 1 and "去年" in line.text)


def _dated(figure: object, lines: Sequence[Line]) -> bool:
    return any(agrees(figure, g) for x in lines for g in x.figures)  # type: ignore[arg-type]
