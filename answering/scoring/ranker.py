"""One learned score over all candidates of a question; the weights are fitted by ``python -m evaluation train``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from answering.scoring.linear_score import LinearScore, read_score
from answering.scoring.sentence_features import NAMES, features

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from answering.candidates.sentence_candidates import SentenceCandidate
    from answering.scoring.sentence_features import QuestionWords


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredCandidate:
    """A candidate with its score; scores of one question compare, those of two questions roughly do."""

    candidate: SentenceCandidate
    score: float
    row: NDArray[np.float64]  # its features, by ``NAMES``

    def with_score(self, score: float) -> ScoredCandidate:
        """Return the candidate under another score."""
        return replace(self, score=score)


def ranked(reading: QuestionWords, candidates: Sequence[SentenceCandidate]) -> list[ScoredCandidate]:
    """Return candidates with their scores, the best first."""
    rows = features(reading, candidates)
    scores = ranking_score().of(rows) if len(rows) else np.zeros(0)
    order = sorted(range(len(candidates)), key=lambda n: (-scores[n], n))
    return [ScoredCandidate(candidate=candidates[n], score=float(scores[n]), row=rows[n]) for n in order]


@cache
def ranking_score() -> LinearScore:
    """Return the score that ranks sentences."""
    return read_score("ranking_weights.json", NAMES)
