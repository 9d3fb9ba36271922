"""The learned score of facts, and the odds that the best of them is what is asked for."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from answering.figures.fact_candidates import same_fact
from answering.figures.fact_features import NAMES
from answering.scoring.linear_score import LinearScore, OddsScore, read_odds, read_score

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from answering.figures.fact_candidates import FactCandidate

FILE = "fact_weights.json"
HELD = (
    "sentence_odds",
    "best_sentence",
    "counts_other",
    "lacks_demand",
)  # what else tells for or against the best fact
_OWN = (
    "cover_metric", "cover_clause", "grams_metric", "held_back", "nearness", "unit_fits", "unit_other_class", "year_other",
    "planned_missed", "done_missed", "change_missed", "change_unasked", "opposed", "found", "sentence", "sentence_rank",
)  # fmt: skip
SIGNALS = (*_OWN, "score", "margin", "rivals", *HELD)
_CLOSE = 1.0  # score below the best within which another sentence's fact is a rival


def fact_signals(
    found: Sequence[FactCandidate],
    rows: NDArray[np.float64],
    scores: NDArray[np.float64],
    held: Sequence[float],
) -> list[float]:
    """Return what tells that the best fact answers, by ``SIGNALS``; ``found`` is not empty, ``held`` are the values of ``HELD``."""
    best = int(np.argmax(scores))
    own = dict(zip(NAMES, rows[best].tolist(), strict=True))
    others = [float(score) for one, score in zip(found, scores, strict=True) if _rivals(one, found[best])]
    margin = float(scores[best]) - max(others, default=float(scores[best]) - 3.0)
    rivals = sum(score > scores[best] - _CLOSE for score in others)
    return [*(own[name] for name in _OWN), float(scores[best]), min(margin, 5.0), min(rivals, 5) / 5, *held]


def _rivals(one: FactCandidate, best: FactCandidate) -> bool:
    """Tell whether a fact is of another sentence, and of another thing, place, year or state."""
    return one.line.key != best.line.key and not same_fact(one, best)


def fact_odds(
    found: Sequence[FactCandidate],
    rows: NDArray[np.float64],
    scores: NDArray[np.float64],
    held: Sequence[float],
) -> float:
    """Return the log-odds that the best fact is the one asked for; ``held`` are the values of ``HELD``."""
    odds = _odds()
    told = np.array([fact_signals(found, rows, scores, held)])
    return odds.bias + float(odds.score.of(told)[0])


def fact_scores(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the score of each fact."""
    return _score().of(rows)


@cache
def _score() -> LinearScore:
    return read_score(FILE, NAMES)


@cache
def _odds() -> OddsScore:
    return read_odds(FILE, SIGNALS, "signals")
