"""Places in Latin letters: pinyin and English names, read and written."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from retrieval.places.fuzzy import syllables
from retrieval.places.table import COUNTRY, Place, english_names, places
from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_WORD = re.compile("[a-z]+")
_GAP = re.compile(r" ?['’‘`]?|-")
_LAST_WORDS = r"province|prefecture|league|county|district|city|municipality|autonomous region|region"
_SUFFIX = re.compile(rf"(?: ?(?:{_LAST_WORDS}|shi|sheng|qu|xian)(?![a-z]))?")
_ATTACHED = ("shi", "sheng")
_KINDS = {
    "city": re.compile("市$"),
    "municipality": re.compile("市$"),
    "shi": re.compile("市$"),
    "prefecture": re.compile("[州市盟]$|地区$"),
    "league": re.compile("盟$"),
    "province": re.compile("省$"),
    "sheng": re.compile("省$"),
    "region": re.compile("区$"),
    "autonomous region": re.compile("自治区$"),
    "county": re.compile("[县旗]$"),
    "xian": re.compile("[县旗]$"),
    "district": re.compile("区$"),
    "qu": re.compile("区$"),
}
_TITLE = re.compile(rf"(?i)\s(?:{_LAST_WORDS})$")
_COUNTY_ENGLISH = {"区": "District", "县": "County", "旗": "Banner", "镇": "Town", "乡": "Township"}
_SPELLED = {"海拉尔": "Hailar"}
# Names that are also other words, in English or in pinyin, and mean a place only with a sign that they do.
_COMMON = frozenset(
    ("jian", "xian", "luan", "aba", "ili", "ali", "aral", "dali", "taian", "sian", "hami", "sanya")
)
_SIGN = re.compile(r"(?:^|\b(?:in|of|for|at|to|from|and|or|did|does|has|is|about|vs)) ?$")


@dataclass(frozen=True, slots=True)
class Spelling:
    """A stretch of Latin letters that spells a name, and the places that bear it."""

    start: int
    end: int
    places: tuple[Place, ...]
    certain: bool


class Spellings:
    """Finds places by their Latin names; ``known`` ones may be misspelt by a letter."""

    def __init__(self, extra: Iterable[Place], known: frozenset[str]) -> None:
        self._index: dict[str, tuple[Place, ...]] = dict(_table())
        self._known = known
        for place in extra:
            for key in _keys(place, english(place.name)):
                self._index[key] = (*self._index.get(key, ()), place)
        self._longest = max(map(len, self._index))
        self._known_keys = [key for key, found in self._index.items() if any(p.name in known for p in found)]

    def find(self, text: str) -> Iterator[Spelling]:
        """Give the names in a text, longest first at each place, none overlapping."""
        plain = _letters(text)
        words = list(_WORD.finditer(plain))
        at = 0
        while at < len(words):
            found, used = self._longest_at(text, plain, words, at)
            if found:
                yield found
            at += used

    def _longest_at(
        self, text: str, plain: str, words: list[re.Match[str]], at: int
    ) -> tuple[Spelling | None, int]:
        for count in range(_joined(plain, words, at), 0, -1):
            start, end = words[at].start(), words[at + count - 1].end()
            key = "".join(word[0] for word in words[at : at + count])
            if len(key) <= self._longest + 5 and (found := self._spelling(text, plain, key, (start, end))):
                return found, max(count, sum(word.start() < found.end for word in words[at:]))
        return self._misspelt(words[at]), 1

    def _spelling(self, text: str, plain: str, key: str, span: tuple[int, int]) -> Spelling | None:
        start, end = span
        suffix = _SUFFIX.match(plain, end)
        last = suffix[0].strip() if suffix else ""
        places = self._index.get(key, ())
        for ending in _ATTACHED:
            if not places and key.endswith(ending) and key[: -len(ending)] in self._index:
                places, last, suffix = self._index[key[: -len(ending)]], ending, None
        if key in _COMMON and not (last or self._is_marked(text, key, span)):
            return None
        fitting = tuple(place for place in places if not last or _KINDS[last].search(place.name))
        if not fitting:
            return Spelling(start, end, places, certain=True) if places else None
        return Spelling(start, suffix.end() if suffix else end, fitting, certain=True)

    def _is_marked(self, text: str, key: str, span: tuple[int, int]) -> bool:
        start, end = span
        printed = text[start:end]
        known = any(place.name in self._known for place in self._index.get(key, ()))
        return (
            known or not printed.isalpha() or printed[0].isupper() or _SIGN.search(text[:start]) is not None
        )

    def _misspelt(self, word: re.Match[str]) -> Spelling | None:
        if len(word[0]) < 6 or word[0] in self._index:
            return None
        for key in self._known_keys:
            if _one_apart(key, word[0]):
                found = tuple(place for place in self._index[key] if place.name in self._known)
                return Spelling(word.start(), word.end(), found, certain=False)
        return None


def english(name: str) -> str:
    """Give the English name of a place, spelled by its sounds where the table has none."""
    if name == COUNTRY.name:
        return "China"
    if name in english_names():
        return english_names()[name]
    last = _COUNTY_ENGLISH.get(name[-1:], "")
    stem = name[:-1] if last or name.endswith("市") else name
    return f"{_SPELLED.get(stem) or _spell(stem)} {last}".strip()


def _spell(chars: str) -> str:
    reading = {char: syllable for syllable, group in reversed(syllables()) for char in group}
    sounds = [reading.get(char, char) for char in chars]
    joined = "".join(f"'{s}" if i and s[0] in "aeo" else s for i, s in enumerate(sounds))
    return joined[:1].upper() + joined[1:]


@cache
def _table() -> dict[str, tuple[Place, ...]]:
    index: dict[str, tuple[Place, ...]] = defaultdict(tuple)
    for place in places():
        for key in _keys(place, english_names()[place.name]):
            index[key] = (*index[key], place)
    return dict(index)


def _keys(place: Place, name: str) -> set[str]:
    spelled = [name, *(alias for alias in place.aliases if alias.isascii())]
    keys = {_key(_TITLE.sub("", one)) for one in spelled}
    return {key for key in keys if key}


def _key(name: str) -> str:
    return "".join(_WORD.findall(_letters(name)))


def _letters(text: str) -> str:
    """Fold a text and take the marks off its letters, each character in its place."""
    folded = fold(text)
    if folded.isascii():
        return folded
    return "".join(unicodedata.normalize("NFD", c)[0] if "\xc0" <= c < "\u0250" else c for c in folded)


def _joined(plain: str, words: list[re.Match[str]], at: int) -> int:
    """Count the words from here on that may be syllables of one name."""
    count = 1
    while (
        count < 6
        and at + count < len(words)
        and _GAP.fullmatch(plain, words[at + count - 1].end(), words[at + count].start())
    ):
        count += 1
    return count


def _one_apart(one: str, other: str) -> bool:
    """Tell whether a letter dropped, added or replaced makes one word of the other."""
    if abs(len(one) - len(other)) > 1:
        return False
    same = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if same is None:
        return True
    return one[same + 1 :] in (other[same + 1 :], other[same:]) or one[same:] == other[same + 1 :]
