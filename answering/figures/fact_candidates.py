"""The facts that could give a figure asked for: of the sentences found, and of all texts of the places asked of."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from answering.evidence.register_sentences import RegisterSentences
from answering.evidence.report_parts import sums_years
from retrieval.catalog.fact_query import Ask
from retrieval.facts.fact_state import FactState
from retrieval.facts.models import FigureKind
from retrieval.facts.name_similarity import core
from retrieval.places.table import COUNTRY
from retrieval.quantities.units import unit_class
from retrieval.text.normalize import fold
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from answering.evidence.context import QuestionContext
    from answering.evidence.lines import Line
    from answering.scoring.ranker import ScoredCandidate
    from answering.scoring.ranking import Ranking
    from retrieval.facts.models import FigureRow
    from retrieval.values.documents import Document

_TEXTS = 12  # of the places asked of, the newest first


@dataclass(frozen=True, eq=False)
class FactCandidate:
    """A fact with the sentence it is in; ``ranked`` is that sentence among those found, if it was."""

    row: FigureRow
    line: Line
    ranked: ScoredCandidate | None
    rank: int  # of the sentence, 0 for the best

    @cached_property
    def metric(self) -> str:
        """The measured thing, folded."""
        return fold(self.row.metric)

    @cached_property
    def thing(self) -> str:
        """The measured thing without what is done to it."""
        return core(self.metric)

    @cached_property
    def clause(self) -> str:
        """Its clause, with as much before it as tells what it is about (folded)."""
        start = self.row.clause[0] - self.line.start
        return self.line.folded[max(0, start) : self.row.clause[1] - self.line.start]

    @cached_property
    def left(self) -> str:
        """What comes before the figure in its clause (folded)."""
        return self.line.folded[
            max(0, self.row.clause[0] - self.line.start) : self.row.start - self.line.start
        ]

    @cached_property
    def sums_years(self) -> bool:
        """Whether it is of several years together."""
        return sums_years(self.line.document, self.row)

    @property
    def printed(self) -> str:
        """The figure as printed."""
        return self.line.document.text[self.row.start : self.row.end]


def fact_candidates(context: QuestionContext, ranking: Ranking) -> list[FactCandidate]:
    """Return the facts that could answer the question of ``context``, in the order of their texts."""
    best = ranking.best
    found = {one.candidate.line.key: (n, one) for n, one in enumerate(best)}
    lines = {one.candidate.line.key: one.candidate.line for one in best}
    own = _own_texts(context)
    documents = tuple(dict.fromkeys((*own, *(key[0] for key in lines))))
    if not documents:
        return []
    rows: dict[str, list[FigureRow]] = defaultdict(list)
    for one in context.library.register.figures(Ask(documents=documents)):
        rows[one.row.document].append(one.row)
    made = []
    for name in documents:
        sentences = RegisterSentences(context.library, name) if name in own else None
        for row in rows[name]:
            line = lines.get((name, row.sentence[0])) or (sentences.at(row) if sentences else None)
            if line is not None and not line.is_heading:
                rank, scored = found.get(line.key, (len(best), None))
                made.append(FactCandidate(row=row, line=line, ranked=scored, rank=rank))
    return made


def _own_texts(context: QuestionContext) -> tuple[str, ...]:
    """Return the reports and speeches that speak for the places asked of."""
    places = set(context.hypothesis.places)
    if not places:
        return ()
    held = [
        one
        for one in context.library.documents()
        if one.genre is not Genre.REGULATION and (one.place or _country(one)) in places
    ]
    held.sort(key=lambda one: (-(one.year or 0), one.id))
    return tuple(one.id for one in held[:_TEXTS])


def _country(document: Document) -> str | None:
    return COUNTRY.name if document.genre is Genre.REPORT else None


def same_fact(one: FactCandidate, other: FactCandidate) -> bool:
    """Tell whether two facts are of one thing, place, year, role and state; their values may differ."""
    a, b = one.row, other.row
    return (
        FigureKind.NAME not in (a.kind, b.kind)
        and (a.place, a.scope, a.year, a.role, a.direction, a.part)
        == (b.place, b.scope, b.year, b.role, b.direction, b.part)
        and (a.state is FactState.PLANNED) == (b.state is FactState.PLANNED)
        and unit_class(a.unit) == unit_class(b.unit)
        and a.year is not None
        and one.thing == other.thing
    )
