"""Questions that a library answers and ones that it only seems to, to learn the difference on.

Made of the shared training questions, of the facts of the register under other things, places and states, of
questions written by us, and of people's questions on policy texts and on short texts of other kinds. What is
made is asked of the texts of which it was checked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING

from answering.values.answer import Turn
from evaluation.datasets.material import ROOT, rows
from evaluation.datasets.training_questions import REPORT_SETS, passage_questions, policy_questions
from retrieval.catalog.fact_query import Ask
from retrieval.facts.fact_state import FactState
from retrieval.facts.figure_role import RoleKind
from retrieval.facts.models import FigureKind
from retrieval.facts.name_similarity import core, likeness
from retrieval.places.table import places
from retrieval.quantities.units import unit_class
from retrieval.text.normalize import fold, sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from evaluation.datasets.material import SharedMaterial
    from retrieval import Library
    from retrieval.facts.models import FigureRow
    from retrieval.values.documents import Document

WRITTEN = ROOT / "evaluation" / "training" / "near_misses.tsv"
SPEECHES = ROOT / "evaluation" / "questions" / "seed-own.jsonl"
_BYLAWS = "train-rules"  # answered from by-laws first, and by a search only where those are silent
_HELD = 0.6  # share of a name's pairs of characters from which a sentence may tell of the thing
_EACH = 80  # questions of each kind that is made
_SHORT = re.compile("(?:维吾尔|壮族|回族)?自治区$|[省市]$")
_LEVEL = (
    "{place}{when}{thing}是多少",
    "{place}{when}{thing}有多少{unit}",
    "{thing}{place}{when}达到多少{unit}了",
    "{when}{place}{thing}多少{unit}？",
)
_CHANGE = (
    "{place}{when}{thing}增长了多少",
    "{place}{when}{thing}涨了百分之几",
    "{thing}{place}{when}增速是多少",
    "{when}{place}{thing}涨了几个点",
)
_ATTRIBUTES = {
    "money": ("{place}{thing}一共花了多少钱", "{place}{thing}投了多少亿元", "{thing}{place}每个补多少钱"),
    "people": ("{place}{thing}有多少人受益", "{place}{when}{thing}安排了多少人"),
    "area": ("{place}{thing}占地多少亩", "{place}{thing}总面积有多大"),
    "who": ("{place}{thing}由谁负责", "{place}的{thing}是哪家公司做的"),
    "names": ("{place}{thing}分别叫什么名字", "{place}{when}{thing}都是哪几个"),
    "when": ("{place}{thing}哪一天开始的", "{place}{thing}什么时候结束"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedQuestion:
    """One question with what an answer names; without ``facts`` no text answers it."""

    origin: str  # "shared", "by-law", "written", or the way it was made
    group: str  # by which questions are split
    text: str
    history: tuple[Turn, ...] = ()
    facts: tuple[tuple[str, ...], ...] = ()  # each in the forms that it may be told in
    quotes: tuple[str, ...] = ()  # without white space: words that answer, where no facts are named
    file: str = ""  # of the text that answers, where questions are asked without it too


def shared_questions(material: SharedMaterial) -> Iterator[AskedQuestion]:
    """Yield the shared training questions, claims left out."""
    for name in REPORT_SETS:
        for row in rows(material.path("eval", "bench", f"{name}.jsonl")):
            if row["type"] != "claim" and row["verdict"] is None:
                origin = "by-law" if name == _BYLAWS else "shared"
                yield AskedQuestion(
                    origin=origin if row["answerable"] else f"{origin}, unanswerable",
                    group=row["gold"][0]["doc"] if row["gold"] else row["id"],
                    file=row["gold"][0]["doc"] if row["gold"] else "",
                    text=row["question"],
                    history=tuple(Turn(role=t["role"], content=t["content"]) for t in row["history"]),
                    facts=tuple(map(tuple, row["facts"])) if row["answerable"] else (),
                )


def written_questions() -> Iterator[AskedQuestion]:
    """Yield our own questions on the training texts."""
    for line in WRITTEN.read_text("utf-8").splitlines():
        place, text, fact = line.split("\t")
        origin = "written" if fact else "written, unanswerable"
        yield AskedQuestion(origin=origin, group=place, text=text, facts=((fact,),) if fact else ())


def questions_on_other_texts(material: SharedMaterial, origin: str) -> Iterator[AskedQuestion]:
    """Yield the questions on ``policies``, answered by sentences, or on ``passages``, answered by words."""
    asked = policy_questions if origin == "policies" else passage_questions
    for one in asked(material):
        yield AskedQuestion(
            origin=origin,
            group=one.files[0].rpartition("-")[2],
            text=one.text,
            facts=() if one.whole else (one.quotes,),
            quotes=one.quotes if one.whole else (),
            file=one.files[0],
        )


def speech_questions() -> Iterator[AskedQuestion]:
    """Yield our own questions on the shipped corpus, which says things in other words than people ask in."""
    for row in rows(SPEECHES):
        yield AskedQuestion(
            origin="speech" if row["answerable"] else "speech, unanswerable",
            group=(row["gold"][0]["city"] if row["gold"] else None) or row["id"],
            text=row["question"],
            history=tuple(Turn(role=t["role"], content=t["content"]) for t in row["history"]),
            facts=tuple(map(tuple, row["facts"])) if row["answerable"] else (),
        )


def registered_questions(library: Library) -> Iterator[AskedQuestion]:
    """Yield questions for facts of the register, and ones that no text of the place asked of answers."""
    made = _Register(library)
    yield from made.told()
    yield from made.of_other_things()
    yield from made.of_attributes()
    yield from made.of_cities()
    yield from made.of_other_measures()
    yield from made.of_other_states()


class _Register:
    """The facts of a library's reports, and what its texts say."""

    def __init__(self, library: Library) -> None:
        self._draw = Random(11)  # noqa: S311 - a choice of examples
        self._documents = {one.id: one for one in library.documents() if one.place and one.year}
        self._texts = {name: library.document(name) for name in self._documents}
        found = [one.row for one in library.register.figures(Ask())]
        self._rows = [row for row in found if row.document in self._documents and _usable(row)]
        self._draw.shuffle(self._rows)
        self._all = found

    @cached_property
    def _sentences(self) -> dict[str, list[str]]:
        return {
            name: [fold(text.text[s.start : s.end]) for s in sentences(text.text)]
            for name, text in self._texts.items()
            if text is not None
        }

    def told(self) -> Iterator[AskedQuestion]:
        for row in self._some(2 * _EACH):
            text = self._texts[row.document]
            assert text is not None
            printed = text.text[row.start : row.end]
            number = re.search(r"\d[\d.]*", printed)
            if number is not None:
                yield self._asked("told", row, self._words(row), facts=((number[0],),))

    def of_other_things(self) -> Iterator[AskedQuestion]:
        for row in self._some(_EACH):
            other = self._draw.choice([one for one in self._documents if one != row.document])
            if not self._tells(other, core(fold(row.metric))):
                yield self._asked("other thing", row, self._words(row), document=other)

    def of_attributes(self) -> Iterator[AskedQuestion]:
        for row in self._some(2 * _EACH):
            kind = self._draw.choice(list(_ATTRIBUTES))
            thing = core(fold(row.metric))
            if unit_class(row.unit) == kind or self._has(row.document, thing, kind):
                continue
            yield self._asked(f"attribute: {kind}", row, self._draw.choice(_ATTRIBUTES[kind]))

    def of_cities(self) -> Iterator[AskedQuestion]:
        for row in self._some(_EACH):
            province = self._documents[row.document].place
            cities = [one for one in places() if one.kind == "city" and one.province == province]
            if not cities:
                continue
            city = _SHORT.sub("", self._draw.choice(cities).name)
            thing = core(fold(row.metric))
            if not any(city in one and _share(thing, one) >= _HELD for one in self._sentences[row.document]):
                yield self._asked("city", row, self._words(row), place=city)

    def of_other_measures(self) -> Iterator[AskedQuestion]:
        """Yield questions for a level where only a change is told, and for a change where only a level is."""
        for row in self._some(3 * _EACH):
            if row.role not in (RoleKind.CHANGE, RoleKind.LEVEL):
                continue
            same = [
                one
                for one in self._all
                if one.document == row.document
                and likeness(core(fold(row.metric)), fold(one.metric)) >= _HELD
            ]
            changes = {one.role is RoleKind.CHANGE or unit_class(one.unit) == "share" for one in same}
            if len(changes) > 1:
                continue
            form = "{place}{when}{thing}总共多少" if changes == {True} else self._draw.choice(_CHANGE)
            if changes == {True}:
                form = self._draw.choice(
                    (
                        "{place}{when}{thing}总量是多少",
                        "{place}{when}{thing}有多少亿元",
                        "{thing}{place}{when}一共多少",
                    )
                )
            yield self._asked("other measure", row, form)

    def of_other_states(self) -> Iterator[AskedQuestion]:
        """Yield questions for an aim where only a result is told, and for a result where only an aim is."""
        for row in self._some(3 * _EACH):
            same = [
                one
                for one in self._all
                if one.document == row.document and likeness(core(fold(row.metric)), fold(one.metric)) >= 0.5
            ]
            states = {one.state is FactState.PLANNED for one in same}
            if len(states) > 1 or self._documents[row.document].year != 2026:
                continue
            if states == {True}:
                form = self._draw.choice(("{place}去年{thing}完成了多少", "{place}2025年{thing}实际是多少"))
            else:
                form = self._draw.choice(("{place}今年{thing}的目标是多少", "{place}今年打算{thing}达到多少"))
            yield self._asked("other state", row, form)

    def _some(self, count: int) -> Sequence[FigureRow]:
        return self._draw.sample(self._rows, min(count, len(self._rows)))

    def _words(self, row: FigureRow) -> str:
        return self._draw.choice(_CHANGE if row.role is RoleKind.CHANGE else _LEVEL)

    def _tells(self, document: str, thing: str) -> bool:
        return any(_share(thing, one) >= _HELD for one in self._sentences[document])

    def _has(self, document: str, thing: str, kind: str) -> bool:
        """Tell whether a sentence on a thing may tell an attribute of it."""
        marks = {
            "money": "元",
            "people": "人",
            "area": "亩平",
            "who": "由负公司局厅",
            "names": "、“",
            "when": "月日",
        }[kind]
        return any(
            _share(thing, one) >= _HELD and any(mark in one for mark in marks)
            for one in self._sentences[document]
        )

    def _asked(
        self,
        origin: str,
        row: FigureRow,
        form: str,
        *,
        document: str = "",
        place: str = "",
        facts: tuple[tuple[str, ...], ...] = (),
    ) -> AskedQuestion:
        head = self._documents[document or row.document]
        words = form.format(
            place=place or _SHORT.sub("", head.place or ""),
            when=self._when(row, head),
            thing=core(fold(row.metric)),
            unit="" if unit_class(row.unit) == "share" else row.unit,
        )
        return AskedQuestion(origin=origin, group=head.place or head.id, text=words, facts=facts)

    def _when(self, row: FigureRow, head: Document) -> str:
        if row.year is None or head.year is None:
            return ""
        if row.state is FactState.PLANNED:
            return "今年" if row.year == head.year else f"到{row.year}年"
        return self._draw.choice(("去年", f"{row.year}年")) if row.year == head.year - 1 else f"{row.year}年"


def _usable(row: FigureRow) -> bool:
    thing = core(fold(row.metric))
    return (
        row.kind is not FigureKind.NAME
        and row.role in (RoleKind.LEVEL, RoleKind.CHANGE, RoleKind.ADDED)
        and not row.scope
        and 2 < len(thing) <= 12
    )


def _share(thing: str, text: str) -> float:
    pairs = [thing[n : n + 2] for n in range(len(thing) - 1)]
    return sum(pair in text for pair in pairs) / len(pairs)
