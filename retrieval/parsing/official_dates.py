"""The day of an official text, from the places where such texts print it.

In order: the meeting it was given at, the signature (落款) below its words or its covering notice, a line of
the head that is hardly more than a date, the meeting that its first sentence tells of.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrieval.parsing.dates import iso_dates

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ISSUER = re.compile(
    r"(?:政府|委员会|办公[厅室]|[委局厅部院署社]|中心|集团|支队|总队|人大|政协|法院|检察院|领导小组|指挥部)$"
)
_LONGEST_ISSUER = 40  # characters
_LONGEST_DATED = 40  # of a line of the head that ends with its date
_DATE_AT_END = re.compile(
    r"(?:(?:19|20)\d{2}\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}\s*日?|[一二][〇零○一二三四五六七八九]{3}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日)"
    r"[）)】\]\s]*$"
)
_OPENING = re.compile(r"^[^。]{0,60}?(?:主持召开|召开|举行)[^。]{0,60}?(?:会议|大会|发布会)")


def signing_date(text: str) -> str | None:
    """Return the day under the first signature: a line of an issuing body, and one of a date alone."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    for at, line in enumerate(lines):
        if at and _is_date(line) and _is_issuer(lines[at - 1]):
            return _exact(line)
    return None


def head_dates(lines: Sequence[str]) -> Iterator[str]:
    """Give the days of head lines that end with their date: 市统计局　2025年3月18日, （2024年1月25日）."""
    for line in lines:
        words = line.strip()
        if len(words) <= _LONGEST_DATED and _DATE_AT_END.search(words) and (day := _exact(words)):
            yield day


def opening_date(text: str) -> str | None:
    """Return the day with which a text begins to tell of the meeting that it records."""
    for line in text.split("\n")[:8]:
        words = line.strip()
        if _OPENING.match(words):
            return next((one for one in iso_dates(words[:30]) if len(one) == 10), None)
    return None


def _is_date(line: str) -> bool:
    found = _DATE_AT_END.search(line)
    return found is not None and not line[: found.start()].strip("（(【[ \u3000")


def _is_issuer(line: str) -> bool:
    return len(line) <= _LONGEST_ISSUER and _ISSUER.search(line.strip()) is not None


def _exact(line: str) -> str | None:
    return next((one for one in reversed(iso_dates(line)) if len(one) == 10), None)
