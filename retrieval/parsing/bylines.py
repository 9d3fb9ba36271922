"""What the lines below a title say: who speaks, at which meeting, on what day."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from retrieval.parsing.dates import iso_dates

if TYPE_CHECKING:
    from collections.abc import Sequence

_DATED = re.compile(r"[—\-–(（\s]*(?:(?:19|20)\d{2}|[一二][〇零○一二三四五六七八九]{3})年")
_OCCASION = re.compile(r"在(?P<event>[^。！？；\n]{4,60}?(?:会议|大会|全会|论坛|培训班|研讨班|仪式|会))上")
_MEETING = re.compile(
    r"(?:(?:19|20)\d{2}年)?[^\s，。；：、！？（）()《》]{2,40}?"
    r"(?:培训班|研讨班|讲习班|读书班|会议|大会|论坛|峰会|座谈会|推进会|现场会|交流会|研讨会|动员会|表彰会|工作会)"
)
_LATELY = re.compile(r"(?:日前|近日|近期|最近|此前)[，,]?")
_OFFICE = (
    r"(?:省长|市长|区长|县长|州长|盟长|旗长|镇长|乡长|村长|主席|总理|书记|主任|部长|局长|厅长|处长|院长|校长"
    r"|检察长|会长|秘书长|董事长|总经理|委员|专员|行政长官|代表|院士|教授)"
)
_NAME = r"(?P<name>[\u4e00-\u9fff](?:[\s\u3000]{0,4}[\u4e00-\u9fff·]){1,4})"
_SPEAKER = re.compile(rf"(?P<office>[\u4e00-\u9fff（）()、 ]{{0,40}}?{_OFFICE})[\s\u3000]+{_NAME}\Z")
_LABELLED = re.compile(
    r"(?:发言人|报告人|汇报人|主讲人|讲话人|演讲人|作者|署名)[:：][\s\u3000]*(?P<line>\S.{0,40})\Z"
)
_PASSED = re.compile(r"通过|批准|公布|修正|修订")
_CLOCK = re.compile(r"\d[时:：]\d")
_SUBJECT = re.compile(r"年[^月日]*(?:报告|发言|讲话|工作|条例|规划|计划)")
_LONGEST_DATE = 22  # characters of a line that is hardly more than a date


def is_dated(line: str) -> bool:
    """Return whether a line begins with a year, as date lines do."""
    return _DATED.match(line) is not None


def is_byline(line: str) -> bool:
    """Return whether a line names the speaker, the day or the record of a text, and not its title."""
    words = line.strip()
    if _SPEAKER.match(words) or _LABELLED.match(words):
        return True
    short = bool(_OCCASION.search(words) or _PASSED.search(words)) or len(words) < _LONGEST_DATE
    return is_dated(words) and short and not _SUBJECT.search(words)


def speaker_in(lines: Sequence[str]) -> str | None:
    """Return who speaks and the office: from one line with both, or from two lines."""
    for line in (*lines, *(f"{first} {second}" for first, second in pairwise(lines))):
        label = _LABELLED.match(line.strip())
        words = (label["line"] if label else line).strip(" \t\u3000\u00a0—-（()）")
        match = _SPEAKER.match(words)
        if match:
            return f"{''.join(match['office'].split())} {''.join(match['name'].split())}"
        if label:
            return " ".join(words.split())
    return None


def event_in(lines: Sequence[str]) -> str | None:
    """Return the meeting at which a text was given, from its date line, which may go on in the next one."""
    match = _OCCASION.search("".join(lines))
    return " ".join(match["event"].split()) if match else None


def meeting_in(title: str, note: str) -> str | None:
    """Return the meeting that a collection was made of: the one its title names, else its note."""
    for words in (title, _LATELY.sub("", note)):
        match = _MEETING.search(words)
        if match:
            return match[0]
    return None


def occasion_dates(lines: Sequence[str], *, meetings: bool = False) -> list[str]:
    """List the days that date lines give: a meeting's first; one with a time of day, the website's, last.

    With ``meetings`` only those of lines that name the meeting.
    """
    dated = [(line, iso_dates(line)) for line in lines if is_dated(line.strip())]
    if meetings:
        dated = [(line, found) for line, found in dated if _OCCASION.search(line)]
    exact = [(line, found[0]) for line, found in dated if found and len(found[0]) > 4]
    return [found for _, found in sorted(exact, key=lambda one: _rank(one[0]))]


def record_dates(lines: Sequence[str]) -> list[str]:
    """List the days on which a law was passed, approved or made public, the latest first."""
    found = [one for line in lines if _PASSED.search(line) for one in iso_dates(line)]
    return sorted((one for one in found if len(one) == 10), reverse=True)


def _rank(line: str) -> int:
    if "在" in line:
        return 0
    return 2 if _CLOCK.search(line) else 1
