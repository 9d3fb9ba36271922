"""The gazetteer: which places a text names, in whatever way people write them."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from retrieval.places.document_place import place_of_head
from retrieval.places.fuzzy import Guesses, stands_alone
from retrieval.places.romanized import Spellings, english
from retrieval.places.table import (
    COUNTRY,
    COUNTRY_NAMES,
    Mention,
    Name,
    Place,
    names,
    names_of,
    places,
    unlisted,
)
from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

__all__ = ["Gazetteer", "Mention", "Place"]

_LONGEST_GUESS = 300  # characters; in a longer text nothing is guessed
# After a short name these make it part of another name: 南京路, 延安大学, 河南部, 北京时间.
_OTHER_NAME = re.compile(
    "[东西南北中]?路(?![网面灯段口桥径线上况政费产])|河(?![道湖流长段东西南北])|街(?![头巷区道景])|巷|大道|大街|大学|学院|银行|火车站|机场|时间|合作组织|大厦"
    "|村(?![居镇级民庄屯里])|镇(?![村级区域里])|乡(?![村镇级民])|县(?![域区级乡市里])|区(?![域县级间位划])"
    "|旗(?![下帜舰])|桥(?!梁)"
)
_SIDE = re.compile("[东西南北]?(?:[部岸侧端麓段](?![门署])|[路站])")
# A name with its neighbour, where the words around part it otherwise.
_PARTED = frozenset(["均衡水", "平衡水", "重庆祝", "孙中山", "沿海南", "东海南", "近海南", "公海南"])
_NOT_FULL = {"市": re.compile("[场值]"), "区": re.compile("[域间块位]")}
_CHAIN = re.compile(r"[\s·]*")
_LATIN_CHAIN = re.compile(r",? ?")


class _Index:
    """The names to look for: those of the table and of the places a corpus holds."""

    def __init__(self, extra: Iterable[Place], preferred: frozenset[str]) -> None:
        added = tuple(extra)
        self.preferred = preferred
        self._starts: dict[str, dict[str, list[Name]]] = defaultdict(lambda: defaultdict(list))
        for name in (*names(), *(name for place in added for name in names_of(place))):
            self._starts[name.words[:2]][name.words].append(name)
        self._by_length = {
            start: sorted(found.items(), key=lambda item: -len(item[0]))
            for start, found in self._starts.items()
        }
        self.first = re.compile("[" + "".join(sorted({start[0] for start in self._starts})) + "]")
        self.spellings = Spellings(added, preferred)
        held = [name for found in self._starts.values() for same in found.values() for name in same]
        self.guesses = Guesses(name for name in held if name.place.name in preferred)

    def at(self, folded: str, start: int) -> Iterator[tuple[str, list[Name]]]:
        """Give the names that begin here, longest first, each with all places that bear it."""
        for words, found in self._by_length.get(folded[start : start + 2], ()):
            if folded.startswith(words, start):
                yield words, found


class Gazetteer:
    """Knows the places of China and finds them in texts; ``extra`` adds those of a corpus."""

    def __init__(self, extra: Iterable[Place] = ()) -> None:
        listed = {place.name for place in places()}
        self._extra = tuple(place for place in extra if place.name not in listed)
        self._listed = {place.name: place for place in (*places(), *self._extra, COUNTRY)}
        self._indexes: dict[frozenset[str], _Index] = {}

    def find(self, text: str, *, prefer: Collection[str] = ()) -> tuple[Mention, ...]:
        """Find the places that a text names, in their order and without overlap.

        ``prefer`` holds names of places that a corpus has texts on: of several places with one name these are
        meant, they are found though the table lacks them, and in a question they may be misspelt.
        A province directly before its city is one mention, of the city.
        """
        index = self._index(prefer)
        folded = fold(text)
        found = sorted(self._exact(text, folded, index), key=lambda mention: mention.start)
        found += _latin(text, folded, index)
        if index.preferred and len(text) <= _LONGEST_GUESS:
            found += _guessed(text, folded, index, found)
        return _chained(text, sorted(found, key=lambda mention: mention.start))

    def resolve(self, name: str, *, prefer: Collection[str] = ()) -> Place | None:
        """Give the place that a name means by itself, such as 吉林, 吉林省吉林市 or Jilin City."""
        words = name.strip() if re.search("[A-Za-z]", name) else "".join(name.split())
        if words in self._listed:
            return self._listed[words]
        if fold(words) in COUNTRY_NAMES:
            return COUNTRY
        found = self.find(words, prefer=prefer) if len(words) <= 60 else ()
        whole = len(found) == 1 and (found[0].start, found[0].end) == (0, len(words))
        return found[0].place if whole else None

    def place_of(self, head_text: str, filename: str) -> Place | None:
        """Give the place that a text speaks for, by its file's name and its head; None if they don't tell."""
        return place_of_head(self.find, head_text, filename)

    def english(self, name: str) -> str:
        """Give what a place is called in English: "Jilin City" for 吉林市."""
        return english(name)

    def _index(self, prefer: Collection[str]) -> _Index:
        preferred = frozenset(prefer)
        if preferred not in self._indexes:
            added = [unlisted(name) for name in sorted(preferred) if name and name not in self._listed]
            if len(self._indexes) > 16:
                self._indexes.clear()
            self._indexes[preferred] = _Index((*self._extra, *added), preferred)
        return self._indexes[preferred]

    def _exact(self, text: str, folded: str, index: _Index) -> Iterator[Mention]:
        last: Mention | None = None
        for match in index.first.finditer(folded):
            start = match.start()
            if last and start < last.end:
                continue
            before = last.place if last and _CHAIN.fullmatch(folded, last.end, start) else None
            for words, found in index.at(folded, start):
                fitting = [n for n in found if _stands(folded, start, n, index=index, before=before)]
                if fitting and not _hides(folded, start, fitting, index):
                    place, certain = _choose([n.place for n in fitting], index.preferred, before)
                    last = _mention(text, place, start, start + len(words), certain=certain)
                    yield last
                    break


def _stands(folded: str, start: int, name: Name, *, index: _Index, before: Place | None) -> bool:
    """Tell whether a name that is printed here means its place."""
    end = start + len(name.words)
    if name.full:
        stop = _NOT_FULL.get(name.words[-1])
        return stop is None or stop.match(folded, end) is None
    if folded[start - 1 : end] in _PARTED or folded[start : end + 1] in _PARTED:
        return False
    if _OTHER_NAME.match(folded, end) or (name.words[-1] in "东西南北" and _SIDE.match(folded, end)):
        return False
    if not name.ordinary or (before is not None and name.place.province == before.name):
        return True
    return stands_alone(folded, start, end, strictly=name.place.name not in index.preferred)


def _hides(folded: str, start: int, found: list[Name], index: _Index) -> bool:
    """Tell whether a short name nobody holds overlaps the beginning of one that is held: 那曲 in 那曲靖呢."""
    if not index.preferred or any(name.full or name.place.name in index.preferred for name in found):
        return False
    end = start + len(found[0].words)
    return any(
        name.place.name in index.preferred and at + len(words) > end
        for at in range(start + 1, end)
        for words, same in index.at(folded, at)
        for name in same
    )


def _choose(found: list[Place], preferred: frozenset[str], before: Place | None) -> tuple[Place, bool]:
    """Choose among the places of one name: the one inside the place before it, else one that is preferred."""
    unique = list({place.name: place for place in found}.values())
    inside = [place for place in unique if before is not None and place.province == before.name]
    held = inside or [place for place in unique if place.name in preferred]
    return (held or unique)[0], len(held) == 1 or len(unique) == 1


def _mention(text: str, place: Place, start: int, end: int, *, certain: bool) -> Mention:
    return Mention(place=place, start=start, end=end, surface=text[start:end], certain=certain)


def _latin(text: str, folded: str, index: _Index) -> Iterator[Mention]:
    if re.search("[a-z]", folded):
        for spelling in index.spellings.find(text):
            place, certain = _choose(list(spelling.places), index.preferred, None)
            yield _mention(text, place, spelling.start, spelling.end, certain=certain and spelling.certain)


def _guessed(text: str, folded: str, index: _Index, found: list[Mention]) -> list[Mention]:
    taken = [(mention.start, mention.end) for mention in found]
    guesses: list[Mention] = []
    for start, name in sorted(index.guesses.find(folded), key=lambda guess: -len(guess[1].words)):
        end = start + len(name.words)
        if all(end <= low or high <= start for low, high in taken):
            taken.append((start, end))
            guesses.append(_mention(text, name.place, start, end, certain=False))
    return guesses


def _chained(text: str, mentions: list[Mention]) -> tuple[Mention, ...]:
    """Join a place with the larger one printed directly before it, or after it in English."""
    joined: list[Mention] = []
    for mention in mentions:
        last = joined[-1] if joined else None
        if last and _is_in(mention.place, last.place) and _CHAIN.fullmatch(text, last.end, mention.start):
            joined[-1] = _spanning(text, last, mention, mention.place)
        elif last and _follows_in_english(text, last, mention):
            joined[-1] = _spanning(text, last, mention, last.place)
        else:
            joined.append(mention)
    return tuple(joined)


def _follows_in_english(text: str, last: Mention, mention: Mention) -> bool:
    gap = _LATIN_CHAIN.fullmatch(text, last.end, mention.start)
    return gap is not None and mention.surface[0].isascii() and _is_in(last.place, mention.place)


def _spanning(text: str, first: Mention, last: Mention, place: Place) -> Mention:
    merged = _mention(text, place, first.start, last.end, certain=first.certain and last.certain)
    return replace(merged, place=place)


def _is_in(inner: Place, outer: Place) -> bool:
    if inner.kind == "county":
        near = inner.province in (None, outer.province, outer.name)
        return near and outer.kind in ("province", "city")
    return inner.province == outer.name
