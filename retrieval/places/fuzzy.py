"""Names of places written with one wrong character: 台洲 for 台州, 苹乡 for 萍乡."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

from retrieval.places.table import lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from retrieval.places.table import Name

# What a place's name may follow or be followed by when it is no part of another word.
BEFORE = re.compile(r"(?:^|[^\u3007\u4e00-\u9fff]|[在和与问请那比跟给把让从到说是对及据由向关于看查讲])$")
AFTER = re.compile(
    r"$|[^\u3007\u4e00-\u9fff]|[市的有是在那怎哪几多做搞弄开修新今去共一对和与跟及还也都为呢吗吧拿获评什啥何如当能会被将近目前现说讲]"
)
_LIKE_SOUNDS = re.compile("(?<=[zcs])h|(?<=n)g$")


class Guesses:
    """Finds the given names where one character of them is replaced by one that sounds or looks like it."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._by_first: dict[str, list[Name]] = defaultdict(list)
        self._by_last: dict[str, list[Name]] = defaultdict(list)
        for name in names:
            if len(name.words) >= 2:
                self._by_first[name.words[0]].append(name)
                self._by_last[name.words[-1]].append(name)

    def find(self, folded: str) -> Iterator[tuple[int, Name]]:
        """Give where in a folded text which name may be meant."""
        for at, char in enumerate(folded):
            for name in self._by_first.get(char, ()):
                if _is_meant(folded, at, name.words):
                    yield at, name
            for name in self._by_last.get(char, ()):
                start = at + 1 - len(name.words)
                if start >= 0 and folded[start] != name.words[0] and _is_meant(folded, start, name.words):
                    yield start, name


def stands_alone(folded: str, start: int, end: int, *, strictly: bool = True) -> bool:
    """Tell whether the words around a name leave it standing by itself, on both sides or on one."""
    before = BEFORE.search(folded, 0, start) is not None
    after = AFTER.match(folded, end) is not None
    return (before and after) if strictly else (before or after)


def _is_meant(folded: str, start: int, words: str) -> bool:
    end = start + len(words)
    printed = folded[start:end]
    wrong = [(one, other) for one, other in zip(words, printed, strict=False) if one != other]
    if len(printed) != len(words) or len(wrong) != 1 or _is_other_word(folded, start, end):
        return False
    looks, sounds = _look_alike(*wrong[0]), _sound_alike(*wrong[0])
    if len(words) > 2:
        return looks or sounds
    return (looks or sounds) and stands_alone(folded, start, end, strictly=not looks)


def _is_other_word(folded: str, start: int, end: int) -> bool:
    """Tell whether what is printed, or an end of it with its neighbour, is an ordinary word."""
    around = (folded[start:end], folded[max(0, start - 1) : start + 1], folded[end - 1 : end + 1])
    return any(word in _ordinary() for word in around)


def _look_alike(one: str, other: str) -> bool:
    return other in _looks().get(one, "")


def _sound_alike(one: str, other: str) -> bool:
    return not _sounds().get(one, frozenset()).isdisjoint(_sounds().get(other, frozenset()))


@cache
def _looks() -> dict[str, str]:
    groups = [group for line in lines("lookalikes.txt") for group in line.split()]
    table: dict[str, str] = defaultdict(str)
    for group in groups:
        for char in group:
            table[char] += group
    return dict(table)


@cache
def _sounds() -> dict[str, frozenset[str]]:
    """Map characters to their syllables, with zh and z, in and ing and the like taken for one."""
    table: dict[str, set[str]] = defaultdict(set)
    for syllable, chars in syllables():
        for char in chars:
            table[char].add(_LIKE_SOUNDS.sub("", syllable))
    return {char: frozenset(sounds) for char, sounds in table.items()}


@cache
def syllables() -> tuple[tuple[str, str], ...]:
    """List the syllables of Chinese without tones, each with the characters that are read so."""
    return tuple((syllable, chars) for syllable, chars in (line.split("\t") for line in lines("sounds.tsv")))


@cache
def _ordinary() -> frozenset[str]:
    return frozenset(word for line in lines("ordinary.txt") for word in line.split())
