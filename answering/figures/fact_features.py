"""How a fact agrees with a figure question: thing, unit, place, state, period, role, as numbers of about one size."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from answering.extractive.measured_figure import of_years
from answering.question.unit_classes import unit_class
from answering.scoring.sentence_features import covered
from retrieval.facts.fact_state import FactState
from retrieval.facts.figure_role import RoleKind
from retrieval.facts.models import FigureKind
from retrieval.facts.name_similarity import grams, likeness, opposed
from retrieval.facts.sentence_reading import COUNTRY as WHOLE
from retrieval.places.table import COUNTRY
from retrieval.text.normalize import fold
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from answering.evidence.context import QuestionContext
    from answering.figures.fact_candidates import FactCandidate
    from answering.scoring.ranking import Ranking
    from answering.scoring.sentence_features import QuestionWords

NAMES = (
    "cover_metric", "cover_clause", "cover_around", "grams_metric", "grams_left", "grams_clause", "grams_sentence", "grams_heading",
    "chars_metric", "like", "held_back", "tail", "opposed", "quoted", "nearness", "nearness_metric",
    "unit_fits", "unit_named", "unit_off", "unit_other_class", "unit_open_time",
    "change_asked", "change_missed", "change_unasked", "added_asked", "added_unasked", "total_stock", "start", "end",
    "share_unasked", "gap_unasked", "part_unasked", "from_asked", "rank_asked", "scope_other", "scope_named",
    "planned_asked", "planned_missed", "done_missed", "planned_open", "standing",
    "year_same", "year_other", "year_open_newest", "year_open_old", "over_years", "name", "own_place", "inner_place",
    "other_place", "found", "sentence", "sentence_rank", "first", "short_clause",
)  # fmt: skip
_CHANGE = re.compile(
    "增速|增幅|涨幅|降幅|跌幅|增长|上涨|下降|涨|降|减少|增加|提高|回落|多了|少了|快|慢|grow|rise|rose|fall|fell|increase|decrease"
)
_ADDED = re.compile("新增|新建|新开|增加|新添|添|多[了出]|新投|新设|再[建添增]|add|new")
_TOTAL = re.compile("总共|一共|总数|总量|现有|共有|目前|现在|累计|总计|一共|total|now")
_PART = re.compile("其中|里头|里面|当中")
_FROM = re.compile("原来|原先|从多少|之前|以前|前是|起初")
_RANK = re.compile("排第?几|第几|名次|位次|排名|排多少|多少名|几名|rank")
_SEVERAL = re.compile("累计|[三四五六七八九十]年(?:来|间|共|里)|“?十[二三四五]五|以来|年均")
_SPEAKS = 0.2  # share of what is asked for that the sentence of a fact must speak of
_YEARS = 3  # asked for one by one, at most
_SURELY = -1.0  # lean of a question whose own words ask for what was done
_NEAREST = 24  # facts, the most alike first, whose clauses are compared by meaning
_FAR = -0.12  # what the others get, as a distance from the nearest


@dataclass(frozen=True, slots=True)
class FigureQuestion:
    """What a figure question asks, beside what sentences are compared with."""

    reading: QuestionWords
    content: str
    named: frozenset[str]  # places it names
    planned: bool
    done: bool
    change: bool
    added: bool
    total: bool
    part: bool
    start: bool
    rank: bool
    over_years: bool
    best: float  # score of the best sentence found

    @classmethod
    def of(cls, context: QuestionContext, ranking: Ranking) -> FigureQuestion:
        """Read the question of ``context``."""
        folded = context.question.folded
        lean, state = context.lean, context.hypothesis.state
        return cls(
            reading=ranking.reading,
            content=ranking.reading.content,
            named=frozenset(context.hypothesis.places),
            planned=lean > 0 or (state == "planned" and lean > _SURELY),
            done=lean <= _SURELY or (state == "done" and lean <= 0),
            change=bool(_CHANGE.search(folded)),
            added=bool(_ADDED.search(folded)),
            total=bool(_TOTAL.search(folded)),
            part=bool(_PART.search(folded)),
            start=bool(_FROM.search(folded)),
            rank=bool(_RANK.search(folded)),
            over_years=bool(_SEVERAL.search(folded)) or len(ranking.reading.years) > _YEARS,
            best=ranking.best[0].score if ranking.best else 0.0,
        )

    @property
    def each_year(self) -> bool:
        """Whether a figure is asked for each of a few years."""
        return 1 < len(self.reading.years) <= _YEARS and not self.over_years

    def may_be(self, one: FactCandidate) -> bool:
        """Tell whether a fact is of the place and the year asked for, and speaks of the thing at all."""
        if one.row.kind is FigureKind.NAME or not self._of_place(one):
            return False
        if not self._of_years(one):
            return False
        return self.reading.terms.coverage(one.clause, one.line.folded) >= _SPEAKS

    def sums_other(self, one: FactCandidate) -> bool:
        """Tell whether a fact is of several years together where one is asked for that its sentence does not name."""
        years = self.reading.years
        named = len(years) == 1 and str(years[0]) in one.line.folded
        return bool(years) and not self.over_years and not named and one.sums_years

    def _of_years(self, one: FactCandidate) -> bool:
        """Tell whether a fact is of the year asked for, of one of a few, or of as many together as are asked for."""
        years = self.reading.years
        if self.over_years and len(years) > 1:
            return one.row.year in years and one.sums_years
        told = [of_years(one.row, one.line, (year,), self.reading.folded) for year in years]
        return any(told) if self.each_year else all(told)

    def _of_place(self, one: FactCandidate) -> bool:
        document = one.line.document
        place = one.row.place or (COUNTRY.name if document.genre is Genre.REPORT else "")
        if place == WHOLE:
            place = COUNTRY.name
        if not self.named:
            return not one.row.scope
        return (place in self.named and not one.row.scope) or self.names(one.row.scope)

    def names(self, scope: str) -> bool:
        """Tell whether the place or the area within one that a fact is of is named: 成都市, 兰州新区."""
        return bool(scope) and (scope in self.named or scope in self.reading.folded)


def fact_features(
    question: FigureQuestion, found: Sequence[FactCandidate], context: QuestionContext
) -> NDArray[np.float64]:
    """Return a row for each fact, a column for each of ``NAMES``."""
    if not found:
        return np.zeros((0, len(NAMES)))
    told = [
        {**_thing(question, one), **_unit(question, one), **_role(question, one), **_where(question, one)}
        for one in found
    ]
    _add_nearness(told, found, context)
    return np.array([[row[name] for name in NAMES] for row in told], dtype=np.float64)


def _thing(question: FigureQuestion, one: FactCandidate) -> dict[str, float]:
    reading, metric = question.reading, one.metric
    heading = fold("|".join(one.line.passage.heading))
    mine = grams(one.thing)
    content = question.content
    held = [gram in content or any(gram in form for form in _forms(reading)) for gram in mine]
    tail = one.thing[-2:]
    return {
        "cover_metric": reading.terms.coverage(metric),
        "cover_clause": reading.terms.coverage(one.clause, one.line.folded),
        "cover_around": reading.terms.coverage(one.clause, one.line.folded, heading),
        "grams_metric": covered(reading.grams, metric),
        "grams_left": covered(reading.grams, one.left[-30:]),
        "grams_clause": covered(reading.grams, one.clause),
        "grams_sentence": covered(reading.grams, one.line.folded),
        "grams_heading": covered(reading.grams, heading),
        "chars_metric": len(reading.chars & set(metric)) / max(1, len(reading.chars)),
        "like": likeness(content.replace("|", ""), metric),
        "held_back": sum(held) / max(1, len(held)),
        "tail": float(bool(tail) and (tail in content or any(tail in form for form in _forms(reading)))),
        "opposed": float(opposed(content, metric)),
        "quoted": float(bool(reading.quoted) and all(q in one.line.folded for q in reading.quoted)),
    }


def _forms(reading: QuestionWords) -> tuple[str, ...]:
    return tuple(form for term in reading.terms.all for form in term.forms)


def _unit(question: FigureQuestion, one: FactCandidate) -> dict[str, float]:
    want, row = question.reading.want, one.row
    mine = unit_class(row.unit)
    asked = {unit_class(unit) for unit in want.units}
    same = row.unit in want.units
    return {
        "unit_fits": float(mine in asked or same),
        "unit_named": float(want.named and same),
        "unit_off": float(want.named and bool(want.units) and not same and mine not in asked),
        "unit_other_class": float(bool(asked) and mine not in asked and not same),
        "unit_open_time": float(not asked and mine == "time"),
    }


def _role(question: FigureQuestion, one: FactCandidate) -> dict[str, float]:
    row = one.row
    change = row.role is RoleKind.CHANGE
    added = row.role is RoleKind.ADDED
    return {
        "change_asked": float(question.change and change),
        "change_missed": float(question.change and not change),
        "change_unasked": float(change and not question.change),
        "added_asked": float(question.added and added),
        "added_unasked": float(added and not question.added),
        "total_stock": float(question.total and row.stock),
        "start": float(row.role is RoleKind.START),
        "end": float(row.role is RoleKind.END),
        "share_unasked": float(row.role is RoleKind.SHARE and "占" not in question.reading.folded),
        "gap_unasked": float(row.role is RoleKind.GAP),
        "part_unasked": float(row.part and not question.part),
        "from_asked": float(question.start and row.role is RoleKind.START),
        "rank_asked": float(question.rank and bool(row.rank)),
        "name": float(row.kind is FigureKind.NAME),
        "first": float(one.row.start - one.line.start < len(one.line.text) / 3),
        "short_clause": float(len(one.clause) < 12),
    }


def _where(question: FigureQuestion, one: FactCandidate) -> dict[str, float]:
    row, document = one.row, one.line.document
    planned = row.state is FactState.PLANNED
    years = question.reading.years
    newest = question.reading.newest.get(document.place, document.year or 0)
    place = row.place or (COUNTRY.name if document.genre is Genre.REPORT else "")
    own = place in question.named or (row.place == WHOLE and COUNTRY.name in question.named)
    inner = document.province in question.named
    return {
        "scope_other": float(bool(row.scope) and not question.names(row.scope)),
        "scope_named": float(question.names(row.scope)),
        "planned_asked": float(question.planned and planned),
        "planned_missed": float(question.planned and not planned),
        "done_missed": float(question.done and planned),
        "planned_open": float(planned and not question.planned and not question.done),
        "standing": float(row.state is FactState.STANDING),
        "year_same": float(bool(years) and row.year in years),
        "year_other": float(bool(years) and row.year is not None and row.year not in years),
        "year_open_newest": float(not years and document.year == newest),
        "year_open_old": float(not years and (document.year or newest) < newest),
        "over_years": float(one.sums_years and not question.over_years),
        "own_place": float(own),
        "inner_place": float(not own and inner),
        "other_place": float(bool(question.named) and not own and not inner),
        "found": float(one.ranked is not None),
        "sentence": max(-1.0, (one.ranked.score - question.best) / 3) if one.ranked is not None else -1.0,
        "sentence_rank": 1.0 / (1 + one.rank) if one.ranked is not None else 0.0,
    }


def _add_nearness(
    told: Sequence[dict[str, float]], found: Sequence[FactCandidate], context: QuestionContext
) -> None:
    """Add how near in meaning the clauses of the likeliest facts are, as a distance from the nearest.

    Where there is no embedder, what they share with the question stands for it.
    """
    order = sorted(
        range(len(found)),
        key=lambda n: (
            -(
                told[n]["cover_around"]
                + told[n]["grams_clause"]
                + 0.5 * told[n]["unit_fits"]
                + told[n]["sentence"]
            )
        ),
    )[:_NEAREST]
    asked = context.hypothesis.text
    clauses = context.library.nearness(asked, [found[n].clause for n in order])
    metrics = context.library.nearness(asked, [found[n].row.metric for n in order])
    for row in told:
        row["nearness"] = row["nearness_metric"] = 10 * _FAR
    for name, near in (("nearness", clauses), ("nearness_metric", metrics)):
        values = near or [-_FAR * (told[n]["cover_around"] + told[n]["grams_clause"]) / 2 for n in order]
        top = max(values)
        for n, value in zip(order, values, strict=True):
            told[n][name] = 10 * max(_FAR, value - top)
