"""Dates as Chinese heads and file names write them, to ISO 8601, and where official texts print theirs.

An official text prints its day, in order of weight: with the meeting it was given at, in the signature (落款)
below its words or its covering notice, in a line of the head that is hardly more than a date, or with the
meeting that its first sentence names.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from retrieval.parsing.heading_marks import ordinal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_HAN = "〇零○一二三四五六七八九"
_YEAR = rf"(?P<year>(?<!\d)(?:19|20)\d{{2}}(?!\d)|[一二][{_HAN}]{{3}})"
_DATE = re.compile(
    rf"{_YEAR}\s*(?:年|[-/.．](?=\s*\d))"
    # 1—7月 is a period; a numeral in Chinese is a month or a day only with its unit: 2026年四川省 is no April
    r"(?:\s*(?:(?P<month>\d{1,2})(?!\d)(?!\s*[-—–~～至]+\s*\d{1,2}\s*月)\s*(?:月|[-/.．](?=\s*\d)|(?=\D|$))|(?P<month_word>十?[一二]|[一二三四五六七八九十])月)"
    r"(?:\s*(?:(?P<day>\d{1,2})(?!\d)\s*(?:日|(?=\D|$))|(?P<day_word>[二三]?十?[一二三四五六七八九十])日))?)?"
)
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
_BARE_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_HALF = str.maketrans("０１２３４５６７８９", "0123456789")

_ISSUER = re.compile(
    r"(?:政府|委员会|办公[厅室]|[委局厅部院署社]|中心|集团|支队|总队|人大|政协|法院|检察院|领导小组|指挥部)$"
)
_LONGEST_ISSUER = 40  # characters
_LONGEST_DATED = 40  # of a line of the head that ends with its date
_DATE_AT_END = re.compile(
    r"(?:(?:19|20)\d{2}\s{0,3}[年./-]\s{0,3}\d{1,2}\s{0,3}[月./-]\s{0,3}\d{1,2}\s{0,3}日?|[一二][〇零○一二三四五六七八九]{3}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日)"
    r"[）)】\]\s]{0,6}$"
)
_OPENING = re.compile(r"^[^。]{0,60}?(?:主持召开|召开|举行)[^。]{0,60}?(?:会议|大会|发布会)")


def iso_date(text: str) -> str | None:
    """Return the first date of a text: "2021-06-03", "2021-06" or "2021"; None when it has none."""
    found = iso_dates(text)
    if found:
        return found[0]
    bare = _BARE_YEAR.search(text.translate(_HALF))
    return bare[1] if bare else None


def iso_dates(text: str) -> tuple[str, ...]:
    """List the dates of a text in order; a bare number counts only as 20210603."""
    half = text.translate(_HALF)
    found = [
        (
            match.start(),
            _of(match["year"], match["month"] or match["month_word"], match["day"] or match["day_word"]),
        )
        for match in _DATE.finditer(half)
    ]
    found += [(match.start(), _of(match[1], match[2], match[3])) for match in _COMPACT.finditer(half)]
    return tuple(value for _, value in sorted(found))


def year_of(value: str | None) -> int | None:
    """Return the year of an ISO date."""
    return int(value[:4]) if value and value[:4].isdecimal() else None


def signature(text: str) -> tuple[str, str] | None:
    """Return the first signature: a line of an issuing body, and the line of a date alone below it."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    for at, line in enumerate(lines):
        if at and is_date_line(line) and is_issuer(lines[at - 1]):
            return lines[at - 1], line
    return None


def signing_date(text: str) -> str | None:
    """Return the day under the first signature."""
    found = signature(text)
    return _exact(found[1]) if found else None


def head_dates(lines: Sequence[str]) -> Iterator[str]:
    """Return the days of head lines that end with their date: 市统计局　2025年3月18日, （2024年1月25日）."""
    for line in lines:
        words = line.strip()
        if len(words) <= _LONGEST_DATED and _DATE_AT_END.search(words) and (day := _exact(words)):
            yield day


def opening_date(text: str) -> str | None:
    """Return the day with which a text first names the meeting it records."""
    for line in text.split("\n")[:8]:
        words = line.strip()
        if _OPENING.match(words):
            return next((one for one in iso_dates(words[:30]) if len(one) == 10), None)
    return None


def is_date_line(line: str) -> bool:
    """Return whether a line is a date alone."""
    found = _DATE_AT_END.search(line)
    return found is not None and not line[: found.start()].strip("（(【[ \u3000")


def is_issuer(line: str) -> bool:
    """Return whether a line is the name of a body that issues documents."""
    return len(line) <= _LONGEST_ISSUER and _ISSUER.search(line.strip()) is not None


def _exact(line: str) -> str | None:
    return next((one for one in reversed(iso_dates(line)) if len(one) == 10), None)


def _of(year: str, month: str | None, day: str | None) -> str:
    """Write a date, leaving out what can't be: a 13th month, a 31st of April."""
    number = int(year) if year.isdecimal() else int("".join(str(max(0, _digit(char))) for char in year))
    at = ordinal(month) if month else 0
    if not 1 <= at <= 12:
        return f"{number:04d}"
    try:
        return date(number, at, ordinal(day) if day else 0).isoformat()
    except ValueError:
        return f"{number:04d}-{at:02d}"


def _digit(char: str) -> int:
    return 0 if char in "〇零○" else _HAN.index(char) - 2
