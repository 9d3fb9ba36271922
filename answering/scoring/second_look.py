"""A second look at the sentences ranked first: what each offers for what is asked, learned from their like.

Where the first score leaves no doubt there is none: ``settled`` is the lead from which, in training, it changed
nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from answering.scoring.linear_score import LinearScore, read_score
from answering.scoring.offers import ASKS, OFFERS, asks_of, offers_of
from answering.scoring.sentence_features import NAMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from answering.evidence.lines import SearchableLibrary
    from answering.scoring.ranker import ScoredCandidate
    from answering.scoring.sentence_features import QuestionWords

LOOKED_AT = 12  # sentences that are looked at again
_READ = 160  # characters of a sentence that its vector is made of
_NEAR = ("cosine", "cosine_gap", "cosine_rank")
CROSSED = tuple(f"{ask}*{offer}" for ask in ASKS for offer in OFFERS)
PLAIN = (*NAMES, *_NEAR, *OFFERS)
SECOND = (*PLAIN, *CROSSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondLook:
    """The weights of ``SECOND``, and the lead of the first sentence from which they are not asked."""

    score: LinearScore
    settled: float


def looked_at_again(
    reading: QuestionWords, ranked: Sequence[ScoredCandidate], library: SearchableLibrary
) -> list[ScoredCandidate]:
    """Return the candidates, best first, the first ``LOOKED_AT`` in the order of the second score.

    Scores keep their scale: the best of the second look has the first score of the best of the first.
    """
    weights = second_look()
    if len(ranked) < 2 or ranked[0].score - ranked[1].score >= weights.settled:
        return list(ranked)
    some = ranked[:LOOKED_AT]
    return reordered(ranked, weights.score.of(second_rows(reading, some, library)))


def reordered(ranked: Sequence[ScoredCandidate], scores: NDArray[np.float64]) -> list[ScoredCandidate]:
    """Return candidates with the first ones in the order of their second scores, the others after them."""
    some, others = ranked[: len(scores)], ranked[len(scores) :]
    order = np.argsort(-scores, kind="stable")
    top = some[0].score - scores[order[0]]
    first = [some[n].with_score(float(scores[n] + top)) for n in order]
    low = first[-1].score - some[-1].score
    return [*first, *(one.with_score(one.score + min(0.0, low)) for one in others)]


def second_rows(
    reading: QuestionWords, some: Sequence[ScoredCandidate], library: SearchableLibrary
) -> NDArray[np.float64]:
    """Return a row of ``SECOND`` for each candidate, given best first."""
    asks = np.array(asks_of(reading))
    near = _nearness(reading, some, library)
    rows = []
    for one, cosines in zip(some, near, strict=True):
        offers = np.array(offers_of(reading, one.candidate, library))
        rows.append(np.concatenate([one.row, cosines, offers, np.outer(asks, offers).ravel()]))
    return np.array(rows)


def _nearness(
    reading: QuestionWords, some: Sequence[ScoredCandidate], library: SearchableLibrary
) -> list[tuple[float, float, float]]:
    found = library.nearness(reading.sought, [one.candidate.line.text[:_READ] for one in some])
    if found is None:
        return [(0.0, 0.0, 0.0)] * len(some)
    middle, most = float(np.median(found)), max(found)
    return [(10 * (x - middle), 10 * (x - most), float(sum(y > x for y in found))) for x in found]


@cache
def second_look() -> SecondLook:
    """Return the weights that ship."""
    told = json.loads(files("answering").joinpath("data/second_look_weights.json").read_text("utf-8"))
    score = read_score("second_look_weights.json", SECOND)
    return SecondLook(score=score, settled=float(told["settled"]))
