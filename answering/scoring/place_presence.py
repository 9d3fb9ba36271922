"""Which places tell of a thing: the best sentence of each place's own texts, and the learned odds that it says so.

The weights are fitted by ``python -m evaluation.training.learners.place_fit`` on questions whose places are known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from answering.candidates.sentence_candidates import SentenceCandidate
from answering.evidence.lines import of_passage, share
from answering.evidence.pooled_passage import PlaceRelation, PooledPassage
from answering.evidence.year_range import timely
from answering.scoring.linear_score import OddsScore, read_odds
from answering.scoring.ranker import ranked
from answering.scoring.sentence_features import NAMES, covered, reading_of
from retrieval.values.documents import Filter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.context import QuestionContext
    from answering.evidence.lines import Line
    from answering.scoring.ranker import ScoredCandidate
    from answering.scoring.sentence_features import QuestionWords

PRESENCE_FEATURES = (
    "score", "gap", "coverage", "coverage_gap", "grams", "grams_gap", "grams_context", "clause", "clause_gap",
    "run", "chars", "words", "near_gap", "near_middle", "quoted", "rarest", "rarest_gap", "rare", "unseen",
    "short", "short_gap",
)  # fmt: skip
_EACH = 4  # passages looked at for each place
_FIRST = 3  # sentences of a place, the best first, of which one is shown
_SPELT = 2.0  # what a short form that is spelt out counts beside the score
_QUOTED = 100.0  # what words in quotation marks count: nothing else does beside them
_LEAST_RUN, _MOST_RUN = 3, 6  # characters of a run of the question
_PIECE = re.compile("[\u4e00-\u9fff]{3,}")
_RARE = 3  # pairs of characters of the question that the fewest passages have
_READ = 160  # characters of a sentence that its vector is made of


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceEvidence:
    """The best sentence of one place for a question, with its features by ``PRESENCE_FEATURES``."""

    place: str
    best: ScoredCandidate
    row: tuple[float, ...]

    @property
    def line(self) -> Line:
        """The sentence."""
        return self.best.candidate.line


def places_telling(
    context: QuestionContext, places: Sequence[str], *, either: bool = False
) -> list[PlaceEvidence]:
    """Return the places that tell of what is asked, in the order of ``places``.

    Where the very words are asked for, in quotation marks, those places whose sentence has them: all of them, or
    with ``either`` one of them.
    """
    found = place_evidence(context, places)
    if not found:
        return []
    if context.quoted:
        met = any if either else all
        return [one for one in found if met(words in one.line.folded for words in context.quoted)]
    odds = _odds()
    told = odds.score.of(np.array([one.row for one in found])) + odds.bias
    return [one for one, value in zip(found, told, strict=True) if value > 0]


def place_evidence(context: QuestionContext, places: Sequence[str]) -> list[PlaceEvidence]:
    """Return the best sentence of each place that has any; each place is searched by itself."""
    reading = reading_of(context)
    first: dict[str | None, list[ScoredCandidate]] = {}
    for one in ranked(reading, _candidates(context, places)):
        own = first.setdefault(one.candidate.found.place, [])
        if len(own) < _FIRST:
            own.append(one)
    kept = [
        (place, max(first[place], key=lambda one: _fits(one, reading))) for place in places if place in first
    ]
    rows = _rows(context, reading, [one for _, one in kept])
    return [
        PlaceEvidence(place=place, best=one, row=row) for (place, one), row in zip(kept, rows, strict=True)
    ]


def _fits(one: ScoredCandidate, reading: QuestionWords) -> float:
    """Return how much a sentence says of what is asked: by its score, words quoted, and short forms it spells out."""
    quoted = sum(words in one.candidate.line.folded for words in reading.quoted)
    return one.score + _SPELT * _short_form(one, reading) + _QUOTED * quoted


def _short_form(one: ScoredCandidate, reading: QuestionWords) -> float:
    """Return the length (0…1) of the longest run of the question that a sentence holds or spells out: 综保区, 综合保税区."""
    text, best = one.candidate.line.folded, 0
    for piece in _PIECE.findall(reading.content):
        for start in range(len(piece)):
            length = max(best + 1, _LEAST_RUN)
            while start + length <= len(piece) and re.search(
                ".{0,3}".join(piece[start : start + length]), text
            ):
                best, length = length, length + 1
    return min(best, _MOST_RUN) / _MOST_RUN


def _candidates(context: QuestionContext, places: Sequence[str]) -> list[SentenceCandidate]:
    query = " ".join(context.quoted) or context.searched.text
    limits = Filter(places=tuple(places), years=context.years)
    hits = context.library.find(query, k=_EACH * len(places), filter=limits, per_place=_EACH)
    made = []
    for rank, hit in enumerate(hits):
        context.hits.setdefault(hit.passage.id, hit)
        found = PooledPassage(
            hit=hit, relation=PlaceRelation.OWN, place=hit.document.place, rank=rank, in_year=True
        )
        for line in of_passage(hit.passage, hit.document, score=share(hit)):
            if not line.is_heading and timely(line, context.question.years):
                made.append(SentenceCandidate(line=line, found=found))
                context.seen.setdefault(line.key, line)
    return made


def _rows(
    context: QuestionContext, reading: QuestionWords, best: Sequence[ScoredCandidate]
) -> list[tuple[float, ...]]:
    if not best:
        return []
    rare = sorted(reading.grams, key=lambda gram: -reading.grams[gram])[:_RARE]
    near = context.library.nearness(reading.sought, [one.candidate.line.text[:_READ] for one in best])
    cosines = near or (0.0,) * len(best)
    middle, nearest = float(np.median(cosines)), max(cosines)
    told = [dict(zip(NAMES, one.row.tolist(), strict=True)) for one in best]
    held = [_rare(one, reading, rare) for one in best]
    most = {name: max(row[name] for row in told) for name in ("coverage", "grams", "clause")}
    score, rarest = max(one.score for one in best), max(first for first, _ in held)
    short = [_short_form(one, reading) for one in best]
    return [
        (
            one.score / 5,
            one.score - score,
            row["coverage"],
            row["coverage"] - most["coverage"],
            row["grams"],
            row["grams"] - most["grams"],
            row["grams_context"],
            row["clause"],
            row["clause"] - most["clause"],
            row["run"],
            row["chars"],
            row["words"],
            10 * (cosine - nearest),
            10 * (cosine - middle),
            row["quoted"],
            first,
            first - rarest,
            share_,
            reading.unseen,
            spelt,
            spelt - max(short),
        )
        for one, row, cosine, (first, share_), spelt in zip(best, told, cosines, held, short, strict=True)
    ]


def _rare(one: ScoredCandidate, reading: QuestionWords, rare: Sequence[str]) -> tuple[float, float]:
    """Return whether a sentence holds the rarest pair of characters of the question, and the share of the rare ones."""
    text = one.candidate.line.folded
    return float(bool(rare) and rare[0] in text), covered({g: reading.grams[g] for g in rare}, text)


@cache
def _odds() -> OddsScore:
    return read_odds("place_weights.json", PRESENCE_FEATURES)
