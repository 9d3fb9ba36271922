"""Which figure of the sentences found answers, by a learned odds over what it measures, when, and how near it is."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from answering.candidates.annotation import SentenceState
from answering.candidates.sentence_candidates import SentenceCandidate, sentence_candidates
from answering.composition.several import line_at
from answering.evidence.passage_pools import fitting_years
from answering.evidence.pooled_passage import PlaceRelation, PooledPassage
from answering.extractive.measured_figure import says_aim
from answering.extractive.sentence_selection import SelectedSentence, around_figure
from answering.extractive.subset_figures import of_whole
from answering.lexicon.thesaurus import load
from answering.question.operation import asks_growth
from answering.question.subject import thing_of, variants, without_country
from answering.question.unit_classes import comparable, fits, same, unit_class
from answering.scoring.linear_score import OddsScore, read_odds
from answering.scoring.ranker import ranked
from answering.scoring.sentence_features import covered
from retrieval.catalog.fact_query import Ask
from retrieval.facts.figure_role import RoleKind
from retrieval.facts.models import FigureKind
from retrieval.facts.name_similarity import FLOOR, likeness
from retrieval.facts.sentence_reading import COUNTRY as NATIONAL
from retrieval.places.table import COUNTRY
from retrieval.quantities import Sort
from retrieval.text.normalize import fold
from retrieval.values.documents import Hit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.context import QuestionContext
    from answering.evidence.lines import Line
    from answering.scoring.ranker import ScoredCandidate
    from answering.scoring.sentence_features import QuestionWords
    from retrieval.facts.models import FigureRow
    from retrieval.quantities import Figure
    from retrieval.text.normalize import Span

FIGURE_FEATURES = (
    "gap", "score", "same", "clause", "clauses", "likeness", "named", "unnamed", "growth_agrees",
    "growth_differs", "state_agrees", "state_differs", "year_same", "year_off", "name", "first", "over_years",
    "asked_over_years", "own", "ends", "gap_named", "growth_named", "item",
)  # fmt: skip
_LOOKED_AT = 16  # sentences, the best first, whose figures are weighed
_MANY, _OF_MANY = 5, 6  # places from which on fewer sentences of each are weighed, and how many
_REGISTERED = 12  # figures of the register whose names are most like the thing asked for
_MARKS = "、,，;；。:："
_WHERE = re.compile("(?:国内|地区|全[市省区县])(?=生产总值)|(?<=^)gdp")  # whose product it is
_FAR = -6.0
NAMED = 0.8  # likeness of a name from which it is that of the thing asked for
_CHANGES = re.compile("(?:增长|下降|上涨|增速|涨幅|降幅|增幅|增产|减产|增加|提高|减少|回落)[了约近超]?$")
_OVER_YEARS = re.compile("年均|五年|以来|十[二三四五]五|累计|翻番")
_FROM = re.compile("[从由]$")


@dataclass(frozen=True, eq=False, kw_only=True)
class FigureCandidate:
    """A figure of a sentence that was found, with the log-odds that it is the one asked for."""

    scored: ScoredCandidate
    figure: Figure
    row: FigureRow | None  # of the register; None where it has none
    change: bool  # it tells by how much a thing changed, and not its level
    odds: float
    likeness: float = 0.0  # of its name to the thing asked for
    other_kind: bool = (
        False  # it tells of several years at once (年均, 累计), or a level where growth is asked
    )

    @property
    def line(self) -> Line:
        """The sentence it is in."""
        return self.scored.candidate.line

    @property
    def name(self) -> str:
        """What it measures, folded; empty where the register does not tell."""
        return spelt_out(fold(self.row.metric)) if self.row is not None else ""

    @property
    def named(self) -> bool:
        """Whether the register gives it the very name that is asked for."""
        return self.likeness >= NAMED and not self.other_kind

    @property
    def added(self) -> bool:
        """Whether it tells what came to be in a time (新增床位), and not all that there is."""
        return self.row is not None and self.row.role is RoleKind.ADDED

    @property
    def aimed(self) -> bool:
        """Whether it is yet to be reached."""
        planned = self.scored.candidate.annotation.state is SentenceState.PLANNED
        if self.row is not None and self.row.kind in (FigureKind.TARGET, FigureKind.DONE):
            return self.row.kind is FigureKind.TARGET or (planned and says_aim(_said(self)))
        return planned


def spelt_out(name: str) -> str:
    """Return a name (folded) as names are compared: without the words that say whose product is told."""
    return _WHERE.sub(lambda found: "生产总值" if found[0] == "gdp" else "", name)


def agree(one: FigureCandidate, other: FigureCandidate) -> bool:
    """Tell whether two figures measure one thing in one kind of unit.

    Both are a change or a level, both what came to be in a time or all that there is, both aimed at or not, both of
    one year or of several.
    """
    alike = one.change == other.change and one.aimed == other.aimed and one.other_kind == other.other_kind
    if not alike or one.added != other.added or not comparable(one.figure, other.figure):
        return False
    if not one.name or not other.name:
        return False
    return _likeness(one.name, other.name) >= FLOOR


@lru_cache(maxsize=4096)
def _likeness(one: str, other: str) -> float:
    """Return how alike two names are, in their own words or in others that mean the same: 经济增长, 生产总值增长."""
    pairs = [(name, other) for name in variants(one, load())] + [(other, one)]
    return max(likeness(asked, name) for asked, name in pairs)


def chosen_figures(context: QuestionContext, reading: QuestionWords) -> list[FigureCandidate]:
    """Return the figures that could answer the question of ``context``, the likeliest first."""
    rows = figure_rows(context, reading)
    if not rows:
        return []
    weights = _odds()
    odds = weights.score.of(np.array([row for _, row in rows])) + weights.bias
    found = [replace(one, odds=float(value)) for (one, _), value in zip(rows, odds, strict=True)]
    return sorted(found, key=lambda one: -one.odds)


def figure_rows(
    context: QuestionContext, reading: QuestionWords
) -> list[tuple[FigureCandidate, tuple[float, ...]]]:
    """Return the figures of the best sentences, and those of the register that bear the name asked for, with features."""
    thing = thing_of(reading.content, context.question.language, context.lexicon)
    thing = without_country(thing, context.hypothesis.places)
    names = variants(thing, context.lexicon) if len(thing) > 1 else ()
    best = _with_registered(context, reading, names)
    asks_years = bool(_OVER_YEARS.search(reading.folded))
    growth = asks_growth(reading.folded) or any(map(asks_growth, names))
    tops: dict[str | None, float] = {}
    for scored in best:
        tops.setdefault(scored.candidate.found.place, scored.score)
    found = []
    for one in _figures(best, reading, context):
        like = max((likeness(spelt_out(name), one.name) for name in names), default=0.0) if one.row else 0.0
        over = bool(_OVER_YEARS.search(_said(one))) and not asks_years
        named = replace(one, likeness=like, other_kind=over or (growth and not one.change))
        found.append((named, _features(named, reading, names, top=tops[one.scored.candidate.found.place])))
    return found


def _with_registered(
    context: QuestionContext, reading: QuestionWords, names: Sequence[str]
) -> list[ScoredCandidate]:
    """Return the best sentences, and those of the register's figures of that name, by the score of sentences."""
    found = sentence_candidates(context)
    known = {one.line.key for one in found}
    registered = {one.line.key: one for one in _registered(context, names)}
    order = ranked(reading, [*found, *(one for key, one in registered.items() if key not in known)])
    each = _LOOKED_AT if len(context.question.places) < _MANY else _OF_MANY
    seen: Counter[str | None] = Counter()
    kept = []
    for one in order:
        place = one.candidate.found.place
        seen[place] += 1
        if seen[place] <= each or one.candidate.line.key in registered:
            kept.append(one)
    return kept


def _registered(context: QuestionContext, names: Sequence[str]) -> list[SentenceCandidate]:
    national = COUNTRY.name in context.hypothesis.places
    places = context.question.places or ((NATIONAL,) if national else ())
    if not names or not places:
        return []
    years = fitting_years(context.hypothesis.years)
    ask = Ask(places=places, things=tuple(names), years=years, limit=4 * _REGISTERED * len(places))
    seen: Counter[str | None] = Counter()
    found = []
    for one in sorted(context.library.register.figures(ask), key=lambda one: -one.likeness):
        seen[one.row.place] += 1
        if seen[one.row.place] <= _REGISTERED:
            found.append(one)
    made = {}
    for one in found:
        document = context.document(one.row.document)
        line = line_at(context, document, one.row.sentence[0])
        if line is not None and line.key not in made:
            hit = Hit(passage=line.passage, document=document, score=0.0)
            place = COUNTRY.name if one.row.place == NATIONAL else one.row.place
            pooled = PooledPassage(
                hit=hit, relation=PlaceRelation.OWN, place=place, rank=_LOOKED_AT, in_year=True
            )
            made[line.key] = SentenceCandidate(line=line, found=pooled)
            context.seen.setdefault(line.key, line)
            context.hits.setdefault(line.passage.id, hit)
    return list(made.values())


def _figures(
    best: Sequence[ScoredCandidate], reading: QuestionWords, context: QuestionContext
) -> list[FigureCandidate]:
    found = []
    for scored in best:
        line = scored.candidate.line
        whole = not line.is_heading and of_whole([line], context, reading.content)
        for figure in line.figures if whole else ():
            if figure.sort is Sort.DATE or not fits(figure, reading.want):
                continue
            row = context.library.register.figure_at(line.document.id, line.start + figure.start)
            share = unit_class(figure.unit) == "share"
            grown = bool(share and _CHANGES.search(line.folded[: figure.start].rstrip()))
            change = grown or (row is not None and row.kind is FigureKind.COMPARISON)
            found.append(FigureCandidate(scored=scored, figure=figure, row=row, change=change, odds=0.0))
    return found


def _features(
    one: FigureCandidate, reading: QuestionWords, names: Sequence[str], *, top: float
) -> tuple[float, ...]:
    line, figure, row = one.line, one.figure, one.row
    like, said = one.likeness, _said(one)
    clause, _ = _clauses(line, figure)
    growth = asks_growth(reading.folded) or any(map(asks_growth, names))
    side = {"planned": True, "done": False}.get(reading.state or "")
    asked_years = set(reading.years)
    told = row.year if row is not None else None
    over = bool(_OVER_YEARS.search(said))
    first = next((f for f in line.figures if fits(f, reading.want)), figure)
    relation = one.scored.candidate.found.relation
    return (
        max(_FAR, one.scored.score - top),
        one.scored.score / 5,
        float(same(figure, reading.want)),
        covered(reading.grams, line.folded[clause.start : clause.end]),
        covered(reading.grams, said),
        like,
        float(like >= NAMED),
        float(row is None),
        float(growth and one.change),
        float(growth != one.change),
        float(side is not None and side == one.aimed),
        float(side is not None and side != one.aimed),
        float(bool(asked_years) and told in asked_years),
        float(bool(asked_years) and told is not None and told not in asked_years),
        float(figure.sort is Sort.NAME),
        float(first.start == figure.start),
        float(over),
        float(over and bool(_OVER_YEARS.search(reading.folded))),
        float(relation in (PlaceRelation.OWN, PlaceRelation.OPEN)),
        float(bool(_FROM.search(line.folded[: figure.start].rstrip()))),
        max(_FAR, one.scored.score - top) * (like >= NAMED),
        float(like >= NAMED and growth == one.change),
        covered(reading.grams, _item(line, figure)),
    )


def _item(line: Line, figure: Figure) -> str:
    """Return the words between the marks around a figure, folded: its own member of a list of figures."""
    before = max(line.folded.rfind(mark, 0, figure.start) for mark in _MARKS)
    after = [at for mark in _MARKS if (at := line.folded.find(mark, figure.end)) >= 0]
    return line.folded[before + 1 : min(after, default=len(line.folded))]


def _said(one: FigureCandidate) -> str:
    """Return the clause of a figure with the one before it, folded."""
    clause, before = _clauses(one.line, one.figure)
    return one.line.folded[(before or clause).start : clause.end]


def _clauses(line: Line, figure: Figure) -> tuple[Span, Span | None]:
    """Return the clause of a figure and the one before it."""
    at = next((n for n, s in enumerate(line.clauses) if s.start <= figure.start < s.end), 0)
    return line.clauses[at], line.clauses[at - 1] if at else None


def shown(one: FigureCandidate, reading: QuestionWords) -> SelectedSentence:
    """Return the words to quote for a figure: its clause, with what names the thing."""
    spots = reading.terms.spots(one.line.folded)
    span = around_figure(one.line, one.figure, spots)
    return SelectedSentence(one.line, span, 0.0, one.figure)


@cache
def _odds() -> OddsScore:
    return read_odds("figure_weights.json", FIGURE_FEATURES)
