"""Whether the best candidate answers the question: a learned odds over how well, and how clearly, it scores."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from answering.scoring.linear_score import OddsScore, read_odds
from answering.scoring.offers import OFFERS, offers_of
from answering.scoring.sentence_features import NAMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.lines import SearchableLibrary
    from answering.scoring.ranker import ScoredCandidate
    from answering.scoring.sentence_features import QuestionWords

_OWN = (
    "coverage", "coverage_context", "grams", "grams_context", "chars", "clause", "clause_figure", "run", "heading",
    "place_own", "place_named", "place_other", "place_wider", "year_off", "in_year", "figure_any", "figure_fits",
    "figure_same", "quoted", "state_asked_head", "this_head", "last_head", "year_told",
)  # fmt: skip
_OFFERED = (
    "title", "before", "after", "with_before", "with_after", "rarest", "rare", "rare_near", "missing",
    "dense_words", "found", "marker", "colon", "long",
)  # fmt: skip
_LACKING = (
    ("date", "time"),
    ("company", "body"),
    ("organisation", "body"),
    ("reason", "reason"),
    ("name", "named"),
)
SIGNALS = (
    *_OWN, *_OFFERED, *(f"{want}_lacking" for want, _ in _LACKING), "score", "margin", "others", "spread",
    "figure_asked", "figure_lacking", "unseen", "grams_asked",
)  # fmt: skip
_RIVALS = 6  # passages, the best first, that tell how far the best stands out
_MANY = 12.0  # pairs of characters of a question of usual length


def signals(
    reading: QuestionWords, ranking: Sequence[ScoredCandidate], library: SearchableLibrary
) -> list[float]:
    """Return what tells an answer from a near miss, by ``SIGNALS``. ``ranking`` is not empty."""
    best = ranking[0]
    row = dict(zip(NAMES, best.row.tolist(), strict=True))
    offered = dict(zip(OFFERS, offers_of(reading, best.candidate, library), strict=True))
    rivals = _rivals(ranking)
    figure_asked = reading.want.kind == "figure"
    told = [row[name] for name in _OWN]
    told += [offered[name] for name in _OFFERED]
    told += [float(reading.want.kind == want and not offered[form]) for want, form in _LACKING]
    told += [
        best.score,
        best.score - (rivals[0] if rivals else 0.0),
        min(1.0, len(rivals) / _RIVALS),
        best.score - float(np.mean(rivals)) if rivals else 0.0,
        float(figure_asked),
        float(figure_asked and not row["figure_fits"]),
        reading.unseen,
        min(2.0, len(reading.grams) / _MANY),
    ]
    return told


def _rivals(ranking: Sequence[ScoredCandidate]) -> list[float]:
    """Return the best score of each other passage, the best first."""
    seen = {ranking[0].candidate.line.passage.id}
    found: list[float] = []
    for one in ranking[1:]:
        if one.candidate.line.passage.id not in seen and len(found) < _RIVALS:
            seen.add(one.candidate.line.passage.id)
            found.append(one.score)
    return found


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
