"""Which planned work and which finished one are the same, by the words that name them."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.facts.name_similarity import grams

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from answering.ledger.undertakings import Undertaking

_SAME = 0.7  # likeness from which on two names are of one work; read off 100 pairs of reports of 2003–2015
_ALIKE = 0.5  # that the longer of the two names has to reach as well
_SAME_PAIRS = 0.58  # or likeness by pairs of characters
_WEIGHT = 2.5  # of the shared characters, in the rarest there can be: 建设规划 alone names no work
_COMMON = 40  # names that a pair of characters may be in and still lead to another name
_SHARED = 0.25  # share of the planned name's pairs of characters that another name has to hold
_CLOSEST = 3  # names that are compared character by character
_PROPER = (
    2  # characters of most proper names; other ones before the same words make two works: 正阳小学, 健康小学
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_PAPER = re.compile(
    "规划|纲要|指引|指南|意见|办法|条例|方案|标准|规定|法规|法案|法$"
)  # a plan of a thing isn't the thing


@dataclass(frozen=True, slots=True)
class _Names:
    """How rare each character, and each pair of them, is among the names of works: log of one in how many."""

    weights: Mapping[str, float]
    pairs: Mapping[str, float]
    rarest: float

    @classmethod
    def of(cls, names: Sequence[str]) -> _Names:
        return cls(
            weights=_rareness([set(name) for name in names]),
            pairs=_rareness([set(grams(name)) for name in names]),
            rarest=_rarity(1, len(names)),
        )

    def weight(self, characters: str) -> float:
        return sum(self.weights[one] for one in characters)

    def of_pairs(self, some: AbstractSet[str]) -> float:
        return sum(self.pairs[one] for one in sorted(some))


def _rareness(held: Sequence[AbstractSet[str]]) -> dict[str, float]:
    counts = Counter(one for some in held for one in some)
    return {one: _rarity(many, len(held)) for one, many in counts.items()}


def _rarity(many: int, of: int) -> float:
    return math.log((of + 1) / (many + 0.5))


def same_works(
    planned: Sequence[Undertaking], done: Sequence[Undertaking]
) -> list[tuple[Undertaking, Undertaking, float]]:
    """Return pairs of one work with their likeness, 0…1; each work is in one pair at most."""
    names = _Names.of([one.object for one in (*planned, *done)])
    holding: dict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(done):
        for gram in grams(one.object):
            holding[gram].append(number)
    found = []
    for at, one in enumerate(planned):
        own = set(grams(one.object))
        shared = Counter(
            number for gram in sorted(own) if len(holding[gram]) <= _COMMON for number in holding[gram]
        )
        close = sorted(shared.items(), key=lambda item: (-item[1], len(done[item[0]].object), item[0]))
        for number, many in close[:_CLOSEST]:
            if many >= max(2.0, _SHARED * len(own)) and not _parted(one.object, done[number].object):
                alike = _likeness(one.object, done[number].object, names)
                if alike >= _SAME:
                    found.append((round(alike, 6), at, number))
    return _once(found, planned, done)


def _parted(planned: str, done: str) -> bool:
    """Tell whether two names set themselves apart: by their numbers, their first words, or a paper and its subject."""
    numbers = set(_NUMBER.findall(planned)), set(_NUMBER.findall(done))
    if all(numbers) and not numbers[0] & numbers[1]:
        return True
    if _PAPER.search(planned) and not _PAPER.search(done):
        return True
    rest = 0
    while rest < min(len(planned), len(done)) and planned[-1 - rest] == done[-1 - rest]:
        rest += 1
    heads = planned[: len(planned) - rest], done[: len(done) - rest]
    return rest > 0 and len(heads[0]) == len(heads[1]) == _PROPER and not set(heads[0]) & set(heads[1])


def _likeness(planned: str, done: str, names: _Names) -> float:
    """Return how much of both names, and of the planned one alone, is the same characters in the same order.

    Names that share enough pairs of characters are as alike as they have to be.
    """
    common = _common(planned, done, names.weights)
    mine, theirs = names.weight(planned), names.weight(done)
    both = 2 * common / (mine + theirs)
    if common < _WEIGHT * names.rarest:
        return 0.0
    one, other = set(grams(planned)), set(grams(done))
    pairs = 2 * names.of_pairs(one & other) / (names.of_pairs(one) + names.of_pairs(other))
    mean = (both + common / mine) / 2 if both >= _ALIKE else 0.0
    return max(mean, _SAME) if pairs >= _SAME_PAIRS else mean


def _common(one: str, other: str, weights: Mapping[str, float]) -> float:
    """Return the weight of the longest common subsequence of two names."""
    before = [0.0] * (len(other) + 1)
    for character in one:
        row = [0.0]
        for j, against in enumerate(other):
            met = before[j] + weights[character] if character == against else 0.0
            row.append(max(met, before[j + 1], row[j]))
        before = row
    return before[-1]


def _once(
    found: Sequence[tuple[float, int, int]], planned: Sequence[Undertaking], done: Sequence[Undertaking]
) -> list[tuple[Undertaking, Undertaking, float]]:
    one: set[int] = set()
    other: set[int] = set()
    kept = []
    for alike, at, number in sorted(found, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if at not in one and number not in other:
            one.add(at)
            other.add(number)
            kept.append((planned[at], done[number], alike))
    return kept
