"""Whether the best candidate answers the question: a learned odds over how well, and how clearly, it scores."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from answering.scoring.linear_score import OddsScore, read_odds
from answering.scoring.sentence_features import NAMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.scoring.ranker import ScoredCandidate

_OWN = (
    "coverage", "coverage_context", "grams", "grams_context", "chars", "clause", "clause_figure", "run", "heading",
    "place_own", "place_named", "place_other", "place_wider", "year_off", "in_year", "figure_any", "figure_fits",
    "figure_same", "quoted", "state_asked_head", "this_head", "last_head", "year_told",
)  # fmt: skip
SIGNALS = (*_OWN, "score", "margin", "figure_asked", "figure_lacking", "unseen")


def signals(ranking: Sequence[ScoredCandidate], *, figure_asked: bool, unseen: float) -> list[float]:
    """Return what tells an answer from a near miss, by ``SIGNALS``.

    ``ranking`` is not empty; ``unseen`` is the share of the question's words that no text of the library has.
    """
    best = ranking[0]
    row = dict(zip(NAMES, best.row.tolist(), strict=True))
    rival = next((x for x in ranking if x.candidate.line.passage.id != best.candidate.line.passage.id), None)
    told = [row[name] for name in _OWN]
    told += [
        best.score,
        best.score - (rival.score if rival else 0.0),
        float(figure_asked),
        float(figure_asked and not row["figure_fits"]),
        unseen,
    ]
    return told


def answer_odds(told: Sequence[float]) -> float:
    """Return the log-odds, above the learned threshold, that the best candidate answers."""
    weights = _weights()
    return weights.bias + float(weights.score.of(np.array([told]))[0])


def confidence(odds: float) -> float:
    """Return odds as a share, 0…1."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, odds))))


@cache
def _weights() -> OddsScore:
    return read_odds("abstention_weights.json", SIGNALS, "signals")
