"""The narrower place that a figure is of, where its words name one: 杭州市增长6% in a report of 浙江省."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from retrieval.places.gazetteer import Gazetteer
from retrieval.places.table import COUNTRY, names
from retrieval.text.sentences import HAN

if TYPE_CHECKING:
    from retrieval.facts.figure_context import FigureSpot
    from retrieval.places.table import Place
    from retrieval.values.documents import Document

_OTHER = re.compile(
    "都市圈|经济圈|城市群|经济带|新区|[铁公]路|机场|海关|港(?!口)|大学|城区"
)  # what bears a place's name
_AREA = re.compile(f"(?:国家级?)?(?:新区|高新区|经开区|开发区|自贸区|保税区|合作区)(?=[{HAN}])(?![与和及、])")
_TAKES_PART = frozenset("与和同对从向比较往到至于")  # before a place that only takes part in what is told


def scope_of(spot: FigureSpot, clause: str, document: Document) -> str:
    """Return the one place inside the document's own that the words before a figure name; "" for the whole.

    An area that bears a place's name (兰州新区) is one by itself, and is given as it is printed.
    ``clause`` is what comes before the figure in its clause, folded. Of a list of places none is meant.
    """
    if area := _area(spot.left.lstrip("，,；;、。 "), document.place):
        return area
    for words in (spot.left, clause):
        found = [
            place.name
            for place, before in _named(words)
            if _inside(place, document) and before not in _TAKES_PART
        ]
        if len(found) == 1:
            return found[0]
        if found:
            return ""
    return ""


@lru_cache(maxsize=4_096)
def _area(words: str, own: str | None) -> str:
    """Return the area that words begin with and tell something of, "" where they begin with none."""
    for one in _gazetteer().find(words):
        area = _AREA.match(words, one.end) if one.start == 0 else None
        if area is not None and own in (None, one.place.province):
            return words[: area.end()]
    return ""


def _inside(place: Place, document: Document) -> bool:
    own = document.place or COUNTRY.name
    if place.name in (own, document.province, COUNTRY.name):
        return False
    return own in (COUNTRY.name, place.province)


@lru_cache(maxsize=4_096)
def _named(words: str) -> tuple[tuple[Place, str], ...]:
    """Return the places that words name for certain, each with the character before it."""
    return tuple(
        (one.place, words[max(0, one.start - 1) : one.start])
        for one in _gazetteer().find(words)
        if one.certain and one.surface not in _ordinary() and not _OTHER.match(words, one.end)
    )


@cache
def _gazetteer() -> Gazetteer:
    return Gazetteer()


@cache
def _ordinary() -> frozenset[str]:
    """Return the short names that are words of their own too: 白银."""
    return frozenset(one.words for one in names() if one.ordinary)
