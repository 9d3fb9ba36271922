"""A side of a promise in the words of its text: the clause that names the thing and gives the figure."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING

from answering.ledger.promise import PromiseQuote
from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from answering.ledger.indicators import Indicator
    from answering.ledger.undertakings import Undertaking

_PRINTED = re.compile(r"(?P<value>\d[\d.,]*|[一二两三四五六七八九十百千半]+)(?P<unit>.*)")
_BOUNDS = re.compile(r"^(?:约|近|超过?|突破|达到?|不少于|不低于|不超过)|(?:以上|以内|以下|左右|多|余|上下)")
_MARKS = "，,；;。、 \u3000\n\r\t"
_PART = re.compile("[，,；;：:。\n]")


def quoted(one: Indicator) -> PromiseQuote:
    """Return the side of a promise that a figure makes."""
    start, end = _stretch(one)
    text = one.document.text
    figure = text[one.row.start : one.row.end]
    value, unit = printed(figure)
    return PromiseQuote(
        document=one.document.id,
        passage=one.row.passage,
        title=one.document.title,
        source=PurePath(one.document.source).name,
        date=one.document.date,
        start=start,
        end=end,
        quote=text[start:end],
        value=value,
        unit=unit,
        figure=figure,
        amount=one.base[1],
        bound=one.row.bound,
    )


def worded(one: Undertaking) -> PromiseQuote:
    """Return the side of a promise that a clause without a figure makes."""
    return PromiseQuote(
        document=one.document.id,
        passage=one.passage,
        title=one.document.title,
        source=PurePath(one.document.source).name,
        date=one.document.date,
        start=one.start,
        end=one.end,
        quote=one.text,
    )


def printed(figure: str) -> tuple[str, str]:
    """Return the number and the unit of a figure as printed, without the words that limit it.

    >>> printed("约2.5万亿元")
    ('2.5', '万亿元')
    """
    bare = _BOUNDS.sub("", "".join(fold(figure).split()))
    found = _PRINTED.search(bare)
    return (found["value"].replace(",", ""), found["unit"]) if found else (bare, "")


def _stretch(one: Indicator) -> tuple[int, int]:
    """Return the clause of a figure, from the part in which its thing is named, without marks at its ends."""
    text, row = one.document.text, one.row
    start, end = row.clause
    named = text.find(row.metric[:4], start, row.start)
    if named >= 0:
        parts = [found.end() for found in _PART.finditer(text, start, named)]
        start = parts[-1] if parts else start
    while start < row.start and text[start] in _MARKS:
        start += 1
    while end > row.end and text[end - 1] in _MARKS:
        end -= 1
    return start, end
