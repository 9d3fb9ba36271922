"""A sentence of a model as a claim: its words without list marks, its figures, the places it speaks of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from answering.verification.neutral_words import bar
from answering.verification.overlap import Words
from retrieval.quantities import Figure, Sort, figures
from retrieval.text.normalize import fold, is_english

if TYPE_CHECKING:
    from collections.abc import Collection

    from answering.evidence.lines import Line
    from answering.lexicon.thesaurus import Lexicon
    from retrieval.places.gazetteer import Gazetteer, Mention

_LIST_MARK = re.compile(
    r"^\s*(?:#{1,6}\s+|>\s*|[-*•●·+]\s+|[（(]?\d{1,3}[.．)）、](?!\d)\s*"
    r"|[一二三四五六七八九十]+[、，]\s*|[①-⑳]\s*)*"
)
_DRESS = re.compile(r"\*\*|__|`")
_JOINED = re.compile(r"[\s、,/]*+(?:和|与|及|以及|跟|同|and|&)?[\s、,/]*+")


class Scope(NamedTuple):
    """A stretch of a claim that speaks of certain places; of none by name where ``places`` is empty."""

    start: int
    end: int
    places: tuple[str, ...]


def undressed(text: str) -> str:
    """Return a line without its list mark and emphasis; a row of a table without its outer bars."""
    return _LIST_MARK.sub("", _DRESS.sub("", text)).strip().strip("|").strip()


@dataclass(frozen=True, eq=False)
class Claim:
    """What one sentence claims."""

    text: str
    cited: tuple[Line, ...]
    gazetteer: Gazetteer
    lexicon: Lexicon
    asked: tuple[str, ...] = ()  # places of the question
    asserted: tuple[Figure, ...] = ()  # figures of the question

    @cached_property
    def folded(self) -> str:
        """The claim, folded."""
        return fold(self.text)

    @cached_property
    def english(self) -> bool:
        """Whether it is said in English."""
        return is_english(self.text)

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """All its figures, ordinals among them."""
        return tuple(f for f in figures(self.text, every=True) if f.sort is not Sort.ARTICLE)

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """The places it names."""
        known = {x.document.place for x in self.cited} | set(self.asked)
        found = self.gazetteer.find(self.text, prefer=tuple(sorted(filter(None, known))))
        return tuple(m for m in found if m.certain or m.place.name in known)

    @cached_property
    def words(self) -> Words:
        """Its words, with what claims nothing by itself barred out."""
        spans = [(m.start, m.end) for m in self.mentions] + [(f.start, f.end) for f in self.figures]
        return Words(self.folded, bar(self.folded, spans, english=self.english), self.lexicon)

    def scopes(self, places: Collection[str]) -> list[Scope]:
        """Cut the claim where it passes to another of ``places``, those that documents speak for."""
        groups: list[tuple[int, int, tuple[str, ...]]] = []
        for m in (m for m in self.mentions if m.place.name in places):
            if groups and self._goes_on(groups[-1], m):
                names = dict.fromkeys((*groups[-1][2], m.place.name))
                groups[-1] = (groups[-1][0], m.end, tuple(names))
            else:
                groups.append((m.start, m.end, (m.place.name,)))
        if not groups:
            return [Scope(0, len(self.text), ())]
        starts = [0, *(start for start, _, _ in groups[1:])]
        ends = [*starts[1:], len(self.text)]
        return [Scope(s, e, g[2]) for s, e, g in zip(starts, ends, groups, strict=True)]

    def _goes_on(self, group: tuple[int, int, tuple[str, ...]], mention: Mention) -> bool:
        """Tell whether a mention belongs to the group before it: 台州和萍乡, or 台州 once more."""
        return mention.place.name in group[2] or bool(_JOINED.fullmatch(self.folded, group[1], mention.start))
