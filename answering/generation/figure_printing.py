"""Figures as a reader can find them again: printed in a proved sentence as its source prints them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.lines import Line

_NUMBER = re.compile(r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SCALED = re.compile(
    rf"(?<!\d)(\d++(?:,\d{{3}}){{0,6}}(?:\.\d++)?)[ -]?({'|'.join(_SCALES)})\b", re.IGNORECASE
)
_DATED = re.compile(r"(?:在|于)?((?:19|20)\d\d)年(?:度|[底末初])?(?:[，,、]\s?|(?=[一-鿿]))")
_TENS = {"万": 10**4, "亿": 10**8}


def in_digits(text: str) -> str:
    """Return English with 4.9 million as 4,900,000, which is how 490万 can be found again."""
    return _SCALED.sub(_spelt_out, text)


def undated(text: str, lines: Sequence[Line]) -> str:
    """Leave out a year that opens a sentence, is its document's, and is not printed in what it cites."""
    found = _DATED.match(text)
    if found is None or found[1] in _numbers("|".join(line.text for line in lines)):
        return text
    return text[found.end() :] if all(line.document.year == int(found[1]) for line in lines) else text


def _numbers(text: str) -> tuple[str, ...]:
    """Return the numbers of a text without separators; one before 万 or 亿 also in full."""
    folded = fold(text)
    out: list[str] = []
    for found in _NUMBER.finditer(folded):
        number = found[0].replace(",", "")
        out.append(number)
        scale = _TENS.get(folded[found.end() : found.end() + 1])
        if scale:
            out.append(f"{(Decimal(number) * scale).normalize():f}")
    return tuple(out)


def _spelt_out(found: re.Match[str]) -> str:
    value = Decimal(found[1].replace(",", "")) * _SCALES[found[2].lower()]
    return f"{value:,.0f}" if value == value.to_integral_value() else found[0]
