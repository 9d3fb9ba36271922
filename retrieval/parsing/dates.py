"""Dates as they are written in Chinese heads and file names, to ISO 8601 as exact as they are given."""

from __future__ import annotations

import re
from datetime import date

from retrieval.parsing.heading_marks import ordinal

_HAN = "〇零○一二三四五六七八九"
_YEAR = rf"(?P<year>(?<!\d)(?:19|20)\d{{2}}(?!\d)|[一二][{_HAN}]{{3}})"
_DATE = re.compile(
    rf"{_YEAR}\s*(?:年|[-/.．](?=\s*\d))"
    # a numeral in Chinese is a month or a day only with its unit: 2026年四川省 is no April
    r"(?:\s*(?:(?P<month>\d{1,2})(?!\d)\s*(?:月|[-/.．](?=\s*\d)|(?=\D|$))|(?P<month_word>十?[一二]|[一二三四五六七八九十])月)"
    r"(?:\s*(?:(?P<day>\d{1,2})(?!\d)\s*(?:日|(?=\D|$))|(?P<day_word>[二三]?十?[一二三四五六七八九十])日))?)?"
)
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
_BARE_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_HALF = str.maketrans("０１２３４５６７８９", "0123456789")


def iso_date(text: str) -> str | None:
    """Give the first date of a text: "2021-06-03", "2021-06" or "2021"; None when it has none."""
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
    """Give the year of an ISO date."""
    return int(value[:4]) if value and value[:4].isdecimal() else None


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
