"""Which further sentences belong to an answer beside the best one, by a learned odds."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from answering.scoring.linear_score import OddsScore, read_odds
from answering.scoring.sentence_features import NAMES

if TYPE_CHECKING:
    from answering.scoring.ranker import ScoredCandidate

MEMBER_FEATURES = (
    "gap", "same_passage", "same_point", "same_heading", "same_document", "near", "next", "same_state", "rank",
    "coverage", "grams", "clause", "heading", "headed", "length", "several",
)  # fmt: skip
_OWN = ("coverage", "grams", "clause", "heading", "headed", "length")


def member_row(one: ScoredCandidate, best: ScoredCandidate, rank: int, *, several: bool) -> list[float]:
    """Return what tells that ``one`` belongs beside ``best``; ``several`` where the question asks for more than one."""
    line, first = one.candidate.line, best.candidate.line
    same = line.document.id == first.document.id
    apart = abs(line.start - first.start) if same else 2000
    row = dict(zip(NAMES, one.row.tolist(), strict=True))
    return [
        max(-6.0, one.score - best.score),
        float(line.passage.id == first.passage.id),
        float(same and line.block == first.block and line.passage.point is not None),
        float(same and line.passage.heading == first.passage.heading),
        float(same),
        max(0.0, 1 - apart / 600),
        float(same and 0 <= line.start - first.end < 3),
        float(one.candidate.annotation.state is best.candidate.annotation.state),
        1.0 / (1 + rank),
        *(row[name] for name in _OWN),
        float(several),
    ]


def member_odds(row: list[float]) -> float:
    """Return the log-odds that a sentence belongs to the answer."""
    odds = _odds()
    return odds.bias + float(odds.score.of(np.array([row]))[0])


@cache
def _odds() -> OddsScore:
    return read_odds("member_weights.json", MEMBER_FEATURES)
