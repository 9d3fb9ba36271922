"""The claims of a longer text that can be checked: its sentences that give a figure or a rank."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrieval.quantities import Sort, figures, years
from retrieval.text.normalize import fold, sentences

if TYPE_CHECKING:
    from collections.abc import Collection

    from retrieval.places.gazetteer import Gazetteer

_RANK = re.compile(
    "第[一二三四五六七八九十\\d]+[位名大]|首位|榜首|居首|第一|最[大高多长快低]|first|largest|highest"
)
_NOW = re.compile("今年|去年|上年|明年|前年|this year|last year")
_ENDS = re.compile(r"(?<=[.!?])\s+(?=[A-Z])|\n+")


def checkable(text: str, gazetteer: Gazetteer, *, known: Collection[str] = ()) -> tuple[str, ...]:
    """Return the sentences of a text that claim something to be checked, in its order.

    A sentence that names no place or year gets those of the sentences before it put before it; ``known`` are the
    places of the texts held.
    """
    found: list[str] = []
    place, year = "", ""
    for sentence in _sentences(text):
        named = [
            m.surface for m in gazetteer.find(sentence, prefer=known) if m.certain or m.place.name in known
        ]
        when = years(sentence)
        if _can_be_checked(sentence):
            told = year if not when and not _NOW.search(fold(sentence)) else ""
            found.append(f"{'' if named else place}{told}{sentence}")
        place = named[0] if named else place
        year = f"{when[0]}年" if len(when) == 1 else "" if when else year
    return tuple(found)


def _sentences(text: str) -> list[str]:
    pieces = (text[s.start : s.end] for s in sentences(text))
    return [p.strip() for piece in pieces for p in _ENDS.split(piece) if p.strip()]


def _can_be_checked(sentence: str) -> bool:
    counted = any(f.sort is Sort.QUANTITY for f in figures(sentence))
    return (counted or _RANK.search(fold(sentence)) is not None) and not sentence.endswith(("?", "？"))
