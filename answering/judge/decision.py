"""From a comparison to a verdict, with weights learned by ``python -m evaluation train-judge``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from math import exp
from pathlib import Path
from typing import TYPE_CHECKING

from answering.judge.values import ClaimVerdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.judge.features import Comparison

WEIGHTS = Path(__file__).parents[1] / "data" / "judge_weights.json"
OTHERS = (ClaimVerdict.CONTRADICTED, ClaimVerdict.PARTLY, ClaimVerdict.NOT_FOUND)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionWeights:
    """Two linear models over the same features: supported or not, and if not, which of the other verdicts."""

    names: tuple[str, ...]
    support: tuple[float, ...]  # one a name, the intercept last
    others: tuple[tuple[float, ...], ...]  # of each of OTHERS: one a name, the intercept last
    threshold: float  # probability from which a claim counts as supported


@cache
def weights(path: Path = WEIGHTS) -> DecisionWeights:
    """Read the weights of a file."""
    held = json.loads(path.read_text(encoding="utf-8"))
    return DecisionWeights(
        names=tuple(held["names"]),
        support=tuple(held["support"]),
        others=tuple(tuple(row) for row in held["others"]),
        threshold=held["threshold"],
    )


def decide(comparison: Comparison) -> tuple[ClaimVerdict, float]:
    """Return the verdict on a comparison, and the probability that the claim is supported."""
    learned = weights()
    values = [comparison.features.get(name, 0.0) for name in learned.names]
    score = 1 / (1 + exp(-_sum(learned.support, values)))
    if score >= learned.threshold:
        return ClaimVerdict.SUPPORTED, score
    sums = [_sum(row, values) for row in learned.others]
    return OTHERS[max(range(len(OTHERS)), key=sums.__getitem__)], score


def _sum(row: Sequence[float], values: Sequence[float]) -> float:
    return row[-1] + sum(weight * value for weight, value in zip(row, values, strict=False))
