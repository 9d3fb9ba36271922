"""How far words rest on other words: by shared stretches of characters, by synonyms, by abbreviation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING

from answering.lexicon.term_matcher import WordScan
from answering.lexicon.thesaurus import DATA, rows
from retrieval.text.sentences import HAN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from answering.lexicon.thesaurus import Lexicon, Match

_CONTENT = re.compile(f"[{HAN}]+|[a-z0-9]+")
_RUN = re.compile(f"[{HAN}]{{2,}}")
_LIGHT = frozenset(
    "自中出现投起办登动建经于受设修花增进达获成做搞用分内里上下前后时间名位个家人次处条项件座多余约近共总超已正新老大小好各每不未也都还又再即若如按依照据因所个本年月日市s"
)  # characters that name nothing by themselves
_SHORTENED = (2, 4)  # characters of a word that may be an abbreviation of what stands in the source
_SPREAD = 3  # characters between two of an abbreviation


@dataclass(frozen=True, eq=False)
class Words:
    """A folded stretch of text with its content: neutral words, figures and places are barred out.

    ``bare`` is as long as ``text``; a bar stands where ``text`` says nothing of its own.
    """

    text: str
    bare: str
    lexicon: Lexicon

    @cached_property
    def matches(self) -> tuple[Match, ...]:
        """The known words of the text."""
        return self.lexicon.groups_in(self.text)

    @cached_property
    def size(self) -> int:
        """How many characters of content there are."""
        return sum(map(len, _CONTENT.findall(self.bare)))

    def shared(self, source: str) -> list[bool]:
        """Tell of each character whether it stands in ``source`` (folded), alike or in other words."""
        mask = [False] * len(self.text)
        for start, end in _stretches(self.text, source):
            mask[start:end] = [True] * (end - start)
        for match in self.matches:
            if not all(mask[match.start : match.end]) and self._means(match, source):
                mask[match.start : match.end] = [True] * (match.end - match.start)
        for start, end in self._reworded(source):
            mask[start:end] = [True] * (end - start)
        for run in _RUN.finditer(self.bare):
            _close_lone(mask, run.start(), run.end())
        return mask

    def _reworded(self, source: str) -> Iterator[tuple[int, int]]:
        """Give the words of the text that the source says in other words of an answer's own."""
        for found in _paraphrases().find(self.text):
            words = (word for group in found.value for word in group)
            if any(word in source for word in words if word.isascii() == source.isascii()):
                yield found.start, found.end

    def _means(self, match: Match, source: str) -> bool:
        words = self.lexicon.groups[match.group_id].words
        return any(word in source for word in words if word.isascii() == source.isascii())

    def part(self, start: int, end: int) -> Words:
        """Return the words of a stretch."""
        return Words(self.text[start:end], self.bare[start:end], self.lexicon)

    def missing(self, mask: Sequence[bool], source: str) -> list[str]:
        """Return the stretches of content that the mask leaves open, light single characters aside."""
        return [run for run in _open_runs(self.bare, mask) if not is_short_for(run, source)]

    def share(self, mask: Sequence[bool]) -> float:
        """Return the share of the content that the mask covers; 1 where there is none."""
        held = sum(mask[i] for m in _CONTENT.finditer(self.bare) for i in range(m.start(), m.end()))
        return held / self.size if self.size else 1.0


@cache
def _paraphrases() -> WordScan[tuple[tuple[str, ...], ...]]:
    index: dict[str, tuple[tuple[str, ...], ...]] = {}
    for group in rows(DATA / "paraphrase.tsv"):
        for word in group:
            index[word] = (*index.get(word, ()), group)
    return WordScan(index)


def is_short_for(word: str, source: str) -> bool:
    """Tell whether a word's characters stand in ``source`` in order, near each other: 督查 of 督导检查."""
    low, high = _SHORTENED
    return low <= len(word) <= high and _scattered(word).search(source) is not None


@lru_cache(maxsize=2048)
def _scattered(word: str) -> re.Pattern[str]:
    return re.compile(f"[^。,;]{{0,{_SPREAD}}}".join(map(re.escape, word)))


def _stretches(text: str, source: str) -> Iterator[tuple[int, int]]:
    """Give the stretches of two characters or more that both texts hold, longest at each place."""
    at = 0
    while at < len(text) - 1:
        end = at + 2
        if text[at] in " |" or text[at:end] not in source:
            at += 1
            continue
        while end < len(text) and text[at : end + 1] in source:
            end += 1
        yield at, end
        at = max(at + 1, end - 1)


def _close_lone(mask: list[bool], start: int, end: int) -> None:
    """Uncover single characters inside a run of content: 新 of 新时代 tells nothing of 新型."""
    for at in range(start, end):
        before, after = at > start and mask[at - 1], at + 1 < end and mask[at + 1]
        if mask[at] and not before and not after:
            mask[at] = False


def _open_runs(bare: str, mask: Sequence[bool]) -> Iterator[str]:
    for match in _CONTENT.finditer(bare):
        cut = "".join(bare[i] if not mask[i] else "|" for i in range(match.start(), match.end()))
        yield from (run for run in cut.split("|") if len(run) > 1 or (run and run not in _LIGHT))
