"""Find known words in a text: Chinese by the best cut of a run, English by whole words in any inflection."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

V = TypeVar("V")

_ENGLISH_TOKEN = re.compile(r"[a-z0-9&]+(?:\.[0-9]+)?(?:'[a-z]+)?")
_GAP, _WORD, _CHARACTER = (
    1000,
    1,
    400,
)  # costs of a cut: an unknown character, a word, a word of one character
_MIN_STEM = 3


class FoundTerm(NamedTuple, Generic[V]):
    """A known word at ``text[start:end]`` and what it stands for."""

    start: int
    end: int
    value: V


class _Node(Generic[V]):
    """One token of English phrases: what follows it, and what the phrase that ends here stands for."""

    __slots__ = ("below", "value")

    def __init__(self) -> None:
        self.below: dict[str, _Node[V]] = {}
        self.value: V | None = None


class WordScan(Generic[V]):
    """Knows words and what each stands for; words and texts are given folded, and an empty word is none."""

    def __init__(self, words: Mapping[str, V]) -> None:
        self._chinese: dict[str, V] = {}
        self._phrases: dict[str, V] = {}
        lengths: dict[str, set[int]] = {}
        for word, value in words.items():
            if word.isascii():
                self._phrases[word] = value
            else:
                self._chinese[word] = value
                lengths.setdefault(word[:2], set()).add(len(word))
        self._lengths = {start: tuple(sorted(sizes, reverse=True)) for start, sizes in lengths.items()}

    def find(self, text: str) -> list[FoundTerm[V]]:
        """Return the words of a folded text in its order; no two overlap."""
        found = list(self._find_chinese(text)) if not text.isascii() else []
        taken = [(word.start, word.end) for word in found]
        for word in self._find_english(text):
            if not any(word.start < end and start < word.end for start, end in taken):
                found.append(word)
        return sorted(found, key=lambda word: word.start)

    def get(self, word: str) -> V | None:
        """Return what a folded word stands for, also when it is an inflected English one."""
        if not word.isascii():
            return self._chinese.get(word)
        found = self.find(word)
        return found[0].value if len(found) == 1 and found[0][:2] == (0, len(word)) else None

    @cached_property
    def _english(self) -> _Node[V]:
        """The tree of English phrases, grown when the first text with Latin letters or digits comes."""
        root: _Node[V] = _Node()
        for phrase, value in self._phrases.items():
            node = root
            for token in _ENGLISH_TOKEN.findall(phrase):
                node = node.below.setdefault(token, _Node())
            node.value = value
        return root

    def _find_chinese(self, text: str) -> Iterator[FoundTerm[V]]:
        """Cut a text so that the fewest characters stay unknown, then into the fewest words."""
        size = len(text)
        cost, step = [0] * (size + 1), [0] * size
        for start in range(size - 1, -1, -1):
            best, length = cost[start + 1] + _GAP, 0
            for known in self._known_at(text, start):
                price = cost[start + known] + (_WORD if known > 1 else _CHARACTER)
                if price < best or (price == best and not length):
                    best, length = price, known
            cost[start], step[start] = best, length
        start = 0
        while start < size:
            if step[start]:
                end = start + step[start]
                yield FoundTerm(start, end, self._chinese[text[start:end]])
                start = end
            else:
                start += 1

    def _known_at(self, text: str, start: int) -> Iterator[int]:
        for length in self._lengths.get(text[start : start + 2], ()):
            word = text[start : start + length]
            if len(word) == length and word in self._chinese:
                yield length
        if text[start] in self._chinese:
            yield 1

    def _find_english(self, text: str) -> Iterator[FoundTerm[V]]:
        tokens = [
            (m.start(), m.end(), _forms(m.group())) for m in _ENGLISH_TOKEN.finditer(text.replace("’", "'"))
        ]
        index = 0
        while index < len(tokens):
            length, value = self._longest(self._english, [forms for _, _, forms in tokens[index : index + 8]])
            if value is not None:
                yield FoundTerm(tokens[index][0], tokens[index + length - 1][1], value)
            index += max(1, length)

    def _longest(self, node: _Node[V], forms: list[tuple[str, ...]]) -> tuple[int, V | None]:
        best: tuple[int, V | None] = (0, node.value)
        for form in forms[0] if forms else ():
            below = node.below.get(form)
            if below is None:
                continue
            length, value = self._longest(below, forms[1:])
            if value is not None and length + 1 > best[0]:
                best = (length + 1, value)
        return best


def _forms(token: str) -> tuple[str, ...]:
    """Return an English token and the words it may be an inflection of, likeliest first."""
    word = token.partition("'")[0]
    forms = [token, word]
    if word.endswith("s") and len(word) > _MIN_STEM:
        forms.append(word[:-1])
        if word.endswith("es"):
            forms.append(word[:-2])
        if word.endswith("ies"):
            forms.append(word[:-3] + "y")
    for ending in ("ed", "ing"):
        if word.endswith(ending) and len(word) - len(ending) >= _MIN_STEM - 1:
            forms += _stems(word[: -len(ending)])
    return tuple(dict.fromkeys(forms))


def _stems(stem: str) -> list[str]:
    """Return what a verb may have been before -ed or -ing: plant, renovate, stop, carry."""
    stems = [stem, stem + "e"]
    if stem[-1:] == stem[-2:-1]:
        stems.append(stem[:-1])
    if stem.endswith("i"):
        stems.append(stem[:-1] + "y")
    return stems
