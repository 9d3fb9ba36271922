"""Features of a message for the learned classifiers: character n-grams with names and figures masked, and structure.

Places, the country, years and other figures are masked by one character each, so that what is learned holds
for any place and any figure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from retrieval.places.table import COUNTRY
from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.places.gazetteer import Gazetteer, Mention

LONGEST = 3  # characters of an n-gram
_PLACE, _YEAR, _FIGURE = "\ue000", "\ue001", "\ue002"
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_CHINESE = re.compile("[一-鿿]")
_LENGTHS = (4, 7, 11, 16, 24, 40)
_SHARED = (0.05, 0.25, 0.5, 0.75)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassifiedMessage:
    """A message as the classifiers take it: folded, with the places that it names, and what was asked before."""

    folded: str
    mentions: tuple[Mention, ...]
    before: str = ""  # the question before it, folded


def message(
    text: str, gazetteer: Gazetteer, *, prefer: Sequence[str] = (), before: str = ""
) -> ClassifiedMessage:
    """Read a text as a message; ``prefer`` are the places that the library holds texts of."""
    folded = fold(text.strip())
    return ClassifiedMessage(
        folded=folded, mentions=gazetteer.find(folded, prefer=prefer), before=fold(before.strip())
    )


def features(one: ClassifiedMessage) -> dict[str, float]:
    """Return the features of a message by name; the n-grams together have length one."""
    masked = mask(one)
    grams = set(_grams(masked))
    weight = len(grams) ** -0.5 if grams else 0.0
    return dict.fromkeys(grams, weight) | {f"#{name}": 0.3 for name in _structure(one, masked)}


def mask(one: ClassifiedMessage) -> str:
    """Return the folded message with a mark for each place, year and other figure, and one at either end."""
    out, at = [], 0
    for mention in one.mentions:
        out.append(one.folded[at : mention.start])
        out.append(mention.surface if mention.place.name == COUNTRY.name else _PLACE)
        at = max(at, mention.end)
    joined = "".join([*out, one.folded[at:]])
    return f"^{_DIGITS.sub(_of_digits, joined.rstrip('?？。!！ '))}$"


def _of_digits(found: re.Match[str]) -> str:
    digits = found[0]
    year = digits.isdigit() and (len(digits) == 4 and digits[:2] in ("19", "20"))
    return _YEAR if year else _FIGURE


def _grams(masked: str) -> Iterator[str]:
    for size in range(1, LONGEST + 1):
        for start in range(len(masked) - size + 1):
            yield masked[start : start + size]


def _structure(one: ClassifiedMessage, masked: str) -> Iterator[str]:
    places = len({mention.place.name for mention in one.mentions})
    yield f"places={min(places, 2)}"
    yield f"length={sum(len(masked) > bound for bound in _LENGTHS)}"
    script = "chinese" if _CHINESE.search(masked) else "latin"
    yield script
    if _YEAR in masked:
        yield "year"
    if _FIGURE in masked:
        yield "figure"
    if one.before:
        yield "follows"
        yield f"shared={sum(_shared(one) > bound for bound in _SHARED)}"
        yield f"follows,places={min(places, 2)}"
        yield f"follows,{script},places={min(places, 2)}"
        yield f"follows,length={sum(len(masked) > bound for bound in _LENGTHS)}"


def _shared(one: ClassifiedMessage) -> float:
    """Return the share of the message's pairs of characters that the question before it has, too."""
    own = {a + b for a, b in pairwise(one.folded)}
    return len(own & {a + b for a, b in pairwise(one.before)}) / len(own) if own else 0.0
