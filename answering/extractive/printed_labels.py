"""Numbers that name and do not count, as they are printed: 第17届, 1号线, 6.8级, Ⅲ类."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from retrieval.quantities import Figure, Sort
from retrieval.quantities.numerals import parse_number
from retrieval.quantities.values import Bound

_ROMAN = {mark: at for at, mark in enumerate("ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ", start=1)}
_NUMBER = "[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]|\\d+(?:\\.\\d+)?|[〇零一二三四五六七八九十百]+"


def labels(text: str, unit: str) -> list[Figure]:
    """Return the numbers that stand directly before a word of measure in a text, at its offsets."""
    return [
        Figure(
            value=value,
            unit=unit,
            bound=Bound.EXACT,
            start=match.start(),
            end=match.end(),
            text=match[0],
            sort=Sort.NAME,
        )
        for match in _before(unit).finditer(text)
        if (value := _value(match[1])) is not None
    ]


def _value(number: str) -> Decimal | None:
    return Decimal(_ROMAN[number]) if number in _ROMAN else parse_number(number)


@lru_cache(maxsize=256)
def _before(unit: str) -> re.Pattern[str]:
    return re.compile(f"第?({_NUMBER}){re.escape(unit)}")
