"""What words mean the same in this field, what a topic takes in, and what marks the answer that is wanted.

The words are data (``data/*.tsv``), kept as ``retrieval.text.normalize.fold`` leaves them: loading folds nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from answering.lexicon.term_matcher import WordScan
from retrieval.facts.action_verbs import CHANGE
from retrieval.quantities.units import fits, is_count
from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DATA = Path(__file__).parents[1] / "data"
SHARED = "*"  # marks a word that stands in several groups on purpose

_TRANSLATIONS = 3  # Chinese words that an English term is searched by
_NOT_MEASURED = frozenset(
    {"company", "person", "place", "organisation", "name", "city", "rank", "temperature"}
)
_GENERAL = frozenset({"thesaurus_general", "thesaurus_actions"})
_CHANGES = re.compile(f"(?:{CHANGE})$")
_ASKING = ("多少", "几多", "几")


@dataclass(frozen=True, slots=True)
class Group:
    """Words that mean the same in this field; the official Chinese term stands first."""

    id: int
    words: tuple[str, ...]
    general: bool = False  # a word of any report (项目, 开展), which says little of what is spoken of

    @property
    def official(self) -> str:
        """The term that official texts use."""
        return self.words[0]

    @property
    def chinese(self) -> tuple[str, ...]:
        """The words that Chinese texts use: all but the English ones."""
        return tuple(word for word in self.words if word == self.words[0] or not word.isascii())


@dataclass(frozen=True, slots=True)
class Match:
    """A known word in a text: ``text[start:end] == surface``, a member of the group ``group_id``."""

    start: int
    end: int
    surface: str
    group_id: int


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic, the ways to name it (the plainest first), and words that belong to it."""

    ways: tuple[str, ...]
    words: tuple[str, ...]

    @property
    def name(self) -> str:
        """The plainest name of the topic."""
        return self.ways[0]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A kind of answer that a question asks for ("money", "count" …) and the units such answers bear."""

    kind: str
    units: tuple[str, ...]
    unit: str | None = None  # the one that the question itself names: 条 in 几条


class Lexicon:
    """Looks words up in both directions: from a question's words to a text's, and from a text to groups."""

    def __init__(
        self,
        groups: Iterable[tuple[str, ...]],
        *,
        general: Iterable[tuple[str, ...]] = (),
        plain: Iterable[str] = (),
    ) -> None:
        every = [(words, False) for words in groups] + [(words, True) for words in general]
        self.groups = tuple(
            Group(number, tuple(word.rstrip(SHARED) for word in words), common)
            for number, (words, common) in enumerate(every)
        )
        index: dict[str, tuple[int, ...]] = dict.fromkeys(plain, ())
        for group in self.groups:
            for word in group.words:
                index[word] = (*index.get(word, ()), group.id)
        self._scan = WordScan(index)

    def expand(self, word: str) -> frozenset[str]:
        """Return the word, folded, and every word that means the same."""
        folded = fold(word).strip()
        ids = self._scan.get(folded) or ()
        return frozenset((folded, *(other for number in ids for other in self.groups[number].words)))

    def changed_thing(self, number: int) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
        """Return the thing and the changes of it that a group's words join, for texts that tell the two apart.

        经济增长 is GDP增长 too, and 国内生产总值超过30万亿元，比上年增长9% tells it. None for a group that is no change.
        """
        group = self.groups[number]
        if not _CHANGES.search(group.official):
            return None
        for word in group.chinese:
            change = _CHANGES.search(word)
            things = self._scan.get(word[: change.start()]) if change else None
            own = [n for n in things or () if not self.groups[n].general and n != number]
            if change and own:
                return tuple(w for n in own for w in self.groups[n].chinese), tuple(self._same(change[0]))
        return None

    def _same(self, word: str) -> list[str]:
        return [w for n in self._scan.get(word) or () for w in self.groups[n].chinese] or [word]

    def groups_in(self, text: str) -> tuple[Match, ...]:
        """Return the known words of a text in its order; a word of several groups comes once for each."""
        return tuple(
            Match(found.start, found.end, text[found.start : found.end], number)
            for found in self._scan.find(fold(text))
            for number in found.value
        )

    def translate(self, text: str) -> str:
        """Return the Chinese for the terms of an English question: official terms first, then other words."""
        groups = [self.groups[number] for number in dict.fromkeys(m.group_id for m in self.groups_in(text))]
        ranks = zip_longest(*(group.chinese[:_TRANSLATIONS] for group in groups))
        return " ".join(dict.fromkeys(word for rank in ranks for word in rank if word))

    def topics_in(self, text: str) -> tuple[Topic, ...]:
        """Return the topics that a text names, in its order."""
        return tuple(dict.fromkeys(found.value for found in _topics().find(fold(text))))

    def topics(self) -> tuple[Topic, ...]:
        """Return all topics."""
        return _topic_list()

    def wanted_in(self, text: str) -> tuple[Wanted, ...]:
        """Return the kinds of answer that a question asks for, in its order; 多少升到 names no unit."""
        folded = fold(text)
        found = (
            one.value
            for one in _wanted().find(folded)
            if _stands(one.value.unit, folded[one.end : one.end + 1])
        )
        return tuple(dict.fromkeys(found))


def _stands(unit: str | None, following: str) -> bool:
    """Tell whether a unit that measures is not the beginning of another word: 升到, 天然, 年轻."""
    return unit is None or is_count(unit) or fits(unit, following)


@cache
def load() -> Lexicon:
    """Return the lexicon that ships with the package; the first call reads it."""
    paths = sorted(DATA.glob("thesaurus_*.tsv"))
    groups = [row for path in paths if path.stem not in _GENERAL for row in rows(path)]
    general = [row for path in paths if path.stem in _GENERAL for row in rows(path)]
    return Lexicon(groups, general=general, plain=(row[0] for row in rows(DATA / "plain.tsv")))


def rows(path: Path) -> Iterator[tuple[str, ...]]:
    """Yield the fields of each line of a data file, comments aside."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield tuple(line.split("\t"))


@cache
def _topic_list() -> tuple[Topic, ...]:
    return tuple(Topic(tuple(ways.split("|")), tuple(words)) for ways, *words in rows(DATA / "topics.tsv"))


@cache
def _topics() -> WordScan[Topic]:
    return WordScan({way: topic for topic in _topic_list() for way in topic.ways})


@cache
def _wanted() -> WordScan[Wanted]:
    kinds = [(Wanted(kind, tuple(units)), ways.split("|")) for kind, ways, *units in rows(DATA / "units.tsv")]
    index = {way: _naming(wanted, way) for wanted, ways in kinds for way in ways}
    for wanted, _ in kinds:
        if wanted.kind not in _NOT_MEASURED:
            for way in (asking + unit for asking in _ASKING for unit in wanted.units if not unit.isascii()):
                index.setdefault(way, _naming(wanted, way))
    return WordScan(index)


def _naming(wanted: Wanted, way: str) -> Wanted:
    """Note the unit that a way of asking names itself."""
    for asking in _ASKING:
        unit = way.removeprefix(asking)
        if unit != way and unit in wanted.units:
            return Wanted(wanted.kind, wanted.units, unit)
    return wanted
