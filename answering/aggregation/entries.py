"""Figures of the register as entries of a table: each with its place, its words, what it is set against."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from answering.question.unit_classes import comparable
from retrieval.facts.figure_role import RoleKind
from retrieval.facts.models import FigureKind
from retrieval.quantities import Figure
from retrieval.text.normalize import clauses

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from answering.evidence.lines import SearchableLibrary
    from retrieval.catalog.fact_query import FoundFigure
    from retrieval.facts.models import FigureRow
    from retrieval.values.documents import Document, Passage

_WHOLE = 36  # characters of a clause that is shown whole
_BEFORE = 26  # characters shown before the figure of a longer one, or behind it
_JOINT = re.compile("[、，；]")
_FROM = re.compile("[从由]$")
_MARK = re.compile("的?(?:台阶|大关|关口)")
_SPAN = re.compile("年均|五年|每年|以来|十[二三四五]五|累计")
_NEW = re.compile("新(?!能源|型|兴|材料|区|城|时代)[一-龥]{1,2}的")  # 新施划的车位: made new in the time
_LAST_JOINT = re.compile("[、，；](?=[^、，；]*$)")


@dataclass(frozen=True, eq=False)
class Entry:
    """One figure of one place."""

    place: str
    row: FigureRow
    likeness: float
    document: Document
    passage: Passage
    asked_added: bool = False  # the question asks what was added: then each row tells that, in whatever words

    @cached_property
    def figure(self) -> Figure:
        """The figure as answers weigh it."""
        row = self.row
        return Figure(
            value=row.value,
            unit=row.unit,
            bound=row.bound,
            start=row.start,
            end=row.end,
            text=self._slice(row.start, row.end),
            high=row.high,
        )

    @cached_property
    def words(self) -> str:
        """The words of the text that say it: the clause, or the part of it around the figure."""
        sentence, row = self._slice(*self.row.sentence), self.row
        at = row.start - row.sentence[0]
        clause = next(span for span in clauses(sentence) if span.start <= at < span.end)
        start, end = clause.start, clause.end
        if end - start > _WHOLE:
            start, end = self._around(sentence, start, end)
        return sentence[start:end].strip("，；、：。,;:. \u3000\n")

    def _around(self, sentence: str, start: int, end: int) -> tuple[int, int]:
        """Choose the part of a long clause that names the thing and gives the figure."""
        at, close = (offset - self.row.sentence[0] for offset in (self.row.start, self.row.end))
        metric = sentence.rfind(self.row.metric, start, end)
        if start <= metric < at:
            return metric, close
        joint = _JOINT.search(sentence, close, min(end, close + _BEFORE))
        last = _LAST_JOINT.search(sentence[:at], max(start, at - _BEFORE))
        return last.end() if last else max(start, at - _BEFORE), joint.start() if joint else end

    @property
    def around(self) -> tuple[str, str]:
        """The words of the sentence before the figure, and behind it."""
        start, end = self.row.sentence
        return self._slice(start, self.row.start), self._slice(self.row.end, end)

    @property
    def former(self) -> bool:
        """Whether a better figure is likely beside it: a change set out from it, or it is a mark passed.

        从11.37万亿元, of a time that is not told, and 迈上6万亿元台阶.
        """
        before, after = self.around
        began = not self.row.period and _FROM.search(before) is not None
        return began or _MARK.match(after) is not None

    @property
    def spanning(self) -> bool:
        """Whether the figure is told of several years, or as their mean."""
        return _SPAN.search(f"{self.row.period or ''}|{self.words}") is not None

    @property
    def added(self) -> bool:
        """Whether the figure tells what came to be in a time, and not all that there is: 新增床位, 城镇新增就业."""
        told = self.row.role is RoleKind.ADDED or "新增" in self.row.metric
        return self.asked_added or told or _NEW.search(self.words) is not None

    @property
    def aimed(self) -> bool:
        """Whether the figure is yet to be reached."""
        return self.row.kind is FigureKind.TARGET

    def _slice(self, start: int, end: int) -> str:
        return self.passage.text[start - self.passage.start : end - self.passage.start]


def entries_of(found: Iterable[FoundFigure], library: SearchableLibrary) -> list[Entry]:
    """Return the rows that were found with their documents; those of no place are left out."""
    heads = {one.id: one for one in library.documents()}
    cut: dict[str, dict[str, Passage]] = {}
    out = []
    for one in found:
        row = one.row
        if row.place is None or row.document not in heads:
            continue
        if row.document not in cut:
            cut[row.document] = {p.id: p for p in library.passages(row.document)}
        if (passage := cut[row.document].get(row.passage)) is not None:
            out.append(Entry(row.place, row, one.likeness, heads[row.document], passage))
    return out


def alike(one: Entry, other: Entry) -> bool:
    """Tell whether two entries can be set against each other: their units, reached or aimed at, added or all in all."""
    same = one.aimed == other.aimed and one.added == other.added
    return same and comparable(one.figure, other.figure)


def best_of(entries: Sequence[Entry], among: Sequence[Entry]) -> Entry | None:
    """Return the entry of a place that fits best among those of others: the likest name, the latest year."""
    fitting = [e for e in entries if all(alike(e, other) for other in among)]
    return max(fitting, key=_worth, default=None)


def _worth(entry: Entry) -> tuple[float, bool, bool, int, float]:
    year = entry.row.year or entry.document.year or 0
    return round(entry.likeness, 1), not entry.former, not entry.spanning, year, entry.likeness


def groups(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Part entries into sets that can be compared, the one of most places first, the likest before others."""
    sets: list[list[Entry]] = []
    for entry in entries:
        mine = next((one for one in sets if alike(one[0], entry)), None)
        if mine is None:
            sets.append([entry])
        else:
            mine.append(entry)
    return sorted(sets, key=lambda s: (-len({e.place for e in s}), -max(e.likeness for e in s)))
