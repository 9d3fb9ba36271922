"""The item of the last answer that a follow-up points to: 第二个, 上面第三条, 最后一项."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrieval.quantities.numerals import parse_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.values.answer import Turn

_ORDINAL = re.compile(
    r"第(?P<number>[一二三四五六七八九十]{1,2}|\d{1,2})(?:个|条|点|项|件|样|块|方面|部分|章|节)?|(?P<last>最后一?(?:个|条|点|项|件|部分|章|节|块))|(?P<first>头一(?:个|条|点|项|件|部分|章|节|块))"
)
_REST = re.compile(
    r"^(?:那么?)?(?:后面?|剩下?|其余|其他|另外|还有|余下)(?:的|那)?(?:[一二两三四五六七八九十几\d]+[个条项件点样]|都?有?(?:什么|哪些|啥|别的)|的)"
    r"|^(?:那么?)?(?:还有|剩下|其余|另外)(?:的|别的|其他的?|没有)?[呢吗么嘛]?[\s?!。]*$|^(?:继续|接着)[说讲列]?[\s?!。]*$"
    r"|^(?:what|anything) else\b|^(?:and )?the rest\b"
)
_MARK = re.compile(r"^\s*(?:[（(]?[\d一二三四五六七八九十]{1,2}[）)、.．]|[-•·])\s*")
_PARTS = re.compile(r"[;；\n]")
_LONGEST = 80  # characters of an item that are taken over


def referred_item(folded: str, history: Sequence[Turn]) -> str:
    """Return the words of the item that a folded follow-up points to by its number; "" where it points to none."""
    at = ordinal_of(folded)
    told = next((turn.content for turn in reversed(history) if turn.role == "assistant"), "")
    items = [_MARK.sub("", part).strip(" 。.") for part in _PARTS.split(told)]
    items = [item for item in items if item]
    if at is None or len(items) < 2:
        return ""
    return items[at - 1 if at > 0 else at][:_LONGEST] if at <= len(items) else ""


def ordinal_of(folded: str) -> int | None:
    """Return the place that a folded message points to by its number, from 1; −1 for the last; None for none."""
    found = _ORDINAL.search(folded)
    if found is None:
        return None
    if found["first"]:
        return 1
    return -1 if found["last"] else int(parse_number(found["number"]) or 0) or None


def asks_rest(folded: str) -> bool:
    """Tell whether a folded follow-up asks for what of a list has not been shown: 后面七个呢, 剩下的有哪些, 还有呢."""
    return bool(_REST.search(folded))
