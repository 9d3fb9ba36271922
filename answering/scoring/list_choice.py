"""Which numbered list of the documents found answers a question, by a learned score, and whether one does."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from answering.candidates.list_structures import ListStructure, announced, list_structures
from answering.scoring.linear_score import LinearScore, OddsScore, read_odds, read_score
from answering.scoring.sentence_features import covered
from retrieval.quantities import parse_number
from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.scoring.ranker import ScoredCandidate
    from answering.scoring.ranking import Ranking
    from retrieval.values.documents import Document

LIST_FEATURES = (
    "best", "intro", "head", "gap", "intro_share", "heads_share", "headings_share", "count_same", "count_other",
    "items", "inside", "first_rank", "narrow", "under_heading", "parent", "span", "promised",
)  # fmt: skip
_DEPTH = 16  # sentences, the best first, whose lists are looked at
_COUNT = re.compile(
    r"([一二两三四五六七八九十]{1,3}|\d{1,3})(?:来|多)?(?:个|条|项|件|大|点|方面|句|种|招|类|张|步)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredList:
    """A list that could answer, with its score and the odds that it does."""

    structure: ListStructure
    document: Document  # whole
    score: float
    row: tuple[float, ...]


def scored_lists(ranking: Ranking) -> list[ScoredList]:
    """Return the lists that could answer, the best first."""
    rows = found_lists(ranking)
    if not rows:
        return []
    scores = _score().of(np.array([row for _, _, row in rows]))
    made = [
        ScoredList(structure=one, document=whole, score=float(score), row=row)
        for (one, whole, row), score in zip(rows, scores, strict=True)
    ]
    return sorted(made, key=lambda one: -one.score)


def found_lists(ranking: Ranking) -> list[tuple[ListStructure, Document, tuple[float, ...]]]:
    """Return the lists in which a well ranked sentence stands, or that it announces, with their features."""
    library = ranking.context.library
    found: dict[tuple[str, int, int], tuple[ListStructure, Document]] = {}
    for scored in ranking.best[:_DEPTH]:
        line = scored.candidate.line
        whole = library.document(line.document.id)
        for structure in structures(whole) if whole else ():
            opened = line.is_heading and whole is not None and _opens(structure, line.end, whole)
            if whole is not None and (structure.intro - 1 <= line.start < structure.end or opened):
                key = (structure.document, structure.start, len(structure.items))
                found.setdefault(key, (structure, whole))
    return [(one, whole, list_row(ranking, one, whole)) for one, whole in found.values()]


def _opens(structure: ListStructure, after: int, document: Document) -> bool:
    """Tell whether a list begins in the innermost section around it, whose heading ends at ``after``."""
    around = [s for s in document.sections if s.start < structure.start < s.end]
    inner = max(around, key=lambda s: (s.start, s.level), default=None)
    return inner is not None and inner.start < after <= inner.body + 1


@lru_cache(maxsize=256)
def structures(document: Document) -> tuple[ListStructure, ...]:
    """Return the numbered lists of a document, given whole."""
    return list_structures(document)


def list_row(ranking: Ranking, structure: ListStructure, document: Document) -> tuple[float, ...]:
    """Return the features of a list, by ``LIST_FEATURES``."""
    reading, best = ranking.reading, ranking.best
    own = [x for x in best if x.candidate.line.document.id == structure.document]
    within = [x for x in own if structure.holds(x.candidate.line.start)]
    before = [x for x in within if x.candidate.line.start < structure.start]
    starts = {item.start for item in structure.items}
    heads = [x for x in within if any(x.candidate.line.start <= s < x.candidate.line.end for s in starts)]
    asked = asked_count(reading.folded)
    top = best[0].score
    shares = [covered(reading.grams, fold(document.text[i.start : i.head])) for i in structure.items]
    path = next((x.candidate.line.passage.heading for x in within), ())
    return (
        _most(within, top),
        _most(before, top),
        _most(heads, top),
        _most(own, top),
        covered(reading.grams, announced(structure, document)),
        max(shares),
        covered(reading.grams, fold("|".join(path))),
        float(asked == len(structure.items)),
        float(asked is not None and asked != len(structure.items)),
        min(2.0, len(structure.items) / 10),
        len([x for x in best[:8] if x in within]) / 8,
        float(best[0] in within),
        float(structure.style in ("是", "要", "digit", "circle")),
        float(structure.style == "paragraph"),
        _most([x for x in own if _opens(structure, x.candidate.line.end, document)], top),
        (structure.end - structure.start) / max(1, len(document.text)),
        float(promised(announced(structure, document)) == len(structure.items)),
    )


def _most(found: Sequence[ScoredCandidate], top: float) -> float:
    return max(-6.0, max((x.score for x in found), default=top - 6.0) - top)


def asked_count(folded: str) -> int | None:
    """Return the number of things that a folded question asks for; None where it names none above 1."""
    numbers = [parse_number(word) for word in _COUNT.findall(folded)]
    return next((int(n) for n in numbers if n is not None and n > 1), None)


def promised(announcement: str) -> int | None:
    """Return the number of members that an announcement promises, the last it names: 十方面."""
    numbers = [parse_number(word) for word in _COUNT.findall(announcement)]
    return next((int(n) for n in reversed(numbers) if n is not None), None)


def list_odds(best: ScoredList) -> float:
    """Return the log-odds that the best list is what a question for several items asks for."""
    odds = _odds()
    return odds.bias + float(odds.score.of(np.array([best.row]))[0])


@cache
def _score() -> LinearScore:
    return read_score("list_weights.json", LIST_FEATURES)


@cache
def _odds() -> OddsScore:
    return read_odds("list_weights.json", LIST_FEATURES, "odds")
